"""Snapshots stay as long as they were promised to, by the clock that is given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.terminal import Exit
from data import shelf
from data.settings import Settings
from data.snapshots import NoSnapshotError, open_snapshot
from indicators.refresh import refresh
from tests.known.corrected_city import ZONE, figures, morning, report, write_city
from tests.test_cli import run

TODAY = date(2024, 5, 30)


def _id(day: date, time: str, mark: str = "aaaa") -> str:
    return f"S{day:%Y%m%d}-{time}-{mark}"


def _ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_the_last_days_stay_whole_and_older_ones_keep_their_last() -> None:
    """14 days whole, 400 days by their last, in the order of publication within a minute; after that nothing but what is kept."""
    names = [
        _id(_ago(401), "2000"), _id(_ago(400), "0800"), _id(_ago(400), "2000", "bbbb"), _id(_ago(400), "2000", "aaaa"),
        _id(_ago(15), "0800"), _id(_ago(15), "2000"), _id(_ago(14), "0800"), _id(_ago(14), "2000"), _id(TODAY, "0800"),
    ]  # fmt: skip

    assert [names[0], names[1], names[2], names[4]] == shelf.outdated(names, TODAY, ())
    assert [names[1], names[2]] == shelf.outdated(names, TODAY, {names[0], names[4]})


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 23)), max_size=60, unique=True))
def test_whatever_goes_was_old_and_was_not_the_last_of_its_day(made: list[tuple[int, int]]) -> None:
    """Whenever snapshots were made: nothing young goes, no day of the last 400 loses its last, and what stays may all stay."""
    names = [_id(_ago(age), f"{hour:02}00") for age, hour in made]
    gone = shelf.outdated(names, TODAY, ())
    left = set(names) - set(gone)

    assert {age for age, _ in made if age <= 400} == {(TODAY - date.fromisoformat(name[1:9])).days for name in left}
    assert all(date.fromisoformat(name[1:9]) < _ago(14) for name in gone)
    assert [] == shelf.outdated(left, TODAY, ())


def _published(city: Settings) -> set[str]:
    return {path.stem for path in city.snapshots.glob("S*.json")}


def test_a_refresh_removes_what_is_out_of_date_and_no_part_that_is_named(tmp_path: Path) -> None:
    """What stays can be read whole, what goes leaves no part behind, and what was pinned is there a year later."""
    city = write_city(tmp_path)
    report(city, 6, [(1, 0, 6, 3)])
    pinned, first = refresh(city, morning(7)).snapshot, refresh(city, morning(7, 9)).snapshot
    last = refresh(city, morning(7, 10)).snapshot
    report(city, 7, [(2, 0, 7, 3)])
    shelf.pin(city, pinned.id, "briefing 1")
    assert {pinned.id, first.id, last.id} == _published(city)

    june = refresh(city, datetime(2024, 5, 22, 8, tzinfo=ZONE)).snapshot
    assert {pinned.id, last.id, june.id} == _published(city)

    late = refresh(city, datetime(2025, 8, 1, 8, tzinfo=ZONE)).snapshot
    assert {pinned.id, late.id} == _published(city)
    assert {part.file for one in (pinned, late) for part in one.parts} == {path.name for path in city.parts.glob("*.parquet")}
    assert len(figures(city, open_snapshot(city, pinned.id)))


def test_a_removal_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    """Between manifests and parts a kill leaves orphans; the next refresh takes them away, though no snapshot is due."""
    city = write_city(tmp_path)
    report(city, 6, [(1, 0, 6, 3)])
    refresh(city, morning(7))
    orphan = city.parts / "signs-0.parquet"
    orphan.touch()
    (city.snapshots / "tidying").touch()
    shelf.tidy(city, morning(7))

    assert not orphan.exists()
    assert not (city.snapshots / "tidying").exists()


def test_only_what_is_kept_can_be_pinned(tmp_path: Path) -> None:
    """A pin says why, each reason once; a snapshot that is not there cannot be kept."""
    city = write_city(tmp_path)
    report(city, 6, [(1, 0, 6, 3)])
    made = refresh(city, morning(7)).snapshot.id
    for why in ("briefing 1", "briefing 1", "link"):
        shelf.pin(city, made, why)

    assert {made: ["briefing 1", "link"]} == shelf.pins(city)
    with pytest.raises(NoSnapshotError):
        shelf.pin(city, "S20240101-0000-0000", "link")
    assert Exit.DONE == run(city, "pin", made, "--why", "alert").exit_code
    assert Exit.NOTHING_DONE == run(city, "pin", "S20240101-0000-0000", "--why", "alert").exit_code
