"""The register of briefings: who drafted, edited, approved and issued which, by what snapshot; a fold over actions of the desk.

What a person wrote is kept apart from what was computed. Whoever approves is somebody else than who drafted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from data.desk.acting import RefusedError
from data.desk.action import Action, Entry
from data.desk.store import Store

DRAFT, EDIT, APPROVE, ISSUE, DROP = "brief_draft", "brief_edit", "brief_approve", "brief_issue", "brief_drop"
_AFTER = {EDIT: "draft", APPROVE: "approved", ISSUE: "issued", DROP: "dropped"}
_FROM = {EDIT: ("draft",), APPROVE: ("draft",), ISSUE: ("approved",), DROP: ("draft", "approved")}
PREFIX = "briefing/"


@dataclass(frozen=True, slots=True)
class Issue:
    """One briefing on its way: its number at the desk, what it is of, by which snapshot, and how far it has come."""

    number: int
    template: str
    period: str
    moment: str
    snapshot: str
    hash: str
    code: str
    who: str
    at: datetime
    stage: str = "draft"
    edits: Mapping[str, str] = field(default_factory=dict)
    editors: tuple[str, ...] = ()
    approved_by: str = ""
    issued_by: str = ""
    issued_at: datetime | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    corrects: int = 0
    corrected: str = ""  # what the issue that it corrects calls itself
    changes: tuple[str, ...] = ()
    subject: Mapping[str, str] = field(default_factory=dict)  # of a special one: the sign or alert that it is about
    ordinal: int = 0  # of one that is numbered as it comes: its number in its year


def next_ordinal(known: Iterable[Issue], template: str, year: int, corrects: int = 0) -> int:
    """Return the number that the next briefing of a template has in a year; a correction has the one of what it corrects."""
    own = [one for one in known if one.template == template and one.stage != "dropped"]
    corrected = next((one.ordinal for one in own if corrects and one.number == corrects), 0)
    return corrected or max((one.ordinal for one in own if one.moment.startswith(f"{year:04}-")), default=0) + 1


def subject_of(template: str, period: str) -> str:
    """Return the subject under which the desk keeps the briefings of a period."""
    return f"{PREFIX}{template}/{period}"


def issues(actions: Iterable[Action], zone: tzinfo = UTC) -> list[Issue]:
    """Return every briefing as it stands, in the order in which they were drafted."""
    found: dict[int, Issue] = {}
    for action in actions:
        if not action.subject.startswith(PREFIX):
            continue
        said, at = action.details, action.moment.astimezone(zone).replace(tzinfo=None)
        if action.kind == DRAFT:
            _, template, period = action.subject.split("/")
            found[action.number] = Issue(
                action.number, template, period, said["moment"], said["snapshot"], said["hash"], said["code"], action.who, at,
                corrects=said.get("corrects", 0), corrected=said.get("corrected", ""), changes=tuple(said.get("changes", ())),
                subject=said.get("subject", {}), ordinal=said.get("ordinal", 0),
            )  # fmt: skip
        elif action.kind in _AFTER and said["issue"] in found:
            found[said["issue"]] = _after(found[said["issue"]], action, said, at)
    return list(found.values())


def _after(before: Issue, action: Action, said: Mapping[str, Any], at: datetime) -> Issue:
    now = replace(before, stage=_AFTER[action.kind])
    match action.kind:
        case "brief_edit":
            edits = {key: text for key, text in {**before.edits, said["section"]: said["text"]}.items() if text}
            return replace(now, edits=edits, editors=(*before.editors, action.who), hash=said["hash"], code=said["code"])
        case "brief_approve":
            return replace(now, approved_by=action.who)
        case "brief_issue":
            return replace(now, issued_by=action.who, issued_at=at, forms=said["forms"])
    return now


def write(store: Store, entry: Entry) -> Action:
    """Write down a step of a briefing; raises RefusedError where it does not fit, or one person alone would do it."""
    if not entry.who.strip():
        raise RefusedError("who", {})

    def admit(given: Entry, so_far: Sequence[Action]) -> None:
        if given.kind == DRAFT:
            _admit_number(given, issues(so_far))
            return
        number = given.payload["issue"]
        known = {one.number: one for one in issues(so_far)}
        if number not in known:
            raise RefusedError("no_issue", {"number": number})
        one = known[number]
        if one.stage not in _FROM[given.kind]:
            raise RefusedError("issue_stage", {"number": number, "stage": one.stage})
        authors = {name.strip().casefold() for name in (one.who, *one.editors)}
        if given.kind == APPROVE and given.who.strip().casefold() in authors:
            raise RefusedError("own_issue", {"who": given.who})

    return store.append(entry, admit)


def _admit_number(given: Entry, known: Sequence[Issue]) -> None:
    """Refuse a running number that somebody else was given in the meantime."""
    ordinal, template = given.payload.get("ordinal", 0), given.subject.split("/")[1]
    if ordinal and ordinal != next_ordinal(known, template, int(given.payload["moment"][:4]), given.payload.get("corrects", 0)):
        raise RefusedError("issue_number", {"number": ordinal})
