"""What a template may say of an evaluation: who is ranked, who rose and fell and by which parts, who is left out and why.

What moved a score is its own decomposition by sign and factor: arithmetic, not a cause.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from briefing.appraised import Appraised, Record
from briefing.document.content import Bound
from briefing.document.facts import Facts
from briefing.evaluated import mover, sentence
from briefing.facts import plain
from briefing.phrases import absent, period_name
from data import periods, scored
from data.wording import number

SHOWN = 0.005  # points: less is nothing at two decimals


@dataclass(frozen=True)
class EvaluationFigure:
    """One scheme in its newest period; `of` is None where it has scored nothing yet."""

    facts: Facts
    scheme: Record | None
    of: Appraised | None

    @property
    def known(self) -> bool:
        """Whether anybody has a score."""
        return self.of is not None and any(not absent(row["score"]) for row in self.of.units)

    @property
    def name(self) -> str:
        """What people call the scheme."""
        return self.facts.words.name(self.scheme) if self.scheme else ""

    @property
    def period(self) -> str:
        """The period that is told."""
        return period_name(self.facts.words, self.of.rows[0]["grain"], self.of.rows[0]["start"]) if self.of else ""

    @property
    def against(self) -> str:
        """What the changes are against."""
        return self.facts.words.label("change.prev", self.scheme["grain"]) if self.scheme else ""

    @cached_property
    def ranked(self) -> list[Record]:
        """Units with a rank, the best first."""
        return [row for row in self.of.units if row["rank"] is not None] if self.of else []

    @cached_property
    def left_out(self) -> list[Record]:
        """Units without a rank."""
        return [row for row in self.of.units if row["rank"] is None] if self.of else []

    @property
    def count(self) -> Bound:
        """How many units there are."""
        return self._bound(str(len(self.of.units)) if self.of else "", "count")

    @property
    def scores(self) -> Bound:
        """The range of the scores: 71.20至93.10分."""
        known = [float(row["score"]) for row in self.ranked]
        text = self.facts.words.say("bulletin.range", low=number(min(known), 2), high=number(max(known), 2)) if known else ""
        return self._bound(text, "score")

    @property
    def grades(self) -> Bound:
        """How many have each grade: 优3、良8."""
        names = self.of.body["grades"] if self.of else {}
        counts = [(names[key], sum(row["grade"] == key for row in self.ranked)) for key in names]
        said = [f"{self.facts.words.name(name, '')}{count}" for name, count in counts if count]
        return self._bound(self.facts.words.say("list.comma").join(said), "grade")

    @property
    def sentence(self) -> Bound:
        """Who moved most and by what, and how many groups can be told apart."""
        if self.of is None:
            return self._bound(self.facts.words.say("evaluation.nothing"), "score")
        entity = mover(self.of.units, self.of.changes)
        said = sentence(self.facts.words, self.of.units, self.of.changes, self.of.by_part(entity), self.of.names)
        return self._bound(said.removesuffix(self.facts.words.say("headline.stop")), "score")

    @cached_property
    def risen(self) -> list[Bound]:
        """Who rose, the furthest first, as phrases with what lifted it most."""
        return [self._moved(row) for row in sorted(self.ranked, key=lambda row: -self._size(row)) if self._size(row) >= SHOWN]

    @cached_property
    def fallen(self) -> list[Bound]:
        """Who fell, the furthest first."""
        return [self._moved(row) for row in sorted(self.ranked, key=self._size) if self._size(row) <= -SHOWN]

    @property
    def same(self) -> list[str]:
        """Who stayed as it was."""
        changes = self.of.changes if self.of else {}
        return [self._name(row) for row in self.ranked if row["entity"] in changes and abs(changes[row["entity"]]) < SHOWN]

    @property
    def unlike(self) -> list[str]:
        """Who has a rank and no score in the period before."""
        changes = self.of.changes if self.of else {}
        return [self._name(row) for row in self.ranked if row["entity"] not in changes]

    @property
    def has_lists(self) -> bool:
        """Whether the edition in force has a red and a black list at all."""
        return self.of is not None and bool(self.of.edition.get("lists"))

    @property
    def red(self) -> list[str]:
        """Who stands on the red list."""
        return self._listed("red")

    @property
    def black(self) -> list[str]:
        """Who stands on the black list."""
        return self._listed("black")

    @property
    def out(self) -> list[Bound]:
        """Who is left out, each with why."""
        if self.of is None:
            return []
        words, of = self.facts.words, self.of
        return [
            self.bound(row, words.say("bulletin.out", name=self._name(row), why=of.why_not(row)), "state") for row in self.left_out
        ]  # fmt: skip

    @property
    def rules(self) -> Bound:
        """By which edition, from when on, how points are given and from which coverage on."""
        if self.of is None:
            return self._bound("", "version")
        words, one = self.facts.words, self.of.edition
        said = words.say(
            "evaluation.edition", version=one["version"], since=one["from"], least=f"{number(100 * one['least_coverage'])}%",
            normalise=words.label("evaluation.normalise", one["normalise"]),
        )  # fmt: skip
        return self._bound(said, "version")

    def bound(self, row: Record, text: str, column: str) -> Bound:
        """Return a text bound to a column of a score."""
        return Bound(text, "score", column, row["scheme"], row["entity"], row["period"], int(row["version"]))

    def causes(self, row: Record, way: int, most: int = 2) -> str:
        """Return the signs that moved a score most one way (1 up, -1 down) with their points."""
        if self.of is None:
            return ""
        kept = [(name, size) for name, size in self.of.by_sign(row["entity"]).items() if size * way >= SHOWN][:most]
        return self.facts.words.say("list.comma").join(f"{name}{number(size, 2, signed=True)}" for name, size in kept)

    def _moved(self, row: Record) -> Bound:
        words, size = self.facts.words, self._size(row)
        way = words.say("document.up" if size > 0 else "document.down", size=words.say("document.points", size=number(abs(size), 2)))
        mainly = self.causes(row, 1 if size > 0 else -1)
        said = words.say("bulletin.moved", name=self._name(row), way=way)
        return self.bound(row, said + (words.say("bulletin.mainly", names=mainly) if mainly else ""), "score")

    def _size(self, row: Record) -> float:
        return self.of.changes.get(row["entity"], 0.0) if self.of else 0.0

    def _name(self, row: Record) -> str:
        return self.of.names[row["entity"]] if self.of else ""

    def _listed(self, colour: str) -> list[str]:
        return [self._name(row) for row in self.ranked if row["listed"] == colour]

    def _bound(self, text: str, column: str) -> Bound:
        row = self.of.rows[0] if self.of else None
        return Bound(text, "score", column) if row is None else Bound(
            text, "score", column, row["scheme"], "", row["period"], int(row["version"])
        )  # fmt: skip


def evaluation(facts: Facts, scheme: str) -> EvaluationFigure:
    """Return a scheme in the newest period that was over at the moment of the briefing."""
    known = {row["scheme"]: row for row in plain(scored.schemes(facts.settings, facts.snapshot))}
    if scheme not in known:
        return EvaluationFigure(facts, None, None)
    told = scored.scores(facts.settings, facts.snapshot, scheme=scheme, node=None)
    starts = _over(told, facts) if len(told) else []
    if not starts:
        return EvaluationFigure(facts, known[scheme], None)
    rows = plain(told[pd.to_datetime(told["start"]) == starts[-1]])
    earlier = plain(told[pd.to_datetime(told["start"]) == starts[-2]]) if len(starts) > 1 else []
    moves = plain(scored.moves(facts.settings, facts.snapshot, scheme=scheme, period=rows[0]["period"]))
    names = {row["entity"]: facts.unit_name(row) for row in rows}
    of = Appraised(facts.words, facts.catalogue, json.loads(known[scheme]["body"]), rows, earlier, moves, names)
    return EvaluationFigure(facts, known[scheme], of)


def _over(told: pd.DataFrame, facts: Facts) -> Sequence[pd.Timestamp]:
    """Return when the periods begin that were over by the moment of the briefing."""
    grain = str(told["grain"].iloc[0])
    starts = sorted(pd.to_datetime(told["start"]).unique())
    return [start for start in starts if periods.step(start.to_pydatetime(), grain) <= facts.now]
