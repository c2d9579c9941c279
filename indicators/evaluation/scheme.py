"""The grammar of an evaluation scheme: what is scored, from which signs, by which rules, from which date on.

An edition is frozen: whoever changes a weight adds an edition with a later date and says why. Reading the files belongs
to `schemes`, computing to `scores`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from data.grammar import Label, Name, Part
from indicators.baselines import Array
from indicators.evaluation.means import POWERS
from indicators.evaluation.pairwise import MOST_INCONSISTENT, comparison_matrix, judge_pairs
from indicators.evaluation.weights import equal

Mean = Literal["arithmetic", "geometric", "harmonic"]
Normalise = Literal["anchors", "goalposts"]
Weighing = Literal["given", "equal", "pairs"]
_EXACT = 1e-9


class Pair(Part):
    """A judgement: `one` is `times` as important as `other`."""

    one: Name
    other: Name
    times: float = Field(gt=0, le=9)


class Node(Part):
    """A step of the hierarchy: the mean of what lies below it, nodes or signs."""

    name: Label | None = Field(default=None, description="what people read; a node that is named like a domain has its name")
    weight: float | None = Field(default=None, gt=0, le=1, description="among its siblings, where their weights are given")
    mean: Mean = "arithmetic"
    weights: Weighing = Field(default="given", description="of what lies below: given, all alike, or judged by pairs")
    pairs: tuple[Pair, ...] = ()
    inconsistent_because: str = Field(default="", description="why judgements with a consistency ratio above 0.10 stand all the same")
    capped: bool = Field(default=False, description="a sign below at the level of `cap` holds the score down")
    nodes: dict[Name, Node] = Field(default={})
    signs: dict[Name, float | None] = Field(default={}, description="with their weights, or a list of names where none are given")

    @field_validator("signs", mode="before")
    @classmethod
    def _names_alone(cls, value: object) -> object:
        return dict.fromkeys(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _weights_are_whole(self) -> Node:
        if bool(self.nodes) == bool(self.signs):
            msg = "either nodes or signs"
            raise ValueError(msg)
        if bool(self.pairs) != (self.weights == "pairs"):
            msg = "pairs with weights: pairs, and only there"
            raise ValueError(msg)
        said = {name: node.weight for name, node in self.nodes.items()} | self.signs
        if (self.weights == "given") != all(weight is not None for weight in said.values()) or (
            self.weights != "given" and any(weight is not None for weight in said.values())
        ):
            msg = "a weight for each where weights are given, and for none otherwise"
            raise ValueError(msg)
        shares = self.shares()
        if abs(sum(shares) - 1) > _EXACT or min(shares) <= 0:
            msg = f"weights above 0 that sum to 1, not to {sum(shares):.12g}"
            raise ValueError(msg)
        if self.ratio > MOST_INCONSISTENT and not self.inconsistent_because:
            msg = f"judgements with a consistency ratio of at most {MOST_INCONSISTENT}, not {self.ratio:.3f}, or inconsistent_because"
            raise ValueError(msg)
        return self

    def shares(self) -> tuple[float, ...]:
        """Return the weights of what lies below, in its order; raises ValueError for pairs that are not whole."""
        if self.weights == "equal":
            return tuple(equal(len(self.nodes) or len(self.signs)))
        if self.weights == "pairs":
            return tuple(judge_pairs(self._judged()).weights)
        return tuple(node.weight or 0.0 for node in self.nodes.values()) or tuple(weight or 0.0 for weight in self.signs.values())

    def leaves(self) -> Iterator[str]:
        """Yield every sign below it, in order."""
        yield from self.signs
        for node in self.nodes.values():
            yield from node.leaves()

    @property
    def ratio(self) -> float:
        """How far the judgements by pairs contradict each other; 0 where there are none."""
        return judge_pairs(self._judged()).consistency_ratio if self.weights == "pairs" else 0.0

    @property
    def power(self) -> float:
        """The power of its mean."""
        return POWERS[self.mean]

    def _judged(self) -> Array:
        return comparison_matrix([*self.nodes, *self.signs], {(pair.one, pair.other): pair.times for pair in self.pairs})


class Cap(Part):
    """A sign at this level holds the nodes that are `capped` above it down to `most`."""

    level: Literal["blue", "yellow", "orange", "red"]
    most: float = Field(ge=0, le=100)


class Lists(Part):
    """Who is named: red (good) from a score on, without a red sign; black below a score or when last again and again."""

    red: float = Field(ge=0, le=100)
    black: float = Field(ge=0, le=100)
    last: int = Field(default=2, ge=1, description="so many ranks from below")
    periods: int = Field(default=2, ge=1, description="so many periods running")


class Uncertainty(Part):
    """What is varied to see how sure a rank is, how often, from which seed, and how wide the interval is."""

    runs: int = Field(default=1000, ge=100, le=100_000)
    seed: int = 0
    interval: float = Field(default=0.90, gt=0, lt=1)
    weights: float = Field(default=0.25, ge=0, lt=1, description="each weight is drawn within this share of itself")
    normalise: tuple[Normalise, ...] = Field(default=("anchors", "goalposts"), min_length=1)
    means: tuple[Mean, ...] = Field(default=("arithmetic", "geometric"), min_length=1, description="of the whole")
    sampling: bool = Field(default=True, description="rates are drawn from what their counts leave open")


class Edition(Part):
    """The rules from a date on."""

    since: date = Field(alias="from")
    version: int = Field(ge=1)
    because: str = Field(default="", description="why it differs from the edition before")
    normalise: Normalise = "anchors"
    least_coverage: float = Field(default=0.6, ge=0, le=1, description="share of the weight below a node that must be known for a score")
    grades: dict[Name, float] = Field(min_length=1, description="the least score of each grade, the best first")
    cap: Cap | None = None
    lists: Lists | None = None
    index: Node

    @field_validator("grades")
    @classmethod
    def _falling(cls, value: dict[str, float]) -> dict[str, float]:
        edges = list(value.values())
        if edges != sorted(set(edges), reverse=True) or edges[-1] != 0:
            msg = "edges that fall from the best grade to the last, which begins at 0"
            raise ValueError(msg)
        return value


class Scheme(Part):
    """What is scored, over which period, and its editions."""

    scheme: Name
    name: Label
    kind: Name = Field(description="the entity kind that is scored")
    grain: Literal["day", "week", "month", "quarter", "year"]
    grades: dict[Name, Label] = Field(description="what people read for each grade")
    sample: tuple[Name, ...] = Field(default=(), description="the signs whose n, summed, is the size of a unit")
    min_n: int = Field(default=0, ge=0, description="smallest sample of a unit that is ranked")
    uncertainty: Uncertainty | None = None
    editions: tuple[Edition, ...] = Field(min_length=1)

    @property
    def signs(self) -> tuple[str, ...]:
        """Every sign that an edition scores or that a sample is counted by, each once."""
        return tuple(dict.fromkeys([*(sign for one in self.editions for sign in one.index.leaves()), *self.sample]))

    def edition_at(self, day: date) -> Edition | None:
        """Return the edition in force on a day; None before the first."""
        return next((one for one in reversed(self.editions) if one.since <= day), None)

    @model_validator(mode="after")
    def _editions_follow(self) -> Scheme:
        dates, versions = ([getattr(one, key) for one in self.editions] for key in ("since", "version"))
        if dates != sorted(set(dates)) or versions != sorted(set(versions)):
            msg = "editions by rising date and version, each once"
            raise ValueError(msg)
        if unnamed := {grade for one in self.editions for grade in one.grades} - set(self.grades):
            msg = f"a name for each grade; {', '.join(sorted(unnamed))} has none"
            raise ValueError(msg)
        if bool(self.min_n) != bool(self.sample):
            msg = "sample with min_n, and only there"
            raise ValueError(msg)
        return self
