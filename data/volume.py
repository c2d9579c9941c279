"""Tells a drop that holds unusually few or many rows from the drops before it, by the kind of its day.

The rows that are counted are those sent, accepted or not. A drop outside what is expected is a finding, never refused.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import sqrt
from statistics import median
from typing import Any

import pandas as pd

from data import periods
from data.cadence import Volume
from data.city import VolumeTerms
from data.deliveries import Deliveries, Key
from data.timetable import WorkingCalendar
from data.warehouse import fact, keep_fact

MAD_TO_SIGMA = 1.4826
_FINE = frozenset({"hour", "day"})
_INSTANT = timedelta(microseconds=1)


class VolumeState(StrEnum):
    """What the volume of a drop is beside what was expected of it."""

    LOW = "low"
    USUAL = "usual"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Sent:
    """The rows that a drop held of one table, the period that it spoke for (its start, its days), and of which kind that is."""

    drop: str
    start: datetime
    rows: int
    kind: Hashable = ""
    days: float = 1.0


@dataclass(frozen=True, slots=True)
class Range:
    """How many rows were expected, both ends included; `n` drops taught it, 0 where the contract says it all."""

    low: float | None
    high: float | None
    n: int

    def judge(self, rows: int) -> VolumeState | None:
        """Return where a number of rows lies; None where nothing is expected."""
        if self.low is None and self.high is None:
            return None
        if self.low is not None and rows < self.low:
            return VolumeState.LOW
        return VolumeState.HIGH if self.high is not None and rows > self.high else VolumeState.USUAL


def expected(past: Sequence[Sent], kind: Hashable, days: float, said: Volume, terms: VolumeTerms) -> Range:
    """Return what is expected after `past` of a period of so many days: the ends that the contract says, the others learnt.

    Learnt, in proportion to days since months differ: the median of the same kind of day, and `distance` scales from it. The
    scale is 1.4826 times the median distance of all from the median of their own kind, and at least the square root of the
    centre and 1.
    """
    if said.low is not None and said.high is not None:
        return Range(said.low, said.high, 0)
    by_kind: dict[Hashable, list[float]] = {}
    for one in past:
        by_kind.setdefault(one.kind, []).append(one.rows * days / one.days)
    same = by_kind.get(kind, [])
    if len(same) < terms.least_points:
        return Range(said.low, said.high, 0)
    centres = {of: median(rows) for of, rows in by_kind.items()}
    spread = MAD_TO_SIGMA * median([abs(rows - centres[of]) for of, several in by_kind.items() for rows in several])
    reach = terms.distance * max(spread, sqrt(centres[kind]), 1.0)
    low = max(centres[kind] - reach, 0.0) if said.low is None else said.low
    high = centres[kind] + reach if said.high is None else said.high
    return Range(low, high, len(same))


def ranges(sent: Sequence[Sent], grain: str, said: Volume, terms: VolumeTerms, known: Collection[str] = ()) -> list[tuple[Sent, Range]]:
    """Return what was expected of each drop of one series, in order of arrival, from those that had come before it.

    The first drop of a period is judged and teaches; one that comes again for the same period is a correction, and
    nothing is expected of it. Leading drops that are `known` are passed over.
    """
    past: list[Sent] = []  # in order of periods
    found: list[tuple[Sent, Range]] = []
    for one in sent:
        place = bisect_left(past, one.start, key=lambda before: before.start)
        is_first = place == len(past) or past[place].start != one.start
        if found or one.drop not in known:
            begin = bisect_left(past, one.start - timedelta(weeks=terms.weeks), key=lambda before: before.start)
            teachers = past[begin if grain in _FINE else max(place - terms.periods, 0) : place]
            found.append((one, expected(teachers, one.kind, one.days, said, terms) if is_first else Range(None, None, 0)))
        if is_first:
            past.insert(place, one)
    return found


def day_kind(start: datetime, grain: str, working: WorkingCalendar) -> Hashable:
    """Return what a period is compared by: its weekday; a holiday or a make-up day by whether it is worked; an hour so too."""
    if grain not in _FINE:
        return ""
    day: date = start.date()
    is_worked, is_weekday = working.works(day), day.weekday() < 5
    if grain == "hour":
        return (start.hour, is_worked)
    return day.weekday() if is_worked == is_weekday else "worked" if is_worked else "off"


def note_volumes(known: Deliveries, terms: VolumeTerms, working: WorkingCalendar) -> None:
    """Judge every drop that has not been judged yet, and those of its tables that came after it, into `volumes`."""
    con, words = known.con, terms.model_dump_json()
    if fact(con, "volume_terms") != words:
        con.execute("DELETE FROM volumes")
        keep_fact(con, "volume_terms", words)
    rows: list[tuple[Any, ...]] = []
    series, judged = _series(known, terms, working)
    for ((feed, table), _, grain), sent in series.items():
        said = known.contracts[feed].tables[table].volume
        for one, range_ in ranges(sent, grain, said, terms, judged):
            state = range_.judge(one.rows)
            rows.append((one.drop, feed, table, state.value if state else None, one.rows, range_.low, range_.high, range_.n))
    if rows:
        names = ("drop", "feed", "table", "volume", "volume_rows", "volume_low", "volume_high", "volume_n")
        frame = pd.DataFrame(rows, columns=list(names)).astype({"volume": "string", "volume_low": "Float64", "volume_high": "Float64"})
        con.register("judged", frame)
        con.execute('DELETE FROM volumes v USING judged j WHERE v."drop" = j."drop" AND v."table" = j."table"')
        con.execute("INSERT INTO volumes BY NAME SELECT * FROM judged")
        con.unregister("judged")


# Of the tables that have something to judge: what came since, and what can teach that. Long spans are few, and all kept.
_SENT = """
WITH sent AS (
  SELECT c.*, l.arrived_at, l.seq, v."drop" IS NOT NULL AS is_judged
  FROM coverage c JOIN ledger l USING ("drop") LEFT JOIN volumes v ON v."drop" = c."drop" AND v."table" = c."table"
  WHERE l.arrived_at <= $now),
fresh AS (SELECT feed, "table", min(arrived_at) AS since FROM sent WHERE NOT is_judged GROUP BY ALL),
reach AS (
  SELECT s.feed, s."table", min(s.covers_to) - $weeks AS earliest
  FROM sent s JOIN fresh f ON f.feed = s.feed AND f."table" = s."table" AND s.arrived_at >= f.since GROUP BY ALL)
SELECT s.feed, s."table", s."drop", s.covers_from, s.covers_to, s.rows, s.entities, s.is_judged
FROM sent s JOIN reach r ON r.feed = s.feed AND r."table" = s."table"
WHERE s.covers_to > r.earliest OR s.covers_to - s.covers_from > INTERVAL 2 DAY
ORDER BY s.arrived_at, s.seq"""
_Series = dict[tuple[Key, str, str], list[Sent]]


def _series(known: Deliveries, terms: VolumeTerms, working: WorkingCalendar) -> tuple[_Series, set[str]]:
    """Return what was sent in order of arrival, by table, by whom, and by the length of the period; and the drops judged already."""
    found: _Series = {}
    judged: set[str] = set()
    reach = {"now": known.now, "weeks": timedelta(weeks=terms.weeks, days=1)}
    for feed, table, drop, start, end, rows, entities, is_judged in known.con.execute(_SENT, reach).fetchall():
        if (feed, table) not in known.timetables:
            continue
        if known.contracts[feed].tables[table].covers == "register":
            grain, one = "day", Sent(drop, periods.floor(end - _INSTANT, "day"), rows)
        else:
            grain, day = _period(start, end)
            days = 1.0 if grain in _FINE else (end - start) / timedelta(days=1)
            one = Sent(drop, day, rows, day_kind(day, grain, working), days)
        whose = entities[0] if entities and len(entities) == 1 else ""
        found.setdefault(((feed, table), whose, grain), []).append(one)
        if is_judged:
            judged.add(drop)
    return found, judged


def _period(start: datetime, end: datetime) -> tuple[str, datetime]:
    """Return the hour or day that a span lies in, the longer period that it is the whole of, or its length in hours; and its start."""
    for grain in periods.GRAINS:
        first = periods.floor(start, grain)
        following = periods.step(first, grain)
        if end <= following and (grain in _FINE or (first, following) == (start, end)):
            return grain, first
    return f"{(end - start) // timedelta(hours=1)}h", start
