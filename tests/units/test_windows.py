"""A window gathers what one hour or one day alone is too small for: the last so many, of the kinds that say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from data.problems import DefinitionError
from tests.units.bench_city import bench
from tests.units.test_states_and_growth import READINGS

MIDNIGHT = datetime(2019, 5, 2)
LAST_THREE = {"hours": 3, "kinds": ["station"]}


def hourly(name: str, formula: str, **more: Any) -> dict[str, Any]:
    """Return a definition by the hour, of stations for their last three hours and of the district for the hour alone."""
    shared = {"by": "at", "cadence": "hour", "grain": ["district", "station"], "unit": "次", "window": LAST_THREE}
    return {"indicator": name, "formula": formula} | shared | more


def readings(**calls_by_hour: int) -> list[dict[str, Any]]:
    """Return readings of station S1: h22=4 are four calls in the hour from 22:00."""
    return [
        {"station": "S1", "at": MIDNIGHT + timedelta(hours=int(hour[1:]), minutes=59), "calls": calls, "leq": float(calls)}
        for hour, calls in calls_by_hour.items()
    ]


@pytest.mark.parametrize(
    ("formula", "by_hour", "whole"),
    [
        ("sum(calls)", [1, 3, 7, 6, 4, None], 2),
        ("median(leq)", [1, 1.5, 2, 3, 4, None], 2),
        ("count(calls) / expected()", None, None),
    ],
)
def test_an_hour_speaks_of_the_last_so_many(formula: str, by_hour: list[float | None] | None, whole: float | None) -> None:
    """Sums, medians and what was due of the last three hours; over midnight too; the district has the hour alone."""
    table = READINGS | {"every": "hour"}
    with bench(hourly("gathered", formula, unit="%" if "/" in formula else "次"), cases=table) as city:
        city.lay(readings(h22=1, h23=2, h24=4), "2019-05-02", "2019-05-04")
        city.compute()
        hours = ("2019-05-02T22", "2019-05-02T23", "2019-05-03T00", "2019-05-03T01", "2019-05-03T02", "2019-05-03T03")
        found = [city.value("gathered", hour, "S1") for hour in hours]

        if by_hour is None:
            assert [33, 67, 100, 67, 33, 0] == [round(value or 0) for value in found]
        else:
            assert by_hour == found
            assert whole == city.value("gathered", "2019-05-02T23")


def test_a_reading_that_comes_late_reaches_the_hours_after_it() -> None:
    """It is counted in the two hours behind its own, and in no other; told in pieces or at once, the same cells come out."""
    said = readings(h8=1, h9=2, h10=4, h11=8)
    with bench(hourly("gathered", "sum(calls)"), cases=READINGS) as late, bench(hourly("gathered", "sum(calls)"), cases=READINGS) as once:
        late.lay([*said[:1], *said[2:]], "2019-05-02", "2019-05-03")
        late.compute()
        before = [late.value("gathered", f"2019-05-02T{hour:02}", "S1") for hour in (8, 9, 10, 11, 12)]
        late.lay(said[1:2], "2019-05-02", "2019-05-03")
        late.compute()
        once.lay(said, "2019-05-02", "2019-05-03")
        once.compute()

        assert [1, 1, 5, 12, 12] == before
        assert [1, 3, 7, 14, 12] == [late.value("gathered", f"2019-05-02T{hour:02}", "S1") for hour in (8, 9, 10, 11, 12)]
        assert late.all_cells().equals(once.all_cells())


def test_a_window_of_hours_is_none_of_days() -> None:
    """The day that is made of them holds its own readings, not those of the evening before."""
    with bench(hourly("gathered", "sum(calls)"), cases=READINGS) as city:
        city.lay(readings(h22=1, h25=4), "2019-05-02", "2019-05-04")
        city.compute()

        assert [1, 4] == [city.value("gathered", day, "S1") for day in ("2019-05-02", "2019-05-03")]
        one = city.catalogue.definitions["gathered"]
        assert MIDNIGHT - timedelta(hours=2) == one.counts_from(MIDNIGHT, "hour", "station")
        assert [MIDNIGHT] * 2 == [one.counts_from(MIDNIGHT, *of) for of in (("day", "station"), ("hour", "district"))]


@pytest.mark.parametrize(
    "window", [{"kinds": ["station"]}, {"hours": 3, "days": 2, "kinds": ["station"]}, {"hours": 1, "kinds": ["station"]}]
)
def test_a_window_has_hours_or_days(window: dict[str, Any]) -> None:
    """Neither, both, or an hour that is none is a mistake of the definition."""
    with pytest.raises(DefinitionError), bench(hourly("gathered", "sum(calls)", window=window), cases=READINGS):
        pass
