"""Folds what people did about definitions: who proposed which change of an indicator or a rule, and who else adopted it.

A change is a desk action until it is exported into the files of the city; the second person is somebody else than the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal

from data.desk.acting import RefusedError
from data.desk.action import Action, Entry
from data.desk.store import Store

PROPOSE, ADOPT, REJECT, WITHDRAW, EXPORT = "propose", "adopt", "reject", "withdraw", "export"
STAGES = {ADOPT: "adopted", REJECT: "rejected", WITHDRAW: "withdrawn", EXPORT: "exported"}
FROM = {ADOPT: "proposed", REJECT: "proposed", WITHDRAW: "proposed", EXPORT: "adopted"}
What = Literal["indicator", "rule"]
Overlay = Mapping[tuple[str, str], Mapping[str, Any]]  # (what, name) -> the keys that are said otherwise; None takes one away


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that somebody proposed: `changes` by keys of the grammar, from which day on, and what became of it.

    `trial` is what a changed rule would have done on the past, which it may not speak without. Moments are local and naive.
    """

    number: int
    what: str
    name: str
    changes: Mapping[str, Any]
    effective: date
    who: str
    reason: str
    at: datetime
    trial: Mapping[str, Any] | None = None
    stage: str = "proposed"
    decided_by: str = ""
    decided_reason: str = ""
    decided_at: datetime | None = None
    order: int = 0  # the number of the action that adopted it: later ones win


def subject_of(what: str, name: str) -> str:
    """Return the subject under which the desk keeps what is done about a definition."""
    return f"{what}/{name}"


def proposals(actions: Iterable[Action], zone: tzinfo) -> list[Proposal]:
    """Return every proposal as it stands, in the order in which they were made."""
    found: dict[int, Proposal] = {}
    for action in actions:
        what, _, name = action.subject.partition("/")
        at, said = action.moment.astimezone(zone).replace(tzinfo=None), action.details
        if action.kind == PROPOSE:
            effective = date.fromisoformat(said["effective"])
            found[action.number] = Proposal(
                action.number, what, name, said["changes"], effective, action.who, action.reason, at, said.get("trial")
            )
        elif action.kind in STAGES and name:
            before = found[said["proposal"]]
            found[before.number] = replace(
                before, stage=STAGES[action.kind], decided_by=action.who, decided_reason=action.reason, decided_at=at,
                order=action.number if action.kind == ADOPT else before.order,
            )  # fmt: skip
    return list(found.values())


def in_force(told: Iterable[Proposal], day: date) -> list[Proposal]:
    """Return what is adopted and has begun by `day`, in the order in which it was adopted."""
    return sorted((one for one in told if one.stage == "adopted" and one.effective <= day), key=lambda one: one.order)


def overlay(told: Iterable[Proposal]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the changed keys of each definition; of a rule with its trial, under `trial`. What was adopted later wins."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in told:
        found.setdefault((one.what, one.name), {}).update(one.changes)
        if one.trial is not None:
            found["trial", one.name] = dict(one.trial)
    return found


def propose(store: Store, entry: Entry) -> Action:
    """Write a proposal down; its payload holds `changes`, `effective` and, of a rule, `trial`. Raises RefusedError."""
    _check_said(entry)
    return store.append(entry, lambda *_: None)


def decide(store: Store, entry: Entry) -> Action:
    """Adopt, reject, withdraw or note as exported the proposal whose number the payload names as `proposal`.

    Raises RefusedError: for a proposal that is not there or stands elsewhere, for one's own that is adopted or rejected, and
    for another's that is withdrawn.
    """
    if entry.kind not in STAGES:
        raise RefusedError("no_command", {"command": entry.kind, "known": ", ".join(STAGES)})
    _check_said(entry)

    def admit(given: Entry, so_far: Sequence[Action]) -> None:
        number = given.payload["proposal"]
        known = {one.number: one for one in proposals(so_far, UTC)}
        if number not in known:
            raise RefusedError("no_proposal", {"number": number})
        one = known[number]
        if one.stage != FROM[given.kind]:
            raise RefusedError("decided", {"number": number, "stage": one.stage, "who": one.decided_by})
        is_own = _same(given.who, one.who)
        if given.kind in {ADOPT, REJECT} and is_own:
            raise RefusedError("own_proposal", {"who": given.who})
        if given.kind == WITHDRAW and not is_own:
            raise RefusedError("not_own", {"who": one.who})

    return store.append(entry, admit)


def _check_said(entry: Entry) -> None:
    if not entry.who.strip():
        raise RefusedError("who", {})
    if not entry.reason.strip():
        raise RefusedError("wanted", {"command": entry.kind, "wanted": "reason"})


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
