"""The grammar of `data/city.yaml`: who the city is, its clock, area kinds, measures and domains."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from data.grammar import ClockTime, Label, Name, Part


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
    annotations: str = Field(default="", description="absent: what happened is not noted")
    festivals: str = Field(default="", description="absent: no festival moves over the calendar")


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
    memory: float = Field(default=28.0, ge=7, description="days after which a day counts a third in the level of days")
    years: int = Field(default=2, ge=1, description="former years that tell season and holidays of days")
    cut: float = Field(default=8.0, ge=3, description="scales beyond which a day teaches as if it lay there")
    carried: float = Field(default=0.8, ge=0, lt=1, description="the most of yesterday's surprise that is expected today")
    blue: float = 2.0
    yellow: float = 2.5
    orange: float = 3.0
    red: float = 4.0


class ComparisonTerms(Part):
    """How changes against other periods are told."""

    small_count: float = Field(default=30, ge=0, description="a count below it, or compared with one, is told by its difference")


class Calculation(Part):
    """The fixed calculation period of control limits, and when limits are calculated anew from the periods before."""

    periods: int = Field(ge=13)
    review: Literal["month", "quarter", "year", "never"] = "year"


class SpcTerms(Part):
    """How normal variation is told from special causes: control limits by grain, and how long a pattern must be."""

    calculation: dict[Literal["hour", "day", "week", "month", "quarter", "year"], Calculation] = Field(
        default_factory=lambda: {
            "day": Calculation(periods=42, review="quarter"),
            "week": Calculation(periods=26),
            "month": Calculation(periods=24),
            "quarter": Calculation(periods=13),
        },
        description="a grain without a line has no control limits",
        validate_default=True,
    )
    least_points: int = Field(default=13, ge=12, description="with fewer points in the calculation period there are no limits")
    run: int = Field(default=7, ge=6, le=9, description="points in a row on one side of the centre")
    trend: int = Field(default=7, ge=6, le=9, description="points that rise or fall one after the other")


class ForecastTerms(Part):
    """How far ahead a sign is foretold, and how sure its interval is."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="how many of the figures to come its interval should hold")
    ahead: dict[Literal["hour", "day", "week", "month", "quarter"], Annotated[int, Field(ge=1, le=366)]] = Field(
        default={"hour": 24, "day": 28, "week": 13, "month": 6, "quarter": 4},
        description="how many periods are foretold; a grain without a line is not",
    )


class VolumeTerms(Part):
    """How the usual volume of a drop is learnt from those before it, and how far from it is told as a finding."""

    weeks: int = Field(default=8, ge=2, description="weeks of drops for an hour or a day that teach")
    periods: int = Field(default=12, ge=4, description="drops for a week or longer that teach")
    least_points: int = Field(default=4, ge=2, description="with fewer nothing is usual")
    distance: float = Field(default=4.0, gt=0, description="scales from the centre to either end")


DIMENSIONS = ("conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility")
Dimension = Literal["conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility"]


class QualityTerms(Part):
    """What the quality of a feed is made of, and what five stars take."""

    weights: dict[Dimension, float] = Field(default_factory=lambda: dict.fromkeys(DIMENSIONS, 1.0), validate_default=True)
    stars: tuple[float, float, float, float] = Field(default=(98.0, 95.0, 85.0, 70.0), description="the least score of 5, 4, 3 and 2 stars")
    least_coverage: float = Field(default=0.5, ge=0, le=1, description="with less of the weights judged there is no rating")

    @field_validator("weights")
    @classmethod
    def _each_weighed(cls, value: dict[str, float]) -> dict[str, float]:
        if set(value) != set(DIMENSIONS) or any(weight < 0 for weight in value.values()) or not sum(value.values()):
            msg = f"a weight of each of {', '.join(DIMENSIONS)}, none below 0, not all 0"
            raise ValueError(msg)
        return value

    @field_validator("stars")
    @classmethod
    def _falling(cls, value: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        if not 100 >= value[0] > value[1] > value[2] > value[3] >= 0:
            msg = "four falling scores between 100 and 0"
            raise ValueError(msg)
        return value


class Retention(Part):
    """How long the bytes of drops are kept: those of one feed, or of every feed of a grade. Records are kept for ever."""

    feed: Name | None = None
    grade: int | None = Field(default=None, ge=1, le=4)
    days: int = Field(ge=1)

    @model_validator(mode="after")
    def _one_of_both(self) -> Retention:
        if (self.feed is None) == (self.grade is None):
            msg = "either a feed or a grade"
            raise ValueError(msg)
        return self


class WorkingSpan(Part):
    """A stretch of a working day in which work is done."""

    start: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")

    @property
    def seconds(self) -> tuple[int, int]:
        """Where it begins and ends, in seconds after midnight."""
        start, end = (60 * (60 * int(text[:2]) + int(text[3:])) for text in (self.start, self.end))
        return start, end


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
    comparison: ComparisonTerms = ComparisonTerms()
    spc: SpcTerms = SpcTerms()
    forecast: ForecastTerms = ForecastTerms()
    volume: VolumeTerms = VolumeTerms()
    quality: QualityTerms = QualityTerms()
    working_hours: tuple[WorkingSpan, ...] = Field(
        default=tuple(WorkingSpan.model_validate({"from": start, "to": end}) for start, end in (("08:30", "12:00"), ("13:00", "17:00"))),
        min_length=1,
        description="when work is done on a working day, for deadlines in working hours",
    )
    least_persons: int = Field(default=5, ge=2, description="a figure of fewer persons is withheld, of tables that are personal")
    retention: tuple[Retention, ...] = Field(default=(), description="without a line the bytes of drops are kept for ever")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            msg = "the name of a time zone, such as Asia/Shanghai"
            raise ValueError(msg)
        return value

    @field_validator("working_hours")
    @classmethod
    def _one_after_the_other(cls, value: tuple[WorkingSpan, ...]) -> tuple[WorkingSpan, ...]:
        ends = [moment for span in value for moment in span.seconds]
        if ends != sorted(set(ends)):
            msg = "spans of one day, one after the other"
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

    def retention_days(self, feed: str, grade: int) -> int | None:
        """Return for how many days the bytes of a feed are kept, None for ever: its own line, else that of its grade."""
        by_feed = {line.feed: line.days for line in self.retention if line.feed}
        return by_feed.get(feed) or next((line.days for line in self.retention if line.grade == grade), None)

    def as_of(self, now: datetime) -> datetime:
        """Return the clock that freshness and due times go by: the fixed one, else `now`, in local time."""
        moment = self.clock.fixed if self.clock else now
        return moment.astimezone(self.zone)
