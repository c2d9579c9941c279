"""Holds the chain of actions against itself, and against what the snapshots and the journal noted of it."""

from __future__ import annotations

from dataclasses import dataclass

from data import journal, snapshots
from data.desk.action import Break, Head, breaks
from data.desk.store import store_if_there
from data.settings import Settings


class NoDeskError(Exception):
    """Raised where nobody has done anything yet, and nothing says that anybody had."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found: how many rows there are, the head of the chain, how many notes it was held against, where it breaks."""

    actions: int
    head: Head
    notes: int
    breaks: tuple[Break, ...]


def audit(settings: Settings) -> Audit:
    """Look at every action and at every note of a head; raises NoDeskError, DeskUnavailableError.

    A head is noted with each refresh: what was cut off behind the last one leaves no trace.
    """
    heads = snapshots.heads(settings) | journal.heads(settings)
    store = store_if_there(settings)
    if store is None and not heads:
        raise NoDeskError
    actions = store.actions() if store else []
    head = Head(actions[-1].number, actions[-1].hash) if actions else Head()
    return Audit(len(actions), head, len(heads), tuple(breaks(actions, heads)))
