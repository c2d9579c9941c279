"""The parts of an indicator definition that compute nothing: what people read of it, and the example that proves it.

Running an example belongs to `examples`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from data import periods
from data.grammar import Name, Part

Said = str | int | float | bool | date | datetime | None
# How figures come about: by an instrument, as a by-product of work, as a statement, by a sample, by reckoning.
Credibility = Literal["", "measured", "recorded", "reported", "surveyed", "estimated"]
Key = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*|_times)$")]
TIMES = "_times"  # no column can be called so
TOLD = ("value", "numerator", "denominator", "n")


class Goalposts(Part):
    """The values between which a score runs from 0 to 100, or back where lower is better; of a watch sign distances in scales."""

    low: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Goalposts:
        if self.low >= self.high:
            msg = "the lower end first"
            raise ValueError(msg)
        return self


class Example(Part):
    """A few records, or values of the inputs, and the figure of the widest area that they must give."""

    period: str
    rows: tuple[dict[Key, Said], ...] = Field(
        default=(), description="records by column; one without the time axis lies in the period; _times: so many alike"
    )
    inputs: dict[Name, float | dict[str, float]] = Field(
        default_factory=dict, description="of a derived indicator: a value of each input, or its values by period"
    )
    measures: dict[Name, float] = Field(default_factory=dict, description="the measure that `per` divides by")
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n: float | None = None

    @field_validator("period", mode="before")
    @classmethod
    def _a_period(cls, value: object) -> object:
        text = str(value)  # YAML makes a date of 2016-03-06, and a number of 2015
        periods.read(text)
        return text

    @property
    def told(self) -> dict[str, float | None]:
        """What it says of the figure; what it does not name may be anything."""
        return {name: getattr(self, name) for name in TOLD if name in self.model_fields_set}
