"""Lets somebody act on an alert: the command must be known, their role may, the stage must fit, what it wants must be said.

What others did since somebody looked is said to them before they act on top of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from data.desk.action import Action, Entry
from data.desk.handling import Handling, after
from data.desk.store import Store
from data.desk.terms import Command, Terms

LEVELS = ("blue", "yellow", "orange", "red")
MOMENTS = frozenset({"until", "due"})


class RefusedError(Exception):
    """Raised for an action that cannot be done: `why` is a code of the wording (`cli.refused`), `facts` fill its sentence."""

    def __init__(self, why: str, facts: Mapping[str, object]) -> None:
        """Keep both."""
        super().__init__(f"{why}: {dict(facts)}")
        self.why, self.facts = why, facts


@dataclass(frozen=True, slots=True)
class Desk:
    """Where people act: the store, how alerts are handled, the units that there are, and the city's zone."""

    store: Store
    terms: Terms
    units: frozenset[str]
    zone: ZoneInfo

    def act(self, entry: Entry, alert: Mapping[str, Any] | None) -> Action:
        """Write down what somebody does and return its row; `alert` is the snapshot's (alert, level, said_at), None for `open`.

        Raises RefusedError, and then nothing is written; DeskUnavailableError.
        """
        command = self.terms.command(entry.kind)
        if command is None:
            raise RefusedError("no_command", {"command": entry.kind, "known": ", ".join(one.command for one in self.terms.commands)})
        if entry.role not in command.by:
            raise RefusedError("role", {"command": entry.kind, "role": entry.role, "known": ", ".join(command.by)})
        if not entry.who.strip():
            raise RefusedError("who", {})
        self._check_wants(command, entry)

        def admit(given: Entry, so_far: Sequence[Action]) -> None:
            self._admit(command, given, alert, so_far)

        return self.store.append(entry, admit)

    def _check_wants(self, command: Command, entry: Entry) -> None:
        for name in command.wants:
            value = entry.reason.strip() if name == "reason" else entry.payload.get(name)
            if value in {None, ""}:
                raise RefusedError("wanted", {"command": entry.kind, "wanted": name})
            known = {"level": LEVELS, "result": self.terms.results, "unit": sorted(self.units)}.get(name)
            if known is not None and value not in known:
                raise RefusedError("value", {"wanted": name, "given": value, "known": ", ".join(known)})
            if name in MOMENTS:
                moment_after(entry, name, self.zone)
        if "approver" in command.wants and str(entry.payload["approver"]).strip() == entry.who.strip():
            raise RefusedError("second", {"who": entry.who})

    def _admit(self, command: Command, entry: Entry, alert: Mapping[str, Any] | None, so_far: Sequence[Action]) -> None:
        if not command.at:
            if entry.subject:
                raise RefusedError("opens", {"command": entry.kind})
            return
        before = self._before(entry, alert, so_far)
        if entry.seen is not None and before.number > entry.seen:
            last = so_far[-1]
            at = last.moment.astimezone(self.zone)
            raise RefusedError("seen", {"who": last.who, "command": last.kind, "at": f"{at:%H:%M}", "number": last.number})
        if before.stage not in command.at:
            raise RefusedError("stage", {"command": entry.kind, "stage": before.handling, "known": ", ".join(command.at)})
        if not fits(command, before):
            known = "resume" if before.mark == "deferred" else "deferred"
            raise RefusedError("stage", {"command": entry.kind, "stage": before.handling, "known": known})
        if entry.kind == "merge" and entry.payload["into"] == entry.subject:
            raise RefusedError("value", {"wanted": "into", "given": entry.subject, "known": "another alert"})
        asked = unanswered(before)
        if entry.kind == "answer" and entry.payload["to"] not in asked:
            raise RefusedError("value", {"wanted": "to", "given": entry.payload["to"], "known": ", ".join(map(str, sorted(asked)))})

    def _before(self, entry: Entry, alert: Mapping[str, Any] | None, so_far: Sequence[Action]) -> Handling:
        if alert is not None:
            now = Handling(alert["alert"], "new", alert["level"], alert["said_at"], reached={"new": alert["said_at"]})
        elif so_far and so_far[0].kind == "open":
            at = so_far[0].moment.astimezone(self.zone).replace(tzinfo=None)
            now = Handling(entry.subject, "new", so_far[0].details["level"], at, reached={"new": at})
        else:
            raise RefusedError("no_alert", {"alert": entry.subject})
        for action in so_far:
            now = after(now, action, action.moment.astimezone(self.zone).replace(tzinfo=None), self.terms)
        return now


def fits(command: Command, before: Handling) -> bool:
    """Whether a command fits where an alert stands: what is deferred first goes on again, and only that can."""
    if before.stage not in command.at:
        return False
    if before.mark == "deferred":
        return command.to is None or command.mark is not None
    return command.mark != ""


def unanswered(before: Handling) -> list[int]:
    """Return the numbers of the instructions that wait for an answer."""
    return [one.number for one in before.instructions if one.answered_at is None]


def moment_after(entry: Entry, name: str, zone: tzinfo) -> None:
    """Refuse a moment that is none, or that is not after the action; raises RefusedError."""
    try:
        moment = datetime.fromisoformat(str(entry.payload[name]))
    except ValueError:
        raise RefusedError("moment", {"wanted": name, "given": entry.payload[name]}) from None
    if moment.tzinfo is not None or moment <= entry.at.astimezone(zone).replace(tzinfo=None):
        raise RefusedError("moment", {"wanted": name, "given": entry.payload[name]})
