"""Figures that records state and that are not counted: what holds at the end of a period, what was published for it."""

from __future__ import annotations

import ast
from collections.abc import Collection

import ibis

from data.contract import Table
from indicators.aggregates import schema_of, stated
from indicators.formula import Atom
from indicators.spans import within
from indicators.terms import measures_of


def latest(atom: Atom, table: Table, axis: str, leaf: str, members: str) -> str:
    """Return SQL of the sum over keys of the last value before the end of each target, while it holds (`valid_for`).

    The row that a key states last decides: whether it is asked for, and whether it has a value.
    """
    value = "count(s._value)" if _is_count(atom) else "sum(s._value)"
    return f"""
        WITH stated AS ({statements(atom, table, axis, leaf)})
        SELECT u.entity_kind, u.entity, k.start, {value} FILTER (WHERE s._asked) AS {atom.name}
        FROM (SELECT DISTINCT st._key, t.start, t.finish FROM stated st CROSS JOIN targets t) k
        ASOF JOIN stated s ON s._key = k._key AND k.finish > s._axis JOIN rollup u ON u.leaf = s._leaf
        WHERE s._axis >= k.finish - INTERVAL {table.valid_for} DAY AND u.entity_kind IN ({members}) GROUP BY ALL"""


def published(atom: Atom, table: Table, grain: str, leaf: str, members: str) -> str:
    """Return SQL of the last value that was published within each target for the very entity; it is never rolled up."""
    value = "1" if _is_count(atom) else "max_by(s._value, s._axis)"
    return f"""
        WITH stated AS ({statements(atom, table, "", leaf)})
        SELECT u.entity_kind, u.entity, t.start, {value} AS {atom.name} FROM stated s JOIN targets t ON {within("s._axis", grain, "")}
        JOIN rollup u ON u.leaf = s._leaf AND u.entity = s._leaf
        WHERE s._asked AND s._value IS NOT NULL AND u.entity_kind IN ({members}) GROUP BY u.entity_kind, u.entity, t.start"""


def stated_again(atom: Atom, table: Table, axis: str) -> str:
    """Return SQL of the one figure that all records of `axis_rows` give together."""
    value = "count(said.value)" if _is_count(atom) else "sum(said.value)"
    if atom.kind == "published":
        source = statements(atom, table, "", "r._area")
        return f"WITH stated AS ({source}) SELECT max_by(_value, _axis) FROM stated WHERE _asked AND _value IS NOT NULL"
    last = "max_by(struct_pack(value := _value, asked := _asked), _axis) AS said"
    return f"""
        WITH stated AS ({statements(atom, table, axis, "r._area")})
        SELECT {value} FROM (SELECT {last} FROM stated GROUP BY _key) WHERE said.asked"""


def statements(atom: Atom, table: Table, axis: str, leaf: str) -> str:
    """Return SQL of _leaf, _key, _axis, _value and _asked: what each record states; its key is that without the time axis."""
    measures: Collection[str] = measures_of(atom.call)
    rows = ibis.table(schema_of(table.columns, measures) | {"_leaf": "string", "_key": "string"}, name="placed")
    value, asked = stated(atom, rows)
    query = rows.select("_leaf", "_key", "_axis", _value=value.cast("float64"), _asked=asked)
    keys = [f'r."{name}"::VARCHAR' for name in table.key if name != axis]
    key = f"concat_ws(chr(31), {', '.join(keys)})" if keys else "''"
    return f"WITH placed AS (SELECT r.*, {leaf} AS _leaf, {key} AS _key FROM axis_rows r) {ibis.to_sql(query, dialect='duckdb')}"


def _is_count(atom: Atom) -> bool:
    """Whether it counts what is held, for n."""
    return atom.call is not None and isinstance(atom.call.func, ast.Name) and atom.call.func.id == "held"
