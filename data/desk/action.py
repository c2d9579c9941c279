"""One thing that a person did, and its place in the chain: each row's hash rests on the row before it.

It knows no database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

NOTHING_BEFORE = "0" * 64  # what the first action rests on
TEXTS = ("at", "recorded_at", "who", "role", "unit", "kind", "subject", "reason", "payload", "previous")


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wants to do: a command about a subject, with who, in which role and for which unit, when and why.

    `subject` is the id of an alert, or empty for a command that opens a subject of its own. `at` is the city's clock,
    which due times go by; `recorded_at` the wall clock, which is bookkeeping. `seen` is the number of the subject's last
    action that this person had before their eyes, None where they do not say.
    """

    kind: str
    subject: str
    who: str
    role: str
    at: datetime
    recorded_at: datetime
    unit: str = ""
    reason: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the table, all of it text but the number, as it is hashed: moments are ISO 8601 in UTC, the payload is canonical JSON."""

    number: int
    at: str
    recorded_at: str
    who: str
    role: str
    unit: str
    kind: str
    subject: str
    reason: str
    payload: str
    previous: str
    hash: str = ""

    @property
    def moment(self) -> datetime:
        """When it was done."""
        return datetime.fromisoformat(self.at)

    @property
    def details(self) -> dict[str, Any]:
        """What else the command carries: whom a dispatch goes to, until when an extension runs."""
        return dict(json.loads(self.payload))

    @property
    def digest(self) -> str:
        """The hash that this row must have."""
        row = {"number": self.number} | {name: getattr(self, name) for name in TEXTS}
        return hashlib.sha256(canonical(row).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """How far a desk has come: its last number, 0 where nothing was done yet, and the hash of that row."""

    number: int = 0
    hash: str = NOTHING_BEFORE


def canonical(value: Mapping[str, Any]) -> str:
    """Return JSON that is the same text for the same content; raises ValueError for a number that JSON does not have."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def chained(entry: Entry, subject: str, head: Head) -> Action:
    """Return the row that an entry becomes behind the head of the chain."""
    moments = (moment.astimezone(UTC).isoformat(timespec="microseconds") for moment in (entry.at, entry.recorded_at))
    texts = (*moments, entry.who, entry.role, entry.unit, entry.kind, subject, entry.reason, canonical(entry.payload), head.hash)
    action = Action(head.number + 1, *texts)
    return replace(action, hash=action.digest)


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """A place where the chain does not hold: the number, what is wrong with it, and who says so (a snapshot or the journal)."""

    number: int
    fault: str
    told_by: str = ""


def breaks(actions: Iterable[Action], heads: Mapping[str, Head]) -> list[Break]:
    """Return where a chain does not hold, in order; nothing where it is whole. `heads` are what others noted of it, by name.

    Faults: `changed` (the row is not what its hash says), `removed` (no row of that number), `unchained` (the row does not rest
    on the one before it), `cut` (the chain ends before a number that was noted), `rewritten` (the row is whole, but
    another than the one that was noted).
    """
    found, last, hashes = [], Head(), {0: NOTHING_BEFORE}
    for action in actions:
        found += [Break(number, "removed") for number in range(last.number + 1, action.number)]
        if action.digest != action.hash:
            found.append(Break(action.number, "changed"))
        elif action.number == last.number + 1 and action.previous != last.hash:
            found.append(Break(action.number, "unchained"))
        last = Head(action.number, action.hash)
        hashes[action.number] = action.hash
    for name, head in heads.items():
        if head.number > last.number:
            found.append(Break(last.number + 1, "cut", name))
        elif hashes.get(head.number, head.hash) != head.hash:
            found.append(Break(head.number, "rewritten", name))
    return sorted(found)
