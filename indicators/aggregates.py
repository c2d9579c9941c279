"""Turns the atoms of a formula into Ibis aggregates over framed records: each row with its `entity` and `start`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import ibis
from ibis.common.annotations import ValidationError
from ibis.common.exceptions import IbisError

from data.columns import ibis_type
from data.contract import Column, Table
from data.expression import ExpressionError, compile_node
from indicators.formula import Atom, Formula
from indicators.terms import FROM, LAST, UNTIL, laid, own

if TYPE_CHECKING:
    import ibis.expr.types as ir


def aggregate(atom: Atom, rows: Any) -> ir.Scalar:
    """Return the Ibis aggregate of an atom over the columns of `rows` (a table expression)."""
    call = atom.call
    assert call is not None
    assert isinstance(call.func, ast.Name)
    name = call.func.id
    columns = {column: rows[column] for column in rows.columns}
    values = [compile_node(laid(argument), columns) for argument in call.args]
    if name == "rows":
        return rows.count()
    if name == "count":
        return values[0].count() if isinstance(call.args[0], ast.Name) else values[0].ifelse(1, 0).sum().fill_null(0)
    if name == "quantile":
        return values[0].quantile(float(call.args[1].value), where=values[2] if len(values) > 2 else None)  # type: ignore[attr-defined]
    where = values[1] if len(values) > 1 else None
    return getattr(values[0], {"count_distinct": "nunique"}.get(name, name))(where=where)


def stated(atom: Atom, rows: Any) -> tuple[Any, Any]:
    """Return the value that a record states, and whether it is asked for."""
    assert atom.call is not None
    columns = {column: rows[column] for column in rows.columns}
    value, *condition = (compile_node(laid(argument), columns) for argument in atom.call.args)
    return value, condition[0] if condition else ibis.literal(value=True)


def aggregate_nested(atom: Atom, rows: Any, keys: list[str]) -> Any:
    """Return the Ibis table `keys` + the atom: inner aggregates per `each`, then the outer one over them."""
    group = rows.mutate(_each=rows[atom.each] if atom.each in rows.columns else rows["_axis"].truncate(_TRUNCATE[atom.each]))
    inner = group.group_by([*keys, "_each"]).aggregate(**{one.name: aggregate(one, group) for one in atom.inner})
    assert atom.outer is not None
    assert atom.call is not None
    assert isinstance(atom.call.func, ast.Name)
    inner = inner.mutate(_value=compile_node(atom.outer, {one.name: inner[one.name] for one in atom.inner}))
    name = atom.call.func.id
    if name == "count":
        value = inner["_value"]
        outer = value.ifelse(1, 0).sum().fill_null(0) if value.type().is_boolean() else value.count()
    else:
        outer = getattr(inner["_value"], name)()
    return inner.group_by(keys).aggregate(**{atom.name: outer})


_TRUNCATE = {"hour": "h", "day": "D", "week": "W", "month": "M"}


def schema_of(columns: Mapping[str, Column], measures: Collection[str] = ()) -> dict[str, str]:
    """Return the Ibis schema of a table's columns with the columns that framing adds."""
    framed = dict.fromkeys(("_axis", "start", FROM, UNTIL, LAST), "timestamp") | {"entity": "string"}
    return {name: ibis_type(column) for name, column in columns.items()} | framed | dict.fromkeys(map(own, measures), "float64")


def check_types(formula: Formula, table: Table) -> None:
    """Compile every atom once, so that unlike things compared are found before any row is read; raises ExpressionError."""
    rows = ibis.table(schema_of(table.columns, formula.measures), name="framed")
    for atom in formula.atoms:
        try:
            if atom.kind == "nested":
                aggregate_nested(atom, rows, ["entity", "start"])
            elif atom.kind == "backlog" and atom.call and len(atom.call.args) > 2:
                rows.aggregate(value=rows.count(where=compile_node(atom.call.args[2], {column: rows[column] for column in rows.columns})))
            elif atom.kind in {"sum", "max", "min", "records"}:
                rows.aggregate(value=aggregate(atom, rows))
            elif atom.kind in {"latest", "published"}:
                value, where = stated(atom, rows)
                rows.aggregate(value=value.sum(where=where))
        except (IbisError, ValidationError, AttributeError, TypeError) as error:
            raise ExpressionError(
                "types that go together: numbers with numbers, texts with texts, conditions where conditions stand"
            ) from error
