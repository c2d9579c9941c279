"""Reads every feed contract of a city and checks them against its register."""

from __future__ import annotations

from dataclasses import fields

from ibis.common.annotations import ValidationError
from ibis.common.exceptions import IbisError

from data.columns import compiled
from data.contract import Contract
from data.desk.daybook import Line
from data.problems import DefinitionError, Problem
from data.register import Reference
from data.settings import Settings
from data.validation import validate
from data.yamlfile import YamlFile, read_yaml


def load_contracts(settings: Settings, reference: Reference) -> dict[str, Contract]:
    """Return the contracts by feed; raises DefinitionError with every problem of every file."""
    contracts: dict[str, Contract] = {}
    problems: list[Problem] = []
    for path in sorted(settings.feeds_dir.glob("*.yaml")):
        try:
            source = read_yaml(path, settings.city_dir)
            contract = validate(Contract, source)
        except DefinitionError as error:
            problems += error.problems
            continue
        if contract.feed != path.stem:
            problems.append(source.problem(("feed",), repr(contract.feed), f"{path.stem!r}, the name of the file"))
        problems += _check_register(contract, reference, source) + _check_rules(contract, source) + _check_desk(contract, source)
        if contract.source == "desk" and any(other.source == "desk" for other in contracts.values()):
            problems.append(source.problem(("source",), "'desk'", "one feed whose source is the desk"))
        contracts[contract.feed] = contract
    problems += _check_systems(settings, reference) + _check_retention(settings, reference)
    if problems:
        raise DefinitionError(problems)
    return contracts


def _check_systems(settings: Settings, reference: Reference) -> list[Problem]:
    """The register of systems names no feed that the city does not have."""
    feeds = {path.stem for path in settings.feeds_dir.glob("*.yaml")}
    file = f"data/{reference.city.reference.systems}"
    return [
        Problem(file, system.line, "feeds", repr(feed), f"one of {', '.join(sorted(feeds))}")
        for system in reference.systems
        for feed in system.feeds
        if feed not in feeds
    ]


def _check_retention(settings: Settings, reference: Reference) -> list[Problem]:
    """The retention of the city names no feed that it does not have."""
    feeds, source = {path.stem for path in settings.feeds_dir.glob("*.yaml")}, read_yaml(settings.city_file, settings.city_dir)
    return [
        source.problem(("retention", place, "feed"), repr(line.feed), f"one of {', '.join(sorted(feeds))}")
        for place, line in enumerate(reference.city.retention)
        if line.feed and line.feed not in feeds
    ]


def _check_desk(contract: Contract, source: YamlFile) -> list[Problem]:
    """Of a feed that the desk reports: a table of events by the day as CSV, whose columns are what the daybook holds."""
    if contract.source != "desk":
        return []
    problems, known = [], {one.name for one in fields(Line)}
    period = contract.files.period
    tokens = {"{year}", "{month}", "{day}"}
    if contract.files.format != "csv" or not period or period.source != "name" or any(one not in period.patterns[0] for one in tokens):
        wanted = "format csv, and a period from the name by year, month and day"
        problems.append(source.problem(("files",), contract.files.format, wanted))
    if len(contract.tables) != 1 or contract.cadence.every != "day":
        problems.append(source.problem(("tables",), ", ".join(contract.tables), "one table, reported every day"))
    for name, table in contract.tables.items():
        if not table.takes_zero:
            problems.append(source.problem(("tables", name, "kind"), table.kind, "kind events and covers period"))
        for column, what in table.columns.items():
            if what.heading and not what.kind and column not in known:
                problems.append(source.problem(("tables", name, "columns", column), repr(column), f"one of {', '.join(sorted(known))}"))
    return problems


def _check_rules(contract: Contract, source: YamlFile) -> list[Problem]:
    """Compile every rule once, so that unlike things compared are found before any row is read."""
    problems = []
    for table_name, table in contract.tables.items():
        rules: list[tuple[tuple[str | int, ...], str]] = [
            (("checks", place, "rule"), check.rule) for place, check in enumerate(table.checks)
        ]
        rules += [(("outages", place, "when"), outage.when) for place, outage in enumerate(table.outages)]
        rules += [(("columns", name, "derive"), column.derive) for name, column in table.columns.items() if column.derive]
        for where, rule in rules:
            try:
                compiled(rule, table)
            except (IbisError, ValidationError, AttributeError, TypeError):
                wanted = "types that go together: numbers with numbers, texts with texts, dates with dates"
                problems.append(source.problem(("tables", table_name, *where), repr(rule), wanted))
    return problems


def _check_register(contract: Contract, reference: Reference, source: YamlFile) -> list[Problem]:
    kinds = {entity.entity_kind for entity in reference.entities}
    departments = {entity.entity for entity in reference.of_kind("dept")}
    problems = []
    if contract.department not in departments:
        problems.append(source.problem(("department",), repr(contract.department), "a dept of the register"))
    systems = {entity.name_zh for entity in reference.of_kind("system")}
    if reference.systems and contract.system not in systems:
        problems.append(source.problem(("system",), repr(contract.system), "the name of a system of the register"))
    for table_name, table in contract.tables.items():
        for name, column in table.columns.items():
            if column.kind and column.kind not in kinds:
                place = ("tables", table_name, "columns", name, "kind")
                problems.append(source.problem(place, repr(column.kind), f"one of {', '.join(sorted(kinds))}"))
    return problems
