"""Every written form of a moment that the policy accepts, and every one that it refuses (feeds policy R3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contract import Column
from data.moments import Surroundings
from data.parse import Fault, parser
from data.reasons import RowReason

MARCH = Surroundings(date(2016, 3, 1), date(2016, 3, 7))
EIGHT = datetime(2016, 3, 7, 8, 5)


def read(cell: Any, around: Surroundings | None = None, **column: Any) -> Any:
    """Return the value of a cell, or the reason why it has none."""
    value = parser(Column(heading=("x",), **column), around or Surroundings())(cell)
    return value.reason if isinstance(value, Fault) else value


@pytest.mark.parametrize(
    "text",
    [
        "2016-03-07 08:05", "2016-03-07 08:05:00", "2016-03-07T08:05", "2016-03-07T08:05:00", "2016-03-07T08:05:00.000",
        "2016-3-7 8:05", "2016/3/7 8:05", "2016/03/07 08:05:00", "2016.3.7 8:05", "2016.03.07 08:05",
        "2016年3月7日 8:05", "2016年3月7日8时05分", "2016年03月07日 08时5分", "2016年3月7日 8时5分0秒", "20160307 08:05",
        "20160307 8:05:00", " 2016-3-7　8:05 ", "２０１６-３-７ ８：０５", "2016-3-7  8:05",
        "2016-03-07T00:05:00Z", "2016-03-07T08:05:00+08:00", "2016-03-07T08:05+08", "2016-03-07T08:05+0800",
        "2016-03-06T19:05:00-05:00", "2016-03-07 09:05:00+09:00",
    ],
)  # fmt: skip
def test_accepted_moments(text: str) -> None:
    """Every written form of R3 is the same moment; an offset is turned into local time."""
    assert EIGHT == read(text, type="timestamp")


@pytest.mark.parametrize(
    "text", ["2016-03-07", "2016-3-7", "2016/3/7", "2016.3.7", "2016年3月7日", "2016年3月7", "20160307", "２０１６年３月７日"]
)
def test_accepted_days(text: str) -> None:
    """A day without a time is its midnight, or the day itself."""
    assert (date(2016, 3, 7), datetime(2016, 3, 7)) == (read(text, type="date"), read(text, type="timestamp"))


@pytest.mark.parametrize(
    "text",
    [
        "2016-02-30", "2015-02-29", "2016-13-01", "2016-00-10", "2016-03-00", "2016-04-31",  # impossible
        "3月7日", "3月7日 08时", "03-07", "3/7", "8:05",  # without a year
        "7/3/2016", "07/03/2016 08:05", "7-3-2016", "07.03.2016", "3/7/16",  # d/m/y
        "16-3-7", "16/03/07", "'16年3月7日",  # two-digit years
        "1999-12-31", "1900-01-01", "0001-01-01",  # before the years of the policy
        "2016-03-07 25:00", "2016-03-07 24:01", "2016-03-07 24:00:01", "2016-03-07 08:60", "2016-03-07 08:05:61",
        "9999-12-31 24:00", "0001-01-01T00:00:00+09:00", "2016-03-07+08:00", "2016-03-07x08:05",
        "2016年3月", "2016-03", "2016", "明天", "上午", "2016-03-07 上午", "2016-3-7 8:05 或 9:05", "2016-3-7-8", "201637", "2016030",
    ],
)  # fmt: skip
def test_refused_moments(text: str) -> None:
    """What cannot be meant in one way only is a bad date; nothing is guessed and nothing breaks."""
    assert (RowReason.BAD_DATE, RowReason.BAD_DATE) == (read(text, type="timestamp"), read(text, type="date"))


@pytest.mark.parametrize("text", ["2200-01-01", "9999-12-31"])
def test_a_day_centuries_ahead_is_in_the_future_and_a_plan_may_be(text: str) -> None:
    """Some systems write "never" so; a plan may say it, a thing that happened may not."""
    assert read(text, type="date") == RowReason.FUTURE_DATE
    assert read(text, type="date", ahead=None) == date.fromisoformat(text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (42436, datetime(2016, 3, 7)), (42436.0, datetime(2016, 3, 7)), ("42436", datetime(2016, 3, 7)),
        (42436.5, datetime(2016, 3, 7, 12)), ("42436.25", datetime(2016, 3, 7, 6)), (42436 + 485 / 1440, EIGHT),
        (36526, datetime(2000, 1, 1)), (36525, RowReason.BAD_DATE), (0, RowReason.BAD_DATE), (1e9, RowReason.BAD_DATE),
        (float("nan"), RowReason.BAD_DATE), (float("inf"), RowReason.BAD_DATE), (True, RowReason.BAD_DATE),
        (20160307, datetime(2016, 3, 7)), (20160307.0, datetime(2016, 3, 7)), (20161307, RowReason.BAD_DATE),
        (EIGHT, EIGHT), (date(2016, 3, 7), datetime(2016, 3, 7)), (datetime(2016, 3, 7, 8, 5, 0, 999_000), EIGHT),
    ],
)  # fmt: skip
def test_moments_of_a_workbook(cell: Any, expected: Any) -> None:
    """Serial numbers of the 1900 system, real date cells, and 20160307 typed as a number."""
    assert expected == read(cell, type="timestamp")


def test_serials_of_the_1904_system() -> None:
    """The same day has a serial 1462 smaller there."""
    assert datetime(2016, 3, 7) == read(42436 - 1462, Surroundings(epoch_1904=True), type="timestamp")


def test_twenty_four_oclock_is_the_next_midnight() -> None:
    """24:00 is 00:00 of the next day, over the end of a year too."""
    assert datetime(2016, 1, 1) == read("2015-12-31 24:00", type="timestamp")


@pytest.mark.parametrize(
    ("ending", "text", "expected"),
    [
        ("hour", "2016-03-07 24:00", datetime(2016, 3, 7, 23)), ("hour", "2016-03-07 00:00", datetime(2016, 3, 6, 23)),
        ("hour", "2016-03-07 01:00", datetime(2016, 3, 7)), ("day", "2016-03-08", datetime(2016, 3, 7)),
        ("", "2016-03-07 01:00", datetime(2016, 3, 7, 1)),
    ],
)  # fmt: skip
def test_a_closing_time_is_stored_as_the_start(ending: str, text: str, expected: datetime) -> None:
    """`ending: hour` says that the time closes its hour: the reading belongs to the hour before."""
    assert expected == read(text, type="timestamp", ending=ending)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月7日 08时", datetime(2016, 3, 7, 8)), ("3月7日", datetime(2016, 3, 7)), ("2月29日 23:59", datetime(2016, 2, 29, 23, 59)),
        ("12月30日", datetime(2015, 12, 30)), ("2月30日", RowReason.BAD_DATE), ("13月1日", RowReason.BAD_DATE),
    ],
)  # fmt: skip
def test_a_date_without_a_year_takes_it_from_the_period(text: str, expected: Any) -> None:
    """Where the contract gives the drop a period, its year is the year; without a period the date is refused."""
    assert expected == read(text, MARCH, type="timestamp")


@pytest.mark.parametrize(
    ("text", "expected"), [("7/3/2016", date(2016, 3, 7)), ("2016-3-7", RowReason.BAD_DATE), ("31/2/2016", RowReason.BAD_DATE)]
)
def test_a_form_outside_the_policy_is_named_by_the_contract(text: str, expected: Any) -> None:
    """`format: %d/%m/%Y` reads that form and no other."""
    assert expected == read(text, type="date", format="%d/%m/%Y")


@pytest.mark.parametrize("cell", ["1457308800000", 1457308800000, 1457308800000.0, "2016-03-07 08:00", "2016年3月7日 8时"])
def test_a_count_since_1970_or_a_written_time(cell: Any) -> None:
    """A column of counts also takes the usual forms, since systems change from one to the other in mid-year."""
    assert datetime(2016, 3, 7, 8) == read(cell, type="timestamp", format="epoch_ms")


@given(st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30)).map(lambda moment: moment.replace(microsecond=0)), st.integers(0, 7))
@settings(max_examples=200, deadline=None)
def test_a_moment_survives_every_way_of_writing_it(moment: datetime, form: int) -> None:
    """Written in any accepted form, a moment is read back as itself."""
    m = moment
    texts = [
        f"{m:%Y-%m-%d %H:%M:%S}", f"{m:%Y-%m-%dT%H:%M:%S}", f"{m.year}-{m.month}-{m.day} {m.hour}:{m.minute:02d}:{m.second:02d}",
        f"{m:%Y/%m/%d %H:%M:%S}", f"{m.year}年{m.month}月{m.day}日 {m.hour}时{m.minute}分{m.second}秒", f"{m:%Y%m%d %H:%M:%S}",
        f"{m - timedelta(hours=8):%Y-%m-%dT%H:%M:%S}Z", f"{m.year}.{m.month}.{m.day} {m.hour}:{m.minute}:{m.second}",
    ]  # fmt: skip

    assert moment == read(texts[form], type="timestamp")
