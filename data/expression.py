"""The closed scalar language of contracts and formulas: text -> a checked tree -> an Ibis expression.

Parsed with Python's `ast` against a white list; nothing is ever evaluated or pasted into SQL. Names are
columns. It knows nothing of feeds or indicators.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir

FUNCTIONS = {
    "days_between": 2,
    "hours_between": 2,
    "minutes_between": 2,
    "minutes_after": 2,
    "add_workdays": 2,
    "add_workhours": 2,
    "hour_of": 1,
    "starts_with": 2,
    "contains": 2,
    "is_missing": 1,
    "abs": 1,
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class ExpressionError(ValueError):
    """Raised with one sentence: what stands there, and what may stand there."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked text with the column names that it uses."""

    text: str
    tree: ast.expr
    names: frozenset[str]

    @property
    def looks_up(self) -> bool:
        """Whether it asks the working calendar: the engine does so by a join, and a join forgets the order of the rows."""
        return any(isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("add_work") for node in ast.walk(self.tree))

    def compile(self, columns: Mapping[str, ir.Value]) -> ir.Value:
        """Return the Ibis value of the expression over `columns`."""
        return compile_node(self.tree, columns)


def read_tree(text: str) -> ast.expr:
    """Parse `text` as one Python expression; raises ExpressionError."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        msg = f"{text!r} is not an expression: {error.msg}"
        raise ExpressionError(msg) from error


def parse(text: str) -> Expression:
    """Parse and check a scalar expression; raises ExpressionError."""
    tree = read_tree(text)
    return Expression(text, tree, frozenset(check_node(tree)))


def check_node(node: ast.expr) -> set[str]:
    """Return the column names of `node`; raises ExpressionError at the first thing outside the language."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Constant(value=bool() | int() | float() | str()):
            return set()
        case ast.BinOp(left, op, right) if type(op) in _ARITHMETIC:
            return check_node(left) | check_node(right)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            return check_node(operand)
        case ast.BoolOp(_, values):
            return set().union(*map(check_node, values))
        case ast.Compare(left, ops, comparators) if all(type(op) in _COMPARE for op in ops):
            return _check_compare(left, ops, comparators)
        case ast.IfExp(test, body, orelse):
            return check_node(test) | check_node(body) | check_node(orelse)
        case ast.Call(ast.Name(id=function), arguments, []) if function in FUNCTIONS:
            if len(arguments) != FUNCTIONS[function]:
                msg = f"{function} takes {FUNCTIONS[function]} arguments, not {len(arguments)}"
                raise ExpressionError(msg)
            return set().union(*map(check_node, arguments))
    msg = (
        f"{ast.unparse(node)!r} is outside the language; allowed are columns, constants, + - * /, comparisons, "
        f"in, and, or, not, if else, {', '.join(FUNCTIONS)}"
    )
    raise ExpressionError(msg)


def _check_compare(left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr]) -> set[str]:
    names = check_node(left)
    for op, right in zip(ops, comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple) or not all(isinstance(item, ast.Constant) for item in right.elts):
                msg = f"after in stands a list in brackets, not {ast.unparse(right)!r}"
                raise ExpressionError(msg)
        else:
            names |= check_node(right)
    return names


def compile_node(node: ast.expr, columns: Mapping[str, ir.Value]) -> ir.Value:
    """Return the Ibis value of a checked node over `columns`."""
    import ibis

    def value(inner: ast.expr) -> Any:
        return compile_node(inner, columns)

    match node:
        case ast.Name(id=name):
            return columns[name]
        case ast.Constant(value=constant):
            return ibis.literal(constant)
        case ast.BinOp(left, op, right):
            return _arithmetic(_ARITHMETIC[type(op)], value(left), value(right))
        case ast.UnaryOp(ast.Not(), operand):
            return ~value(operand).fill_null(
                ibis.literal(value=False)
            )  # a comparison with a missing value is not true, hence its contrary is
        case ast.UnaryOp(_, operand):
            return -value(operand)
        case ast.BoolOp(op, values):
            result = value(values[0])
            for other in values[1:]:
                result = result & value(other) if isinstance(op, ast.And) else result | value(other)
            return result
        case ast.Compare(left, ops, comparators):
            return _compile_compare(left, ops, comparators, columns)
        case ast.IfExp(test, body, orelse):
            return ibis.ifelse(value(test), value(body), value(orelse))
        case ast.Call(ast.Name(id=function), arguments, _):
            return _CALLS[function](*map(value, arguments))
    msg = f"{ast.unparse(node)!r} was not checked"
    raise ExpressionError(msg)


def _arithmetic(sign: str, left: Any, right: Any) -> Any:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right.nullif(0)


def _compile_compare(left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], columns: Mapping[str, Any]) -> Any:
    result = None
    first = compile_node(left, columns)
    for op, right in zip(ops, comparators, strict=True):
        sign = _COMPARE[type(op)]
        if sign in {"in", "not in"}:
            assert isinstance(right, ast.Tuple)
            members = [item.value for item in right.elts if isinstance(item, ast.Constant)]
            step = first.isin(members) if sign == "in" else ~first.isin(members)
            second = first
        else:
            second = compile_node(right, columns)
            step = _compare(sign, first, second)
        result = step if result is None else result & step
        first = second
    return result


def _compare(sign: str, left: Any, right: Any) -> Any:
    match sign:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "==":
            return left == right
        case _:
            return left != right


def _seconds_between(start: Any, end: Any) -> Any:
    return end.cast("timestamp").epoch_seconds() - start.cast("timestamp").epoch_seconds()


def _add_workdays(moment: Any, days: Any) -> Any:
    """Compile to the engine's own function `add_workdays(moment, days)` over the working calendar."""
    import ibis

    @ibis.udf.scalar.builtin(name="add_workdays", signature=(("timestamp", "int64"), "timestamp"))  # type: ignore[untyped-decorator]  # Ibis
    def add_workdays(moment: Any, days: Any) -> Any:
        """Declare the engine's function; never run."""

    return add_workdays(moment.cast("timestamp"), days.cast("int64"))


def _add_workhours(moment: Any, hours: Any) -> Any:
    """Compile to the engine's own function `add_workhours(moment, hours)` over the working calendar and the city's working hours."""
    import ibis

    @ibis.udf.scalar.builtin(name="add_workhours", signature=(("timestamp", "float64"), "timestamp"))  # type: ignore[untyped-decorator]  # Ibis
    def add_workhours(moment: Any, hours: Any) -> Any:
        """Declare the engine's function; never run."""

    return add_workhours(moment.cast("timestamp"), hours.cast("float64"))


_CALLS: dict[str, Callable[..., Any]] = {
    "days_between": lambda start, end: _seconds_between(start, end) / 86400,
    "hours_between": lambda start, end: _seconds_between(start, end) / 3600,
    "minutes_between": lambda start, end: _seconds_between(start, end) / 60,
    "minutes_after": lambda moment, minutes: moment.cast("timestamp") + minutes.cast("int64").as_interval("m"),
    "add_workdays": _add_workdays,
    "add_workhours": _add_workhours,
    "hour_of": lambda moment: moment.hour(),
    "starts_with": lambda text, start: text.startswith(start),
    "contains": lambda text, part: text.contains(part),
    "is_missing": lambda value: value.isnull(),
    "abs": lambda value: value.abs(),
}
