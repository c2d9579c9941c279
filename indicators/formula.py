"""The formula language of indicators: aggregates over records, or arithmetic over other indicators.

`count(closed_at <= due_at) / count(due_at)`: parsed with Python's `ast` against a white list into atoms (aggregate
calls) and an expression over them. Atoms that add up are computed once and rolled up; the others are computed from
records at every level. Ibis turns them into SQL; nothing is evaluated or pasted.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from data.contract import Table
from data.expression import ExpressionError, check_node, read_tree

if TYPE_CHECKING:
    pass

Kind = Literal["sum", "max", "min", "records", "nested", "backlog", "expected", "input"]
_PLACES = {"rows": (0, 0), "count": (1, 1), "sum": (1, 2), "mean": (1, 2), "min": (1, 2), "max": (1, 2), "median": (1, 2),
           "count_distinct": (1, 2), "quantile": (2, 3), "backlog": (2, 3), "expected": (0, 0)}  # fmt: skip
_NESTED = frozenset({"count", "sum", "mean", "min", "max", "median"})
_NUMERIC = frozenset({"integer", "number", "percent"})
PERCENT = "unit %"
PERIOD_WORDS = frozenset({"hour", "day", "week", "month"})


@dataclass(frozen=True, slots=True)
class Atom:
    """One aggregate: how it rolls up (`kind`), its call, and for nested ones the inner grouping."""

    name: str
    kind: Kind
    call: ast.Call | None = None
    each: str = ""
    inner: tuple[Atom, ...] = ()
    outer: ast.expr | None = None
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """Atoms and the expressions over their names. `is_ratio` with unit % is shown times 100."""

    text: str
    atoms: tuple[Atom, ...]
    numerator: ast.expr
    denominator: ast.expr | None
    n: ast.expr
    is_ratio: bool
    is_count: bool

    @property
    def inputs(self) -> frozenset[str]:
        """The indicators that a derived formula rests on."""
        return frozenset(atom.source for atom in self.atoms if atom.kind == "input")

    @property
    def backlog(self) -> Atom | None:
        """The backlog atom, which is counted at the end of a period and stands alone."""
        return next((atom for atom in self.atoms if atom.kind == "backlog"), None)


class _Reader:
    """Collects the atoms of one formula while rewriting it into an expression over their names."""

    def __init__(self, table: Table | None, indicators: frozenset[str]) -> None:
        self.table, self.indicators = table, indicators
        self.atoms: list[Atom] = []
        self._by_text: dict[str, Atom] = {}

    def rewrite(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Constant(value=int() | float()):
                return node
            case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as op, right):
                return ast.BinOp(self.rewrite(left), op, self.rewrite(right))
            case ast.UnaryOp(ast.USub(), operand):
                return ast.UnaryOp(ast.USub(), self.rewrite(operand))
            case ast.Name(id=name) if self.table is None:
                if name not in self.indicators:
                    raise ExpressionError(f"{name} is no indicator")
                return self.use(Atom("", "input", source=name), name)
            case ast.Call(func=ast.Name(id=name)) if self.table is not None and name in _PLACES:
                return self._aggregate(node, name)
        wanted = f"aggregates ({', '.join(_PLACES)}) joined by + - * /" if self.table else "indicators joined by + - * /"
        raise ExpressionError(f"{wanted}; {ast.unparse(node)!r} is neither")

    def _aggregate(self, call: ast.Call, name: str) -> ast.expr:
        least, most = _PLACES[name]
        if not least <= len(call.args) <= most:
            raise ExpressionError(f"{name} with {least} to {most} arguments, not {len(call.args)}")
        each = self._each(call, name)
        if name == "mean":
            return self._mean(call)
        if each:
            return self._nested(call, name, each)
        self._check_arguments(call, name)
        kind: Kind = {
            "rows": "sum",
            "count": "sum",
            "sum": "sum",
            "min": "min",
            "max": "max",
            "backlog": "backlog",
            "expected": "expected",
        }.get(name, "records")  # type: ignore[assignment]
        return self.use(Atom("", kind, call, unit=self._unit(call, name)), ast.unparse(call))

    def _mean(self, call: ast.Call) -> ast.expr:
        """A mean is a sum over a count, so that coarser figures come from numerators and denominators."""
        total = ast.Call(ast.Name("sum"), call.args, call.keywords)
        count = ast.Call(ast.Name("count"), call.args[:1], call.keywords) if call.keywords else _values(call.args[0], call.args[1:])
        return ast.BinOp(self._aggregate(total, "sum"), ast.Div(), self._aggregate(count, "count"))

    def _nested(self, call: ast.Call, name: str, each: str) -> ast.expr:
        inner = _Reader(self.table, self.indicators)
        outer = inner.rewrite_condition(call.args[0])
        if not inner.atoms:
            raise ExpressionError(f"an aggregate inside {name}(..., each={each})")
        if any(atom.kind in {"nested", "backlog", "expected"} for atom in inner.atoms):
            raise ExpressionError(f"one level of each=, over records; {ast.unparse(call)!r} nests further")
        atom = Atom("", "nested", ast.Call(ast.Name(name), [], []), each, tuple(inner.atoms), outer)
        return self.use(atom, ast.unparse(call))

    def rewrite_condition(self, node: ast.expr) -> ast.expr:
        """Rewrite the inside of a nested aggregate: comparisons of aggregates are allowed there."""
        match node:
            case ast.Compare(left, ops, comparators):
                return ast.Compare(self.rewrite_condition(left), ops, [self.rewrite_condition(one) for one in comparators])
            case ast.BoolOp(op, values):
                return ast.BoolOp(op, [self.rewrite_condition(one) for one in values])
            case ast.UnaryOp(ast.Not(), operand):
                return ast.UnaryOp(ast.Not(), self.rewrite_condition(operand))
        return self.rewrite(node)

    def _each(self, call: ast.Call, name: str) -> str:
        match call.keywords:
            case []:
                return ""
            case [ast.keyword(arg="each", value=ast.Name(id=each))] if name in _NESTED:
                assert self.table is not None
                if each in PERIOD_WORDS or each in self.table.columns:
                    return each
                raise ExpressionError(f"each= a column or one of {', '.join(sorted(PERIOD_WORDS))}, not {each}")
        raise ExpressionError(f"no keywords but each= (with {', '.join(sorted(_NESTED))}) in {ast.unparse(call)!r}")

    def _check_arguments(self, call: ast.Call, name: str) -> None:
        assert self.table is not None
        for argument in call.args:
            unknown = check_node(argument) - set(self.table.columns)
            if unknown:
                raise ExpressionError(f"columns of the table ({', '.join(self.table.columns)}), not {', '.join(sorted(unknown))}")
        if name in {"sum", "min", "max", "median", "quantile"} and isinstance(call.args[0], ast.Name):
            column = self.table.columns[call.args[0].id]
            if column.type not in _NUMERIC:
                raise ExpressionError(f"a number inside {name}; {call.args[0].id} is of type {column.type}")
        if name == "quantile" and not _is_share(call.args[1]):
            raise ExpressionError("quantile(values, a constant between 0 and 1)")
        if name == "backlog" and not all(
            isinstance(one, ast.Name) and self.table.columns[one.id].type in {"date", "timestamp"} for one in call.args[:2]
        ):
            raise ExpressionError("backlog(date of opening, date of closing[, condition])")
        if name == "count" and not isinstance(call.args[0], ast.Name) and not _is_condition(call.args[0]):
            raise ExpressionError("count(column) or count(condition)")

    def _unit(self, call: ast.Call, name: str) -> str:
        assert self.table is not None
        if name in {"rows", "count", "count_distinct", "backlog", "expected"}:
            return "count"
        argument = call.args[0]
        if not isinstance(argument, ast.Name):
            return "?"
        column = self.table.columns[argument.id]
        return PERCENT if column.type == "percent" else f"unit {column.unit}"

    def use(self, atom: Atom, text: str) -> ast.Name:
        """Name an atom, once for each text."""
        if text not in self._by_text:
            self._by_text[text] = replace(atom, name=f"a{len(self.atoms)}")
            self.atoms.append(self._by_text[text])
        return ast.Name(self._by_text[text].name)


def parse_formula(text: str, table: Table | None, indicators: frozenset[str], unit: str) -> Formula:
    """Parse a formula over a table's columns, or (table None) over other indicators; raises ExpressionError."""
    reader = _Reader(table, indicators)
    tree = reader.rewrite(read_tree(text))
    units = {atom.name: atom.unit or "?" for atom in reader.atoms}
    _dimension(tree, units)
    numerator, denominator = (tree.left, tree.right) if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div) else (tree, None)
    if any(atom.kind == "backlog" for atom in reader.atoms) and len(reader.atoms) > 1:
        raise ExpressionError("backlog alone; divide it in a derived indicator")
    first = reader.atoms[0] if reader.atoms else None
    if first is None:
        raise ExpressionError("at least one aggregate")
    is_count = denominator is None and all(atom.unit == "count" for atom in reader.atoms)
    if unit == "%" and denominator is None and table is not None and is_count:
        raise ExpressionError("a ratio, since the unit is %")
    n = _n(reader, numerator, denominator, table)
    # The mean of a percent column is in percent points already: a sum over a count, but no ratio to be shown times 100.
    is_ratio = denominator is not None and (_dimension(numerator, units) != PERCENT or _dimension(denominator, units) == PERCENT)
    return Formula(text, tuple(reader.atoms), numerator, denominator, n, is_ratio, is_count)


def _n(reader: _Reader, numerator: ast.expr, denominator: ast.expr | None, table: Table | None) -> ast.expr:
    """What n counts: the denominator where that counts, else the rows whose value went in."""
    if denominator is None and table is not None:
        for node in ast.walk(numerator):  # 1 - a / b: the ratio stands inside
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                return _n(reader, node.left, node.right, table)
    below = denominator if denominator is not None and _atoms(denominator, reader) else None
    if table is None or (below is not None and all(_counts(atom) for atom in _atoms(below, reader))):
        return denominator if denominator is not None else numerator
    of = below if below is not None else numerator
    if all(atom.unit == "count" for atom in _atoms(of, reader)):
        return of
    first = _atoms(of, reader)[0]
    if first.kind == "nested" or first.call is None:
        return reader.use(Atom("", "sum", ast.Call(ast.Name("rows"), [], []), unit="count"), "rows()")
    assert isinstance(first.call.func, ast.Name)
    return reader.rewrite(_values(first.call.args[0], first.call.args[_PLACES[first.call.func.id][0] :]))


def _atoms(node: ast.expr, reader: _Reader) -> list[Atom]:
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    return [atom for atom in reader.atoms if atom.name in names]


def _counts(atom: Atom) -> bool:
    """Whether an atom counts: rows, or the groups of a nested aggregate."""
    nested = atom.kind == "nested" and atom.call is not None and isinstance(atom.call.func, ast.Name)
    return atom.unit == "count" or (nested and atom.call.func.id == "count")  # type: ignore[union-attr]


def _values(argument: ast.expr, condition: list[ast.expr]) -> ast.Call:
    """Return the count of the rows that have a value and meet the condition, where there is one."""
    if isinstance(argument, ast.Name) and not condition:
        return ast.Call(ast.Name("count"), [argument], [])
    present = ast.UnaryOp(ast.Not(), ast.Call(ast.Name("is_missing"), [argument], []))
    return ast.Call(ast.Name("count"), [ast.BoolOp(ast.And(), [*condition, present]) if condition else present], [])


def _dimension(node: ast.expr, units: Mapping[str, str]) -> str:
    """Return the unit of an expression; refuses the sum of unlike things, such as a rate plus a count."""
    match node:
        case ast.Name(id=name):
            return units[name]
        case ast.Constant():
            return "number"
        case ast.UnaryOp(_, operand):
            return _dimension(operand, units)
        case ast.BinOp(left, ast.Div(), right):
            above, below = _dimension(left, units), _dimension(right, units)
            return "rate" if above == below else above if below == "number" else "?"
        case ast.BinOp(left, ast.Mult(), right):
            one, other = _dimension(left, units), _dimension(right, units)
            return one if other == "number" else other if one == "number" else "?"
        case ast.BinOp(left, _, right):
            one, other = _dimension(left, units), _dimension(right, units)
            known = {one, other} - {"?"}
            if len(known) > 1 and known != {"rate", "number"}:
                raise ExpressionError(f"like added to like; {ast.unparse(left)} is a {one}, {ast.unparse(right)} a {other}")
            return next(iter(known - {"number"}), "rate") if known else "?"
    return "?"


def _is_share(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < node.value < 1


def _is_condition(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare | ast.BoolOp)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"starts_with", "contains", "is_missing"})
    )
