"""When control limits are calculated, from which periods, and for which they are in force. Calendar only; no figures.

Limits rest on a fixed calculation period that lies wholly before the periods they judge, and stay as they are until a
date that people have set: the next review, or a rebase with its reason and name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from pydantic import Field, field_validator

from data import periods
from data.city import Calculation
from data.grammar import Label, Part
from indicators.spc import Chart


class Rebase(Part):
    """From this date on the process is another one: limits are calculated anew from the periods that follow."""

    since: date = Field(alias="from")
    reason: Label
    by: str = Field(min_length=1, description="who decided it")


class Spc(Part):
    """How the normal variation of one sign is told."""

    chart: Chart | None = Field(default=None, description="absent: p for a share of a whole, u for counts over a count, else xmr")
    baseline: Calculation | None = Field(default=None, description="at its own cadence; absent: that of city.yaml")
    rebases: tuple[Rebase, ...] = ()

    @field_validator("rebases")
    @classmethod
    def _in_order(cls, value: tuple[Rebase, ...]) -> tuple[Rebase, ...]:
        if [one.since for one in value] != sorted({one.since for one in value}):
            msg = "rebases by rising date, each date once"
            raise ValueError(msg)
        return value


@dataclass(frozen=True, slots=True)
class Setting:
    """Limits learnt from `first` up to `past` and in force from `since` up to `until`, or not yet where that lies before.

    No pattern crosses into another `group`.
    """

    group: int
    first: datetime
    past: datetime
    since: datetime
    until: datetime


def settings_of(terms: Calculation, grain: str, begins: datetime, end: datetime, rebases: Sequence[date] = ()) -> list[Setting]:
    """Return every setting of limits from the first period with data up to `end`, in order of time.

    The first periods of data, and those after a rebase, are a calculation period and judged by nothing. A review learns
    from the periods just before it, never from before a rebase, and only once there are enough of them.
    """
    anchors = [begins, *(start for day in rebases if begins < (start := applied(day, grain)) < end)]
    found: list[Setting] = []
    for group, (anchor, until) in enumerate(zip(anchors, [*anchors[1:], end], strict=True)):
        ready = periods.step(anchor, grain, terms.periods)
        found.append(Setting(group, anchor, ready, ready, until))
        for review in _reviews(terms.review, grain, ready, until):
            last = found.pop()
            found += [Setting(group, last.first, last.past, last.since, review)] if last.since < review else []
            found.append(Setting(group, periods.step(review, grain, -terms.periods), review, review, until))
    return found


def applied(day: date, grain: str) -> datetime:
    """Return the start of the first period that begins on a day or after it."""
    moment = datetime.combine(day, time())
    start = periods.floor(moment, grain)
    return start if start == moment else periods.step(start, grain)


def _reviews(every: str, grain: str, since: datetime, until: datetime) -> list[datetime]:
    """Return the starts of the periods in which limits are reviewed, from `since` on."""
    if every == "never":
        return []
    found, moment = [], periods.floor(since, every)
    while (review := applied(moment.date(), grain)) < until:
        if review >= since:
            found.append(review)
        moment = periods.step(moment, every)
    return found


def needed_from(settings: Sequence[Setting], grain: str, since: datetime, reach: int = 30) -> datetime:
    """Return from when on figures are needed to judge those from `since` on, and the `reach` periods before that patterns look at."""
    seen = periods.step(since, grain, -reach)
    return min((one.first for one in settings if one.until > seen), default=since)
