"""Reads a city's reference tables: entities, aliases, working calendar, measures; all checked against each other.

Shapes (CSV, UTF-8, one header row):
entities: entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note
aliases: entity_kind,alias,entity[,valid_from,valid_to]
calendar: date,is_workday,holiday
measures: measure,entity,valid_from,value,source
weights: entity,area,valid_from,weight
systems: system,class,pillar,department,operating_model,named_in,feeds,signs,note
festivals: festival,first,day,last,source
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

from data.annotations import NONE, Annotations, load_annotations
from data.city import City
from data.festivals import Festival, check_festivals, festival_of
from data.problems import CityMissingError, DefinitionError, Problem
from data.settings import Settings
from data.validation import validate
from data.yamlfile import read_yaml

Row = TypeVar("Row")
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that figures are about. `parent` is the next wider entity; `row` and `col` place its map tile."""

    entity_kind: str
    entity: str
    name_zh: str
    name_en: str
    parent: str
    valid_from: date
    valid_to: date | None
    row: int | None
    col: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A further spelling of an entity's name that departments use; with days, only of records of that time (both included)."""

    entity_kind: str
    alias: str
    entity: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the working calendar; `holiday` names the public holiday or the make-up day."""

    date: date
    is_workday: bool
    holiday: str


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """The value of a reference measure from a date on."""

    measure: str
    entity: str
    valid_from: date
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Weight:
    """The share of an entity, such as a police station, that belongs to an area from a date on; an entity's shares sum to 1."""

    entity: str
    area: str
    valid_from: date
    weight: float


@dataclass(frozen=True, slots=True)
class System:
    """A departmental system: what it is, who answers for it, how it is run, and the feeds and signs that it delivers.

    `line` is where it stands in its table, for whoever checks the feeds and signs.
    """

    system: str
    system_class: str
    pillar: str
    department: str
    operating_model: str
    named_in: str
    feeds: tuple[str, ...]
    signs: tuple[str, ...]
    note: str
    line: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A city with its reference tables."""

    city: City
    entities: tuple[Entity, ...]
    aliases: tuple[Alias, ...]
    calendar: tuple[Day, ...]
    measures: tuple[MeasureValue, ...]
    systems: tuple[System, ...] = ()
    weights: tuple[Weight, ...] = ()
    annotations: Annotations = NONE
    festivals: tuple[Festival, ...] = ()

    @property
    def wider(self) -> dict[str, frozenset[str]]:
        """Of each entity itself and everything that it lies in."""
        parents = {entity.entity: entity.parent for entity in self.entities}
        found: dict[str, frozenset[str]] = {}
        for code in parents:
            chain = [code]
            while parents[chain[-1]]:
                chain.append(parents[chain[-1]])
            found[code] = frozenset(chain)
        return found

    @property
    def root(self) -> Entity:
        """The one entity of the widest area kind."""
        return next(entity for entity in self.entities if entity.entity_kind == self.city.areas[0])

    def of_kind(self, kind: str) -> tuple[Entity, ...]:
        """Return the entities of one kind, in the order of the table."""
        return tuple(entity for entity in self.entities if entity.entity_kind == kind)


def load_reference(settings: Settings) -> Reference:
    """Read and check the city; raises CityMissingError, or DefinitionError with every problem."""
    if not settings.city_file.is_file():
        msg = f"no city at {settings.city_dir}: data/city.yaml is missing; `cli.py init DIR` makes an empty one"
        raise CityMissingError(msg)
    source = read_yaml(settings.city_file, settings.city_dir)
    city = validate(City, source)
    problems: list[Problem] = []

    def table(name: str, make: Callable[[dict[str, str]], Row]) -> tuple[tuple[Row, ...], dict[int, int], str]:
        rows, found, file = _read_table(settings, name, make)
        problems.extend(found)
        return tuple(rows.values()), dict(enumerate(rows)), file

    entities, entity_lines, entity_file = table(city.reference.entities, _entity)
    aliases, alias_lines, alias_file = table(city.reference.aliases, _alias)
    calendar, day_lines, calendar_file = table(city.reference.calendar, _day)
    measures, measure_lines, measure_file = table(city.reference.measures, _measure)
    problems += _check_entities(city, entities, entity_lines, entity_file)
    known = {(entity.entity_kind, entity.entity) for entity in entities}
    codes = {code for _, code in known}
    for place, alias in enumerate(aliases):
        if (alias.entity_kind, alias.entity) not in known:
            problems.append(Problem(alias_file, alias_lines[place], "entity", repr(alias.entity), f"a {alias.entity_kind} of the register"))
    for place, value in enumerate(measures):
        if value.entity not in codes:
            problems.append(Problem(measure_file, measure_lines[place], "entity", repr(value.entity), "an entity of the register"))
        if value.measure not in city.measures:
            problems.append(Problem(measure_file, measure_lines[place], "measure", repr(value.measure), "a measure of city.yaml"))
    for place, (before, after) in enumerate(pairwise(calendar), start=1):
        if (after.date - before.date).days != 1:
            problems.append(Problem(calendar_file, day_lines[place], "date", str(after.date), f"the day after {before.date}"))
    systems, system_lines, system_file = table(city.reference.systems, _system) if city.reference.systems else ((), {}, "")
    systems = tuple(replace(system, line=system_lines[place]) for place, system in enumerate(systems))
    problems += _check_systems(systems, known, system_file)
    weights, weight_lines, weight_file = table(city.reference.weights, _weight) if city.reference.weights else ((), {}, "")
    problems += _check_weights(weights, {entity.entity: entity.entity_kind for entity in entities}, weight_lines, weight_file)
    festivals, festival_lines, festival_file = table(city.reference.festivals, festival_of) if city.reference.festivals else ((), {}, "")
    problems += check_festivals(festivals, festival_lines, festival_file)
    annotations, found = load_annotations(settings, city, codes)
    problems += found
    if problems:
        raise DefinitionError(problems)
    return Reference(city, entities, aliases, calendar, measures, systems, weights, annotations, festivals)


def _read_table(settings: Settings, name: str, make: Callable[[dict[str, str]], Row]) -> tuple[dict[int, Row], list[Problem], str]:
    """Read `data/<name>`: rows by line, problems, and the name used in messages."""
    path, file = settings.city_dir / "data" / name, f"data/{name}"
    if not path.is_file():
        return {}, [Problem(file, 1, "file", "nothing", "this reference table")], file
    rows: dict[int, Row] = {}
    problems = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            try:
                rows[reader.line_num] = make({key: (value or "").strip() for key, value in row.items()})
            except (KeyError, ValueError, TypeError) as error:
                problems.append(Problem(file, reader.line_num, "row", str(error), "the columns and forms of this table"))
    return rows, problems, file


def _entity(row: dict[str, str]) -> Entity:
    return Entity(
        row["entity_kind"], row["entity"], row["name_zh"], row["name_en"], row["parent"],
        date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        int(row["row"]) if row["row"] else None, int(row["col"]) if row["col"] else None, row["note"],
    )  # fmt: skip


def _alias(row: dict[str, str]) -> Alias:
    first, last = (date.fromisoformat(row[name]) if row.get(name) else None for name in ("valid_from", "valid_to"))
    return Alias(row["entity_kind"], row["alias"], row["entity"], first, last)


def _day(row: dict[str, str]) -> Day:
    if row["is_workday"] not in {"0", "1"}:
        msg = f"is_workday {row['is_workday']!r}, wanted 0 or 1"
        raise ValueError(msg)
    return Day(date.fromisoformat(row["date"]), row["is_workday"] == "1", row["holiday"])


def _measure(row: dict[str, str]) -> MeasureValue:
    return MeasureValue(row["measure"], row["entity"], date.fromisoformat(row["valid_from"]), float(row["value"]), row["source"])


def _system(row: dict[str, str]) -> System:
    feeds, signs = (tuple(filter(None, row[name].split(";"))) for name in ("feeds", "signs"))
    return System(
        row["system"], row["class"], row["pillar"], row["department"], row["operating_model"], row["named_in"], feeds, signs,
        row["note"], 0,
    )  # fmt: skip


def _weight(row: dict[str, str]) -> Weight:
    return Weight(row["entity"], row["area"], date.fromisoformat(row["valid_from"]), float(row["weight"]))


def _check_weights(weights: tuple[Weight, ...], kinds: dict[str, str], lines: dict[int, int], file: str) -> Iterator[Problem]:
    """An entity is spread over areas of one kind, wholly."""
    shares: dict[tuple[str, date], list[tuple[int, Weight]]] = {}
    for place, one in enumerate(weights):
        for name, code in (("entity", one.entity), ("area", one.area)):
            if code not in kinds:
                yield Problem(file, lines[place], name, repr(code), "an entity of the register")
        if not 0 < one.weight <= 1:
            yield Problem(file, lines[place], "weight", f"{one.weight:g}", "more than 0, at most 1")
        shares.setdefault((one.entity, one.valid_from), []).append((place, one))
    for group in shares.values():
        line, total = lines[group[0][0]], sum(one.weight for _, one in group)
        if abs(total - 1) > _EXACT:
            yield Problem(file, line, "weight", f"shares of {group[0][1].entity} that sum to {total:g}", "shares that sum to 1")
        if len({kinds.get(one.area) for _, one in group}) > 1:
            yield Problem(file, line, "area", "areas of several kinds", "areas of one kind")


def _check_systems(systems: tuple[System, ...], known: set[tuple[str, str]], file: str) -> Iterator[Problem]:
    """Each system of the register has one row, with a department and something that it delivers."""
    told = Counter(system.system for system in systems)
    for one in systems:
        if ("system", one.system) not in known:
            yield Problem(file, one.line, "system", repr(one.system), "a system of the register")
        if told[one.system] > 1:
            yield Problem(file, one.line, "system", f"{one.system!r} twice", "each system once")
        if ("dept", one.department) not in known:
            yield Problem(file, one.line, "department", repr(one.department), "a dept of the register")
        if not one.feeds + one.signs:
            yield Problem(file, one.line, "feeds", "neither a feed nor a sign", "at least one that it delivers")
    if file:
        for _, system in sorted(one for one in known if one[0] == "system" and one[1] not in told):
            yield Problem(file, 1, "system", f"no row of {system!r}", "a row for every system of the register")


def _check_entities(city: City, entities: tuple[Entity, ...], lines: dict[int, int], file: str) -> Iterator[Problem]:
    """Codes are unique, parents exist and are of the next wider kind, one root."""
    kinds = {entity.entity: entity.entity_kind for entity in entities}
    roots = [entity for entity in entities if entity.entity_kind == city.areas[0]]
    if len(roots) != 1:
        yield Problem(file, 1, "entity_kind", f"{len(roots)} of kind {city.areas[0]}", "exactly one")
    wider = dict(zip(city.areas[1:], city.areas, strict=False))
    seen: set[str] = set()
    for place, entity in enumerate(entities):
        if entity.entity in seen:
            yield Problem(file, lines[place], "entity", f"{entity.entity!r} again", "each code once")
        seen.add(entity.entity)
        if entity.valid_to and entity.valid_to < entity.valid_from:
            yield Problem(file, lines[place], "valid_to", str(entity.valid_to), f"no day before {entity.valid_from}")
        if entity.parent and entity.parent not in kinds:
            yield Problem(file, lines[place], "parent", repr(entity.parent), "an entity of the register")
        elif entity.entity_kind in wider and kinds.get(entity.parent) != wider[entity.entity_kind]:
            yield Problem(file, lines[place], "parent", repr(entity.parent), f"a {wider[entity.entity_kind]}")
