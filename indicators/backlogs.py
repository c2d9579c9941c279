"""Counts what is open at the end of each period: opened before it, and not closed before it."""

from __future__ import annotations

import ast
from datetime import datetime

import duckdb
import ibis

from data.contract import Table
from data.expression import compile_node
from data.warehouse import current_name
from indicators.aggregates import schema_of
from indicators.definition import Definition
from indicators.spans import ALIVE, Computed, interval


def compute_backlog(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    name: str,
    table: Table,
    one: Definition,
    span: tuple[datetime, datetime] | None,
    *,
    renewed: bool,
) -> list[Computed]:
    """Count what is open at the end of each period: opened before it and not closed before it."""
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
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE steps AS
        SELECT u.entity_kind, u.entity, day, sum(change) AS change FROM (
          SELECT _area, "{opened}"::DATE AS day, 1 AS change FROM {current_name(feed, name)}
          WHERE "{opened}" IS NOT NULL AND ("{closed}" IS NULL OR "{closed}" > "{opened}") {condition}
          UNION ALL
          SELECT _area, "{closed}"::DATE, -1 FROM {current_name(feed, name)}
          WHERE "{opened}" IS NOT NULL AND "{closed}" > "{opened}" {condition}) s
        JOIN rollup u ON u.leaf = s._area WHERE u.entity_kind IN ({kinds}) GROUP BY ALL""")
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
              SELECT DISTINCT u.entity_kind, u.entity, t.start, t.finish FROM rollup u JOIN targets t ON {ALIVE}
              WHERE u.entity_kind IN ({kinds})),
            running AS (
              SELECT entity_kind, entity, day, sum(change) OVER (PARTITION BY entity_kind, entity ORDER BY day) AS open FROM steps),
            counted AS (
              SELECT s.entity_kind, s.entity, s.start, coalesce(r.open, 0)::DOUBLE AS open FROM spine s
              ASOF LEFT JOIN running r ON s.entity_kind = r.entity_kind AND s.entity = r.entity AND s.finish > r.day)
            SELECT '{one.name}' AS indicator, entity_kind, entity, '{grain}' AS grain, start, open AS numerator, open AS n,
                   open AS value, 1.0 AS coverage, {one.spec.version} AS definition_version FROM counted""",
            {"since": since, "watermark": span[1]},
        )
        first = con.execute("SELECT date_trunc(?, ?::DATE)", [grain, since]).fetchall()[0][0]
        computed.append(Computed(one.name, grain, first))
    return computed
