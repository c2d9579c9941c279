"""A machine and what it keeps are looked at without changing anything: what is missing, changed or too small is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from briefing.document import printing
from commands.terminal import Exit
from data.health import FAULT, FINE, UNKNOWN, looks
from data.register import load_reference
from data.settings import Settings
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city
from tests.test_cli import run

NOW = datetime(2024, 5, 9, tzinfo=UTC)


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """Return the small city, refreshed."""
    where = write_small_city(tmp_path)
    refresh(where, NOW)
    return where


def states(city: Settings, now: datetime = NOW) -> dict[str, str]:
    """Return how each look came out."""
    return {one.look: one.state for one in looks(city, load_reference(city), now)}


def test_what_is_whole_is_fine(city: Settings) -> None:
    """Nothing was done at the desk: nothing to see there."""
    assert states(city) == {"parts": FINE, "drops": FINE, "desk": UNKNOWN, "disk": FINE, "clock": FINE}


def test_a_city_before_its_first_refresh_has_nothing_to_see(tmp_path: Path) -> None:
    """And no look fails for it."""
    assert states(write_small_city(tmp_path)) == {"parts": UNKNOWN, "drops": UNKNOWN, "desk": UNKNOWN, "disk": FINE, "clock": FINE}


def test_a_changed_part_and_a_lost_file_are_found(city: Settings) -> None:
    """By name."""
    part = max(city.parts.glob("signs-*.parquet"))
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    file = next(path for path in city.archive.iterdir() if len(path.name) == 64)
    file.unlink()
    found = {one.look: one for one in looks(city, load_reference(city), NOW)}
    assert (found["parts"].state, found["drops"].state) == (FAULT, FAULT)
    assert part.name in str(found["parts"].facts["wrong"])


def test_a_drop_from_the_future_is_a_clock_that_is_wrong(city: Settings) -> None:
    """Whichever of the two it is."""
    assert states(city, NOW - timedelta(days=3))["clock"] == FAULT


def test_the_verb_says_each_and_counts_the_faults(city: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line each; 10 with a fault; a machine without a browser is told what to install."""
    found = run(city, "doctor", "--json")
    rows = {row["look"]: row for row in map(json.loads, found.stdout.splitlines())}
    assert found.exit_code == 0, found.output
    assert set(rows) == {"parts", "drops", "desk", "disk", "clock", "fonts", "encoding", "addresses"}
    assert {row["state"] for row in rows.values()} <= {FINE, UNKNOWN}
    monkeypatch.setattr(printing, "find", lambda: None)
    without = run(city, "doctor")
    assert without.exit_code == Exit.FINDINGS
    assert "apt-get install chromium" in without.output
