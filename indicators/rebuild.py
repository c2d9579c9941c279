"""Brings everything derived back from the archive, and says whether the same figures came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data import journal
from data.settings import Settings
from data.snapshots import NoSnapshotError, Snapshot, open_snapshot
from data.taken import Taken
from indicators.refresh import load, refresh


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The snapshot before and after; `comparable` when definitions and moment are those of the one before."""

    before: Snapshot
    after: Snapshot
    drops: int
    comparable: bool

    @property
    def is_same(self) -> bool:
        """Whether every fact came out as before."""
        return self.before.hash == self.after.hash


def rebuild(settings: Settings, progress: Callable[[Taken], None] = lambda _: None) -> Rebuilt:
    """Replay the journal at the moment of the last refresh; raises NoSnapshotError where there has been none."""
    noted = journal.last_refresh(settings)
    if noted is None:
        raise NoSnapshotError("no refresh yet")
    before = open_snapshot(settings, noted["snapshot"])
    definitions = load(settings).fingerprint
    done = refresh(settings, datetime.fromisoformat(noted["as_of"]), progress, anew=True)
    return Rebuilt(before, done.snapshot, len(done.taken), definitions == noted["definitions"] and done.snapshot.as_of == before.as_of)
