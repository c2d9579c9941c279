"""What a template may speak of: signs, the index, alerts and feeds of one snapshot, each figure bound to its address.

A figure prints as people read it. What is missing prints nothing and says why by itself: no sentence is built on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from briefing.document.content import Bound
from briefing.evaluated import moved_by
from briefing.phrases import Record, absent, change, is_judged, level_word, mark, rank, reason, value_text
from data.wording import Wording, number


@dataclass(frozen=True)
class SignFigure:
    """One sign of one entity in one period; without a row nothing is known of it."""

    words: Wording
    indicator: Record
    row: Record | None
    feeds: Mapping[str, str]
    entity_name: str = ""

    @property
    def name(self) -> str:
        """What people call the sign."""
        return self.words.name(self.indicator)

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.row is not None and not absent(self.row["value"])

    @property
    def judged(self) -> bool:
        """Whether it has a level."""
        return self.row is not None and is_judged(self.row)

    @property
    def beyond(self) -> bool:
        """Whether it stands beyond a limit."""
        return self.row is not None and rank(self.row) > 0

    @property
    def rank(self) -> int:
        """The weight of its level: -1 unjudged, 0 normal ... 4 red."""
        return rank(self.row) if self.row is not None else -1

    @property
    def level(self) -> str:
        """The word of its level, or of its state."""
        return level_word(self.words, self.row) if self.row is not None else self.words.label("state", "no_data")

    @property
    def mark(self) -> str:
        """The mark that stands for it."""
        return mark(self.row) if self.row is not None else "no_data"

    @property
    def why(self) -> str:
        """Why it has its level, or none."""
        if self.row is None:
            return self.words.label("state_note", "no_data")
        return reason(self.words, self.row, self.indicator, self.feeds)

    @property
    def value(self) -> Bound:
        """The figure with its unit; a dash where there is none."""
        return self.bound(value_text(self.words, self.row) if self.row is not None else self.words.say("value.none"), "value")

    @property
    def numerator(self) -> Bound:
        """What is counted."""
        return self._count("numerator")

    @property
    def denominator(self) -> Bound:
        """Of how many."""
        return self._count("denominator")

    @property
    def n(self) -> Bound:
        """How many it rests on."""
        return self._count("n")

    @property
    def coverage(self) -> Bound:
        """The share of the period that the data cover."""
        known = self.row is not None and not absent(self.row["coverage"])
        return self.bound(f"{number(100 * float(self.row['coverage']), 0)}%" if self.row is not None and known else "", "coverage")

    @property
    def version(self) -> Bound:
        """The version of the definition that it was computed by."""
        known = self.row is not None and not absent(self.row["definition_version"])
        version = int(self.row["definition_version"]) if self.row is not None and known else int(self.indicator["version"])
        return self.bound(self.words.say("subject.version", version=version, since=self._since), "definition_version")

    @property
    def vintage(self) -> str:
        """Whether the figure is provisional, revised or final."""
        return self.words.label("vintage", self.row["vintage"]) if self.row is not None and not absent(self.row["vintage"]) else ""

    @property
    def prev(self) -> Bound:
        """The change against the period before, as a phrase: 较前日下降1.24个百分点."""
        return self._moved("change_prev")

    @property
    def week(self) -> Bound:
        """The change against the same weekday a week before."""
        return self._moved("change_week")

    @property
    def year(self) -> Bound:
        """The change against a year before."""
        return self._moved("change_year")

    def __str__(self) -> str:
        """Return the figure."""
        return str(self.value)

    def bound(self, text: str, column: str) -> Bound:
        """Return a text bound to a column of this sign."""
        if self.row is None:
            return Bound(text, "sign", column, str(self.indicator["indicator"]))
        row = self.row
        return Bound(text, "sign", column, row["indicator"], row["entity"], row["period"], int(row["definition_version"] or 0))

    @property
    def _since(self) -> str:
        return self.words.full_day(pd.Timestamp(self.indicator["since"]))

    def moved_by(self, against: str) -> str:
        """Return a change (prev, year) without the words for what it is against."""
        head = self.words.label("change.prev", self.row["grain"]) if against == "prev" and self.row else self.words.say("change.year")
        return str(getattr(self, against)).removeprefix(head)

    def _count(self, column: str) -> Bound:
        if self.row is None or absent(self.row[column]):
            return self.bound("", column)
        size = float(self.row[column])
        return self.bound(number(size, 0 if size == int(size) else 2), column)

    def _moved(self, column: str) -> Bound:
        if self.row is None or not self.known:
            return self.bound("", column)
        said = moved(self.words, self.row, self.indicator, column)
        return self.bound(said, column)


def moved(words: Wording, row: Record, indicator: Record, column: str) -> str:
    """Return a change as a phrase: against what, which way, by how much; that there is no base is said."""
    of = column.removeprefix("change_")
    against = words.label("change.prev", row["grain"]) if of == "prev" else words.say(f"change.{of}")
    text = change(words, row, indicator, column).text
    if text[:1] in {"+", "\N{MINUS SIGN}"}:
        return against + words.say("document.up" if text[0] == "+" else "document.down", size=text[1:])
    if text == words.say("change.same"):
        return against + words.say("document.same")
    return words.say("document.no_base", against=against)


@dataclass(frozen=True)
class IndexFigure:
    """The index of the whole city in the newest period: its score, grade, change and what moved it."""

    words: Wording
    row: Record | None
    before: Record | None
    grade: str = ""
    causes: tuple[tuple[str, float], ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is a score."""
        return self.row is not None and not absent(self.row["score"])

    @property
    def score(self) -> Bound:
        """The score with two decimals."""
        return self._bound(number(float(self.row["score"]), 2) if self.row is not None and self.known else "", "score")

    @property
    def coverage(self) -> Bound:
        """The share of the weight that is known."""
        known = self.row is not None and not absent(self.row["coverage"])
        return self._bound(number(100 * float(self.row["coverage"]), 0) + "%" if self.row is not None and known else "", "coverage")

    @property
    def signs(self) -> Bound:
        """How many signs the index is made of."""
        return self._bound(str(int(self.row["signs"])) if self.row is not None else "", "signs")

    @property
    def signs_known(self) -> Bound:
        """How many of them are known."""
        return self._bound(str(int(self.row["signs_known"])) if self.row is not None else "", "signs_known")

    @property
    def size(self) -> float | None:
        """By how many points it moved, between the two as they are printed."""
        if self.row is None or self.before is None or not self.known or absent(self.before["score"]):
            return None
        return moved_by(float(self.row["score"]), float(self.before["score"]))

    @property
    def change(self) -> Bound:
        """The change as a phrase."""
        against = self.words.label("change.prev", self.row["grain"]) if self.row is not None else ""
        if self.size is None:
            return self._bound(self.words.say("document.no_base", against=against) if against else "", "change")
        if not self.size:
            return self._bound(against + self.words.say("document.same"), "change")
        size = self.words.say("document.points", size=number(abs(self.size), 2))
        return self._bound(against + self.words.say("document.up" if self.size > 0 else "document.down", size=size), "change")

    @property
    def moved(self) -> list[Bound]:
        """The largest parts of the change that go its way, as phrases: 市政公用拉低0.71分. None where it did not move."""
        if not self.size:
            return []
        way = "document.pushed" if self.size > 0 else "document.pulled"
        kept = [(name, size) for name, size in self.causes if size * self.size > 0 and abs(size) >= 0.005]
        return [self._bound(self.words.say(way, name=name, size=number(abs(size), 2)), "causes") for name, size in kept[:3]]

    def _bound(self, text: str, column: str) -> Bound:
        if self.row is None:
            return Bound("", "score", column)
        return Bound(text, "score", column, self.row["scheme"], self.row["entity"], self.row["period"], int(self.row["version"]))


@dataclass(frozen=True)
class AlertFigures:
    """The alerts that are being worked, as they stood at the clock of the snapshot and the action that it notes."""

    words: Wording
    rows: Sequence[dict[str, Any]]
    waiting: Sequence[dict[str, Any]]
    since: Any
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def open(self) -> Bound:
        """How many are worked."""
        return self._count("open", len(self.waiting))

    @property
    def overdue(self) -> Bound:
        """How many of them are beyond their time."""
        return self._count("overdue", sum(bool(row["is_overdue"]) for row in self.waiting))

    @property
    def new(self) -> Bound:
        """How many were said since midnight."""
        return self._count("new", sum(row["said_at"] is not None and row["said_at"] >= self.since for row in self.rows))

    @property
    def closed(self) -> Bound:
        """How many were closed since midnight."""
        return self._count("closed", sum(bool(row["closed_at"]) and row["closed_at"] >= self.since for row in self.rows))

    @property
    def levels(self) -> Bound:
        """How many of each level: 红1、橙4."""
        counts = [(level, sum(row["handled_level"] == level for row in self.waiting)) for level in ("red", "orange", "yellow", "blue")]
        said = [f"{self.words.label('level_short', level)}{count}" for level, count in counts if count]
        return Bound(self.words.say("list.comma").join(said), "alerts", "levels")

    def of(self, level: str) -> int:
        """How many stand at a level or above it."""
        order = ("blue", "yellow", "orange", "red")
        return sum(order.index(row["handled_level"]) >= order.index(level) for row in self.waiting)

    def _count(self, column: str, size: int) -> Bound:
        return Bound(str(size), "alerts", column)
