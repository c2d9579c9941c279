"""Works out how each alert is handled: a fold over what was done about it. Whether it is firing is the snapshot's word; this is the desk's.

An alert begins as `new` with the moment at which it was said (or reported by people). Moments are local and naive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from data.desk.action import Action
from data.desk.clock import Clock, Span
from data.desk.terms import OVER, Limit, Terms
from data.timetable import FOREVER

PAUSING = frozenset({"extended", "deferred"})


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a leader wants, by when; answered when somebody says so."""

    number: int
    who: str
    text: str
    due: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """Where an alert stands: stage and mark, who has it, when the present step began and is due, and what happened on the way.

    `number` is that of the last action (0: none), `reached` the first moment of the present round at each stage, `share` how much of the
    limit has passed, `left` the time to `due_at` (below 0: overdue), `rung` the step of the ladder that is reached.
    """

    alert: str
    stage: str
    level: str
    opened_at: datetime
    number: int = 0
    mark: str = ""
    unit: str = ""
    who: str = ""
    step: str = ""
    since: datetime | None = None
    due_at: datetime | None = None
    share: float = 0.0
    left: timedelta | None = None
    rung: str = ""
    pauses: tuple[Span, ...] = ()
    until: datetime | None = None
    reached: Mapping[str, datetime] = field(default_factory=dict)
    returned: int = 0
    reworked: int = 0
    extended: int = 0
    reopened: int = 0
    result: str = ""
    into: str = ""
    silences: tuple[Span, ...] = ()
    instructions: tuple[Instruction, ...] = ()

    @property
    def handling(self) -> str:
        """The code that people read: the mark where there is one, else the stage."""
        return self.mark or self.stage

    @property
    def has_ended(self) -> bool:
        """Whether nothing is waited for any more."""
        return self.stage in OVER

    def silenced_until(self, now: datetime) -> datetime | None:
        """Until when nobody is told of it; None where it is not silent at `now`."""
        return next((last for first, last in self.silences if first <= now < last), None)

    @property
    def is_overdue(self) -> bool:
        """Whether the present step has taken longer than it may."""
        return self.left is not None and self.left < timedelta(0)


def handling_of(
    alerts: Iterable[Mapping[str, Any]], actions: Sequence[Action], terms: Terms, clock: Clock, zone: ZoneInfo, now: datetime
) -> dict[str, Handling]:
    """Return how alerts stand at `now`, by id: those of the snapshot (`alert`, `level`, `said_at`) and those that people reported.

    What was done after `now` is left out, so that an earlier snapshot sees what was so then.
    """
    found = {one["alert"]: Handling(one["alert"], "new", one["level"], one["said_at"], reached={"new": one["said_at"]}) for one in alerts}
    for action in actions:
        at = action.moment.astimezone(zone).replace(tzinfo=None)
        if at > now:
            continue
        before = found.get(action.subject)
        if before is None and action.kind == "open":
            before = Handling(action.subject, "new", action.details["level"], at, reached={"new": at})
        if before is not None:
            found[action.subject] = after(before, action, at, terms)
    return {name: timed(one, terms, clock, now) for name, one in found.items()}


def after(before: Handling, action: Action, at: datetime, terms: Terms) -> Handling:
    """Return how an alert stands after an action."""
    command, details = terms.command(action.kind), action.details
    now = replace(before, number=action.number, who=action.who)
    if command is None:  # of a version that knew it; what it did to the stage is not known here
        return now
    if command.to and command.to != before.stage:
        now = replace(now, stage=command.to, mark="", reached=_reached(before, command.to, at), pauses=_ended(before, at))
    if command.mark is not None:
        until = _moment(details, "until")
        paused = (*_ended(before, at), (at, until or FOREVER)) if command.mark else _ended(before, at)
        now = replace(now, mark=command.mark, until=until, pauses=paused, extended=before.extended + (command.mark == "extended"))
    effect = _EFFECTS.get(action.kind)
    return effect(now, action, at) if effect else now


def _instructed(now: Handling, action: Action, at: datetime) -> Handling:
    asked = Instruction(action.number, action.who, action.reason, _moment(action.details, "due") or at)
    return replace(now, instructions=(*now.instructions, asked))


def _answered(now: Handling, action: Action, at: datetime) -> Handling:
    told = int(action.details["to"])
    return replace(now, instructions=tuple(replace(one, answered_at=at) if one.number == told else one for one in now.instructions))


_EFFECTS: dict[str, Callable[[Handling, Action, datetime], Handling]] = {
    "dispatch": lambda now, action, _: replace(now, unit=action.details["unit"]),
    "return": lambda now, *_: replace(now, returned=now.returned + 1),
    "rework": lambda now, *_: replace(now, reworked=now.reworked + 1),
    "reopen": lambda now, *_: replace(now, reopened=now.reopened + 1, result="", into=""),
    "close": lambda now, action, _: replace(now, result=action.details["result"]),
    "merge": lambda now, action, _: replace(now, into=action.details["into"]),
    "escalate": lambda now, action, _: replace(now, level=action.details["level"]),
    "lower": lambda now, action, _: replace(now, level=action.details["level"]),
    "silence": lambda now, action, at: replace(now, silences=_silenced(now, at, _moment(action.details, "until") or at)),
    "instruct": _instructed,
    "answer": _answered,
}


def timed(one: Handling, terms: Terms, clock: Clock, now: datetime) -> Handling:
    """Return how an alert stands with the clock of its step: when it is due, and how much of that has passed."""
    if one.mark == "extended" and one.until and one.until <= now:
        one = replace(one, mark="")
    limit = terms.limit(one.stage)
    since = one.reached.get(limit.since) if limit else None
    if limit is None or since is None:
        return one
    count, unit = limit.of(one.level)
    pauses = tuple((first, min(last, now) if one.mark == "deferred" else last) for first, last in one.pauses)
    share = clock.share(since, now, count, unit, pauses)
    # While an alert is deferred its clock stands: nothing is due, and nothing grows late.
    due = None if one.mark == "deferred" else clock.due(since, count, unit, one.pauses)
    rungs = [rung.rung for rung in terms.ladder if share >= rung.share and due]
    left = due - now if due else None
    return replace(one, step=limit.step, since=since, due_at=due, share=share, left=left, rung=rungs[-1] if rungs else "")


def rung_times(one: Handling, terms: Terms, clock: Clock) -> list[tuple[str, datetime]]:
    """Return when each rung of the ladder is reached while the present step goes on."""
    limit: Limit | None = terms.limit(one.stage)
    if limit is None or one.since is None:
        return []
    count, unit = limit.of(one.level)
    found = [(rung.rung, clock.due(one.since, count * rung.share, unit, one.pauses)) for rung in terms.ladder]
    return [(rung, moment) for rung, moment in found if moment]


def reopens(alerts: Iterable[Mapping[str, Any]], handled: Mapping[str, Handling], terms: Terms) -> dict[str, str]:
    """Return which alerts came so soon after an earlier one of their identity had been closed that they open it again, by id.

    `alerts` have alert, rule, indicator, entity_kind, entity, grain and said_at; the identity is all but the first and the last.
    """
    closed: dict[tuple[Any, ...], list[tuple[datetime, str]]] = {}
    rows = sorted(alerts, key=lambda one: one["said_at"])
    for one in rows:
        moment = handled[one["alert"]].reached.get("closed")
        if moment:
            closed.setdefault(_identity(one), []).append((moment, one["alert"]))
    found = {}
    for one in rows:
        since = [(at, alert) for at, alert in closed.get(_identity(one), []) if alert != one["alert"] and at <= one["said_at"]]
        if since and one["said_at"] - max(since)[0] <= timedelta(days=terms.reopen_days):
            found[one["alert"]] = max(since)[1]
    return found


def _identity(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(one[name] for name in ("rule", "indicator", "entity_kind", "entity", "grain"))


def _reached(before: Handling, stage: str, at: datetime) -> dict[str, datetime]:
    """Return the moments of the present round: going back to a stage takes away those behind it."""
    order = list(before.reached)
    kept = order[: order.index(stage)] if stage in order else order
    return {one: before.reached[one] for one in kept} | {stage: at}


def _ended(before: Handling, at: datetime) -> tuple[Span, ...]:
    """Return the pauses, the one that lasts ended now."""
    return tuple((first, min(last, at)) for first, last in before.pauses)


def _silenced(before: Handling, at: datetime, until: datetime) -> tuple[Span, ...]:
    """Return the silences with a new one, which ends the one that lasts."""
    return (*((first, min(last, at)) for first, last in before.silences), (at, until))


def _moment(details: Mapping[str, Any], name: str) -> datetime | None:
    """Return a moment that an action carries, in local time."""
    return datetime.fromisoformat(details[name]) if details.get(name) else None
