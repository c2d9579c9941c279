"""How well alerts are worked, counted by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.desk.acting import Desk
from data.desk.handling import handling_of
from data.desk.measures import measures
from data.desk.worked import Work
from tests.desk.test_handling import SAID, ZONE, at_desk, does, work

__all__ = ["at_desk", "work"]
DAY = (SAID.replace(hour=0), SAID.replace(hour=0) + timedelta(days=1))


def told(desk: Desk, work: Work, alerts: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return (numerator, denominator, value) by unit and measure."""
    actions = desk.store.actions()
    handled = handling_of(alerts, actions, work.terms, work.clock, ZONE, DAY[1])
    frame = measures(handled.values(), actions, {"C": "A"}, work.terms, work.clock, ZONE, DAY).astype(object)
    rows = frame.where(frame.notna(), None).itertuples(index=False)
    return {(row.unit, row.measure): (row.numerator, row.denominator, row.value) for row in rows}


def test_measures_are_counted_by_hand(at_desk: Desk, work: Work, tmp_path: Path) -> None:
    """Red alerts: 10 minutes to confirm and to acknowledge, 4 hours to handle."""
    alerts = [{"alert": name, "level": "red", "said_at": SAID} for name in "ABC"]
    first, second, third = alerts
    for alert, confirmed, acknowledged, done in ((first, 8, 20, 200), (second, 30, 45, 600)):
        does(at_desk, confirmed, "confirm", alert=alert)
        does(at_desk, confirmed + 2, "dispatch", unit="water", alert=alert)
        if alert is second:
            does(at_desk, confirmed + 3, "return", "handler", reason="不归我", alert=alert)
            does(at_desk, confirmed + 5, "dispatch", unit="heating", alert=alert)
        does(at_desk, acknowledged, "acknowledge", "handler", alert=alert)
        does(at_desk, done, "finish", "handler", reason="好了", alert=alert)
    does(at_desk, 210, "rework", "checker", reason="没好", alert=first)
    does(at_desk, 230, "finish", "handler", reason="好了", alert=first)
    does(at_desk, 240, "verify", "checker", alert=first)
    does(at_desk, 250, "close", result="put_right", alert=first)
    does(at_desk, 5, "false_alarm", reason="误", alert=third)
    found = told(at_desk, work, alerts)

    assert found["", "confirm_ontime"][:2] == (2, 3), "the second after 30 minutes; that it is false was judged of the third in time"
    assert found["", "dispatch_right"] == (2, 3, pytest.approx(2 / 3))
    assert found["", "acknowledge_ontime"][:2] == (2, 2)
    assert found["", "handle_ontime"][:2] == (1, 2)
    assert found["water", "handle_ontime"] == (1, 1, 1.0)
    assert found["heating", "handle_ontime"] == (0, 1, 0.0)
    assert found["", "rework"] == (1, 3, pytest.approx(1 / 3))
    assert found["", "false_alarm"] == (1, 3, pytest.approx(1 / 3))
    assert found["", "repeat"] == (1, 3, pytest.approx(1 / 3))
    assert found["", "close_ontime"][:2] == (1, 1)
    assert found["", "handling_mean"] == (None, 2, pytest.approx((220 / 60 + 565 / 60) / 2))
    assert found["heating", "handling_median"] == (None, 1, pytest.approx(565 / 60))


def test_a_share_of_nothing_is_none(at_desk: Desk, work: Work) -> None:
    """Nobody has done anything: null and not zero; what was due and not done counts against."""
    found = told(at_desk, work, [{"alert": "A", "level": "red", "said_at": SAID}])

    assert found["", "dispatch_right"] == (0, 0, None)
    assert found["", "handling_mean"] == (None, 0, None)
    assert found["", "confirm_ontime"] == (0, 1, 0.0)
