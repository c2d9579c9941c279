"""Counts what is open at the end of each period: opened before it, and not closed before it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb
import ibis

from data.contract import Table
from data.expression import compile_node
from data.warehouse import current_name
from indicators.aggregates import schema_of
from indicators.definition import Definition
from indicators.spans import ALIVE, Computed, entities_of, interval


def compute_backlog(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    one: Definition,
    leaves: Mapping[str, Sequence[str]],
    areas: Sequence[str],
    span: tuple[datetime, datetime] | None,
    *,
    renewed: bool,
) -> list[Computed]:
    """Count what is open at the end of each period: opened before it and not closed before it.

    `leaves` are the entity kinds by the leaf (SQL) under which a record counts for them.
    """
    feed, name = one.spec.feed_table
    atom = one.formula.backlog
    assert atom is not None
    assert atom.call is not None
    opened, closed = (column.id for column in atom.call.args[:2] if isinstance(column, ast.Name))
    touched = con.execute(
        'SELECT min(day) FROM (SELECT day FROM touched WHERE feed = $feed AND "table" = $name AND "column" IN ($opened, $closed)'
        ' UNION ALL SELECT day FROM newly_covered WHERE feed = $feed AND "table" = $name)',
        {"feed": feed, "name": name, "opened": opened, "closed": closed},
    ).fetchall()[0][0]
    if span is None or (touched is None and not renewed):
        return []
    since = max(one.spec.since, span[0].date()) if renewed or touched is None else max(touched, span[0].date())
    condition = ""
    if len(atom.call.args) > 2:
        rows = ibis.table(schema_of(table.columns), name="axis_rows")
        where = compile_node(atom.call.args[2], {column: rows[column] for column in table.columns})
        condition = "AND " + ibis.to_sql(rows.select(where=where), dialect="duckdb").split("SELECT", 1)[1].split('AS "where"', 1)[
            0
        ].replace('"t0".', "")
    kinds = ", ".join(f"'{kind}'" for kind in one.spec.grain)
    opening = f'"{opened}" IS NOT NULL AND ("{closed}" IS NULL OR "{closed}" > "{opened}") {condition}'
    steps = [
        f"""SELECT u.entity_kind, u.entity, day, change FROM (
              SELECT {leaf} AS leaf, "{opened}"::DATE AS day, 1 AS change FROM {current_name(feed, name)} r WHERE {opening}
              UNION ALL
              SELECT {leaf}, "{closed}"::DATE, -1 FROM {current_name(feed, name)} r WHERE "{closed}" IS NOT NULL AND {opening}) s
            JOIN rollup u USING (leaf) WHERE list_contains({list(kinds)}, u.entity_kind)"""
        for leaf, kinds in leaves.items()
    ]
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE steps AS
        SELECT entity_kind, entity, day, sum(change) AS change FROM ({" UNION ALL ".join(steps)}) GROUP BY ALL""")
    kinds = ", ".join(f"'{kind}'" for kind in one.spec.grain)
    wide = ", ".join(f"'{kind}'" for kind in areas)
    computed = []
    for grain in one.grains:
        con.execute(
            "DELETE FROM cells WHERE indicator = ? AND grain = ? AND start >= date_trunc(?, ?::DATE)", [one.name, grain, grain, since]
        )
        con.execute(
            f"""
            INSERT INTO cells BY NAME
            WITH targets AS (
              SELECT start, start + {interval(grain)} AS finish FROM (
                SELECT unnest(generate_series(date_trunc('{grain}', $since::DATE), $watermark::TIMESTAMP, {interval(grain)})) AS start)
              WHERE start + {interval(grain)} <= $watermark),
            spine AS (
              SELECT u.entity_kind, u.entity, u.is_unassigned, t.start, t.finish FROM {entities_of(kinds)} u JOIN targets t ON {ALIVE}),
            running AS (
              SELECT entity_kind, entity, day, sum(change) OVER (PARTITION BY entity_kind, entity ORDER BY day) AS open FROM steps),
            counted AS (
              SELECT s.entity_kind, s.entity, s.is_unassigned, s.start, coalesce(r.open, 0)::DOUBLE AS open FROM spine s
              ASOF LEFT JOIN running r ON s.entity_kind = r.entity_kind AND s.entity = r.entity AND s.finish > r.day)
            SELECT '{one.name}' AS indicator, entity_kind, entity, '{grain}' AS grain, start, open AS numerator, open AS n,
                   open AS value, 1.0 AS coverage, {one.spec.version} AS definition_version FROM counted
            WHERE NOT (is_unassigned AND open = 0 AND entity_kind NOT IN ({wide}))""",
            {"since": since, "watermark": span[1]},
        )
        first = con.execute("SELECT date_trunc(?, ?::DATE)", [grain, since]).fetchall()[0][0]
        computed.append(Computed(one.name, grain, first))
    return computed
