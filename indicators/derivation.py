"""Computes indicators over other indicators' values of the same entity and period, a year before, or the year so far."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pyarrow as pa

from data import periods
from indicators.definition import Catalogue, Definition
from indicators.filling import elapsed, formula_query, value_of
from indicators.formula import Atom
from indicators.spans import Computed, interval

_ANY = datetime(1900, 1, 1)


def compute_derived(
    con: duckdb.DuckDBPyConnection, catalogue: Catalogue, one: Definition, inputs: list[Computed], *, renewed: bool
) -> list[Computed]:
    """Compute an indicator over other indicators, where `inputs` of them were computed anew, or everything if it is `renewed`.

    It has a figure where every input has a cell at the period, or (`latest`) one that still holds. Without a value a year
    before there is none, and the cell says so: `no_base`, or `base_zero`; nor is there one of a year so far of which an earlier
    period is missing (`year_incomplete`).
    """
    carried = {"entity_kind": "string", "entity": "string", "start": "timestamp", "coverage": "float64", "reason": "string"}
    query = formula_query(one.formula, carried)
    kinds = ", ".join(f"'{kind}'" for kind in one.spec.grain)
    held = {atom.source for atom in one.formula.atoms if atom.how == "latest"}
    computed = []
    for grain in one.grains:
        touched = [periods.floor(made.since, grain) for made in inputs if made.grain == grain or made.indicator in held]
        since = min(touched) if touched and not renewed else _ANY
        con.execute("DELETE FROM cells WHERE indicator = ? AND grain = ? AND start >= ?", [one.name, grain, since])
        _map_years(con, grain, since)
        picked = [_picked(catalogue, atom, grain) for atom in one.formula.atoms if atom.kind == "input"]
        plain = sorted({atom.source for atom in one.formula.atoms if atom.kind == "input" and atom.how != "latest"} or held)
        sources = ", ".join(f"'{source}'" for source in plain)
        joins = " ".join(f"LEFT JOIN ({sql}) {name} USING (entity_kind, entity, start)" for name, _, sql in picked)
        columns = "".join(f", {name}.value AS {name}" for name, _, _ in picked)
        columns += "".join(f", {elapsed('s.finish')} AS {atom.name}" for atom in one.formula.atoms if atom.kind == "elapsed")
        present = " AND ".join([f"{name}.entity IS NOT NULL" for name, how, _ in picked if how == "latest"] or ["true"])
        bases = [name for name, how, _ in picked if how == "year_before"]
        reasons = "".join(f" WHEN {name}.value IS NULL THEN 'no_base' WHEN {name}.value = 0 THEN 'base_zero'" for name in bases)
        reasons += "".join(f" WHEN NOT {name}.is_whole THEN 'year_incomplete'" for name, how, _ in picked if how == "year_to_date")
        reason = f"CASE{reasons} END" if reasons else "NULL::VARCHAR"
        covers = ", ".join(["s.coverage", *(f"{name}.coverage" for name, how, _ in picked if how != "latest")])
        con.execute(f"""
            INSERT INTO cells BY NAME WITH spine AS (
              SELECT entity_kind, entity, start, start + {interval(grain)} AS finish, min(coverage) AS coverage FROM cells
              WHERE indicator IN ({sources}) AND grain = '{grain}' AND start >= $since AND entity_kind IN ({kinds}) GROUP BY ALL
              HAVING count(DISTINCT indicator) = {len(plain)}),
            filled AS (
              SELECT s.entity_kind, s.entity, s.start, least({covers}) AS coverage, {reason} AS reason{columns}
              FROM spine s {joins} WHERE {present})
            SELECT '{one.name}' AS indicator, entity_kind, entity, '{grain}' AS grain, start, steady(numerator) AS numerator,
                   steady(denominator) AS denominator, n, steady({value_of(one)}) AS value, coverage, reason,
                   {one.spec.version} AS definition_version
            FROM ({query}) f""", {"since": since})  # fmt: skip
        computed.append(Computed(one.name, grain, since))
    return computed


def _map_years(con: duckdb.DuckDBPyConnection, grain: str, since: datetime) -> None:
    """Make `years`: each period that has a cell, the same one of last year, and the first of its own year (week: ISO year)."""
    found = con.execute("SELECT DISTINCT start FROM cells WHERE grain = ? AND start >= ?", [grain, since]).fetchall()
    starts = [start for (start,) in found]
    columns = {
        "start": starts,
        "before": [periods.year_before(start, grain) for start in starts],
        "first": [periods.first_of_year(start, grain) for start in starts],
    }
    con.register("mapped", pa.table({name: pa.array(moments, pa.timestamp("us")) for name, moments in columns.items()}))
    con.execute("CREATE OR REPLACE TEMP TABLE years AS SELECT * FROM mapped")
    con.unregister("mapped")


def _picked(catalogue: Catalogue, atom: Atom, grain: str) -> tuple[str, str, str]:
    """Return the name of an atom, how it is taken, and SQL of entity_kind, entity, start, value and coverage."""
    cells = f"(SELECT * FROM cells WHERE indicator = '{atom.source}' AND grain = '{grain}')"
    source = catalogue.definitions[atom.source]
    match atom.how:
        case "year_before":
            sql = f"SELECT c.* REPLACE (y.start AS start) FROM {cells} c JOIN years y ON y.before = c.start"
        case "year_to_date":
            # What an entity owes begins with the entity: of a street that is new in June no January is missing.
            sql = f"""
                SELECT f.entity_kind, f.entity, f.start, known = owed AS is_whole, CASE WHEN is_whole THEN {value_of(source)} END AS value,
                       f.coverage FROM (
                  SELECT c.entity_kind, c.entity, y.start, sum(c.numerator) AS numerator, sum(c.denominator) AS denominator,
                         min(c.coverage) AS coverage, count(c.numerator) AS known,
                         date_diff('{grain}', greatest(y.first, date_trunc('{grain}', l.first::TIMESTAMP)), y.start) + 1 AS owed
                  FROM {cells} c JOIN years y ON c.start BETWEEN y.first AND y.start
                  JOIN (SELECT entity, min(first) AS first FROM rollup GROUP BY entity) l USING (entity) GROUP BY ALL) f"""
        case "latest":
            finest = source.spec.cadence
            sql = f"""
                SELECT c.entity_kind, c.entity, p.start, c.value, c.coverage FROM (
                  SELECT DISTINCT entity_kind, entity, y.start, y.start + {interval(grain)} AS finish
                  FROM cells CROSS JOIN years y WHERE indicator = '{atom.source}') p
                ASOF JOIN (
                  SELECT *, start + {interval(finest)} AS finish FROM cells
                  WHERE indicator = '{atom.source}' AND grain = '{finest}' AND value IS NOT NULL) c
                ON p.entity_kind = c.entity_kind AND p.entity = c.entity AND p.finish >= c.finish
                WHERE c.finish > p.finish - INTERVAL {source.holds_for} DAY"""
        case _:
            sql = f"SELECT * FROM {cells}"
    return atom.name, atom.how, sql
