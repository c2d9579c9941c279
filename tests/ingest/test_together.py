"""Two refreshes started together: one works, the other says so and changes nothing, and the figures are those of one alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from commands.terminal import Exit
from data import warehouse
from data.settings import Settings
from data.snapshots import open_snapshot
from tests.golden.small_city import write_small_city
from tests.test_cli import run

ROOT = Path(__file__).parents[2]


def test_a_second_refresh_changes_nothing(tmp_path: Path) -> None:
    """While one holds the lock another ends with 5, its drops wait, and purge ends so too; afterwards all goes on."""
    city = write_small_city(tmp_path)
    waiting = sorted(path.name for path in city.inbox.rglob("*.csv"))
    with warehouse.only_refresh(city):
        assert Exit.BUSY == run(city, "refresh").exit_code
        assert waiting == sorted(path.name for path in city.inbox.rglob("*.csv"))
        assert Exit.BUSY == run(city, "purge", "--feed", "repairs", "--before", "2024-05-08", "--yes").exit_code
        assert not city.archive.exists()

    assert Exit.FINDINGS == run(city, "refresh").exit_code


def test_two_processes_started_together_end_with_the_figures_of_one(tmp_path: Path) -> None:
    """Whichever comes first, the content hash is that of a refresh alone, and no drop is taken twice."""
    alone, both = write_small_city(tmp_path / "alone"), write_small_city(tmp_path / "both")
    run(alone, "refresh")
    started = [subprocess.Popen(_refresh(both), cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(2)]
    codes = [one.wait(timeout=200) for one in started]

    assert set(codes) <= {Exit.DONE, Exit.FINDINGS, Exit.BUSY}
    assert Exit.FINDINGS in codes
    assert open_snapshot(alone).hash == open_snapshot(both).hash


def _refresh(city: Settings) -> list[str]:
    return [sys.executable, "cli.py", "refresh", "--city", str(city.city_dir), "--var", str(city.var_dir)]
