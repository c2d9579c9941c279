"""The benchmarks of alerts run, on a small size."""

from __future__ import annotations

from benchmarks import alerts
from benchmarks.incidents import Found, _row


def test_a_backtest_and_a_step_are_measured() -> None:
    """Each in seconds beside its guide, and something happened."""
    backtest, live = alerts.measure(rules=8, areas=3, days=60)

    assert backtest["transitions"]
    assert backtest["most_s"] == 10
    assert live["most_s"] == 1


def test_incidents_are_counted_over_seeds() -> None:
    """Shares over all incidents, days over all quiet days."""
    found = [Found(1, 4, 4, (), (0, 1, 2)), Found(2, 4, 3, ("fair",), (1, 9, 1))]
    row = _row("both", found)

    assert (row["incidents"], row["told_share"], row["missed"]) == (8, 0.875, ["fair"])
    assert (row["median_day"], row["busy_day"]) == (1.0, 9.0)
