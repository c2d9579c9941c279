"""Figures of few persons are withheld, and with them what would give them away; nothing else is, and nowhere does one slip out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.comparison import NUMBERS
from indicators.signs import SIGNS, Span, signs_of
from indicators.suppression import complemented
from tests.units.bench_city import CASES, Bench, bench

NAN = float("nan")
LEAST = 5
DAY = datetime(2025, 3, 3)
PERSONAL = CASES | {"personal": True}
REPORTS: dict[str, Any] = {
    "name": {"zh": "月报"}, "kind": "states", "key": ["street", "month"], "time": "month", "area": ["street"], "covers": "period",
    "valid_for": 62, "personal": True,
    "columns": {
        "street": {"heading": "街道", "type": "entity", "kind": "street"}, "month": {"heading": "月", "type": "date"},
        "asked": {"heading": "申请", "type": "integer"}, "met": {"heading": "办结", "type": "integer"},
    },
}  # fmt: skip
COUNT = {"indicator": "ill", "formula": "rows()", "grain": ["district", "street"]}


def hide(counts: list[float], *groups: tuple[int, list[int]]) -> list[int]:
    """Return the rows of one period that are withheld."""
    column = np.array(counts, dtype=float)[:, None]
    found = complemented((column > 0) & (column < LEAST), column, groups)
    return [int(row) for row in np.flatnonzero(found[:, 0])]


def patients(**by_street: int) -> list[dict[str, Any]]:
    """Return so many cases of a day by street; none: of no street."""
    places = [None if street == "none" else street for street, count in by_street.items() for _ in range(count)]
    return [{"no": no, "street": street, "opened_at": DAY, "closed_at": None} for no, street in enumerate(places)]


def told(city: Bench, indicator: str, grain: str = "day", end: datetime = datetime(2025, 3, 5)) -> pd.DataFrame:
    """Return the signs of an indicator by entity and period, as a refresh would publish them."""
    city.con.execute(SIGNS)
    one = city.catalogue.definitions[indicator]
    span = Span(datetime(2000, 1, 1), end, end.replace(tzinfo=city.reference.city.zone))
    frame = signs_of(city.con, one, grain, span, city.reference, lambda _: "not_due:cases")
    city.con.register("frame", frame)
    city.con.execute("INSERT INTO signs BY NAME SELECT * FROM frame")
    return frame.set_index(["entity", "period"])


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([40, 30, 10, 0], []),  # nobody is known by a 0
        ([43, 30, 3, 10], [2, 3]),  # the next smallest too
        ([43, 10, 3, 30], [1, 2]),
        ([45, 30, 3, 2, 10], [2, 3]),  # two are enough
        ([33, 30, 3, 0], [1, 2]),  # a 0 would be guessed at
        ([3, 3, 0, 0], [0, 1]),  # a whole of few, whose part is as few
        ([3, 3], [0, 1]),
        ([9, 9], []),
        ([43, 30, 3, NAN, 10], [2, 4]),  # what is not known gives nothing away
        ([NAN, 30, 3, 10], [2]),  # without a whole nothing can be subtracted
        ([3, 0, 3, 0], [0, 2]),
    ],
)
def test_the_next_smallest_is_withheld_too(counts: list[float], hidden: list[int]) -> None:
    """The first count is the whole of the others."""
    assert hidden == hide(counts, (0, list(range(1, len(counts)))))


def test_what_is_withheld_above_is_not_told_below() -> None:
    """District, three streets, two communities in each: a street that is withheld for another has a community withheld for itself."""
    #  0 district; 1-3 streets; 4-5 in the first, 6-7 in the second, 8-9 in the third
    counts = [70, 30, 3, 37, 12, 18, 3, 0, 17, 20]
    groups = ((0, [1, 2, 3]), (1, [4, 5]), (2, [6, 7]), (3, [8, 9]))

    assert [1, 2, 4, 6] == hide(counts, *groups)


@given(st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_no_whole_gives_a_part_away(streets: list[list[int]]) -> None:
    """Whatever the counts: every few is withheld, and of no whole with its parts exactly one, so that nothing can be subtracted."""
    sums = [sum(parts) for parts in streets]
    counts, groups = [sum(sums), *sums], [(0, list(range(1, len(streets) + 1)))]
    for place, parts in enumerate(streets, start=1):
        groups.append((place, list(range(len(counts), len(counts) + len(parts)))))
        counts += parts
    hidden = set(hide([float(count) for count in counts], *groups))

    assert {row for row, count in enumerate(counts) if 0 < count < LEAST} <= hidden
    assert all(len(hidden & {whole, *parts}) != 1 for whole, parts in groups)
    assert hidden or all(count == 0 or count >= LEAST for count in counts)


def test_a_withheld_sign_tells_nothing() -> None:
    """No value, no halves, no n, no level, no change before or after it; its state and reason are its own."""
    rows = patients(D1=3, D2=9, none=20)
    rows += [row | {"no": row["no"] + 100, "opened_at": datetime(2025, 3, 4)} for row in patients(D1=8, D2=9, none=20)]
    with bench(COUNT, cases=PERSONAL) as city:
        city.lay(rows, "2025-03-03", "2025-03-05")
        city.compute()
        found = told(city, "ill")
    numbers = ["value", "numerator", "denominator", "n", "level", *NUMBERS]

    for entity in ("D1", "D2"):
        sign = found.loc[entity, "2025-03-03"]
        assert ("suppressed", "few_persons") == (sign["state"], sign["reason"])
        assert sign[numbers].isna().all()
        assert "no_base" == found.loc[entity, "2025-03-04"]["change_reason"], "tomorrow's change would tell it"
    assert [32, 20] == [found.loc[entity, "2025-03-03"]["value"] for entity in ("D", "DU")]
    assert [8, 9] == [found.loc[entity, "2025-03-04"]["value"] for entity in ("D1", "D2")]


def test_fires_and_outages_are_told_however_few() -> None:
    """Only tables whose contract says `personal`."""
    with bench(COUNT) as city:
        city.lay(patients(D1=3, D2=9), "2025-03-03", "2025-03-05")
        city.compute()

        found = told(city, "ill")
        assert [3, 9, 12] == [found.loc[entity, "2025-03-03"]["value"] for entity in ("D1", "D2", "D")]
        assert () == city.catalogue.definitions["ill"].persons


def test_both_halves_of_a_share_count() -> None:
    """Three of forty is withheld, and so is two of three; a report is no person, so that nine reports of many persons are told."""
    share = {"indicator": "met_share", "formula": "sum(met) / sum(asked)", "by": "month", "cadence": "month", "unit": "%", "min_n": 4,
             "grain": ["district", "street"]}  # fmt: skip
    mean = share | {"indicator": "each", "formula": "mean(asked)", "unit": "件"}
    held = share | {"indicator": "held", "formula": "latest(asked)", "unit": "件"}
    rows = [
        {"street": "D1", "month": date(2025, 3, 1), "asked": 40, "met": 3},
        {"street": "D2", "month": date(2025, 3, 1), "asked": 60, "met": 50},
    ]
    with bench(share, mean, held, cases=REPORTS) as city:
        city.lay(rows, "2025-03-01", "2025-04-01")
        city.compute()
        persons = {name: city.catalogue.definitions[name].persons for name in ("met_share", "each", "held")}
        found = {name: told(city, name, "month", datetime(2025, 4, 1)) for name in persons}

    assert {"met_share": ("numerator", "denominator"), "each": ("numerator",), "held": ("numerator",)} == persons
    assert ["suppressed", "suppressed"] == [found["met_share"].loc[street, "2025-03"]["state"] for street in ("D1", "D2")]
    assert 53 == found["met_share"].loc["D", "2025-03"]["numerator"]
    assert [40, 60] == [found["held"].loc[street, "2025-03"]["value"] for street in ("D1", "D2")]


def test_what_is_derived_tells_no_more() -> None:
    """Per head, against last year and for the year so far: where an input is withheld, so is what would give it away."""
    derived = {"table": None, "by": None, "cadence": "month", "grain": ["district", "street"]}
    specs = [
        COUNT | {"cadence": "month"},
        derived | {"indicator": "doubled", "formula": "ill * 2", "unit": "件"},
        derived | {"indicator": "so_far", "formula": "year_to_date(ill)", "unit": "件"},
        derived | {"indicator": "more", "formula": "growth(ill)", "unit": "%"},
    ]  # fmt: skip
    months = {"2024-02": {"D1": 3, "D2": 9}, "2025-01": {"D1": 7, "D2": 9}, "2025-02": {"D1": 7, "D2": 9}, "2025-03": {"D1": 4, "D2": 9}}
    rows = [
        row | {"no": 1000 * place + row["no"], "opened_at": datetime.fromisoformat(f"{month}-03")}
        for place, (month, counts) in enumerate(months.items())
        for row in patients(**counts)
    ]
    with bench(*specs, cases=PERSONAL) as city:
        city.lay(rows, "2024-01-01", "2025-05-01")
        city.compute()
        found = {name: told(city, name, "month", datetime(2025, 5, 1)) for name in ("ill", "doubled", "so_far", "more")}

    def states(name: str, *periods: str) -> list[str]:
        return [found[name].loc["D1", f"2025-{month}"]["state"] == "suppressed" for month in periods]

    assert [False, False, True, False] == states("ill", "01", "02", "03", "04")
    assert [False, False, True, False] == states("doubled", "01", "02", "03", "04")
    assert [False, False, True, True] == states("so_far", "01", "02", "03", "04")
    assert [False, True, True, False] == states("more", "01", "02", "03", "04")


def test_a_last_state_that_is_withheld_tells_nothing_by_division() -> None:
    """Cases by households of whom three are known would tell the three, in every day that they hold; eight may be told."""
    specs = [
        COUNT,
        {"indicator": "homes", "formula": "latest(asked)", "table": "cases.homes", "by": "month", "cadence": "month",
         "grain": ["district", "street"], "unit": "户"},
        {"indicator": "load", "formula": "ill / latest(homes)", "table": None, "by": None, "unit": "件/户",
         "grain": ["district", "street"]},
    ]  # fmt: skip
    homes = [{"street": "D1", "month": date(2025, month, 1), "asked": count, "met": 0} for month, count in ((1, 8), (2, 3))]
    rows = [row | {"opened_at": datetime(2025, month, 3), "no": 100 * month + row["no"]} for month in (2, 3) for row in patients(D1=9)]
    with bench(*specs, cases=CASES, homes=REPORTS) as city:
        city.lay(homes, "2025-01-01", "2025-03-01", "homes")
        city.lay(rows, "2025-02-01", "2025-04-01")
        city.compute()
        told(city, "homes", "month", datetime(2025, 4, 1))
        found = told(city, "load", "day", datetime(2025, 4, 1))

    assert ("ok", 9 / 8) == (found.loc["D1", "2025-02-03"]["state"].replace("not_evaluated", "ok"), found.loc["D1", "2025-02-03"]["value"])
    assert ["suppressed", "suppressed"] == [found.loc[entity, "2025-03-03"]["state"] for entity in ("D1", "D")]
