"""The grammar of a study or a yearly appraisal: a table whose columns are scored, weighed and put together by methods of choice.

A study compares units with each other, so its scores move when another unit's data change; published scores follow a scheme.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from data.grammar import Label, Name, Part
from indicators.attributes import Goalposts
from indicators.evaluation.scheme import Pair

Way = Literal[
    "goalposts", "minmax", "zscore", "rank", "percentile", "distance_to_target", "distance_to_reference", "distance_to_maximum",
    "share_of_maximum", "four_steps",
]  # fmt: skip
Weigh = Literal["given", "equal", "pairs", "budget", "entropy", "critic", "components"]
Together = Literal["arithmetic", "geometric", "harmonic", "power", "topsis", "copeland", "benefit_of_the_doubt"]


class Criterion(Part):
    """A column of the table."""

    direction: Literal["higher", "lower"] = "higher"
    weight: float | None = Field(default=None, gt=0, le=1)
    goalposts: Goalposts | None = None
    target: float | None = None
    reference: float | None = None


class Varied(Part):
    """What else would have been defensible: alternatives that a study turns to see which of its choices matters."""

    spread: float = Field(default=0.25, ge=0, lt=1, description="each weight within this share of itself")
    ways: tuple[Way, ...] = Field(default=(), description="other ways to give points")
    means: tuple[Together, ...] = Field(default=(), description="other ways to put points together")
    dice: int = Field(default=1, description="the seed: the same table gives the same digits")


class Study(Part):
    """Which column names the units, which columns count, and by which methods."""

    study: Name
    name: Label
    unit: str = Field(description="the heading of the column that names the units")
    criteria: dict[str, Criterion] = Field(min_length=1, description="by heading")
    treat: bool = Field(default=False, description="winsorise or take the log of columns with outliers, by the documented rule")
    normalise: Way = "goalposts"
    weights: Weigh = "given"
    pairs: tuple[Pair, ...] = ()
    points: tuple[tuple[float, ...], ...] = Field(default=(), description="of each expert, 100 points over all criteria")
    aggregate: Together = "arithmetic"
    power: float = Field(default=0.5, description="of the generalised mean")
    least_coverage: float = Field(default=0.6, ge=0, le=1)
    grades: dict[Name, float] = Field(default={}, description="the least score of each grade, the best first")
    varied: Varied | None = None

    @model_validator(mode="after")
    def _has_what_its_methods_need(self) -> Study:
        needs = {"goalposts": "goalposts", "distance_to_target": "target", "distance_to_reference": "reference", "four_steps": "target"}
        for way in (self.normalise, *(self.varied.ways if self.varied else ())):
            if (key := needs.get(way)) and (bare := [name for name, one in self.criteria.items() if getattr(one, key) is None]):
                msg = f"{key} of every criterion for {way}; {', '.join(bare)} has none"
                raise ValueError(msg)
        given = [one.weight for one in self.criteria.values()]
        if self.weights == "given" and (None in given or abs(sum(filter(None, given)) - 1) > 1e-9):
            msg = "a weight of every criterion, summing to 1"
            raise ValueError(msg)
        if self.weights != "given" and any(weight is not None for weight in given):
            msg = "no weights where a method finds them"
            raise ValueError(msg)
        if bool(self.pairs) != (self.weights == "pairs") or bool(self.points) != (self.weights == "budget"):
            msg = "pairs with weights: pairs and points with weights: budget, and only there"
            raise ValueError(msg)
        return self
