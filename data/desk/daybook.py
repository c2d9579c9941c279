"""The daybook of the desk: what it would report of a day as a department reports, row by row.

A row is a step of an alert as it stands at the end of that day, or a deed of that day. Steps that the day left as they were stand in
the book of the day that last moved them, so that all books together hold each step once, under one key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from data.desk.action import Action
from data.desk.clock import Clock
from data.desk.handling import Handling, after, handling_of, reopens
from data.desk.steps import Step, deeds_of, steps_of
from data.desk.terms import Terms

RAISED, RAISED_AGAIN = "raised", "raised_again"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `item` is a step or a deed, `unit` who has or had it; of a deed all three moments that it has are one."""

    entry: str
    alert: str
    item: str
    level: str
    unit: str
    began_at: datetime
    due_at: datetime | None
    done_at: datetime | None


def daybooks(
    alerts: Iterable[Mapping[str, Any]], actions: Sequence[Action], terms: Terms, clock: Clock, zone: ZoneInfo, until: date
) -> dict[date, list[Line]]:
    """Return the books of the days before `until` on which something was said or done.

    `alerts` are rows of raised and reported alerts (alert, level, said_at, and the identity that `reopens` asks for). An action belongs
    to the day of its moment, or to a later one where the desk has already written that of one before it.
    """
    rows, end = list(alerts), datetime.combine(until, time())
    again = reopens(rows, handling_of(rows, actions, terms, clock, zone, end), terms)
    by_alert: dict[str, list[Action]] = {}
    for action in actions:
        by_alert.setdefault(action.subject, []).append(action)
    books: dict[date, list[Line]] = {}
    for row in sorted(rows, key=lambda row: (row["said_at"], row["alert"])):
        for day, line in _life(row, by_alert.get(row["alert"], []), RAISED_AGAIN if row["alert"] in again else RAISED, terms, clock, zone):
            if day < until:
                books.setdefault(day, []).append(line)
    return books


def _life(
    row: Mapping[str, Any], actions: Sequence[Action], item: str, terms: Terms, clock: Clock, zone: ZoneInfo
) -> Iterator[tuple[date, Line]]:
    """Yield the lines of one alert, each with its day; `item` says what it was raised as."""
    alert, level, said = row["alert"], row["level"], row["said_at"]
    now = Handling(alert, "new", level, said, reached={"new": said})
    yield said.date(), Line(f"{alert}/{item}", alert, item, level, "", said, None, said)
    told: dict[str, Line] = {}
    deeds = {deed.number: deed for deed in deeds_of(actions, zone)}
    moved = _days(said.date(), actions, zone)
    if not moved or moved[0][0] != said.date():
        moved.insert(0, (said.date(), []))
    for day, done in moved:
        for action in done:
            now = after(now, action, action.moment.astimezone(zone).replace(tzinfo=None), terms)
            if deed := deeds.get(action.number):
                entry = f"{alert}/{deed.deed}/{deed.number}"
                yield day, Line(entry, alert, deed.deed, now.level, deed.unit, deed.at, None, deed.at)
        stands = {line.entry: line for step in steps_of(now, terms, clock) for line in [_line(now, step)]}
        # What was waited for and is not any more, as after a return: the row stays, without a limit and without an end.
        left = {
            entry: Line(entry, alert, line.item, now.level, line.unit, line.began_at, None, None)
            for entry, line in told.items()
            if entry not in stands and entry.startswith(f"{alert}/{now.reopened}/")
        }
        for entry, line in (stands | left).items():
            if told.get(entry) != line:
                yield day, line
        told |= stands | left


def _line(one: Handling, step: Step) -> Line:
    entry = f"{one.alert}/{one.reopened}/{step.step}"
    return Line(entry, one.alert, step.step, one.level, step.unit, step.since, step.due_at, step.done_at)


def _days(first: date, actions: Sequence[Action], zone: ZoneInfo) -> list[tuple[date, list[Action]]]:
    """Return the actions by day, the days rising whatever a clock that was set back says."""
    dated, day = [], first
    for action in actions:
        day = max(day, action.moment.astimezone(zone).date())
        dated.append((day, action))
    return [(day, [action for _, action in group]) for day, group in groupby(dated, key=lambda pair: pair[0])]
