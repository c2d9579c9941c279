"""Changes as they are published: which period each figure is set against, and in which unit (domain reference 4.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from briefing.phrases import basis, change
from data import readings
from data.wording import Wording
from indicators.refresh import refresh
from tests.compared.daily_city import write_city

FIRST, LAST = date(2014, 12, 1), date(2016, 3, 31)
LITTLE = {date(2016, 3, 9): 7, date(2016, 3, 10): 9, date(2016, 3, 11): 0, date(2016, 3, 12): 9, date(2016, 3, 13): 9}
LOSSES = {date(2016, 3, 20): -2.5, date(2016, 3, 21): 3.0, date(2016, 3, 22): 0.0}
Sign = Callable[[str, str], dict[str, Any]]


def cases(day: date) -> int:
    """Return the cases of a day: no two days of a year have as many, but for those named above."""
    return LITTLE.get(day, 1000 + (day - FIRST).days)


def solved(day: date) -> int:
    """Return how many of them were solved."""
    return max(cases(day) - 20, 0)


def profit(day: date) -> float:
    """Return the profit of a day."""
    return LOSSES.get(day, float(day.month) + (2 if day.year == LAST.year else 1))


@pytest.fixture(scope="module")
def sign(tmp_path_factory: pytest.TempPathFactory) -> Sign:
    """Return a look-up of a published sign by indicator and period."""
    days = [FIRST + timedelta(days=place) for place in range((LAST - FIRST).days + 1)]
    settings = write_city(tmp_path_factory.mktemp("compared"), {day: (cases(day), solved(day), profit(day)) for day in days})
    frame = readings.signs(settings, refresh(settings, datetime.now(UTC)).snapshot)
    found = frame.astype(object).where(frame.notna(), None).set_index(["indicator", "period"])
    return lambda indicator, period: found.loc[(indicator, period)].to_dict()


def per_cent(after: float, before: float) -> float:
    """Return a change in per cent."""
    return (after - before) / before * 100


@pytest.mark.parametrize(
    ("day", "base", "mark"),
    [
        (date(2016, 1, 4), date(2015, 1, 5), None),  # Monday against Monday
        (date(2016, 2, 1), date(2015, 2, 12), "festival"),  # 腊月廿三 is seven days before the first of the year
        (date(2016, 2, 8), date(2015, 2, 19), "festival"),  # 正月初一 against 正月初一
        (date(2016, 2, 22), date(2015, 3, 5), "festival"),  # 正月十五
        (date(2016, 2, 23), date(2015, 2, 24), "festival_moved"),  # an ordinary day against one of the festival
        (date(2016, 3, 31), date(2015, 4, 2), None),
    ],
)
def test_a_day_is_compared_with_its_weekday_or_its_lunar_date(sign: Sign, day: date, base: date, mark: str | None) -> None:
    """364 days before, so that Monday meets Monday; between 腊月廿三 and 正月十五 the day as far from New Year."""
    found = sign("cases", day.isoformat())

    assert found["change_year"] == pytest.approx(per_cent(cases(day), cases(base)))
    assert (found["difference_year"], found["change_year_basis"]) == (cases(day) - cases(base), mark)
    assert found["change_prev"] == pytest.approx(per_cent(cases(day), cases(day - timedelta(days=1))))
    assert found["change_week"] == pytest.approx(per_cent(cases(day), cases(day - timedelta(days=7))))


def week(year: int, number: int) -> int:
    """Return the cases of an ISO week."""
    return sum(cases(date.fromisocalendar(year, number, day)) for day in range(1, 8))


@pytest.mark.parametrize(
    ("number", "base", "mark"), [(1, (2015, 1), None), (2, (2015, 2), None), (9, (2015, 9), "festival_moved"), (11, (2015, 11), None)]
)
def test_a_week_is_compared_with_the_same_iso_week(sign: Sign, number: int, base: tuple[int, int], mark: str | None) -> None:
    """The same ISO number, and the preceding week; the festival in one of them only is marked."""
    found = sign("cases", f"2016-W{number:02}")

    assert found["change_year"] == pytest.approx(per_cent(week(2016, number), week(*base)))
    assert found["change_year_basis"] == mark
    before = (2015, 53) if number == 1 else (2016, number - 1)
    assert found["change_prev"] == pytest.approx(per_cent(week(2016, number), week(*before)))


def test_a_53rd_week_has_last_years_last_one(sign: Sign) -> None:
    """2014 had no week 53: the change stands against its last week, and is marked; here nothing of that year is known but its end."""
    found = sign("cases", "2015-W53")

    assert found["change_year"] == pytest.approx(per_cent(week(2015, 53), week(2014, 52)))
    assert found["change_year_basis"] == "week_53"


def month(year: int, number: int) -> tuple[int, int, int]:
    """Return the cases of a month, its days, and the cases solved."""
    days = [day for day in (date(year, number, 1) + timedelta(days=place) for place in range(31)) if day.month == number]
    return sum(map(cases, days)), len(days), sum(map(solved, days))


def test_months_of_unequal_length_are_compared_by_the_day(sign: Sign) -> None:
    """February has 29 days, January 31 and the February before 28: the daily means are compared, the difference is that of the totals."""
    found = sign("cases", "2016-02")
    (now, days, _), (before, of, _), (ago, then, _) = month(2016, 2), month(2016, 1), month(2015, 2)

    assert found["change_prev"] == pytest.approx(per_cent(now / days, before / of))
    assert found["change_year"] == pytest.approx(per_cent(now / days, ago / then))
    assert (found["difference_prev"], found["difference_year"]) == (now - before, now - ago)
    assert (found["change_basis"], found["change_year_basis"]) == ("daily_mean", "daily_mean")
    assert sign("cases", "2016-01")["change_basis"] is None


def test_rates_change_in_points_and_scores_in_their_unit(sign: Sign) -> None:
    """A rate of months is a ratio of its own: no daily mean."""
    rate, score = sign("solved_share", "2016-02"), sign("mood", "2016-02")
    share = [done / total for total, _, done in (month(2016, 2), month(2016, 1))]

    assert (rate["change_unit"], score["change_unit"]) == ("points", "分")
    assert rate["change_prev"] == pytest.approx(100 * (share[0] - share[1])) == rate["difference_prev"]
    assert score["change_prev"] == 0, "less than half of a tenth has not changed"
    assert rate["change_basis"] is None


@pytest.mark.parametrize(
    ("day", "size", "difference", "why", "mark", "text"),
    [
        ("2016-03-10", per_cent(9, 7), 2, None, "small", "+2件"),
        ("2016-03-11", -100, -9, None, "small", "\N{MINUS SIGN}9件"),
        ("2016-03-12", None, 9, "base_zero", "small", "+9件（上期为0，不可比）"),
        ("2016-03-13", 0, 0, None, "small", "持平"),
    ],
)
def test_few_things_change_by_their_number(
    sign: Sign, day: str, size: float | None, difference: int, why: str | None, mark: str, text: str
) -> None:
    """Below 30 the difference comes first; after 0 there is no per cent, and nobody reads infinity."""
    found = sign("cases", day)

    assert found["change_prev"] == (None if size is None else pytest.approx(size))
    assert (found["difference_prev"], found["change_reason"], found["change_basis"]) == (difference, why, mark)
    assert change(Wording("zh"), found, {"precision": 0, "unit": "件", "direction": "watch"}, "change_prev").text == text


def test_from_loss_to_profit_there_is_no_per_cent(sign: Sign) -> None:
    """由负转正 is said in words, with the difference."""
    found, after = sign("profit", "2016-03-21"), sign("profit", "2016-03-22")
    told = {"precision": 2, "unit": "万元", "direction": "higher"}

    assert (found["change_prev"], found["change_reason"], found["difference_prev"]) == (None, "base_negative", 5.5)
    assert change(Wording("zh"), found, told, "change_prev").text == "+5.50万元（由负转正）"
    assert after["change_prev"] == -100


def test_the_year_to_date(sign: Sign) -> None:
    """From January on, against the same months of last year; a rate from its numerators and denominators."""
    found, rate = sign("profit", "2016-02"), sign("solved_share", "2016-03")
    now, ago = 31 * 3.0 + 29 * 4.0, 31 * 2.0 + 28 * 3.0
    totals = [month(2016, number) for number in (1, 2, 3)]

    assert found["value_to_date"] == now
    assert found["change_to_date"] == pytest.approx(per_cent(now, ago))
    assert rate["value_to_date"] == pytest.approx(100 * sum(done for *_, done in totals) / sum(total for total, *_ in totals))
    assert sign("profit", "2016-03-10")["value_to_date"] is None


def test_january_and_february_are_one(sign: Sign) -> None:
    """What statistics tell together is compared together: nothing of January alone, nothing against a month of two."""
    january, february, march = (sign("bulletin", f"2016-0{number}") for number in (1, 2, 3))
    now, ago = 31 * 3.0 + 29 * 4.0, 31 * 2.0 + 28 * 3.0

    assert (january["change_prev"], january["change_year"], january["change_year_reason"]) == (None, None, "merged")
    assert february["change_year"] == pytest.approx(per_cent(now, ago))
    assert (february["change_prev"], february["change_reason"], february["change_year_basis"]) == (None, "merged", "merged")
    assert (march["change_prev"], march["change_reason"]) == (None, "merged")
    assert march["change_year"] is not None
    assert february["value_to_date"] == now


def test_both_sides_say_how_sure_they_are(sign: Sign) -> None:
    """The last days are provisional, and what they are compared with has been corrected since: the reader is told."""
    found, settled = sign("cases", "2016-03-31"), sign("cases", "2016-03-01")

    assert (found["vintage"], found["change_year_vintage"]) == ("provisional", "final")
    assert (settled["vintage"], settled["change_year_vintage"]) == ("final", "final")
    assert basis(Wording("zh"), found, "change_year") == "本期为初步数"
    assert basis(Wording("zh"), sign("cases", "2016-02-08"), "change_year") == "按农历对齐"


def test_the_first_year_has_no_base(sign: Sign) -> None:
    """Nothing to compare with is null and says so."""
    found = sign("cases", "2015-03-02")

    assert (found["change_year"], found["difference_year"], found["change_year_reason"]) == (None, None, "no_base")
    assert found["change_year_vintage"] is None


def test_the_festivals_of_the_table_are_public_holidays() -> None:
    """Each New Year of the table lies in the holiday that the working calendar names 春节, and is 22 or 23 days long around it."""
    holidays = pd.read_csv("data/reference/calendar.csv", parse_dates=["date"]).set_index("date")["holiday"]
    festivals = pd.read_csv("data/reference/festivals.csv", parse_dates=["first", "day", "last"])
    known = festivals[festivals["day"].between(holidays.index.min(), holidays.index.max())]

    assert len(known) == 15
    assert set(holidays[known["day"]]) == {"春节"}
    assert set((festivals["day"] - festivals["first"]).dt.days) == {7, 8}
    assert set((festivals["last"] - festivals["day"]).dt.days) == {14}
