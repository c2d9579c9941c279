"""Whatever ends a refresh, the next one ends where an undisturbed one ends; two at once do not get into each other's way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.killed import FIRST_WORK, Forge, copy, forged, memory, moments, run, seen_by_a_page, standing
from data import alerted
from data.settings import Settings
from data.snapshots import open_snapshot
from tests.ingest.killed_city import LATE, NAMES, lay, make

KILLS = 20


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    """An interpreter whose forks are the refreshes."""
    with forged() as one:
        yield one


@pytest.fixture(scope="module")
def city(forge: Forge) -> Iterator[dict[str, Settings]]:
    """The city with its drops in the inbox: before the first refresh, and with a snapshot of the first morning."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        yield make(Path(folder), forge.refresh)


@pytest.mark.parametrize("start", NAMES)
def test_a_kill_at_any_moment_costs_nothing(forge: Forge, city: dict[str, Settings], start: str) -> None:
    """Hash, alerts, ledger, quarantine, archive and refusals are those of an undisturbed run; pages read on; nothing lies about."""
    tally = run(forge, city[start], KILLS // len(NAMES))

    assert tally.wrong == []
    assert tally.kills == KILLS // len(NAMES)
    assert tally.too_late <= tally.kills // 2
    assert {"take", "publish"} <= tally.stages.keys()


def test_what_is_killed_has_rules_that_speak(forge: Forge, city: dict[str, Settings]) -> None:
    """So that alerts, their log and how they stand are among what must not depend on kills."""
    where = copy(city["morning"], "speaking")
    assert forge.refresh(where) in {0, 10}

    told = alerted.transitions(where, open_snapshot(where))
    assert {"fired"} <= set(told["kind"])


def test_the_moments_are_spread_over_the_whole_run() -> None:
    """Every fifth of the run has its kills, and so have the first tenth of a second of work and the publishing."""
    import random

    times = {"load": 0.0, "lock": 1.0, "claim": 1.05, "take": 1.4, "publish": 2.8, "point": 3.0, "over": 4.0}
    found = sorted(times[kill.stage] + kill.after for kill in moments(times, 20, random.Random(1)))

    assert all(any(fifth <= moment < fifth + 0.8 for moment in found) for fifth in (0.0, 0.8, 1.6, 2.4, 3.2))
    assert sum(1.0 <= moment < 1.0 + FIRST_WORK for moment in found) >= 4
    assert sum(2.8 <= moment < 3.0 for moment in found) >= 4


@pytest.mark.parametrize("size", [0, 100, 4096, 9000])
def test_a_warehouse_whose_making_was_cut_off_is_made_anew(forge: Forge, city: dict[str, Settings], size: int) -> None:
    """A kill, or a full disk, within the first writes of the engine leaves a file that it will not open again."""
    settings = copy(city["empty"], f"cut-{size}")
    (settings.inbox / "loops" / "线圈.csv").unlink()
    settings.warehouse.write_bytes(city["morning"].warehouse.read_bytes()[:size])

    assert forge.refresh(settings) == 10
    assert seen_by_a_page(settings)


def test_two_refreshes_at_once(forge: Forge, city: dict[str, Settings]) -> None:
    """One does the work, the other says that it is busy or finds nothing to do; a page reads the old snapshot, then the new one."""
    calm, settings = copy(city["morning"], "calm-two"), copy(city["morning"], "two")
    assert forge.refresh(calm) == 10
    pages = [seen_by_a_page(settings), seen_by_a_page(calm)]
    both = [forge.start(settings) for _ in range(2)]
    seen = [seen_by_a_page(settings) for _ in range(4)]
    codes = sorted(forge.end(one) for one in both)
    seen.append(seen_by_a_page(settings))

    assert codes in ([5, 10], [0, 10])
    assert "另一个刷新正在进行" in forge.says(settings).read_text(encoding="utf-8") or codes == [0, 10]
    assert [pages.index(page) for page in seen] == sorted(pages.index(page) for page in seen)
    assert seen[-1] == pages[1]
    assert standing(settings) == standing(calm)


def test_a_drop_that_comes_while_a_refresh_runs_waits_for_the_next_one(forge: Forge, city: dict[str, Settings]) -> None:
    """It is in neither half of two snapshots: the running one has it whole, or the next one."""
    calm, settings = copy(city["morning"], "calm-late"), copy(city["morning"], "late")
    lay(calm, *LATE)
    forge.refresh(calm)
    running = forge.start(settings)
    lay(settings, *LATE)

    assert forge.end(running) == 10
    assert forge.refresh(settings) in {0, 10}
    assert standing(settings) == standing(calm)
