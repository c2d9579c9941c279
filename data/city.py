"""The grammar of `data/city.yaml`: who the city is, its clock, area kinds, measures and domains."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from data.grammar import Label, Name, Part


class Clock(Part):
    """A fixed moment for demonstrations and replays; without it the wall clock is used."""

    fixed: datetime


class Reference(Part):
    """Where the reference tables lie, relative to `data/`."""

    entities: str
    aliases: str
    calendar: str
    measures: str
    systems: str = Field(default="", description="absent: the city keeps no register of systems")
    weights: str = Field(default="", description="absent: no entity is spread over several areas")


class Measure(Part):
    """A reference quantity of an entity, such as its residents."""

    name: Label
    unit: str


class Domain(Part):
    """One of the domains that signs are grouped by; weights sum to 1."""

    domain: Name
    letter: str
    name: Label
    weight: float = Field(ge=0, le=1)


class Baseline(Part):
    """How a watch sign is judged: the robust baseline and the lines of |z| of the four levels."""

    weeks: int = Field(default=8, ge=4, description="same-weekday points of the centre of a day")
    pool_days: int = Field(default=56, ge=14, description="residuals of the scale of a day, pooled over weekdays")
    periods: int = Field(default=12, ge=4, description="points of centre and scale of a week or longer")
    least_points: int = Field(default=4, ge=2)
    blue: float = 2.0
    yellow: float = 2.5
    orange: float = 3.0
    red: float = 4.0


class City(Part):
    """The city's description."""

    city: Name
    name: Label
    title: Label
    provenance: Literal["demo", "real"]
    marking: Label
    time_zone: str
    clock: Clock | None = None
    areas: tuple[str, ...] = Field(min_length=1, description="area kinds, widest first; the first has one entity")
    unassigned: Label
    reference: Reference
    measures: dict[Name, Measure] = Field(default_factory=dict)
    domains: tuple[Domain, ...] = Field(min_length=1)
    baseline: Baseline = Baseline()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            msg = "the name of a time zone, such as Asia/Shanghai"
            raise ValueError(msg)
        return value

    @field_validator("domains")
    @classmethod
    def _weights_sum_to_one(cls, value: tuple[Domain, ...]) -> tuple[Domain, ...]:
        total = round(sum(domain.weight for domain in value), 9)
        if total != 1:
            msg = f"weights that sum to 1, not {total}"
            raise ValueError(msg)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that all local times of the warehouse are in."""
        return ZoneInfo(self.time_zone)

    def as_of(self, now: datetime) -> datetime:
        """Return the clock that freshness and due times go by: the fixed one, else `now`, in local time."""
        moment = self.clock.fixed if self.clock else now
        return moment.astimezone(self.zone)
