"""Walks one figure back to the rows it rests on, and computes it again from them.

What is found comes from the snapshot's own records: the newest revision of each key, the rows of the period and the
entity, the drop and file and line of each. The figure computed again stands beside the published one.
"""

from __future__ import annotations

import ast
import math
from datetime import datetime
from typing import Any

import duckdb
import ibis
import pandas as pd

from data import periods, readings
from data.contract import Table
from data.expression import compile_node
from data.places import Places
from data.revisions import evidence, known_at
from data.settings import Settings
from data.snapshots import Snapshot
from data.warehouse import lay_reference
from indicators.aggregates import aggregate, aggregate_nested, schema_of
from indicators.counting import counts
from indicators.definition import Definition
from indicators.directory import City, load_in_force
from indicators.framing import own_values
from indicators.judgement import State
from indicators.known import recalled
from indicators.placing import leaf_of
from indicators.states import stated_again
from indicators.terms import FROM, LAST, UNTIL
from indicators.tracing import Used, used_by

STORED = (
    "value", "numerator", "denominator", "n", "unit", "state", "level", "reason", "method", "coverage", "control_centre", "control_low",
    "control_high", "control_basis", "special", "variation", "assurance",
)  # fmt: skip


class NoFigureError(ValueError):
    """Raised where there is no such figure: no such entity, or none of that period."""


def explain(
    settings: Settings, snapshot: Snapshot, indicator: str, entity: str, period: str, *, most: int = 20, known: datetime | None = None
) -> dict[str, Any]:
    """Return the figure, its definition, its drops and up to `most` of its rows; as known at a moment, if one is given.

    Raises ValueError when there is no such indicator, entity or period in the snapshot, or it knows nothing of that moment.
    """
    city = load_in_force(settings, snapshot.as_of.date())
    if indicator not in city.catalogue.definitions:
        msg = f"no indicator {indicator!r}; wanted one of {', '.join(city.catalogue.definitions)}"
        raise ValueError(msg)
    one = city.catalogue.definitions[indicator]
    grain, start = periods.read(period)
    if known:
        then = known_at(settings, snapshot, known)
        is_narrow = all(atom.how != "latest" for atom in one.formula.atoms)  # its last value is of another cadence
        snapshot = recalled(settings, then, city, [indicator, *one.inputs], grain=grain if is_narrow else None)
    frame = readings.signs(settings, snapshot, indicator=indicator, entity=entity, period=period)
    if frame.empty:
        msg = f"no figure of {indicator} for {entity} in {period}; see show signs --indicator {indicator}"
        raise NoFigureError(msg)
    sign = {key: (None if isinstance(value, float) and math.isnan(value) else value) for key, value in frame.iloc[0].to_dict().items()}
    found: dict[str, Any] = {
        "figure": f"{one.spec.name.zh} · {sign['entity_name']} · {period} = {sign['text'] or '—'}",
        **{key: sign[key] for key in STORED},
        "formula": one.spec.formula, "by": ", ".join(one.spec.by), "per": one.spec.per, "definition_version": sign["definition_version"],
        "snapshot": snapshot.id, "as_of": snapshot.as_of.isoformat(),
        "definitions_as_published": city.fingerprint == snapshot.definitions,
    }  # fmt: skip
    if one.inputs:
        found["inputs"] = _inputs(settings, snapshot, entity, used_by(city.catalogue, indicator, grain, start))
        return found
    if sign["state"] == State.SUPPRESSED:  # its rows would tell it
        return found
    return found | _evidence(settings, snapshot, city, one, (str(sign["entity_kind"]), entity, period), most)


def _inputs(settings: Settings, snapshot: Snapshot, entity: str, used: list[Used]) -> list[dict[str, Any]]:
    """Return every input in every period that the figure uses; of those that hold, the newest with a value."""
    if not used:
        return []
    found = readings.signs(
        settings, snapshot, indicator=sorted({one.indicator for one in used}), entity=entity,
        start=min(one.start for one in used), end=max(periods.step(one.start, one.grain) for one in used),
    )  # fmt: skip
    signs = {(row["indicator"], row["grain"], row["start"].to_pydatetime()): row for row in found.to_dict("records")}
    last = {one.indicator: one for one in used if one.how == "latest" and _has_value(signs.get((one.indicator, one.grain, one.start)))}
    shown = [one for one in used if one.how != "latest" or last.get(one.indicator) is one]
    columns = ("text", "value", "numerator", "denominator", "n", "state")
    return [
        {"indicator": one.indicator, "period": periods.code(one.start, one.grain), "how": one.how or None}
        | {name: None if pd.isna(value := sign.get(name)) else value for name in columns}
        for one in shown
        for sign in (signs.get((one.indicator, one.grain, one.start), {}),)
    ]


def _has_value(sign: dict[Any, Any] | None) -> bool:
    return sign is not None and not pd.isna(sign["value"])


def _evidence(
    settings: Settings, snapshot: Snapshot, city: City, one: Definition, address: tuple[str, str, str], most: int
) -> dict[str, Any]:
    """Return the drops and rows of a figure over records, and the figure computed again from them."""
    kind, entity, period = address
    feed, name = one.spec.feed_table
    contract = city.contracts[feed]
    table = contract.tables[name]
    with evidence(settings, snapshot, contract, name) as con:
        lay_reference(con, city.reference)
        places = Places(city.reference)
        leaf = leaf_of(table, kind, places, city.reference.city.areas)
        leaves = [place.leaf for place in places.rollup() if place.kind == kind and place.entity == entity]
        grain, start = periods.read(period)
        con.execute(
            "CREATE TEMP TABLE evidence AS SELECT r.*, f.* FROM newest r,"
            f" (SELECT $low::TIMESTAMP AS low, $finish::TIMESTAMP AS finish) f"
            f" WHERE list_contains($leaves::VARCHAR[], {leaf}) AND {counts(one, 'r', 'f')}",
            {"leaves": leaves, "low": one.counts_from(start, grain, kind), "finish": periods.step(start, grain)},
        )
        drops = con.execute(
            'SELECT e._drop AS "drop", l.file, l.sha256, l.arrived_at::VARCHAR AS arrived_at, count(*) AS rows FROM evidence e'
            ' JOIN ledger l ON l."drop" = e._drop GROUP BY ALL ORDER BY arrived_at, "drop"'
        ).df()
        shown = ", ".join(f'e."{column}"::VARCHAR AS "{column}"' for column in _columns(one, table))
        rows = con.execute(
            f'SELECT e._drop AS "drop", l.file, e._line AS line, {shown} FROM evidence e JOIN ledger l ON l."drop" = e._drop'
            " ORDER BY l.arrived_at, e._line LIMIT ?", [most],
        ).df()  # fmt: skip
        again = _computed_again(con, one, table)
    return {
        "computed_again": again, "record_count": int(drops["rows"].sum()) if len(drops) else 0,
        "drops": drops.to_dict("records"), "rows": rows.astype(object).where(rows.notna(), None).to_dict("records"),
    }  # fmt: skip


def _columns(one: Definition, table: Table) -> list[str]:
    """Return the columns that a reader needs to check a row: the key, and those that the formula names.

    Of a personal table no more than where a row stands: what it says of few persons, others would tell by what is left.
    """
    if table.personal:
        return list(dict.fromkeys([*table.key, *one.spec.by, *table.area]))
    named = [name for name in table.columns if name in one.spec.formula.replace("(", " ").replace(")", " ").replace(",", " ").split()]
    return list(dict.fromkeys([*table.key, *one.spec.by, *named, *table.area]))


def _computed_again(con: duckdb.DuckDBPyConnection, one: Definition, table: Table) -> dict[str, float | None]:
    """Return each atom of the formula, computed from the rows that were found."""
    if one.formula.backlog:
        rows = ibis.table(schema_of(table.columns), name="evidence")
        call = one.formula.backlog.call
        assert call is not None
        if len(call.args) > 2:
            rows = rows.filter(compile_node(call.args[2], {name: rows[name] for name in table.columns}))
        return {"open": con.execute(ibis.to_sql(rows.aggregate(open=rows.count()), dialect="duckdb")).fetchall()[0][0]}
    columns, joins = own_values(one.formula.measures)
    axis = f"coalesce({', '.join(chr(34) + name + chr(34) + '::TIMESTAMP' for name in one.spec.by)})"
    con.execute(f"CREATE TEMP VIEW axis_rows AS SELECT r.*{columns} FROM (SELECT *, {axis} AS _axis FROM evidence) r{joins}")
    framed = (
        f"SELECT * EXCLUDE (_area, _drop), '' AS entity, low AS start, low AS {FROM}, finish AS {UNTIL},"
        f" finish - INTERVAL 1 MICROSECOND AS {LAST} FROM axis_rows"
    )
    rows = ibis.table(schema_of(table.columns, one.formula.measures), name="framed")
    found: dict[str, float | None] = {}
    for atom in one.formula.atoms:
        if atom.kind in {"expected", "input", "backlog", "elapsed"}:
            continue
        if atom.kind in {"latest", "published"}:
            query = stated_again(atom, table, one.spec.by[0])
        else:
            nested = atom.kind == "nested"
            query = aggregate_nested(atom, rows, ["entity"]) if nested else rows.aggregate(**{atom.name: aggregate(atom, rows)})
            query = f"WITH framed AS ({framed}) SELECT {atom.name} FROM ({ibis.to_sql(query, dialect='duckdb')})"
        values = con.execute(query).fetchall()
        found[_named(atom, one)] = float(values[0][0]) if values and values[0][0] is not None else None
    return found


def _named(atom: Any, one: Definition) -> str:
    """Return how an atom stands in the formula."""
    if atom.kind == "nested":
        return f"{atom.call.func.id}({ast.unparse(atom.outer)}, each={atom.each}) [{atom.name}]"
    return ast.unparse(atom.call) if atom.call else one.name
