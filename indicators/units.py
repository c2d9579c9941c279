"""The units of a formula: what each aggregate counts in, and that only like is added to like."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from data.contract import Table
from data.expression import ExpressionError

PERCENT, NUMBER, COUNT, RATE, UNKNOWN = "unit %", "number", "count", "rate", "?"
_COUNTING = frozenset({"rows", "count", "count_distinct", "backlog", "expected"})


def unit_of_call(call: ast.Call, name: str, table: Table) -> str:
    """Return the unit of an aggregate: a count, that of its column, or none that is known."""
    if name in _COUNTING:
        return COUNT
    argument = call.args[0]
    if not isinstance(argument, ast.Name):
        return UNKNOWN
    column = table.columns[argument.id]
    return PERCENT if column.type == "percent" else f"unit {column.unit}"


def unit_of(node: ast.expr, units: Mapping[str, str]) -> str:
    """Return the unit of an expression over atoms; refuses the sum of unlike things, such as a rate plus a count."""
    match node:
        case ast.Name(id=name):
            return units[name]
        case ast.Constant():
            return NUMBER
        case ast.UnaryOp(_, operand):
            return unit_of(operand, units)
        case ast.BinOp(left, ast.Div(), right):
            above, below = unit_of(left, units), unit_of(right, units)
            return RATE if above == below else above if below == NUMBER else UNKNOWN
        case ast.BinOp(left, ast.Mult(), right):
            one, other = unit_of(left, units), unit_of(right, units)
            return one if other == NUMBER else other if one == NUMBER else UNKNOWN
        case ast.BinOp(left, _, right):
            one, other = unit_of(left, units), unit_of(right, units)
            known = {one, other} - {UNKNOWN}
            if len(known) > 1 and known != {RATE, NUMBER}:
                raise ExpressionError(f"like added to like; {ast.unparse(left)} is a {one}, {ast.unparse(right)} a {other}")
            return next(iter(known - {NUMBER}), RATE) if known else UNKNOWN
    return UNKNOWN
