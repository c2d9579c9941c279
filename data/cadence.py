"""The part of a contract's grammar that says when drops are due, from whom, and how much they hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from data.grammar import ClockTime, Part


class Cadence(Part):
    """How often a drop is due, and when.

    `due` is the local time of day by which the drop of a period must be there, `lag` days after the day on which the
    period ends (for `hour`: hours and minutes after the end of the hour; for `once`: after the contract's `since`);
    `grace` minutes past it the drop is late. `on` workdays: a due day that is no working day moves to the next one, and
    periods that fall due together are one delivery. `each`: every entity of that kind owes its share.
    """

    every: Literal["hour", "day", "week", "month", "quarter", "year", "once"]
    due: ClockTime = "08:00"
    lag: int = Field(default=0, ge=0)
    grace: int = Field(default=0, ge=0)
    on: Literal["every_day", "workdays"] = "every_day"
    each: str = Field(default="", description="the kind of entity each of which owes its share of a delivery")


class Volume(Part):
    """How many rows a drop of a table holds; an end that is not given is learnt from drops of the same kind of day."""

    low: int | None = Field(default=None, ge=0)
    high: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Volume:
        if self.low is not None and self.high is not None and self.low > self.high:
            msg = "low at most high"
            raise ValueError(msg)
        return self
