"""The formula language of indicators: aggregates over records, or arithmetic over other indicators.

`count(closed_at <= due_at) / count(due_at)`: parsed with Python's `ast` against a white list into atoms (aggregate
calls) and an expression over them. Atoms that add up are computed once and rolled up; the others are computed from
records at every level. Ibis turns them into SQL; nothing is evaluated or pasted.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from data.contract import Table
from data.expression import ExpressionError, read_tree
from indicators import forms
from indicators.terms import check_scalar, measures_of, speaks_of_period
from indicators.units import COUNT, NUMBER, PERCENT, UNKNOWN, unit_of, unit_of_call

Kind = Literal["sum", "max", "min", "records", "nested", "backlog", "expected", "latest", "published", "elapsed", "input"]
How = Literal["", "latest", "year_before", "year_to_date"]
_PLACES = {"rows": (0, 0), "count": (1, 1), "sum": (1, 2), "mean": (1, 2), "min": (1, 2), "max": (1, 2), "median": (1, 2),
           "count_distinct": (1, 2), "quantile": (2, 3), "backlog": (2, 3), "expected": (0, 0), "latest": (1, 2),
           "published": (1, 2)}  # fmt: skip
_KINDS: dict[str, Kind] = {
    "rows": "sum", "count": "sum", "sum": "sum", "min": "min", "max": "max", "backlog": "backlog", "expected": "expected",
    "latest": "latest", "published": "published",
}  # fmt: skip
_OF_SIGNS: tuple[How, ...] = ("latest", "year_before", "year_to_date")
_NESTED = frozenset({"count", "sum", "mean", "min", "max", "median"})
_NUMERIC = frozenset({"integer", "number", "percent"})
_OF_NUMBERS = frozenset({"sum", "min", "max", "median", "quantile", "latest", "published"})
PERIOD_WORDS = frozenset({"hour", "day", "week", "month"})


@dataclass(frozen=True, slots=True)
class Atom:
    """One aggregate: how it rolls up (`kind`), its call, and for nested ones the inner grouping; of a sign, `how` it is taken."""

    name: str
    kind: Kind
    call: ast.Call | None = None
    each: str = ""
    inner: tuple[Atom, ...] = ()
    outer: ast.expr | None = None
    unit: str = ""
    source: str = ""
    how: How = ""


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

    @property
    def speaks_of_period(self) -> bool:
        """Whether what a record counts for depends on the period, so that longer periods are not made of shorter ones."""
        return any(speaks_of_period(one.call) for atom in self.atoms for one in (atom, *atom.inner))

    @property
    def measures(self) -> frozenset[str]:
        """The measures of the record's own entity that it asks for."""
        return frozenset().union(*(measures_of(one.call) for atom in self.atoms for one in (atom, *atom.inner)))


class _Reader:
    """Collects the atoms of one formula while rewriting it into an expression over their names."""

    def __init__(self, table: Table | None, indicators: frozenset[str], measures: Collection[str]) -> None:
        self.table, self.indicators, self.measures = table, indicators, measures
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
            case ast.Call(func=ast.Name(id="elapsed_of_year"), args=[], keywords=[]):
                return self.use(Atom("", "elapsed", unit=NUMBER), "elapsed_of_year()")
            case ast.Name() if self.table is None:
                return self._sign(node, "")
            case ast.Call(func=ast.Name(id=name), args=[sign], keywords=[]) if self.table is None and name in _OF_SIGNS:
                return self._sign(sign, name)
            case ast.Call(func=ast.Name(id=name)) if self.table is not None and name in _PLACES:
                return self._aggregate(node, name)
        wanted = f"aggregates ({', '.join(_PLACES)}) joined by + - * /" if self.table else "indicators joined by + - * /"
        raise ExpressionError(f"{wanted}; {ast.unparse(node)!r} is neither")

    def _sign(self, node: ast.expr, how: How) -> ast.expr:
        if not isinstance(node, ast.Name) or node.id not in self.indicators:
            raise ExpressionError(f"{ast.unparse(node)} is no indicator")
        return self.use(Atom("", "input", source=node.id, how=how), f"{how} {node.id}")

    def _aggregate(self, call: ast.Call, name: str) -> ast.expr:
        least, most = _PLACES[name]
        if not least <= len(call.args) <= most:
            raise ExpressionError(f"{name} with {least} to {most} arguments, not {len(call.args)}")
        each = self._each(call, name)
        if name == "mean":
            return self.rewrite(forms.mean(call))
        if each:
            return self._nested(call, name, each)
        assert self.table is not None
        self._check_arguments(call, name, self.table)
        atom = Atom("", _KINDS.get(name, "records"), call, unit=unit_of_call(call, name, self.table))
        return self.use(atom, ast.unparse(call))

    def _nested(self, call: ast.Call, name: str, each: str) -> ast.expr:
        inner = _Reader(self.table, self.indicators, self.measures)
        outer = inner.rewrite_condition(call.args[0])
        if not inner.atoms:
            raise ExpressionError(f"an aggregate inside {name}(..., each={each})")
        if any(atom.kind not in {"sum", "min", "max", "records"} for atom in inner.atoms):
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

    def _check_arguments(self, call: ast.Call, name: str, table: Table) -> None:
        for argument in call.args:
            check_scalar(argument, table.columns, self.measures)
        if name in _OF_NUMBERS and isinstance(call.args[0], ast.Name):
            column = table.columns[call.args[0].id]
            if column.type not in _NUMERIC:
                raise ExpressionError(f"a number inside {name}; {call.args[0].id} is of type {column.type}")
        if name == "quantile" and not _is_share(call.args[1]):
            raise ExpressionError("quantile(values, a constant between 0 and 1)")
        if name == "backlog" and (speaks_of_period(call) or measures_of(call) or not all(
            isinstance(one, ast.Name) and table.columns[one.id].type in {"date", "timestamp"} for one in call.args[:2]
        )):  # fmt: skip
            raise ExpressionError("backlog(date of opening, date of closing[, condition])")
        if name in {"latest", "published"} and speaks_of_period(call):
            raise ExpressionError(f"{name}(number[, condition]), of which the last in the period is taken anyway")
        if name == "latest" and not table.valid_for:
            raise ExpressionError("latest over a table that says valid_for: how many days a state holds")
        if name == "count" and not isinstance(call.args[0], ast.Name) and not _is_condition(call.args[0]):
            raise ExpressionError("count(column) or count(condition)")

    def use(self, atom: Atom, text: str) -> ast.Name:
        """Name an atom, once for each text."""
        if text not in self._by_text:
            self._by_text[text] = replace(atom, name=f"a{len(self.atoms)}")
            self.atoms.append(self._by_text[text])
        return ast.Name(self._by_text[text].name)


def parse_formula(text: str, table: Table | None, indicators: frozenset[str], unit: str, measures: Collection[str] = ()) -> Formula:
    """Parse a formula over a table's columns, or (table None) over other indicators; raises ExpressionError."""
    reader = _Reader(table, indicators, measures)
    tree = reader.rewrite(forms.spelled_out(read_tree(text), forms.OVER_ROWS if table else forms.OVER_SIGNS))
    units = {atom.name: atom.unit or UNKNOWN for atom in reader.atoms}
    unit_of(tree, units)
    numerator, denominator = forms.over_one(tree, {atom.name for atom in reader.atoms if atom.kind == "elapsed"})
    if any(atom.kind == "backlog" for atom in reader.atoms) and len(reader.atoms) > 1:
        raise ExpressionError("backlog alone; divide it in a derived indicator")
    if all(atom.kind == "elapsed" for atom in reader.atoms):
        raise ExpressionError("at least one aggregate")
    is_count = denominator is None and all(atom.unit == COUNT for atom in reader.atoms)
    if unit == "%" and denominator is None and table is not None and is_count:
        raise ExpressionError("a ratio, since the unit is %")
    n = _n(reader, numerator, denominator, table)
    # The mean of a percent column is in percent points already: a sum over a count, but no ratio to be shown times 100.
    is_ratio = denominator is not None and (unit_of(numerator, units) != PERCENT or unit_of(denominator, units) == PERCENT)
    return Formula(text, tuple(reader.atoms), numerator, denominator, n, is_ratio, is_count)


def _n(reader: _Reader, numerator: ast.expr, denominator: ast.expr | None, table: Table | None) -> ast.expr:
    """What n counts: the denominator where that counts, else the rows whose value went in."""
    below = denominator if denominator is not None and _atoms(denominator, reader) else None
    if table is None or (below is not None and all(_counts(atom, table) for atom in _atoms(below, reader))):
        return denominator if denominator is not None else numerator
    of = below if below is not None else numerator
    if all(atom.unit == COUNT for atom in _atoms(of, reader)):
        return of
    first = _atoms(of, reader)[0]
    if first.kind in {"latest", "published"} and first.call is not None:
        held = ast.Call(ast.Name("held"), first.call.args, [])
        return reader.use(Atom("", first.kind, held, unit=COUNT), ast.unparse(held))
    if first.kind == "nested" or first.call is None:
        return reader.use(Atom("", "sum", ast.Call(ast.Name("rows"), [], []), unit=COUNT), "rows()")
    assert isinstance(first.call.func, ast.Name)
    return reader.rewrite(forms.values(first.call.args[0], first.call.args[_PLACES[first.call.func.id][0] :]))


def _atoms(node: ast.expr, reader: _Reader) -> list[Atom]:
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]
    return [atom for atom in reader.atoms if atom.name in names]


def _counts(atom: Atom, table: Table) -> bool:
    """Whether an atom counts: rows, the groups of a nested aggregate, or what a column of whole numbers has counted."""
    if atom.unit == COUNT:
        return True
    if atom.call is None or not isinstance(atom.call.func, ast.Name):
        return False
    if atom.kind == "nested":
        return atom.call.func.id == "count"
    of = atom.call.args[0]
    return atom.kind in {"sum", "latest"} and isinstance(of, ast.Name) and table.columns[of.id].type == "integer"


def _is_share(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float) and 0 < node.value < 1


def _is_condition(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare | ast.BoolOp)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"starts_with", "contains", "is_missing", "in_period"}
        )
    )
