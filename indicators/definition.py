"""The grammar of an indicator definition: what a sign is, how it is judged, who answers for it.

This half says what a file of the catalogue may hold; reading them belongs to `cataloguing`, computing to `cells` and `signs`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from data import periods
from data.grammar import Label, Name, Part
from data.periods import GRAINS
from indicators.attributes import Credibility, Example, Goalposts
from indicators.bases import Comparison
from indicators.calculation import Spc
from indicators.formula import Formula

MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
WORDING = {"note", "reference", "numerator", "denominator", "credibility", "example"}  # a change of these changes no figure
LEVELS = ("blue", "yellow", "orange", "red")


class Thresholds(Part):
    """The lines of the four levels from a date on, and the value that scores full marks."""

    since: date = Field(alias="from")
    blue: float | None = None
    yellow: float | None = None
    orange: float | None = None
    red: float | None = None
    target: float | None = None
    relative: bool = Field(default=False, description="the lines are written as differences from the target; they are kept as values")

    @model_validator(mode="before")
    @classmethod
    def _from_target(cls, value: object) -> object:
        if not isinstance(value, dict) or value.get("relative") is not True:
            return value
        target = value.get("target")
        if not isinstance(target, int | float):
            msg = "target, because the lines are differences from it"
            raise ValueError(msg)  # noqa: TRY004  # pydantic gathers these
        # At the decimals that people write: 6.5 - 0.1 is 6.4.
        kept = {level: round(target + value[level], 9) for level in LEVELS if isinstance(value.get(level), int | float)}
        return value | kept | {"relative": False}


class Window(Part):
    """A day's figure of these kinds speaks of the last `days` days, an hour's of the last `hours`, since one alone is too small."""

    days: int = Field(default=0, ge=2, le=92)
    hours: int = Field(default=0, ge=2, le=168)
    kinds: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _either(self) -> Window:
        if bool(self.days) == bool(self.hours):
            msg = "either days or hours"
            raise ValueError(msg)
        return self

    def reach(self, grain: str) -> timedelta:
        """Return how far before a period of that grain it begins."""
        days, hours = (self.days - 1 if grain == "day" and self.days else 0), (self.hours - 1 if grain == "hour" and self.hours else 0)
        return timedelta(days=days, hours=hours)


class Season(Part):
    """The yearly season in which a sign is judged; it may run over New Year. `name` is what the rest is called."""

    start: MonthDay = Field(alias="from")
    end: MonthDay = Field(alias="to")
    name: Label

    def holds(self, day: date) -> bool:
        """Return whether `day` lies in the season, both ends included."""
        mark = f"{day:%m-%d}"
        return self.start <= mark <= self.end if self.start <= self.end else mark >= self.start or mark <= self.end


class Band(Part):
    """The target band of a band sign."""

    low: float
    high: float


class Indicator(Part):
    """One urban operation sign."""

    indicator: Name
    name: Label
    table: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)?$")
    formula: str
    by: tuple[str, ...] = Field(default=(), description="the time axis; of several a row counts once in each period that one falls in")
    per: str = Field(default="", pattern=r"^(\d+ [a-z][a-z0-9_]*)?$", description="such as 10000 residents")
    unit: str
    precision: int = Field(ge=0, le=6)
    direction: Literal["higher", "lower", "band", "watch"]
    band: Band | None = None
    grain: tuple[str, ...] = Field(min_length=1, description="the entity kinds that it is published for")
    cadence: Literal["hour", "day", "week", "month", "quarter", "year"]
    min_n: int = Field(default=0, ge=0, description="smallest n below the widest area")
    window: Window | None = None
    active: Season | None = None
    thresholds: tuple[Thresholds, ...] = ()
    method: Literal["", "robust", "smoothed", "seasonal"] = Field(default="", description="of its baseline; absent: what its past allows")
    comparison: Comparison = Comparison()
    spc: Spc = Spc()
    owner: tuple[str, ...] = Field(min_length=1)
    pillar: str = ""
    weight: float = Field(ge=0, le=1)
    since: date
    version: int = Field(ge=1)
    reference: str = Field(default="", description="only a verified source")
    note: str = ""
    goalposts: Goalposts | None = None
    numerator: Label | None = Field(default=None, description="what the figure, or the upper half of a ratio, counts")
    denominator: Label | None = Field(default=None, description="what the lower half of a ratio counts")
    credibility: Credibility = Field(default="", description="how the data come about")
    example: tuple[Example, ...] = Field(default=(), description="one or several: tests inside the definition, run by `check`")

    @field_validator("by", "example", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str | dict) else value

    @field_validator("thresholds")
    @classmethod
    def _in_order(cls, value: tuple[Thresholds, ...]) -> tuple[Thresholds, ...]:
        if [lines.since for lines in value] != sorted({lines.since for lines in value}):
            msg = "thresholds by rising date, each date once"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _lines_run_one_way(self) -> Indicator:
        if self.direction == "watch" and self.thresholds:
            msg = "no thresholds: a watch sign is judged by its baseline"
            raise ValueError(msg)
        if (self.direction == "band") != (self.band is not None):
            msg = "band with direction band, and only there"
            raise ValueError(msg)
        for lines in self.thresholds:
            said = [value for level in LEVELS if (value := getattr(lines, level)) is not None]
            if said != sorted(said, reverse=self.direction == "higher"):
                msg = "lines that run from blue to red in the direction that is worse"
                raise ValueError(msg)
        return self

    @property
    def grains(self) -> tuple[str, ...]:
        """The grains that it is computed for: its cadence and everything coarser."""
        return GRAINS[GRAINS.index(self.cadence) :]

    @property
    def feed_table(self) -> tuple[str, str]:
        """The feed and table that it reads; empty for a derived one."""
        feed, _, table = self.table.partition(".")
        return feed, table


class CatalogueFile(Part):
    """One file of the catalogue: the indicators of a domain."""

    domain: Name
    indicators: tuple[Indicator, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator with its domain, its parsed formula and the grains to compute, ready to compute."""

    spec: Indicator
    domain: str
    formula: Formula
    inputs: tuple[str, ...]
    grains: tuple[str, ...]
    holds_for: int = 0  # days that a state of its table holds
    persons: tuple[str, ...] = ()  # of value, numerator, denominator and n those that count persons; none where no row speaks of one

    @property
    def name(self) -> str:
        """The indicator's id."""
        return self.spec.indicator

    @property
    def adds_up_in_time(self) -> bool:
        """Whether a longer period holds what its shorter ones do: not on several time axes, nor where the period itself is asked for."""
        return len(self.spec.by) == 1 and not self.formula.speaks_of_period

    def counts_from(self, start: datetime, grain: str, kind: str) -> datetime:
        """Return from when on records count in the figure of an entity kind for the period that starts then."""
        if any(atom.kind == "latest" for atom in self.formula.atoms):
            return periods.step(start, grain) - timedelta(days=self.holds_for)
        window = self.spec.window
        return start - window.reach(grain) if window and kind in window.kinds else start

    def reach(self, grain: str) -> str:
        """Return how far the window of a grain goes back before its period, as an SQL interval; empty without one."""
        reach = self.spec.window.reach(grain) if self.spec.window else timedelta()
        return f"INTERVAL {int(reach.total_seconds() // 3600)} HOUR" if reach else ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All definitions by id, inputs before those derived from them."""

    definitions: Mapping[str, Definition]

    def of_table(self, feed: str, table: str) -> list[Definition]:
        """Return the definitions that read a table."""
        return [one for one in self.definitions.values() if one.spec.feed_table == (feed, table)]

    def feeds_of(self, indicator: str) -> set[str]:
        """Return the feeds that an indicator rests on, through its inputs too."""
        one = self.definitions[indicator]
        return {one.spec.feed_table[0]} if one.spec.table else set().union(*map(self.feeds_of, one.inputs))


def digest_of(spec: Indicator) -> str:
    """Return a short hash of one definition, so that a change is seen even where the version was not raised."""
    return hashlib.sha256(json.dumps(spec.model_dump(mode="json", exclude=WORDING), sort_keys=True).encode()).hexdigest()[:12]
