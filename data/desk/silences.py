"""Folds silences: for how long nobody is told of alerts of a rule, a sign or an entity, who said so and why. They hide no alert.

All are kept under one subject of the desk, in order. One ends at its time, or earlier when somebody ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from data.desk.acting import RefusedError, moment_after
from data.desk.action import Action, Entry
from data.desk.clock import Span
from data.desk.store import Store
from data.desk.terms import Terms

SUBJECT = "silences"
SILENCE, END = "silence", "end_silence"
MATCHERS = ("rule", "indicator", "entity_kind", "entity")


@dataclass(frozen=True, slots=True)
class Silence:
    """What is silenced (`matches`: what an alert must be, by MATCHERS), from when to when, by whom and why; local and naive."""

    number: int
    matches: Mapping[str, str]
    since: datetime
    until: datetime
    who: str
    reason: str
    ended_by: str = ""

    def covers(self, alert: Mapping[str, Any]) -> bool:
        """Return whether an alert is one of those meant."""
        return all(alert[name] == value for name, value in self.matches.items())


def silences(actions: Iterable[Action], zone: tzinfo) -> list[Silence]:
    """Return every silence in the order in which they were said."""
    found: dict[int, Silence] = {}
    for action in actions:
        if action.subject != SUBJECT:
            continue
        at, said = action.moment.astimezone(zone).replace(tzinfo=None), action.details
        if action.kind == SILENCE:
            matches = {name: said[name] for name in MATCHERS if said.get(name)}
            found[action.number] = Silence(action.number, matches, at, datetime.fromisoformat(said["until"]), action.who, action.reason)
        elif action.kind == END and said["silence"] in found:
            one = found[said["silence"]]
            found[one.number] = replace(one, until=min(one.until, at), ended_by=action.who)
    return list(found.values())


def silence(store: Store, terms: Terms, entry: Entry, zone: tzinfo) -> Action:
    """Write a silence down; its payload holds `until` and at least one of MATCHERS. Raises RefusedError, DeskUnavailableError."""
    _check(terms, entry)
    if not any(entry.payload.get(name) for name in MATCHERS):
        raise RefusedError("wanted", {"command": SILENCE, "wanted": ", ".join(MATCHERS)})
    if not entry.payload.get("until"):
        raise RefusedError("wanted", {"command": SILENCE, "wanted": "until"})
    moment_after(entry, "until", zone)
    return store.append(replace(entry, kind=SILENCE, subject=SUBJECT), lambda *_: None)


def end(store: Store, terms: Terms, entry: Entry, zone: tzinfo) -> Action:
    """End the silence whose number the payload names as `silence` now. Raises RefusedError, DeskUnavailableError."""
    _check(terms, entry)

    def admit(given: Entry, so_far: Sequence[Action]) -> None:
        now = given.at.astimezone(zone).replace(tzinfo=None)
        running = [str(one.number) for one in silences(so_far, zone) if one.until > now]
        if str(given.payload["silence"]) not in running:
            raise RefusedError("value", {"wanted": "end", "given": given.payload["silence"], "known": ", ".join(running) or "-"})

    return store.append(replace(entry, kind=END, subject=SUBJECT), admit)


def _check(terms: Terms, entry: Entry) -> None:
    """Silencing is for those who may silence one alert, under a name and for a reason."""
    command = terms.command(SILENCE)
    known = command.by if command else ()
    if entry.role not in known:
        raise RefusedError("role", {"command": SILENCE, "role": entry.role, "known": ", ".join(known)})
    if not entry.who.strip():
        raise RefusedError("who", {})
    if not entry.reason.strip():
        raise RefusedError("wanted", {"command": SILENCE, "wanted": "reason"})


def spans_of(alert: Mapping[str, Any], own: Sequence[Span], said: Iterable[Silence]) -> list[Span]:
    """Return when an alert was or will be silent, by its own silences and by those that mean it: apart from each other, in order."""
    joined: list[Span] = []
    for first, last in sorted([*own, *((one.since, one.until) for one in said if one.covers(alert))]):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def silent_time(spans: Iterable[Span], start: datetime, stop: datetime) -> timedelta:
    """Return how much of the time from `start` to `stop` was silent."""
    return sum((max(min(last, stop) - max(first, start), timedelta(0)) for first, last in spans), timedelta(0))
