"""Looks whether what is kept is whole and has room to grow: parts and drops against their hashes, the chain of the desk, the disk.

Nothing is changed. Each look says what was found and what was wanted, as words of the catalogue (`health`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from data import journal, residue
from data.desk.audit import NoDeskError, audit
from data.desk.store import DeskUnavailableError
from data.register import Reference
from data.settings import Settings
from data.snapshots import NoSnapshotError, file_hash, open_snapshot

LEAST_DAYS = 90  # for so long the disk must last at the pace of growth so far
AHEAD = timedelta(minutes=5)  # clocks of two machines may differ by so much
FINE, FAULT, UNKNOWN = "fine", "fault", "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """One look: its code, how it came out, and what fills its sentence."""

    look: str
    state: str
    facts: dict[str, object] = field(default_factory=dict)


def looks(settings: Settings, reference: Reference, now: datetime) -> Iterator[Look]:
    """Yield every look that needs no browser."""
    yield _parts(settings)
    yield _drops(settings)
    yield _desk(settings)
    yield _disk(settings, now)
    yield _clock(settings, reference, now)


def _parts(settings: Settings) -> Look:
    """Each part that the current snapshot names is there and is what its hash says."""
    try:
        snapshot = open_snapshot(settings)
    except NoSnapshotError:
        return Look("parts", UNKNOWN)
    wrong = [part.file for part in snapshot.parts if not _is(settings.parts / part.file, part.sha256)]
    return Look("parts", FAULT if wrong else FINE, {"count": len(snapshot.parts), "wrong": ", ".join(wrong[:5]), "snapshot": snapshot.id})


def _drops(settings: Settings) -> Look:
    """The bytes of each arrival lie in the archive under their hash, but of those that were removed on purpose."""
    arrivals = journal.arrivals(settings)
    if not arrivals:
        return Look("drops", UNKNOWN)
    wrong = [
        one.drop
        for one in arrivals
        if not residue.stands_for(settings, one) and not _is(journal.archived(settings, one.sha256), one.sha256)
    ]
    return Look("drops", FAULT if wrong else FINE, {"count": len(arrivals), "wrong": ", ".join(wrong[:5])})


def _desk(settings: Settings) -> Look:
    try:
        found = audit(settings)
    except NoDeskError:
        return Look("desk", UNKNOWN)
    except DeskUnavailableError as error:
        return Look("desk", FAULT, {"count": 0, "wrong": error.strerror or ""})
    return Look(
        "desk", FAULT if found.breaks else FINE, {"count": found.actions, "wrong": ", ".join(one.fault for one in found.breaks[:5])}
    )


def _disk(settings: Settings, now: datetime) -> Look:
    """How long the disk lasts at the pace at which the run-time directory has grown since the first arrival."""
    place = next(path for path in (settings.var_dir, *settings.var_dir.parents) if path.is_dir())
    free, size = shutil.disk_usage(place).free, sum(path.stat().st_size for path in settings.var_dir.rglob("*") if path.is_file())
    arrivals = journal.arrivals(settings)
    facts: dict[str, object] = {"free": round(free / 2**30, 1), "size": round(size / 2**30, 2), "days": "—"}
    if not arrivals:
        return Look("disk", FINE if free > 2**30 else FAULT, facts)
    age = max((now - min(one.arrived_at for one in arrivals)).total_seconds() / 86_400, 1.0)
    days = free / (size / age) if size else float("inf")
    return Look("disk", FINE if days >= LEAST_DAYS else FAULT, facts | {"days": round(min(days, 36_500))})


def _clock(settings: Settings, reference: Reference, now: datetime) -> Look:
    """The city's zone is known to this machine, and no drop has come later than now."""
    ahead = [one.drop for one in journal.arrivals(settings) if one.arrived_at > now + AHEAD]
    facts: dict[str, object] = {"zone": str(reference.city.zone), "now": now.astimezone(reference.city.zone).isoformat(timespec="minutes")}
    return Look("clock", FAULT if ahead else FINE, facts | {"wrong": ", ".join(ahead[:5])})


def _is(path: Path, sha256: str) -> bool:
    try:
        return file_hash(path) == sha256
    except OSError:
        return False
