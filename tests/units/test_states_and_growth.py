"""States that hold, figures as published, plan against time, means by weight, and figures over other figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from data.problems import DefinitionError
from indicators.tracing import rests_on, used_by
from tests.units.bench_city import CASES, bench

STATES: dict[str, Any] = {
    "name": {"zh": "册"}, "kind": "states", "key": ["street", "month"], "time": "month", "area": ["street"], "covers": "period",
    "valid_for": 62,
    "columns": {
        "street": {"heading": "街道", "type": "entity", "kind": "street"}, "month": {"heading": "月", "type": "date"},
        "households": {"heading": "户", "type": "integer"}, "old": {"heading": "老", "type": "integer"},
        "target": {"heading": "年目标", "type": "integer"}, "rate": {"heading": "增速", "type": "number"},
    },
}  # fmt: skip
READINGS: dict[str, Any] = {
    "name": {"zh": "读数"}, "kind": "readings", "key": ["station", "at"], "time": "at", "area": ["station"], "covers": "time",
    "columns": {
        "station": {"heading": "站", "type": "entity", "kind": "station"}, "at": {"heading": "时", "type": "timestamp"},
        "leq": {"heading": "声级", "type": "number", "unit": "dB"}, "length": {"heading": "长", "type": "number", "unit": "km"},
        "speed": {"heading": "速", "type": "number", "unit": "km/h"}, "calls": {"heading": "次", "type": "integer"},
    },
}  # fmt: skip


def state(name: str, formula: str, **more: Any) -> dict[str, Any]:
    """Return a monthly definition over the states."""
    shared = {"table": "cases.cases", "by": "month", "cadence": "month", "grain": ["district", "street"], "unit": "户"}
    return {"indicator": name, "formula": formula} | shared | more


def derived(name: str, formula: str, **more: Any) -> dict[str, Any]:
    """Return a definition over others."""
    return {"indicator": name, "formula": formula, "table": None, "by": None, "cadence": "month", "unit": "%"} | more


def monthly(*figures: tuple[str, str, int]) -> list[dict[str, Any]]:
    """Return (street, month, households) as records."""
    return [
        {"street": street, "month": date.fromisoformat(f"{month}-01"), "households": count, "old": 4} for street, month, count in figures
    ]


def test_a_state_holds_until_it_is_no_longer_valid() -> None:
    """A quarter is its last state and not three months added up; what a street has not said anew holds for 62 days."""
    with bench(state("homes", "latest(households)"), state("aged", "latest(old) / latest(households)", unit="%"), cases=STATES) as city:
        city.lay(
            monthly(("D1", "2015-01", 100), ("D2", "2015-01", 50), ("D1", "2015-02", 110), ("D1", "2015-03", 120)),
            "2015-01-01",
            "2015-07-01",
        )
        city.compute()

        assert [150, 160, 120, 120] == [city.value("homes", f"2015-{month}") for month in ("01", "02", "03", "04")]
        assert [120, None, None] == [city.value("homes", period) for period in ("2015-Q1", "2015-05", "2015-Q2")]
        assert [50, None] == [city.value("homes", f"2015-{month}", "D2") for month in ("02", "03")]
        assert (8, 160, 160, 5) == tuple(city.cell("aged", "2015-02")[name] for name in ("numerator", "denominator", "n", "value"))
        city.lay(monthly(("D2", "2015-01", 60)), "2015-01-01", "2015-02-01")
        city.compute()

        assert [160, 170, 120] == [city.value("homes", f"2015-{month}") for month in ("01", "02", "03")]


def test_what_was_published_is_neither_added_up_nor_rolled_up() -> None:
    """The last one in the period, for the very entity that it was published for."""
    rows = [{"street": "D1", "month": date(2015, month, 1), "rate": rate} for month, rate in ((1, 6.5), (2, 6.1), (3, None))]
    with bench(state("pace", "published(rate)", unit="%"), cases=STATES) as city:
        city.lay([*rows, {"street": None, "month": date(2015, 2, 1), "rate": 7}], "2015-01-01", "2015-07-01")
        city.compute()

        assert [6.5, 6.1, None, 6.1] == [city.value("pace", period, "D1") for period in ("2015-01", "2015-02", "2015-03", "2015-Q1")]
        assert [None, 1] == [city.cell("pace", "2015-02", entity).get("n") for entity in ("D", "D1")]


def test_a_plan_against_the_time_elapsed() -> None:
    """At the end of February of a leap year 60 of 366 days have passed; the difference is in percentage points."""
    rows = [{"street": "D1", "month": date(2016, 2, 1), "households": 30, "target": 100}]
    with bench(state("lead", "sum(households) / sum(target) - elapsed_of_year()", unit="百分点"), cases=STATES) as city:
        city.lay(rows, "2016-01-01", "2017-01-01")
        city.compute()

        assert round(30 - 6000 / 366, 8) == round(city.value("lead", "2016-02") or 0, 8)
        assert 100 == city.cell("lead", "2016-02")["denominator"]
        assert 30 - 100 == city.value("lead", "2016")


def test_the_limit_of_the_station_itself() -> None:
    """A reading is held to the limit of its own station that was in force then."""
    spec = {
        "indicator": "quiet",
        "formula": "count(leq <= of_area(night_limit)) / count(leq)",
        "by": "at",
        "unit": "%",
        "grain": ["district", "station"],
    }
    rows = [
        {"station": station, "at": datetime(2019, month, 2, 23), "leq": 48} for station in ("S1", "S2") for month in (5, 6)
    ]  # fmt: skip
    with bench(spec, cases=READINGS) as city:
        city.lay(rows, "2019-05-01", "2019-07-01")
        city.compute()

        assert [100, 100, 0, 50] == [
            city.value("quiet", *where) for where in (("2019-05-02", "S1"), ("2019-06-02", "S2"), ("2019-06-02", "S1"), ("2019-06-02", "D"))
        ]


def test_means_by_weight() -> None:
    """20 km at 20 km/h and 20 km at 60 km/h are 30 km/h; three calls of 10 and one of 2 minutes are 8 minutes."""
    specs = [
        {"indicator": "pace", "formula": "harmonic_mean(speed, length)", "by": "at", "unit": "km/h"},
        {"indicator": "wait", "formula": "weighted_mean(leq, calls)", "by": "at", "unit": "分钟"},
    ]
    rows = [
        {"station": station, "at": datetime(2019, 5, 2), "length": 20, "speed": speed, "leq": leq, "calls": calls}
        for station, speed, leq, calls in (("S1", 20, 10, 3), ("S2", 60, 2, 1))
    ]
    with bench(*specs, cases=READINGS) as city:
        city.lay(
            [*rows, {"station": "S1", "at": datetime(2019, 5, 2, 1), "length": 20, "speed": 0, "calls": 9}], "2019-05-01", "2019-05-03"
        )
        city.compute()

        assert [30, 8] == [city.value(name, "2019-05-02") for name in ("pace", "wait")]
        assert 4 == city.cell("wait", "2019-05-02")["n"]


def opened(year: int, month: int, count: int) -> list[dict[str, Any]]:
    """Return so many cases opened in a month."""
    return [{"no": year * 10000 + month * 100 + place, "street": "D1", "opened_at": datetime(year, month, 3)} for place in range(count)]


def test_growth_and_the_year_so_far() -> None:
    """Five after four are 25 per cent more; nothing to compare with and a base of 0 are two reasons for no value."""
    specs = [
        {"indicator": "opened_cases", "formula": "rows()", "cadence": "month"},
        derived("more", "growth(opened_cases)"), derived("so_far", "year_to_date(opened_cases)", unit="件"),
    ]  # fmt: skip
    with bench(*specs) as city:
        city.lay([*opened(2015, 1, 4), *opened(2015, 3, 1), *opened(2016, 1, 5), *opened(2016, 2, 2)], "2015-01-01", "2016-04-01")
        city.compute()

        assert (1, 4, 4, 25) == tuple(city.cell("more", "2016-01")[name] for name in ("numerator", "denominator", "n", "value"))
        assert ("base_zero", None) == (city.cell("more", "2016-02")["reason"], city.value("more", "2016-02"))
        assert ("no_base", None) == (city.cell("more", "2015-03")["reason"], city.value("more", "2015-03"))
        assert [4, 4, 5, 5, 7, 7] == [
            city.value("so_far", period) for period in ("2015-01", "2015-02", "2015-12", "2016-01", "2016-02", "2016-03")
        ]
        city.lay(opened(2015, 2, 4), "2015-02-01", "2015-03-01")
        city.compute()

        assert -50 == city.value("more", "2016-02"), "a correction of last year moves this year's growth"
        assert 9 == city.value("so_far", "2015-12")


def test_a_year_of_which_a_period_is_missing_is_not_added_up() -> None:
    """January was never told: no year so far until it is; what a new year begins with is whole, and so is what a new street begins with."""
    specs = [
        {"indicator": "opened_cases", "formula": "rows()", "cadence": "month", "grain": ["district", "street"]},
        derived("so_far", "year_to_date(opened_cases)", unit="件", grain=["district", "street"]),
    ]  # fmt: skip
    with bench(*specs) as city:
        city.con.execute("UPDATE rollup SET first = DATE '2015-03-10' WHERE entity = 'D2'")
        city.lay([*opened(2015, 2, 4), *opened(2015, 3, 1), *opened(2016, 1, 5)], "2015-02-01", "2016-03-01")
        city.compute()

        assert [None, None, None, 5, 5] == [
            city.value("so_far", period) for period in ("2015-02", "2015-03", "2015-12", "2016-01", "2016-02")
        ]
        assert ["year_incomplete", None] == [city.cell("so_far", period)["reason"] for period in ("2015-03", "2016-01")]
        assert [0, 0] == [city.value("so_far", period, "D2") for period in ("2015-03", "2015-12")]
        city.lay(opened(2015, 1, 2), "2015-01-01", "2015-02-01")
        city.compute()

        assert [2, 6, 7, 7] == [city.value("so_far", period) for period in ("2015-01", "2015-02", "2015-03", "2015-12")]


def test_a_derived_figure_names_every_period_that_it_uses() -> None:
    """Growth that of last year, the year so far each of its periods, the last state all that may still hold; through what they rest on."""
    specs = [
        {"indicator": "opened_cases", "formula": "rows()", "cadence": "month"},
        state("homes", "latest(households)", table="cases.homes", grain=["district"]),
        derived("more", "growth(opened_cases)"), derived("so_far", "year_to_date(opened_cases)", unit="件"),
        derived("load", "so_far / latest(homes)", unit="件"), derived("twice", "more * 2", unit="%"),
    ]  # fmt: skip
    with bench(*specs, cases=CASES, homes=STATES) as city:
        march = datetime(2016, 3, 1)
        used = {
            name: [(one.indicator, f"{one.start:%Y-%m}", one.how) for one in used_by(city.catalogue, name, "month", march)]
            for name in ("opened_cases", "more", "so_far", "load")
        }
        below = {f"{start:%Y-%m}" for name, _, start in rests_on(city.catalogue, "twice", "month", march) if name == "opened_cases"}
        homes = {f"{start:%Y-%m}" for name, _, start in rests_on(city.catalogue, "load", "month", march) if name == "homes"}

    assert [] == used["opened_cases"]
    assert [("opened_cases", "2016-03", ""), ("opened_cases", "2015-03", "year_before")] == used["more"]
    assert [("opened_cases", f"2016-{month}", "year_to_date") for month in ("01", "02", "03")] == used["so_far"]
    assert ("so_far", "2016-03", "") == used["load"][0]
    assert {"2016-01", "2016-02", "2016-03"} == homes, "a state holds for 62 days"
    assert {"2015-03", "2016-03"} == below


def test_a_day_is_divided_by_the_state_that_holds() -> None:
    """Cases per 10000 households: each day by the households last known, while that is no older than it is valid for."""
    specs = [
        {"indicator": "opened_cases", "formula": "rows()", "grain": ["district", "street"]},
        state("homes", "latest(households)", table="cases.homes"),
        derived("load", "opened_cases / latest(homes) * 10000", cadence="day", unit="件/万户"),
    ]
    with bench(*specs, cases=CASES, homes=STATES) as city:
        city.lay(opened(2015, 2, 2) + opened(2015, 4, 3), "2015-02-01", "2015-06-01")
        city.lay(monthly(("D1", "2015-01", 4000)), "2015-01-01", "2015-02-01", "homes")
        city.compute()

        assert (20000, 4000, 4000, 5) == tuple(city.cell("load", "2015-02-03")[name] for name in ("numerator", "denominator", "n", "value"))
        assert {} == city.cell("load", "2015-04-04"), "January's households hold for 62 days"


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("latest(opened_cases)", "latest of a sign whose table says valid_for, not opened_cases"),
        ("year_to_date(kinds)", "year_to_date of a sign made of sums and counts over a table, not kinds"),
        ("growth(load)", "a formula that does not rest on itself"),
        ("growth(opened_cases, kinds)", "growth with 1 to 1 arguments, not 2"),
    ],
)  # fmt: skip
def test_wrong_derivations_are_refused(formula: str, said: str) -> None:
    """With file and line, and what would be right."""
    specs = [{"indicator": "opened_cases", "formula": "rows()"}, {"indicator": "kinds", "formula": "count_distinct(no)"}]
    with pytest.raises(DefinitionError) as caught, bench(*specs, derived("load", formula, cadence="day")):
        pass

    assert said in str(caught.value)


def test_lines_relative_to_the_target() -> None:
    """Half a point below a growth target of 6.5 is blue at 6; what is kept are values."""
    lines = {"from": date(2015, 1, 1), "relative": True, "target": 6.5, "blue": -0.5, "yellow": -1, "orange": -2, "red": -3}
    with bench({"indicator": "pace", "formula": "rows()", "direction": "higher", "thresholds": [lines]}) as city:
        kept = city.catalogue.definitions["pace"].spec.thresholds[0]

    assert (6, 5.5, 4.5, 3.5, 6.5) == (kept.blue, kept.yellow, kept.orange, kept.red, kept.target)
