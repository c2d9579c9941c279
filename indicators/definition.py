"""The grammar of an indicator definition: what a sign is, how it is judged, who answers for it.

This half only reads and validates `indicators/catalogue/*.yaml`; computing belongs to `cells`, `signs` and below.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from data.annotations import unknown_indicators
from data.contract import Contract, Table
from data.expression import ExpressionError
from data.grammar import Label, Name, Part
from data.periods import GRAINS
from data.problems import DefinitionError, Problem
from data.register import Reference
from data.settings import Settings
from data.validation import validate
from data.yamlfile import YamlFile, read_yaml
from indicators.aggregates import check_types
from indicators.attributes import Credibility, Example, Goalposts
from indicators.bases import Comparison
from indicators.calculation import Spc
from indicators.formula import Formula, parse_formula

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


class Window(Part):
    """A day's figure of these kinds speaks of the last `days` days, since one day alone is too small."""

    days: int = Field(ge=2, le=92)
    kinds: tuple[str, ...] = Field(min_length=1)


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
    by: str = ""
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

    @field_validator("example", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, dict) else value

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

    @property
    def name(self) -> str:
        """The indicator's id."""
        return self.spec.indicator


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


def load_catalogue(settings: Settings, reference: Reference, contracts: Mapping[str, Contract]) -> Catalogue:
    """Read and check every definition; raises DefinitionError with every problem of every file."""
    problems: list[Problem] = []
    found: list[tuple[YamlFile, int, str, Indicator]] = []
    for path in sorted(settings.catalogue_dir.glob("*.yaml")):
        try:
            source = read_yaml(path, settings.city_dir)
            file = validate(CatalogueFile, source)
        except DefinitionError as error:
            problems += error.problems
            continue
        if file.domain not in {domain.domain for domain in reference.city.domains}:
            problems.append(source.problem(("domain",), repr(file.domain), "a domain of city.yaml"))
        found += [(source, place, file.domain, spec) for place, spec in enumerate(file.indicators)]
    names = [spec.indicator for _, _, _, spec in found]
    definitions: dict[str, Definition] = {}
    for source, place, domain, spec in found:
        if names.count(spec.indicator) > 1:
            problems.append(source.problem(("indicators", place, "indicator"), f"{spec.indicator!r} twice", "each id once"))
        wrong = _check(spec, reference, contracts)
        problems += [source.problem(("indicators", place, where), shown, wanted) for where, shown, wanted in wrong]
        if not wrong:
            try:
                table = _table(spec, contracts)
                formula = parse_formula(spec.formula, table, frozenset(names), spec.unit)
                if table:
                    check_types(formula, table)
                if spec.comparison.needs_sums and any(atom.kind != "sum" for atom in formula.atoms):
                    wanted = "counts and sums, which add up over the year"
                    problems.append(source.problem(("indicators", place, "comparison"), repr(spec.formula), wanted))
            except ExpressionError as error:
                problems.append(source.problem(("indicators", place, "formula"), repr(spec.formula), str(error)))
                continue
            definitions[spec.indicator] = Definition(spec, domain, formula, tuple(sorted(formula.inputs)), spec.grains)
    problems += _check_cycles(found, definitions) + _check_systems(reference, names)
    problems += unknown_indicators(settings, reference.city, reference.annotations, names)
    if problems:
        raise DefinitionError(problems)
    return Catalogue(_ordered(definitions))


def _table(spec: Indicator, contracts: Mapping[str, Contract]) -> Table | None:
    feed, table = spec.feed_table
    return contracts[feed].tables[table] if feed else None


def _check(spec: Indicator, reference: Reference, contracts: Mapping[str, Contract]) -> list[tuple[str, str, str]]:
    """Return (key, found, wanted) for each thing that the rest of the city does not know."""
    wrong = []
    feed, table = spec.feed_table
    if feed and (feed not in contracts or table not in contracts[feed].tables):
        known = [f"{name}.{one}" for name, contract in contracts.items() for one in contract.tables]
        return [("table", repr(spec.table), f"one of {', '.join(known)}")]
    kinds = {entity.entity_kind for entity in reference.entities}
    wrong += [("grain", repr(kind), f"one of {', '.join(sorted(kinds))}") for kind in spec.grain if kind not in kinds]
    if spec.per and spec.per.split()[1] not in reference.city.measures:
        wrong.append(("per", repr(spec.per), f"one of {', '.join(reference.city.measures)}"))
    if feed and not spec.formula.lstrip().startswith("backlog"):
        columns = contracts[feed].tables[table].columns
        if spec.by not in columns or columns[spec.by].type not in {"date", "timestamp"}:
            wrong.append(("by", repr(spec.by), "a date or timestamp column of the table"))
    return wrong


def _check_systems(reference: Reference, names: list[str]) -> list[Problem]:
    """The register of systems names no sign that the city does not have."""
    file = f"data/{reference.city.reference.systems}"
    return [
        Problem(file, system.line, "signs", repr(sign), "an indicator of the catalogue")
        for system in reference.systems
        for sign in system.signs
        if sign not in names
    ]


def _check_cycles(found: list[tuple[YamlFile, int, str, Indicator]], definitions: dict[str, Definition]) -> list[Problem]:
    def reaches(name: str, goal: str, seen: frozenset[str]) -> bool:
        inputs = definitions[name].inputs if name in definitions else ()
        return any(one == goal or (one not in seen and reaches(one, goal, seen | {one})) for one in inputs)

    return [
        source.problem(("indicators", place, "formula"), repr(spec.formula), "a formula that does not rest on itself")
        for source, place, _, spec in found
        if reaches(spec.indicator, spec.indicator, frozenset())
    ]


def _ordered(definitions: dict[str, Definition]) -> dict[str, Definition]:
    """Inputs first, otherwise the order of the files."""
    done: dict[str, Definition] = {}

    def visit(name: str) -> None:
        if name not in done:
            for one in definitions[name].inputs:
                visit(one)
            done[name] = definitions[name]

    for name in definitions:
        visit(name)
    return done


def digest_of(spec: Indicator) -> str:
    """Return a short hash of one definition, so that a change is seen even where the version was not raised."""
    return hashlib.sha256(json.dumps(spec.model_dump(mode="json", exclude=WORDING), sort_keys=True).encode()).hexdigest()[:12]
