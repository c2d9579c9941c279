"""Gathers how each unit works what it was given, beside its own past, and how it delivers data. It draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from scipy.stats import binomtest

from briefing.phrases import absent
from data.desk.measures import WHOLE, measures
from pages.parts.filters import choose
from pages.parts.records import Record, Records, plain
from pages.parts.worklist import Worklist

SPAN = timedelta(days=28)
LEAST = 5  # with fewer that were due a share is shown with its counts and not compared
SURE = 0.95
KEY = "handle_ontime"


@dataclass(frozen=True)
class Units:
    """Every unit that has been given an alert, or has to deliver data."""

    work: Worklist
    records: Records

    def _measured(self, back: int) -> dict[str, dict[str, Record]]:
        """Return the measures of the span that ended `back` spans ago, by unit and measure."""
        work, end = self.work.work, self.work.now - back * SPAN
        again = {row["alert"]: row["reopens"] for row in self.work.rows if row["reopens"]}
        frame = measures(self.work.handled.values(), self.work.actions, again, work.terms, work.clock, work.zone, (end - SPAN, end))
        found: dict[str, dict[str, Record]] = {}
        for row in plain(frame):
            found.setdefault(row["unit"], {})[row["measure"]] = row
        return found

    @cached_property
    def now(self) -> dict[str, dict[str, Record]]:
        """The measures of the last four weeks."""
        return self._measured(0)

    @cached_property
    def before(self) -> dict[str, dict[str, Record]]:
        """Those of the four weeks before."""
        return self._measured(1)

    @cached_property
    def delivered(self) -> dict[str, Record]:
        """How each department kept the promises of its feeds in the newest month (CONDUCT_COLUMNS)."""
        rows = [row for row in plain(self.work.reading.frame("conduct")) if not row["feed"] and row["due"]]
        newest = max((row["month"] for row in rows), default="")
        return {row["department"]: row for row in rows if row["month"] == newest}

    @cached_property
    def codes(self) -> list[str]:
        """The units: who fell most against its own past first, then who has too few, then who only delivers data."""
        known = (set(self.now) - {WHOLE}) | {row["unit"] for row in self.work.waiting if row["unit"]} | set(self.delivered)
        return sorted(known, key=lambda code: (self._order(code), -self.overdue(code), -self.due(code), -len(self.open(code)), code))

    def _order(self, code: str) -> tuple[int, float]:
        moved = self.moved(code)
        return (0, moved) if moved is not None else (1 if self.due(code) or self.open(code) else 2, 0.0)

    def name(self, code: str) -> str:
        """Return what people call a unit."""
        words = self.work.context.words
        row = next((one for one in self.records.entities if one["entity"] == code), None)
        return words.name(row) if row else self.work.work.units.get(code, code)

    def of(self, code: str, measure: str, spans: Mapping[str, dict[str, Record]] | None = None) -> Record | None:
        """Return a measure of a unit; None where nothing was counted."""
        row = (self.now if spans is None else spans).get(code, {}).get(measure)
        return None if row is None or absent(row["value"]) else row

    def due(self, code: str) -> int:
        """Return how many alerts were due from a unit."""
        row = self.of(code, KEY)
        return int(row["denominator"]) if row else 0

    def moved(self, code: str) -> float | None:
        """Return by how many percentage points the share done in time moved against the unit's own past; None with too few."""
        now, then = self.of(code, KEY), self.of(code, KEY, self.before)
        if now is None or then is None or min(now["denominator"], then["denominator"]) < LEAST:
            return None
        return 100 * (float(now["value"]) - float(then["value"]))

    def interval(self, code: str) -> tuple[float, float] | None:
        """Return where the share done in time may lie (95 %, Wilson), in per cent."""
        row = self.of(code, KEY)
        if row is None:
            return None
        ends: Any = binomtest(int(row["numerator"]), int(row["denominator"])).proportion_ci(SURE, method="wilson")
        return 100 * float(ends.low), 100 * float(ends.high)

    def open(self, code: str) -> list[Record]:
        """Return the alerts that a unit has, most urgent first."""
        return [row for row in self.work.waiting if row["unit"] == code]

    def overdue(self, code: str) -> int:
        """Return how many of them are overdue."""
        return sum(row["is_overdue"] for row in self.open(code))

    @cached_property
    def chosen(self) -> str:
        """The unit that the address asks for, else the first; none where there is none."""
        return choose(self.work.context.filters.entity, self.codes, self.codes[0])[0] if self.codes else ""
