"""Reads the catalogue of a city and checks each definition against its register, its contracts and the other definitions."""

from __future__ import annotations

from collections.abc import Mapping

from data.annotations import unknown_indicators
from data.contract import Contract, Table
from data.expression import ExpressionError
from data.places import Places
from data.problems import DefinitionError, Problem
from data.register import Reference
from data.settings import Settings
from data.validation import validate
from data.yamlfile import YamlFile, read_yaml
from indicators.aggregates import check_types
from indicators.definition import Catalogue, CatalogueFile, Definition, Indicator
from indicators.formula import parse_formula
from indicators.persons import persons_in
from indicators.placing import leaf_of

Found = tuple[YamlFile, int, str, Indicator]  # file, place in it, domain, what it says


def load_catalogue(settings: Settings, reference: Reference, contracts: Mapping[str, Contract]) -> Catalogue:
    """Read and check every definition; raises DefinitionError with every problem of every file."""
    problems: list[Problem] = []
    found: list[Found] = []
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
    places = Places(reference)
    for source, place, domain, spec in found:
        if names.count(spec.indicator) > 1:
            problems.append(source.problem(("indicators", place, "indicator"), f"{spec.indicator!r} twice", "each id once"))
        wrong = _check(spec, reference, places, contracts)
        problems += [source.problem(("indicators", place, where), shown, wanted) for where, shown, wanted in wrong]
        if not wrong:
            try:
                table = _table(spec, contracts)
                formula = parse_formula(spec.formula, table, frozenset(names), spec.unit, list(reference.city.measures))
                if table:
                    check_types(formula, table)
                if spec.comparison.needs_sums and any(atom.kind != "sum" for atom in formula.atoms):
                    wanted = "counts and sums, which add up over the year"
                    problems.append(source.problem(("indicators", place, "comparison"), repr(spec.formula), wanted))
            except ExpressionError as error:
                problems.append(source.problem(("indicators", place, "formula"), repr(spec.formula), str(error)))
                continue
            holds_for = table.valid_for if table else 0
            definitions[spec.indicator] = Definition(spec, domain, formula, tuple(sorted(formula.inputs)), spec.grains, holds_for,
                                                     persons_in(formula, table))  # fmt: skip
    problems += _check_cycles(found, definitions) + _check_inputs(found, definitions) + _check_systems(reference, names)
    problems += unknown_indicators(settings, reference.city, reference.annotations, names)
    if problems:
        raise DefinitionError(problems)
    return Catalogue(_ordered(definitions))


def _table(spec: Indicator, contracts: Mapping[str, Contract]) -> Table | None:
    feed, table = spec.feed_table
    return contracts[feed].tables[table] if feed else None


def _check(spec: Indicator, reference: Reference, places: Places, contracts: Mapping[str, Contract]) -> list[tuple[str, str, str]]:
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
    if feed:
        wrong += _check_table(spec, contracts[feed].tables[table], reference, places)
    return wrong


def _check_table(spec: Indicator, table: Table, reference: Reference, places: Places) -> list[tuple[str, str, str]]:
    """Return (key, found, wanted) for each axis and entity kind that the records of the table do not have."""
    wrong = []
    if not spec.formula.lstrip().startswith("backlog"):
        moments = [name for name, column in table.columns.items() if column.type in {"date", "timestamp"}]
        wrong += [("by", repr(axis), "a date or timestamp column of the table") for axis in spec.by or ("",) if axis not in moments]
    if len(spec.by) > 1 and ("latest(" in spec.formula or "published(" in spec.formula):
        wrong.append(("by", repr(", ".join(spec.by)), "one time axis, since a state holds from one moment on"))
    known = {entity.entity_kind for entity in reference.entities}
    for kind in spec.grain:
        if kind in known and leaf_of(table, kind, places, reference.city.areas) is None:
            wrong.append(("grain", repr(kind), "a kind of entity that the rows of the table name or lie in"))
    return wrong


def _check_inputs(found: list[Found], definitions: dict[str, Definition]) -> list[Problem]:
    """A sign is taken at its last value only where one holds, and summed over the year only where it adds up."""
    problems = []
    for source, place, _, spec in found:
        one = definitions.get(spec.indicator)
        for atom in one.formula.atoms if one else ():
            of, wanted = definitions.get(atom.source), ""
            if of and atom.how == "latest" and not of.holds_for:
                wanted = f"latest of a sign whose table says valid_for, not {atom.source}"
            if of and atom.how == "year_to_date" and any(part.kind != "sum" for part in of.formula.atoms):
                wanted = f"year_to_date of a sign made of sums and counts over a table, not {atom.source}"
            problems += [source.problem(("indicators", place, "formula"), repr(spec.formula), wanted)] if wanted else []
    return problems


def _check_systems(reference: Reference, names: list[str]) -> list[Problem]:
    """The register of systems names no sign that the city does not have."""
    file = f"data/{reference.city.reference.systems}"
    return [
        Problem(file, system.line, "signs", repr(sign), "an indicator of the catalogue")
        for system in reference.systems
        for sign in system.signs
        if sign not in names
    ]


def _check_cycles(found: list[Found], definitions: dict[str, Definition]) -> list[Problem]:
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
