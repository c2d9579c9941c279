"""Computes indicators over other indicators' values of the same entity and period."""

from __future__ import annotations

from datetime import datetime

import duckdb
import ibis

from data.expression import compile_node
from indicators.definition import Definition
from indicators.spans import Computed


def compute_derived(con: duckdb.DuckDBPyConnection, one: Definition, inputs: list[Computed], *, renewed: bool) -> list[Computed]:
    """Compute an indicator over other indicators' values of the same entity and period."""
    columns = {atom.name: atom.source for atom in one.formula.atoms}
    schema = dict.fromkeys(columns, "float64") | {
        "entity_kind": "string",
        "entity": "string",
        "start": "timestamp",
        "coverage": "float64",
    }
    wide = ibis.table(schema, name="wide")
    bound = {name: wide[name] for name in columns}
    denominator = compile_node(one.formula.denominator, bound) if one.formula.denominator is not None else ibis.null("float64")
    query = ibis.to_sql(
        wide.select(
            "entity_kind", "entity", "start", "coverage", numerator=compile_node(one.formula.numerator, bound), denominator=denominator
        ),
        dialect="duckdb",
    )
    scale = "* 100" if one.formula.is_ratio and one.spec.unit == "%" else ""
    value = f"numerator / nullif(denominator, 0) {scale}" if one.formula.denominator is not None else "numerator"
    kinds = ", ".join(f"'{kind}'" for kind in one.spec.grain)
    computed = []
    for grain in one.grains:
        touched = [made.since for made in inputs if made.grain == grain]
        since = min(touched) if touched and not renewed else datetime(1900, 1, 1)
        picks = ", ".join(f"max(value) FILTER (WHERE indicator = '{source}') AS {name}" for name, source in columns.items())
        sources = ", ".join(f"'{source}'" for source in columns.values())
        con.execute("DELETE FROM cells WHERE indicator = ? AND grain = ? AND start >= ?", [one.name, grain, since])
        con.execute(f"""
            INSERT INTO cells BY NAME WITH wide AS (
              SELECT entity_kind, entity, start, min(coverage) AS coverage, {picks} FROM cells
              WHERE indicator IN ({sources}) AND grain = '{grain}' AND start >= $since AND entity_kind IN ({kinds}) GROUP BY ALL
              HAVING count(DISTINCT indicator) = {len(set(columns.values()))})
            SELECT '{one.name}' AS indicator, entity_kind, entity, '{grain}' AS grain, start, steady(numerator) AS numerator,
                   steady(denominator) AS denominator, coalesce(denominator, numerator) AS n, steady({value}) AS value, coverage,
                   {one.spec.version} AS definition_version
            FROM ({query})""", {"since": since})  # fmt: skip
        computed.append(Computed(one.name, grain, since))
    return computed
