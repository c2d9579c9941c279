"""One alert as a template speaks of it: what raised it, how it is handled, by whom and until when, each bound to its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from briefing.document.content import Bound
from briefing.due import due_text
from briefing.phrases import absent, period_name
from data import periods
from data.wording import Wording

Record = dict[str, Any]


@dataclass(frozen=True)
class AlertFigure:
    """One alert as it was worked at the moment of the briefing; what is not so prints nothing."""

    words: Wording
    rules: Mapping[str, Record]
    units: Mapping[str, str]
    row: Record

    @property
    def id(self) -> Bound:
        """Its number."""
        return self._bound(str(self.row["alert"]), "alert")

    @property
    def level(self) -> str:
        """The word of the level that it is handled at."""
        return self.words.label("level", self.row["handled_level"])

    @property
    def rule(self) -> Bound:
        """Which rule raised it, with its version; or that people did."""
        words = self.words
        known = self.rules.get(self.row["rule"])
        if known is None:
            return self._bound(words.say("alerts.reported"), "rule")
        return self._bound(words.say("subject.rule", rule=words.name(known), version=int(self.row["version"] or 1)), "rule")

    @property
    def value(self) -> Bound:
        """The figure that gave it its level, with the period of that; nothing where there is none."""
        words, row = self.words, self.row
        if absent(row["text"]) or not row["text"]:
            return self._bound("", "text")
        grain = row["grain"] if row["grain"] in periods.GRAINS else "day"
        return self._bound(words.say("subject.figure", value=row["text"], period=period_name(words, grain, row["value_at"])), "text")

    @property
    def raised_at(self) -> Bound:
        """When it was said."""
        return self._moment("said_at")

    @property
    def stage(self) -> str:
        """How it is handled."""
        return self.words.label("handling", self.row["handling"])

    @property
    def state(self) -> str:
        """Whether it is up."""
        return self.words.label("alert_state", self.row["state"])

    @property
    def unit(self) -> str:
        """Who has it: the unit that it was given to, else the one that owns the sign."""
        return self.units.get(self.row["unit"] or "", "") or str(self.row["owner"] or "")

    @property
    def step(self) -> str:
        """What has to be done next."""
        return self.words.label("telling.step", self.row["step"]) if self.row["step"] else ""

    @property
    def due(self) -> Bound:
        """By when."""
        return self._moment("due_at")

    @property
    def left(self) -> Bound:
        """How much time is left, or by how much it is over."""
        return self._bound(due_text(self.words, self.row), "left_min")

    @property
    def is_overdue(self) -> bool:
        """Whether its time is over."""
        return bool(self.row["is_overdue"])

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands."""
        return bool(self.row["handling"] == "deferred")

    @property
    def is_closed(self) -> bool:
        """Whether nothing is to be done any more."""
        return bool(self.row["closed_at"])

    @property
    def closed_at(self) -> Bound:
        """When it was closed."""
        return self._moment("closed_at")

    def _moment(self, column: str) -> Bound:
        at = self.row[column]
        words = self.words
        return self._bound("" if absent(at) else words.say("subject.moment", day=words.day(at), time=f"{at:%H:%M}"), column)

    def _bound(self, text: str, column: str) -> Bound:
        return Bound(text, "alert", column, str(self.row["indicator"] or ""), str(self.row["alert"]))
