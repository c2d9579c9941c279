"""Keeps the snapshots that somebody may still ask for, and only those: the last days whole, then one a day, named ones for ever."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from data.settings import Settings
from data.snapshots import open_snapshot, replace_text

WHOLE_DAYS, DAILY_DAYS = 14, 400
_DAY, _MINUTE = slice(1, 9), slice(1, 14)  # of an id such as S20160307-0800-3790


def pin(settings: Settings, snapshot: str, why: str) -> None:
    """Keep a snapshot for ever, since a briefing, an alert or a link names it; raises NoSnapshotError when it is not kept."""
    open_snapshot(settings, snapshot)
    with _locked(settings):
        said = pins(settings)
        if why not in said.setdefault(snapshot, []):
            said[snapshot].append(why)
            replace_text(_pins(settings), json.dumps(said, ensure_ascii=False, indent=1))


def pins(settings: Settings) -> dict[str, list[str]]:
    """Return the snapshots that are kept for ever, each with what names it."""
    path = _pins(settings)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def outdated(names: Iterable[str], today: date, kept: Collection[str]) -> list[str]:
    """Return the snapshots that may go; `names` from the oldest to the newest publication.

    All of the last days stay, of older days the last one for a year and a month, and whatever is `kept`.
    """
    ordered = sorted(names, key=lambda name: name[_MINUTE])
    last = {name[_DAY]: name for name in ordered}
    return [name for name in ordered if name not in kept and not _stays(name, (today - _day(name)).days, last)]


def tidy(settings: Settings, as_of: datetime) -> list[str]:
    """Remove the snapshots that are out of date at `as_of`, and the parts that none names any more. Only a refresh may.

    A removal that was cut off is finished by the next one.
    """
    manifests = sorted(settings.snapshots.glob("S*.json"), key=lambda path: path.stat().st_mtime_ns)
    begun = settings.snapshots / "tidying"
    with _locked(settings):
        gone = outdated([path.stem for path in manifests], as_of.date(), {open_snapshot(settings).id, *pins(settings)})
        if not gone and not begun.is_file():
            return []
        begun.touch()
        for name in gone:
            (settings.snapshots / f"{name}.json").unlink()
    named = set()
    for path in settings.snapshots.glob("S*.json"):
        named |= {part["file"] for part in json.loads(path.read_text(encoding="utf-8"))["parts"]}
    for path in settings.parts.glob("*.parquet"):
        if path.name not in named:
            path.unlink()
    begun.unlink()
    return gone


def _stays(name: str, age: int, last: dict[str, str]) -> bool:
    return age <= WHOLE_DAYS or (age <= DAILY_DAYS and last[name[_DAY]] == name)


def _day(name: str) -> date:
    return date.fromisoformat(name[_DAY])


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    """Nobody names a snapshot while it goes."""
    with (settings.snapshots / "pins.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _pins(settings: Settings) -> Path:
    return settings.snapshots / "pins.json"
