"""Brings everything derived back from the archive, by the definitions of the last refresh, and says whether the same figures came out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from data import definitions, journal, residue
from data.adopted import as_adopted
from data.problems import DefinitionError
from data.settings import Settings
from data.snapshots import NoSnapshotError, Snapshot, open_snapshot
from data.taken import Taken
from indicators.directory import load
from indicators.refresh import refresh


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The snapshot before and after; `comparable` when definitions and moment are those of the one before.

    `purged` are the drops whose bytes are gone: their records were brought back as they had been judged.
    """

    before: Snapshot
    after: Snapshot
    drops: int
    purged: tuple[str, ...]
    comparable: bool

    @property
    def is_same(self) -> bool:
        """Whether every fact came out as before."""
        return self.before.hash == self.after.hash


def rebuild(settings: Settings, progress: Callable[[Taken], None] = lambda _: None) -> Rebuilt:
    """Replay the journal as the last refresh left it; raises NoSnapshotError where there has been none.

    The drops are taken in order of arrival under the definitions of that refresh, since a changed contract has every drop taken in
    anew anyway (docs/decisions/0006). Where those were not kept, or this version cannot read them, today's judge.
    """
    noted = journal.last_refresh(settings)
    if noted is None:
        raise NoSnapshotError("no refresh yet")
    before = open_snapshot(settings, noted["snapshot"])
    purged = tuple(arrival.drop for arrival in journal.arrivals(settings) if residue.stands_for(settings, arrival))
    as_of = datetime.fromisoformat(noted["as_of"])
    with ExitStack() as open_:
        judging = open_.enter_context(definitions.in_force(settings, noted["definitions"]))
        if not _is_readable(judging):
            judging = open_.enter_context(as_adopted(settings, as_of.date()))
        done = refresh(judging, as_of, progress, anew=True)
    comparable = done.snapshot.definitions == noted["definitions"] and done.snapshot.as_of == before.as_of
    return Rebuilt(before, done.snapshot, len(done.taken), purged, comparable)


def _is_readable(settings: Settings) -> bool:
    try:
        load(settings)
    except DefinitionError:
        return False
    return True
