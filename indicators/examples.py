"""Runs the examples of definitions: each is taken through the same compiling and computing as a city's records.

Nothing is written: every example has an empty warehouse in memory to itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import duckdb
import numpy as np

from data import periods, warehouse
from data.problems import DefinitionError, Problem
from data.settings import Settings
from data.yamlfile import Place, YamlFile, read_yaml
from indicators.attributes import TIMES, TOLD, Example
from indicators.cells import CELLS, Cells
from indicators.definition import Catalogue, Definition
from indicators.directory import City
from indicators.judgement import half_up

Fault = tuple[str, Place, str, str]  # indicator, place within it, found, wanted
NOTHING = "no value"


def prove(settings: Settings, city: City) -> int:
    """Run every example and return how many there are; raises DefinitionError with all that do not hold."""
    faults: list[Fault] = []
    count = 0
    with warehouse.in_memory(city.reference, city.contracts) as con:
        con.execute(CELLS)
        con.execute('CREATE TEMP TABLE newly_covered (feed VARCHAR, "table" VARCHAR, day DATE)')
        for one in city.catalogue.definitions.values():
            for number, example in enumerate(one.spec.example):
                count += 1
                faults += [
                    (one.name, ("example", number, *place), found, wanted) for place, found, wanted in _faults(con, city, one, example)
                ]
    if faults:
        raise DefinitionError(_problems(settings, faults))
    return count


def _faults(con: duckdb.DuckDBPyConnection, city: City, one: Definition, example: Example) -> Iterator[tuple[Place, str, str]]:
    """Yield (place, found, wanted) for what is wrong with an example, or with its definition."""
    unknown = list(_unknown(city, one, example))
    if unknown:
        yield from unknown
        return
    con.begin()
    try:
        _lay(con, city, one, example)
        found = _figure(con, city, one, example)
    except duckdb.ConversionException as error:
        yield ("rows",), str(error).splitlines()[0], "values that the columns can hold"
        return
    finally:
        con.rollback()
    for name, wanted in example.told.items():
        if not _same(found[name], wanted, one.spec.precision if name == "value" else None):
            yield (name,), _shown(found[name]), _shown(wanted)


def _unknown(city: City, one: Definition, example: Example) -> Iterator[tuple[Place, str, str]]:
    """Yield what an example names though its definition does not know it, or the other way round."""
    grain, _ = periods.read(example.period)
    if grain not in one.grains:
        yield ("period",), repr(example.period), f"one of {', '.join(one.grains)}"
    feed, table = one.spec.feed_table
    columns = city.contracts[feed].tables[table].columns if feed else {}
    known = ", ".join(columns) or "nothing"
    for place, row in enumerate(example.rows):
        yield from ((("rows", place, name), repr(name), f"one of {known}") for name in row if name not in {*columns, TIMES})
    yield from _each("inputs", set(example.inputs), set(one.inputs))
    per = {one.spec.per.split()[1]} if one.spec.per else set()
    yield from _each("measures", set(example.measures), per | one.formula.measures)


def _each(key: str, said: set[str], wanted: set[str]) -> Iterator[tuple[Place, str, str]]:
    if said != wanted:
        yield (key,), ", ".join(sorted(said)) or "nothing", ", ".join(sorted(wanted)) or "nothing"


def _lay(con: duckdb.DuckDBPyConnection, city: City, one: Definition, example: Example) -> None:
    """Put the records, inputs and measures of an example where a refresh would find its own."""
    grain, start = periods.read(example.period)
    root, end = city.reference.root, periods.step(start, grain)
    for name, said in example.inputs.items():
        for period, value in (said if isinstance(said, dict) else {example.period: said}).items():
            of, at = periods.read(period)
            con.execute(
                "INSERT INTO cells (indicator, entity_kind, entity, grain, start, numerator, value, coverage) SELECT ?, ?, ?, ?, ?, v, v, 1"
                " FROM (SELECT ?::DOUBLE AS v)",
                [name, root.entity_kind, root.entity, of, at, value],
            )
    for name, value in example.measures.items():
        # Of every entity, since a formula may ask for that of the one that a record lies in.
        con.execute("DELETE FROM measures WHERE measure = ?", [name])
        con.execute("INSERT INTO measures SELECT DISTINCT ?, entity, DATE '1900-01-01', ?::DOUBLE FROM rollup", [name, value])
    feed, table = one.spec.feed_table
    if not feed:
        return
    first = start
    for row in example.rows:
        told = dict.fromkeys(one.spec.by[:1], start) | {name: value for name, value in row.items() if name != TIMES}
        names, slots = ", ".join(f'"{name}"' for name in told), ", ".join("?" for _ in told)
        con.execute(
            f"INSERT INTO {warehouse.kept_name(feed, table)} ({names}) SELECT {slots} FROM range(?)", [*told.values(), row.get(TIMES, 1)]
        )
    if one.spec.by and example.rows:
        moments = ", ".join(f'min("{axis}")::TIMESTAMP' for axis in one.spec.by)
        earliest: datetime = con.execute(f"SELECT least({moments}) FROM {warehouse.kept_name(feed, table)}").fetchall()[0][0]
        first = min(first, periods.floor(earliest, grain))
    con.execute("INSERT INTO coverage VALUES (?, ?, 'example', ?, ?, ?, [])", [feed, table, first, end, len(example.rows)])


def _figure(con: duckdb.DuckDBPyConnection, city: City, one: Definition, example: Example) -> dict[str, float | None]:
    """Compute the one figure that an example speaks of."""
    grain, start = periods.read(example.period)
    root = city.reference.root
    alone = replace(one, grains=(grain,), spec=one.spec.model_copy(update={"grain": (root.entity_kind,)}))
    feed, table = one.spec.feed_table
    contracts = {feed: city.contracts[feed].model_copy(update={"tables": {table: city.contracts[feed].tables[table]}})} if feed else {}
    inputs = {name: city.catalogue.definitions[name] for name in one.inputs}
    Cells(con, city.reference, contracts, Catalogue(inputs | {one.name: alone})).compute({one.name})
    rows = con.execute(
        f"SELECT {', '.join(TOLD)} FROM cells WHERE indicator = ? AND entity = ? AND grain = ? AND start = ?",
        [one.name, root.entity, grain, start],
    ).fetchall()
    return dict(zip(TOLD, rows[0] if rows else (None,) * len(TOLD), strict=True))


def _same(found: float | None, wanted: float | None, precision: int | None) -> bool:
    """Whether two figures agree; values at the decimals that people see."""
    if found is None or wanted is None:
        return found is wanted
    if precision is None:
        return math.isclose(found, wanted, rel_tol=1e-9)
    shown = half_up(np.array([found, wanted]), precision)
    return bool(shown[0] == shown[1])


def _shown(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.12g}"


def _problems(settings: Settings, faults: list[Fault]) -> Iterator[Problem]:
    """Find the lines again that faults speak of."""
    places: dict[str, tuple[YamlFile, int]] = {}
    for path in settings.catalogue_dir.glob("*.yaml"):
        source = read_yaml(path, settings.city_dir)
        places |= {spec["indicator"]: (source, place) for place, spec in enumerate(source.content["indicators"])}
    for name, where, found, wanted in faults:
        source, place = places[name]
        alone = isinstance(source.content["indicators"][place]["example"], dict)
        inside = ("example", *where[2:]) if alone else where
        yield source.problem(("indicators", place, *inside), found, wanted)
