"""A refresh keeps the city's own time, wherever the clock of the machine stands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from data import readings
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city


def test_taken_at_is_local_time(tmp_path: Path) -> None:
    """Half past midnight in Greenwich is half past eight here: beside arrived_at it may not look eight hours early."""
    settings = write_small_city(tmp_path)
    done = refresh(settings, datetime(2024, 5, 9, 0, 30, tzinfo=UTC))
    ledger = readings.drops(settings, done.snapshot)

    assert {str(moment) for moment in ledger["taken_at"]} == {"2024-05-09 08:30:00"}
    assert (ledger["taken_at"] > ledger["arrived_at"]).all()
