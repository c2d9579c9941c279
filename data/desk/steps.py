"""The steps of an alert with their limits, and the deeds that count: what measures and the daybook of the desk are both made of.

A step that is no longer waited for, as after a return or a false alarm, has neither a due time nor an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.desk.action import Action
from data.desk.clock import Clock
from data.desk.handling import Handling
from data.desk.terms import Terms

WHOLE = "whole"  # from the dispatch to the closing, by the limits of handling, checking and closing one after the other
JUDGING = "confirm"
_ENDS = {
    JUDGING: "confirmed", "dispatch": "dispatched", "acknowledge": "acknowledged", "handle": "done", "check": "verified", "close": "closed",
}  # fmt: skip
_BY_UNIT = frozenset({"acknowledge", "handle", WHOLE})
_AFTER = ("check", "close")
_JUDGED = ("confirmed", "false_alarm", "merged")
# Commands that count, by what they are called as deeds; a false alarm that had been confirmed before is `recalled`, and opening again
# counts where the alert had been closed.
DEEDS = {
    "confirm": "confirmed", "false_alarm": "false_alarm", "dispatch": "dispatched", "return": "returned", "finish": "finished",
    "rework": "reworked", "close": "closed", "reopen": "reopened",
}  # fmt: skip
RECALLED = "recalled"
_TURNS = frozenset({"confirm", "close", "reopen", "false_alarm", "merge"})


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the present round: when its clock began, when it is due (None: not waited for), when it was done, and who had it."""

    step: str
    unit: str
    since: datetime
    due_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done that a measure counts: `unit` had the alert, or was given it by this."""

    deed: str
    number: int
    unit: str
    at: datetime


def steps_of(one: Handling, terms: Terms, clock: Clock) -> list[Step]:
    """Return the steps that an alert has reached in its present round, and the whole of it once it was dispatched."""
    found = []
    for limit in terms.limits:
        since = one.reached.get(limit.since)
        if since is None or limit.step not in _ENDS:
            continue
        done = _done(one, limit.step)
        due = clock.due(since, *limit.of(one.level), one.pauses) if done or not _is_void(one, limit.step) else None
        found.append(Step(limit.step, one.unit if limit.step in _BY_UNIT else "", since, due, done))
    handled = next((step for step in found if step.step == "handle"), None)
    if handled:
        found.append(Step(WHOLE, one.unit, handled.since, _closing(one, handled.due_at, terms, clock), one.reached.get("closed")))
    return found


def deeds_of(actions: Sequence[Action], zone: ZoneInfo) -> Iterator[Deed]:
    """Yield what counts of what was done about one alert, in order; moments are local."""
    unit, last = "", ""
    for action in actions:
        if action.kind == "dispatch":
            unit = action.details["unit"]
        deed = _deed(action.kind, last)
        if deed:
            yield Deed(deed, action.number, unit, action.moment.astimezone(zone).replace(tzinfo=None))
        if action.kind in _TURNS:
            last = action.kind


def _deed(kind: str, last: str) -> str | None:
    """Return what a command counts as after the last one that judged, ended or reopened the alert."""
    if kind == "false_alarm" and last == "confirm":
        return RECALLED
    return None if kind == "reopen" and last != "close" else DEEDS.get(kind)


def _done(one: Handling, step: str) -> datetime | None:
    ends = _JUDGED if step == JUDGING else (_ENDS[step],)
    return next((one.reached[end] for end in ends if end in one.reached), None)


def _is_void(one: Handling, step: str) -> bool:
    return one.stage in {"false_alarm", "merged"} or (one.stage == "returned" and step in _BY_UNIT)


def _closing(one: Handling, due: datetime | None, terms: Terms, clock: Clock) -> datetime | None:
    for step in _AFTER:
        limit = next((limit for limit in terms.limits if limit.step == step), None)
        due = clock.due(due, *limit.of(one.level)) if due and limit else due
    return due
