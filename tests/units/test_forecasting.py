"""A forecast rests on what teaches and on nothing later, is as sure as it says, and tells how long it is until the yellow line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.annotations import Annotations
from data.festivals import Festival
from data.register import Reference, load_reference
from indicators.definition import Indicator
from indicators.forecasting import LEAST, LEVEL, MSTL, STL, forecast
from indicators.outlook import _Outlook
from tests.units.bench_city import SPEC, written

MONDAY = datetime(2025, 1, 6)
RHYTHM = np.array([0.0, 1, 2, 3, 2, 1, -5])


@pytest.fixture(scope="module")
def city() -> Reference:
    """A city without festivals; its calendar knows the public holidays."""
    return replace(load_reference(written("")), festivals=(), calendar=())


def week_after_week(count: int, level: float = 98.0) -> np.ndarray[Any, Any]:
    """Return days around a level: three above it at most, on Sundays five below."""
    return level + np.resize(RHYTHM, count)


def noise(count: int, seed: int, echo: float = 0.5) -> np.ndarray[Any, Any]:
    """Return days with a weekly rhythm, noise of scale 1, and so much of yesterday's in today's."""
    draws = np.random.default_rng(seed).normal(size=count)
    for place in range(1, count):
        draws[place] = echo * draws[place - 1] + draws[place]
    return 50 + np.resize(RHYTHM, count) + draws


def known(values: Any, first: datetime = MONDAY, states: dict[int, str] | None = None) -> pd.DataFrame:
    """Return the past of a sign, a day a value."""
    frame = pd.DataFrame(
        {"start": [first + timedelta(days=place) for place in range(len(values))], "value": np.asarray(values, dtype=float)}
    )
    frame["start"] = frame["start"].astype("datetime64[us]")
    return frame.assign(state=[(states or {}).get(place, "ok") for place in range(len(values))], level="normal")


def looked(frame: pd.DataFrame, city: Reference, grain: str = "day", **spec: Any) -> list[dict[str, Any]]:
    """Return what is expected after a past."""
    lines = {"direction": "higher", "thresholds": [{"from": date(2015, 1, 1), "blue": 96, "yellow": 95, "orange": 90, "red": 80}]}
    own = Indicator.model_validate(SPEC | {"indicator": "sign", "formula": "rows()", "unit": "%"} | lines | spec)
    return _Outlook(own, "operations", "D", grain, city).rows(frame)


def test_a_rhythm_goes_on() -> None:
    """Without noise the next weeks are the last ones, and nothing is unsure."""
    found = forecast(week_after_week(70), "day", 14, 0.95)

    assert found
    assert np.allclose(week_after_week(14), found.centre)
    assert np.allclose(found.low, found.high)


@pytest.mark.parametrize(
    ("grain", "count", "method"),
    [("hour", 400, MSTL), ("hour", 60, STL), ("day", 800, MSTL), ("day", 60, STL), ("day", LEAST, LEVEL), ("week", 110, STL),
     ("week", 60, LEVEL), ("month", 30, STL), ("quarter", 12, STL)],
)  # fmt: skip
def test_each_cadence_has_its_method(grain: str, count: int, method: str) -> None:
    """What repeats is told apart once it was seen twice: by MSTL where two cycles were, by STL where one was."""
    found = forecast(noise(count, 1), grain, 4, 0.95)

    assert found
    assert (method, count) == (found.method, found.n)


def test_too_little_is_no_forecast() -> None:
    """Eleven values say nothing, and of years nothing is ever said."""
    assert forecast(noise(LEAST - 1, 1), "day", 4, 0.95) is None
    assert forecast(noise(50, 1), "year", 4, 0.95) is None


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_an_interval_holds_as_many_as_it_says(confidence: float) -> None:
    """Of 24 series with an echo, 14 days ahead, about the promised share lies inside; a spike in twenty does not widen it without end."""
    inside = []
    for seed in range(24):
        series = noise(196, seed)
        found = forecast(series[:182], "day", 14, confidence)
        assert found
        inside += list((found.low <= series[182:]) & (series[182:] <= found.high))

    assert confidence - 0.06 <= np.mean(inside) <= confidence + 0.06


def test_a_mirrored_series_has_a_mirrored_forecast() -> None:
    """What falls where the other rises is foretold so, with the ends exchanged."""
    series = noise(120, 3)
    one, other = forecast(series, "day", 7, 0.95), forecast(-series, "day", 7, 0.95)

    assert one
    assert other
    assert np.allclose(one.centre, -other.centre, atol=0.02)
    assert np.allclose(one.low, -other.high, atol=0.05)


def test_incidents_and_small_samples_teach_nothing(city: Reference) -> None:
    """Whatever stood in a week that was marked, or in a figure of too few, the same is foretold."""
    note = {
        "annotation": "burst",
        "span": ["2025-02-10", "2025-02-16"],
        "kind": "fault",
        "text": {"zh": "爆管"},
        "author": "处",
        "excluded": True,
    }
    marked = replace(city, annotations=Annotations.model_validate({"annotations": [note]}))
    calm, wild = week_after_week(90, 90) + noise(90, 5) / 50, week_after_week(90, 90) + noise(90, 5) / 50
    wild[35:42], wild[60] = 10, 99
    states = {60: "small_sample"}
    found = [looked(known(values, states=states), marked) for values in (calm, wild)]

    assert [row["value"] for row in found[0]] == [row["value"] for row in found[1]]
    assert found[0][0]["n"] == 90 - 8
    assert looked(known(wild, states=states), city)[0]["value"] != found[0][0]["value"], "unmarked, they do teach"


def test_what_has_not_come_is_foretold_from_what_has(city: Reference) -> None:
    """Two days are over without a figure: they are the first that are foretold, from the newest figure there is."""
    series = week_after_week(100, 97)
    rows = looked(known(np.append(series, [np.nan, np.nan]), states={100: "late", 101: "late"}), city)

    assert ("2025-04-15", "2025-04-16") == (rows[0]["made_from"], rows[0]["period"])
    assert [row["value"] for row in rows] == [row["value"] for row in looked(known(series), city)]
    assert 28 == len(rows)


def test_days_until_the_yellow_line(city: Reference) -> None:
    """98 less five on Sundays is yellow (below 95): from a Wednesday it is four days, and on a Sunday it is reached."""
    assert [4, 0] == [looked(known(week_after_week(count)), city)[0]["days_until_yellow"] for count in (73, 77)]
    assert [4] == [looked(known(week_after_week(73)), city)[0]["soonest_until_yellow"]]


def test_a_line_that_is_near_is_reached_by_the_interval_first(city: Reference) -> None:
    """Where the middle stays above, the end of the interval may not; far above, neither does."""
    sway = (noise(120, 9) - 50 - np.resize(RHYTHM, 120)) / 5
    near, far = (looked(known(np.clip(level + sway, 0, 100)), city)[0] for level in (95.3, 98.4))

    assert near["days_until_yellow"] is None
    assert near["soonest_until_yellow"] >= 1
    assert (None, None) == (far["days_until_yellow"], far["soonest_until_yellow"])


def test_lower_is_better_mirrors_it(city: Reference) -> None:
    """100 minus each figure, against 100 minus each line, is as far from yellow; a band is left by its upper line."""
    lines = [{"from": date(2015, 1, 1), "blue": 4, "yellow": 5.001, "orange": 10, "red": 20}]
    for direction in ({"direction": "lower"}, {"direction": "band", "band": {"low": 0, "high": 3}}):
        for count in (73, 77):
            mirrored = looked(known(100 - week_after_week(count)), city, thresholds=lines, **direction)
            plain = looked(known(week_after_week(count)), city)
            assert [row["days_until_yellow"] for row in plain] == [row["days_until_yellow"] for row in mirrored]
            assert [row["level"] for row in plain] == [row["level"] for row in mirrored]


def test_the_line_in_force_on_the_day_counts(city: Reference) -> None:
    """A line that is drawn tighter from 1 April on is reached on that day, 17 days on."""
    tighter = [{"from": date(2015, 1, 1), "yellow": 80}, {"from": date(2025, 4, 1), "yellow": 99.5}]
    rows = looked(known(np.full(73, 99.0) + week_after_week(73, 0) / 100), city, thresholds=tighter)

    assert "2025-03-19" == rows[0]["made_from"]
    assert 13 == rows[0]["days_until_yellow"]


def test_a_watch_sign_has_no_line_and_a_season_ends(city: Reference) -> None:
    """No level and no days to count; after the last day of the season nothing is foretold, and then the reason is told."""
    watch = looked(known(week_after_week(73)), city, direction="watch", thresholds=[])
    season = {"from": "11-01", "to": "03-22", "name": {"zh": "非供热期"}}
    ends = looked(known(week_after_week(73)), city, active=season)

    assert [(None, None)] == list({(row["level"], row["days_until_yellow"]) for row in watch})
    assert ["2025-03-20", "2025-03-21", "2025-03-22"] == [row["period"] for row in ends]
    assert ("out_of_season", "season") == tuple(
        looked(known(week_after_week(76)), city, active=season)[0][key] for key in ("state", "reason")
    )
    assert "not_foretold" == looked(known(week_after_week(76)), city, grain="year")[0]["reason"]
    assert "no_rows" == looked(known([np.nan] * 30), city)[0]["reason"]


@pytest.mark.parametrize(("formula", "lowest"), [("rows()", 0), ("growth(other)", None)])
def test_counts_do_not_fall_below_zero(city: Reference, formula: str, lowest: float | None) -> None:
    """The interval of a small count ends at 0; growth that was never negative may still become so."""
    few = np.random.default_rng(2).poisson(0.4, 90).astype(float)
    rows = looked(known(few), city, direction="watch", thresholds=[], unit="件", formula=formula)

    least = min(row["low"] for row in rows)
    assert lowest == least if lowest is not None else least < 0


def test_a_holiday_is_like_its_former_years() -> None:
    """On the five days of a festival half as much was counted as around them, two years in a row: so it is expected again."""
    first = datetime(2022, 6, 1)
    festivals = tuple(
        Festival("节", day - timedelta(2), day, day + timedelta(2)) for day in (date(2023, 3, 6), date(2024, 3, 4), date(2025, 3, 3))
    )
    values = 100 + noise(1000, 11) / 5
    for one in festivals:
        for place in range(5):
            at = ((one.first + timedelta(days=place)) - first.date()).days
            if at < len(values):
                values[at] -= 55
    city = replace(load_reference(written("")), festivals=festivals, calendar=())
    rows = looked(known(values, first), city, direction="watch", thresholds=[], unit="件")
    during = [row["value"] for row in rows if date(2025, 3, 1) <= row["start"].date() <= date(2025, 3, 5)]
    around = [row["value"] for row in rows if row["start"].date() > date(2025, 3, 5)]

    assert 5 == len(during)
    assert np.mean(around) - np.mean(during) == pytest.approx(55, abs=8)
