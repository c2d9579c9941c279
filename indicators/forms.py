"""Named forms of a formula: each stands for an expression over the aggregates that there are."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Sequence

from data.expression import ExpressionError


def values(argument: ast.expr, condition: Sequence[ast.expr]) -> ast.Call:
    """Return the count of the rows that have a value and meet the condition, where there is one."""
    if isinstance(argument, ast.Name) and not condition:
        return _call("count", argument)
    return _call("count", _all(*condition, _present(argument)))


def mean(call: ast.Call) -> ast.expr:
    """Return a sum over a count, so that coarser figures come from numerators and denominators."""
    count = ast.Call(ast.Name("count"), call.args[:1], call.keywords) if call.keywords else values(call.args[0], call.args[1:])
    return ast.BinOp(ast.Call(ast.Name("sum"), call.args, call.keywords), ast.Div(), count)


def _weighted_mean(value: ast.expr, weight: ast.expr, *condition: ast.expr) -> ast.expr:
    """Values weigh as much as `weight` says: 每次耗时 by 次数."""
    above = _call("sum", ast.BinOp(value, ast.Mult(), weight), *condition)
    return ast.BinOp(above, ast.Div(), _call("sum", weight, _all(*condition, _present(value))))


def _harmonic_mean(value: ast.expr, weight: ast.expr, *condition: ast.expr) -> ast.expr:
    """The mean speed of a way: its length over the time that it takes; values of 0 and below take for ever and do not count."""
    moving = _all(*condition, ast.Compare(value, [ast.Gt()], [ast.Constant(0)]))
    return ast.BinOp(_call("sum", weight, moving), ast.Div(), _call("sum", ast.BinOp(weight, ast.Div(), value), moving))


def _in_period(moment: ast.expr, *condition: ast.expr) -> ast.expr:
    """Rows whose moment falls in the period: those opened in it, those closed in it."""
    return _call("count", _all(*condition, _call("in_period", moment)))


def _growth(sign: ast.expr) -> ast.expr:
    """A sign over itself a year before, less one."""
    return ast.BinOp(ast.BinOp(sign, ast.Div(), _call("year_before", sign)), ast.Sub(), ast.Constant(1))


OVER_ROWS: dict[str, tuple[Callable[..., ast.expr], int, int]] = {
    "weighted_mean": (_weighted_mean, 2, 3), "harmonic_mean": (_harmonic_mean, 2, 3),
    "opened": (_in_period, 1, 2), "closed": (_in_period, 1, 2),
}  # fmt: skip
OVER_SIGNS: dict[str, tuple[Callable[..., ast.expr], int, int]] = {"growth": (_growth, 1, 1)}


def spelled_out(node: ast.expr, known: dict[str, tuple[Callable[..., ast.expr], int, int]]) -> ast.expr:
    """Return an expression with every named form replaced by what it stands for; raises ExpressionError."""

    class _Spelled(ast.NodeTransformer):
        def visit_Call(self, call: ast.Call) -> ast.AST:  # the name that ast.NodeTransformer asks for
            self.generic_visit(call)
            if not isinstance(call.func, ast.Name) or call.func.id not in known or call.keywords:
                return call
            form, least, most = known[call.func.id]
            if not least <= len(call.args) <= most:
                raise ExpressionError(f"{call.func.id} with {least} to {most} arguments, not {len(call.args)}")
            return form(*call.args)

    return _Spelled().visit(node)  # type: ignore[no-any-return]


def over_one(node: ast.expr, plain: Collection[str]) -> tuple[ast.expr, ast.expr | None]:
    """Return numerator and denominator: `a / b - 1` is `(a - b) / b`; without a ratio there is no denominator.

    What is added to a ratio or multiplies it is a number or one of the `plain` names, which need no denominator of their own.
    """
    match node:
        case ast.BinOp(left, ast.Div(), right):
            return left, right
        case ast.BinOp(left, ast.Add() | ast.Sub() as op, right) if _is_plain(right, plain):
            above, below = over_one(left, plain)
            return (ast.BinOp(above, op, _times(right, below)), below) if below is not None else (node, None)
        case ast.BinOp(left, ast.Add() | ast.Sub() as op, right) if _is_plain(left, plain):
            above, below = over_one(right, plain)
            return (ast.BinOp(_times(left, below), op, above), below) if below is not None else (node, None)
        case ast.BinOp(left, ast.Mult(), right) if _is_plain(right, plain):
            above, below = over_one(left, plain)
            return (ast.BinOp(above, ast.Mult(), right), below) if below is not None else (node, None)
        case ast.BinOp(left, ast.Mult(), right) if _is_plain(left, plain):
            above, below = over_one(right, plain)
            return (ast.BinOp(left, ast.Mult(), above), below) if below is not None else (node, None)
    return node, None


def _times(number: ast.expr, below: ast.expr) -> ast.expr:
    return below if isinstance(number, ast.Constant) and number.value == 1 else ast.BinOp(number, ast.Mult(), below)


def _is_plain(node: ast.expr, plain: Collection[str]) -> bool:
    """Whether an expression holds numbers and plain names only."""
    return all(one.id in plain for one in ast.walk(node) if isinstance(one, ast.Name))


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), list(arguments), [])


def _present(value: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), _call("is_missing", value))


def _all(*conditions: ast.expr) -> ast.expr:
    return ast.BoolOp(ast.And(), list(conditions)) if len(conditions) > 1 else conditions[0]
