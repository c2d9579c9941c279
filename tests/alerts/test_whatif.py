"""A line that is moved: levels, alerts and how well they fit events, by hand; the present line gives what was raised."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from indicators.directory import load
from indicators.whatif import lines_around, moved
from tests.alerts.told_signs import KIND, SIGN, rule
from tests.golden.small_city import write_small_city

FIRST = datetime(2024, 4, 1)
VALUES = [0, 3, 3, 0, 0, 0, 2, 2, 0, 6, 6, 0, 0, 0]  # open repairs; present lines: 1 blue, 2 yellow, 5 orange, 9 red


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The definition of the small city's backlog, as a snapshot keeps it."""
    return load(write_small_city(tmp_path_factory.mktemp("whatif"))).catalogue.definitions[SIGN].spec.model_dump(mode="json", by_alias=True)


def signs(values: list[float | None]) -> pd.DataFrame:
    """Return the sign day by day."""
    return pd.DataFrame({
        "indicator": SIGN, "entity_kind": KIND, "entity": "G1", "grain": "day",
        "start": [FIRST + timedelta(days=day) for day in range(len(values))],
        "value": values, "state": ["ok" if value is not None else "no_data" for value in values],
        "level": ["normal" if value is not None else None for value in values],
        **dict.fromkeys(("control_centre", "change_prev", "change_week", "change_year", "baseline", "baseline_low", "baseline_high"), 0.0),
        "special": None, "variation": None,
    }).astype({"value": float})  # fmt: skip


def test_each_line_with_its_alerts(body: dict[str, Any]) -> None:
    """A lower line tells more; alerts that began within an event are right, events that had one are told."""
    events = [(date(2024, 4, 2), date(2024, 4, 4)), (date(2024, 4, 13), date(2024, 4, 14))]
    low, here, high = moved(signs(VALUES), body, rule(confirm=2, keep=0), "yellow", [1, 2, 4], events)

    assert [one.is_present for one in (low, here, high)] == [False, True, False]
    assert [len(one.alerts) for one in (low, here, high)] == [3, 3, 1]
    assert here.alerts[0] == (datetime(2024, 4, 3), datetime(2024, 4, 4), "yellow")
    assert here.alerts[2][2] == "orange"
    assert (here.right, here.told, here.flaps) == (1, 1, 2)
    assert (high.right, high.told) == (0, 0)


def test_what_was_not_judged_stays_so(body: dict[str, Any]) -> None:
    """A period without a figure neither raises nor ends."""
    (one,) = moved(signs([3, None, 3, None, 0, 0]), body, rule(confirm=2, keep=0), "yellow", [2], [])

    assert one.alerts == ((datetime(2024, 4, 3), datetime(2024, 4, 5), "yellow"),)


def test_the_lines_offered_lie_around_the_present_one(body: dict[str, Any]) -> None:
    """Five, evenly apart, at the precision of the sign; none for a level without a line."""
    assert lines_around(body, "yellow") == [0, 1, 2, 3, 4]
    assert lines_around(body | {"thresholds": [body["thresholds"][0] | {"red": None}]}, "red") == []
