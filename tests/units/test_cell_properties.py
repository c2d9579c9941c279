"""Cells keep their promises in every form: parts make the whole, order and days of refreshes are irrelevant, backlogs agree."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.units.bench_city import bench

START = datetime(2019, 4, 1)
FEW, STRIDE = settings(max_examples=4, deadline=None), 5
ADDING = {"all_cases": "rows()", "paid": "sum(amount)", "due_or_closed": "rows()", "open_cases": "backlog(opened_at, closed_at)"}
SPECS = [
    {"indicator": name, "formula": formula, "grain": ["district", "street", "dept"], "unit": "元" if name == "paid" else "件"}
    | ({"by": ["due_at", "closed_at"]} if name == "due_or_closed" else {})
    for name, formula in ADDING.items()
]
SPECS += [
    {"indicator": "on_time", "formula": "count(in_period(closed_at) and closed_at <= due_at) / rows()", "unit": "%",
     "by": ["due_at", "closed_at"], "grain": ["district", "street", "dept"]},
    {"indicator": "kinds", "formula": "count_distinct(rework)", "window": {"days": 3, "kinds": ["street"]},
     "grain": ["district", "street"]},
    {"indicator": "load", "formula": "open_cases / all_cases", "table": None, "by": None, "unit": "件"},
]  # fmt: skip
DAYS = st.integers(0, 9)
CASE = st.tuples(
    DAYS, st.none() | DAYS, DAYS, st.sampled_from((None, "D1", "D2")), st.sampled_from((None, "water", "roads")), st.integers(0, 3)
)


@st.composite
def cases(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Cases of ten days, closed never before they were opened."""
    rows = []
    for no, (opened, closed, due, street, handler, rework) in enumerate(draw(st.lists(CASE, min_size=1, max_size=15))):
        moments = {"opened_at": START + timedelta(days=opened, hours=8), "due_at": START + timedelta(days=due, hours=12)}
        ended = None if closed is None else START + timedelta(days=opened + closed, hours=10)
        rows.append(
            {"no": no, "street": street, "handler": handler, "rework": rework, "amount": rework + 0.25, "closed_at": ended} | moments
        )
    return rows


def at_once(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the cells of all cases taken in together."""
    with bench(*SPECS) as city:
        city.lay(rows, "2019-04-01", "2019-05-01")
        city.compute()
        return city.all_cells()


@given(cases(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_and_the_days_of_refreshes_are_irrelevant(rows: list[dict[str, Any]], dice: Any) -> None:
    """Shuffled, and told some days at a time with what was known then, the same cells come out."""
    whole = at_once(rows)
    shuffled = rows[:]
    dice.shuffle(shuffled)
    pd.testing.assert_frame_equal(whole, at_once(shuffled))
    with bench(*SPECS) as city:
        for day in range(0, 30, STRIDE):
            first, end = START + timedelta(days=day), START + timedelta(days=day + STRIDE)
            known = [row | {"closed_at": row["closed_at"] if row["closed_at"] and row["closed_at"] < end else None} for row in rows]
            fresh = [now for now in known if first <= now["opened_at"] < end or (now["closed_at"] and now["closed_at"] >= first)]
            city.lay([now for now in fresh if now["opened_at"] < end], f"{first:%Y-%m-%d}", f"{end:%Y-%m-%d}")
            city.compute()
        pd.testing.assert_frame_equal(whole, city.all_cells())


@given(cases())
@FEW
def test_the_parts_and_the_unassigned_make_the_whole(rows: list[dict[str, Any]]) -> None:
    """By street and by department, of every figure that adds up, in every period."""
    cells = at_once(rows)
    for name in ADDING:
        found = cells[cells["indicator"] == name].fillna({"value": 0})
        whole = found[found["entity_kind"] == "district"].set_index(["grain", "start"])["value"]
        for kind in ("street", "dept"):
            parts = found[found["entity_kind"] == kind].groupby(["grain", "start"])["value"].sum()
            pd.testing.assert_series_equal(parts.sort_index(), whole.sort_index(), check_names=False, rtol=1e-12)


@given(cases())
@FEW
def test_a_backlog_is_what_is_open(rows: list[dict[str, Any]]) -> None:
    """Opened less closed, added up, is the count of what was opened and not closed by the end of each day."""
    cells = at_once(rows)
    found = cells[(cells["indicator"] == "open_cases") & (cells["grain"] == "day") & (cells["entity"] == "D")]
    counted: Counter[datetime] = Counter()
    for day in range(30):
        end = START + timedelta(days=day + 1)
        counted[end - timedelta(days=1)] = sum(row["opened_at"] < end and not (row["closed_at"] and row["closed_at"] < end) for row in rows)

    assert dict(counted) == dict(zip(found["start"].dt.to_pydatetime(), found["value"].astype(int), strict=True))
