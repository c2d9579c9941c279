"""Gathers what people have to do about alerts: the queue in order of urgency, the one looked at, and how well the last week was worked.

Firing is the snapshot's word, handling the desk's at this moment; both are read here, and it draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from data.desk.action import Action
from data.desk.handling import Handling
from data.desk.measures import WHOLE, measures
from data.desk.terms import OVER
from data.desk.worked import Work, recent, waiting, worked
from pages.parts.context import Context
from pages.parts.reading import Reading
from pages.parts.records import Record, plain

WEEK = timedelta(days=7)
VIEWS = ("all", "overdue", "waiting", "closed")


@dataclass(frozen=True)
class Worklist:
    """The alerts of a snapshot as they are worked at `now` (local, naive)."""

    context: Context
    reading: Reading
    work: Work
    actions: list[Action]
    now: datetime

    @cached_property
    def _worked(self) -> tuple[list[Record], dict[str, Handling]]:
        """As it was worked out for the same actions and minute, for anyone."""
        last = self.actions[-1].number if self.actions else 0
        return self.reading.kept("worked", self._work, last, f"{self.now:%Y-%m-%d %H:%M}")

    def _work(self) -> tuple[list[Record], dict[str, Handling]]:
        told, handled = worked(recent(self.reading.frame("alerts"), self.now), self.actions, self.work, self.now)
        return plain(told), handled

    @property
    def rows(self) -> list[Record]:
        """Every alert of the last weeks, and older ones that are open."""
        return self._worked[0]

    @property
    def handled(self) -> dict[str, Handling]:
        """How each of them stands."""
        return self._worked[1]

    @cached_property
    def waiting(self) -> list[Record]:
        """What is still to be done, most urgent first: red, then what is overdue, then by the time left."""
        return waiting(self.rows)

    def shown(self, view: str) -> list[Record]:
        """Return the rows of a view."""
        match view:
            case "overdue":
                return [row for row in self.waiting if row["is_overdue"]]
            case "waiting":
                return [row for row in self.waiting if row["stage"] in {"new", "confirmed", "returned", "done", "verified"}]
            case "closed":
                over = [row for row in self.rows if row["stage"] in OVER and row["closed_at"]]
                return sorted(over, key=lambda row: row["closed_at"], reverse=True)
        return self.waiting

    def chosen(self, alert: str, view: str) -> Record | None:
        """Return the alert that is asked for, else the most urgent one of the view."""
        return next((row for row in self.rows if row["alert"] == alert), None) or next(iter(self.shown(view)), None)

    @cached_property
    def watched(self) -> dict[str, str]:
        """What each rule watches, by its name."""
        return {row["rule"]: row["watches"] for row in self.reading.rows("rules")}

    def life(self, alert: str) -> list[Action]:
        """Return what was done about an alert, in order."""
        return [action for action in self.actions if action.subject == alert]

    def local(self, action: Action) -> datetime:
        """Return when something was done, by the clock of the city."""
        return action.moment.astimezone(self.work.zone).replace(tzinfo=None)

    @cached_property
    def week(self) -> dict[str, Any]:
        """The measures of the last seven days, by their code: value, numerator and denominator."""
        again = {row["alert"]: row["reopens"] for row in self.rows if row["reopens"]}
        span = (self.now - WEEK, self.now)
        frame = measures(self.handled.values(), self.actions, again, self.work.terms, self.work.clock, self.work.zone, span)
        return {row["measure"]: row for row in plain(frame[frame["unit"] == WHOLE])}


def worklist(context: Context, reading: Reading) -> Worklist:
    """Return the worklist at this moment: where a city's clock is fixed, at that; raises DeskUnavailableError."""
    work, actions = reading.desk()
    arrival = context.arrival
    now = arrival.astimezone(work.zone).replace(tzinfo=None) if arrival.tzinfo else arrival
    return Worklist(context, reading, work, actions, now)


def moved_by(context: Context, reading: Reading) -> tuple[object, ...]:
    """Return what a drawn piece with alerts depends on besides the snapshot: how far the desk has come, and the minute."""
    return (reading.desk_number(), f"{context.arrival:%Y-%m-%d %H:%M}")
