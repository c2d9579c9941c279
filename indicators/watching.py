"""The grammar of what a rule watches, other than the level of each sign: exactly one kind a rule.

Of signs: a special cause, a change, a figure far from what is usual, a line that the trend will cross, several signs together.
Of what comes in: a feed that does not come, the quality of what does.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from data.city import DIMENSIONS
from data.grammar import Name, Part
from indicators.definition import LEVELS
from indicators.spc import Special

Level = Literal["blue", "yellow", "orange", "red"]
RANKS = {level: rank for rank, level in enumerate(("normal", *LEVELS))}
OF_FEEDS = frozenset({"feed", "quality"})  # judged at the clock of a refresh, not at the watermark


class Lines(Part):
    """From which value on a level is reached; a level without a line is never."""

    blue: float | None = None
    yellow: float | None = None
    orange: float | None = None
    red: float | None = None

    @property
    def said(self) -> list[tuple[int, float]]:
        """The ranks (1 blue to 4 red) that have a line, with it."""
        found = [(RANKS[level], getattr(self, level)) for level in LEVELS]
        return [(rank, line) for rank, line in found if line is not None]

    @model_validator(mode="after")
    def _has_any(self) -> Lines:
        if not self.said:
            msg = "a line for at least one level"
            raise ValueError(msg)
        return self


class SpecialCause(Part):
    """A point outside its control limits, or a pattern inside them (`indicators.spc`)."""

    causes: tuple[Special, ...] = Field(default=(), description="none: every one")
    only_concern: bool = Field(default=True, description="only where it is for the worse; of watched signs every one counts")
    level: Level = Field(description="the level that it has")


class ChangeBeyond(Part):
    """A change against an earlier period, in the unit that changes of the sign have."""

    of: Literal["prev", "week", "year"] = Field(description="the period before, the same weekday, last year")
    way: Literal["up", "down", "both", "worse"] = Field(default="worse", description="worse: by the direction of the sign")
    levels: Lines = Field(description="sizes of the change, rising")


class Unusual(Part):
    """A figure far from what is usual, in half widths of its usual range (which ends where the blue of a watched sign begins)."""

    levels: Lines = Field(description="distances, rising")
    only_worse: bool = Field(default=True, description="only to the worse side; of watched and band signs either counts")


class Crossing(Part):
    """The straight line through the last figures reaches a threshold of the sign within so many periods."""

    line: Level = Field(default="yellow", description="the threshold")
    within: int = Field(default=7, ge=1, le=90, description="periods ahead")
    over: int = Field(default=14, ge=5, le=92, description="figures that the line is drawn through, by least squares")
    level: Level = Field(description="the level that it has")


class Together(Part):
    """Several signs of one entity and period that are beyond a level at once."""

    of: tuple[Name, ...] = Field(min_length=2)
    count: int = Field(ge=2, description="so many of them")
    least: Level = Field(default="yellow", description="that have reached this level")
    level: Level = Field(description="the level that it has")

    @model_validator(mode="after")
    def _can_be(self) -> Together:
        if self.count > len(set(self.of)):
            msg = "a count of at most as many as are named"
            raise ValueError(msg)
        return self


class FeedState(Part):
    """A feed that is late, missing, or came in part, at the clock of the refresh."""

    late: Level | None = None
    partial: Level | None = None
    missing: Level | None = None
    feeds: tuple[Name, ...] = Field(default=(), description="none: every feed")


class Quality(Part):
    """The quality of a feed over the last 28 days, at the clock of the refresh: reached below a line."""

    dimension: str = Field(default="overall", pattern=rf"^({'|'.join(('overall', *DIMENSIONS))})$")
    levels: Lines = Field(description="scores out of 100, falling")
    feeds: tuple[Name, ...] = Field(default=(), description="none: every feed")


class When(Part):
    """What is watched."""

    special: SpecialCause | None = None
    change: ChangeBeyond | None = None
    unusual: Unusual | None = None
    forecast: Crossing | None = None
    together: Together | None = None
    feed: FeedState | None = None
    quality: Quality | None = None

    @property
    def kind(self) -> str:
        """The key of the one kind that is said."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def level(self) -> str | None:
        """The level of what has only one; None where the sign or the lines tell it."""
        found = self.special or self.forecast or self.together
        return found.level if found else None

    @property
    def lookback(self) -> int:
        """How many periods before one that is judged have a say in it."""
        return self.forecast.over if self.forecast else 0

    @model_validator(mode="after")
    def _is_one(self) -> When:
        said = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(said) != 1:
            msg = "exactly one of special, change, unusual, forecast, together, feed, quality"
            raise ValueError(msg)
        return self
