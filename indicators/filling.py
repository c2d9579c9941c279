"""Lays the atoms of a definition on its entities and periods and applies the formula: the cells of one grain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import ibis

from data.contract import Table
from data.expression import compile_node
from indicators.comparison import RATE_UNITS
from indicators.covering import UNHEARD, cover
from indicators.definition import Definition
from indicators.formula import Atom, Formula
from indicators.spans import ALIVE, entities_of

_NO_UNITS = "SELECT NULL::VARCHAR AS entity, NULL::TIMESTAMP AS start, 0 AS units WHERE false"


def fill(con: duckdb.DuckDBPyConnection, one: Definition, table: Table, grain: str, areas: Sequence[str], each: str) -> None:
    """Replace the cells of the periods in `targets` by what the table `atoms` holds of them; `each` as in the cadence."""
    formula, spec = one.formula, one.spec
    feed = spec.feed_table[0]
    kinds, wide = _listed(spec.grain), _listed(areas)
    begin = f"CASE WHEN s.entity_kind IN ({_listed(spec.window.kinds)}) THEN s.start - {one.reach(grain)} ELSE s.start END" if (
        spec.window and one.reach(grain)) else "s.start"  # fmt: skip
    atoms = ", ".join(f"{_filled(atom, formula, table, begin)} AS {atom.name}" for atom in formula.atoms)
    query = formula_query(formula, {"entity_kind": "string", "entity": "string", "is_unassigned": "boolean", "start": "timestamp",
                                    "coverage": "float64"})  # fmt: skip
    con.execute("DELETE FROM cells WHERE indicator = ? AND grain = ? AND start IN (SELECT start FROM targets)", [one.name, grain])
    con.execute(f"""
        INSERT INTO cells BY NAME WITH
        spine AS (
          SELECT u.entity_kind, u.entity, u.is_unassigned, t.start, t.finish FROM {entities_of(kinds)} u JOIN targets t ON {ALIVE}),
        cover AS ({cover(*spec.feed_table, each)}),
        units AS ({_units(table) if any(atom.kind == "expected" for atom in formula.atoms) else _NO_UNITS}),
        filled AS (
          SELECT s.entity_kind, s.entity, s.is_unassigned, s.start, c.covered AS coverage, {atoms}
          FROM spine s JOIN cover c USING (entity, start) LEFT JOIN units k USING (entity, start)
          LEFT JOIN atoms a USING (entity_kind, entity, start))
        SELECT '{one.name}' AS indicator, entity_kind, entity, '{grain}' AS grain, start, steady(numerator) AS numerator,
               steady(denominator) AS denominator, n, steady({value_of(one)}) AS value, coverage, {spec.version} AS definition_version,
               CASE WHEN coverage = 0 THEN '{UNHEARD}:{feed}' END AS reason
        FROM ({query}) f
        WHERE NOT (is_unassigned AND (n IS NULL OR (n = 0 AND entity_kind NOT IN ({wide}))))""")


def formula_query(formula: Formula, carried: Mapping[str, str]) -> str:
    """Return SQL of the columns carried (with their types) from `filled`, and numerator, denominator and n."""
    filled = ibis.table({atom.name: "float64" for atom in formula.atoms} | dict(carried), name="filled")
    bound = {atom.name: filled[atom.name] for atom in formula.atoms}
    below = compile_node(formula.denominator, bound) if formula.denominator is not None else ibis.null("float64")
    selected = filled.select(
        *carried, numerator=compile_node(formula.numerator, bound), denominator=below, n=compile_node(formula.n, bound)
    )
    return str(ibis.to_sql(selected, dialect="duckdb"))


def value_of(one: Definition) -> str:
    """Return the SQL of a value over numerator and denominator of row `f`; a ratio in % or 百分点 is shown times 100."""
    value = "numerator / nullif(denominator, 0)" if one.formula.denominator is not None else "numerator"
    scale = " * 100" if one.formula.is_ratio and one.spec.unit in RATE_UNITS else ""
    return f"{value}{scale}{_per(*one.spec.per.split()) if one.spec.per else ''}"


def _listed(kinds: Sequence[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


def _filled(atom: Atom, formula: Formula, table: Table, begin: str) -> str:
    """Return the SQL of an atom on the spine: of events that did not happen there are none, of readings nothing is known.

    `begin` is where the time begins of which the period speaks, that of its window.
    """
    if atom.kind == "expected":
        return f"(date_diff('{table.every or 'day'}', {begin}, s.finish) * coalesce(k.units, 0))::DOUBLE"
    if atom.kind == "elapsed":
        return elapsed("s.finish")
    if table.kind == "events" and (atom.unit == "count" or formula.is_count):
        return f"CASE WHEN c.covered > 0 THEN coalesce(a.{atom.name}, 0) ELSE a.{atom.name} END::DOUBLE"
    if table.kind == "events" and atom.kind == "sum":  # no row is zero; rows whose values are all missing are not
        return f"CASE WHEN c.covered > 0 AND a.entity IS NULL THEN 0 ELSE a.{atom.name} END::DOUBLE"
    return f"a.{atom.name}::DOUBLE"


def elapsed(finish: str) -> str:
    """Return the SQL of the share of its year that has elapsed at the end of a period, by days."""
    year = f"date_trunc('year', {finish} - INTERVAL 1 MICROSECOND)"
    return f"(epoch({finish} - {year}) / epoch({year} + INTERVAL 1 YEAR - {year}))::DOUBLE"


def _per(count: str, measure: str) -> str:
    """Return SQL that divides by a reference measure of the entity, in force at the start of the period."""
    return (
        f" * {count} / nullif((SELECT m.value FROM measures m WHERE m.measure = '{measure}' AND m.entity = f.entity"
        " AND m.valid_from <= f.start ORDER BY m.valid_from DESC LIMIT 1), 0)"
    )


def _units(table: Table) -> str:
    """Return SQL of entity, start and the number of reporting units below it then (stations, say), for expected readings."""
    if not table.area:
        return "SELECT DISTINCT u.entity, t.start, 1 AS units FROM rollup u CROSS JOIN targets t"
    kind = table.columns[table.area[0]].kind
    return (
        "SELECT u.entity, t.start, count(DISTINCT u.leaf) AS units FROM rollup u"
        " JOIN targets t ON t.start::DATE <= u.leaf_to AND t.finish > u.leaf_from"
        f" WHERE u.leaf IN (SELECT entity FROM rollup WHERE entity_kind = '{kind}' AND NOT is_unassigned) GROUP BY u.entity, t.start"
    )
