"""Terms of a condition that speak of the period, or of reference values of the record's own entity.

Framing lays them beside each record as columns: where its period begins and ends, and each measure asked for.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from data.expression import ExpressionError, check_node

FROM, UNTIL, LAST = "_from", "_until", "_last"
TERMS = {"in_period": 1, "period_end": 0, "of_area": 1}


class _Laid(ast.NodeTransformer):
    """Replaces each term by the column that framing adds for it."""

    def visit_Call(self, node: ast.Call) -> ast.AST:  # the name that ast.NodeTransformer asks for
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="in_period"), args=[moment], keywords=[]):
                return ast.Compare(ast.Name(FROM), [ast.LtE(), ast.Lt()], [moment, ast.Name(UNTIL)])
            case ast.Call(func=ast.Name(id="period_end"), args=[], keywords=[]):
                return ast.Name(LAST)
            case ast.Call(func=ast.Name(id="of_area"), args=[ast.Name(id=measure)], keywords=[]):
                return ast.Name(own(measure))
        return node


def laid(node: ast.expr) -> ast.expr:
    """Return a scalar over the columns of framed records."""
    copied: ast.expr = ast.parse(ast.unparse(node), mode="eval").body
    return _Laid().visit(copied) if any(True for _ in _calls(node)) else node


def own(measure: str) -> str:
    """Return the column of a measure of the record's own entity."""
    return f"_own_{measure}"


def _calls(node: ast.expr | None) -> Iterator[ast.Call]:
    for one in ast.walk(node) if node is not None else ():
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in TERMS:
            yield one


def speaks_of_period(node: ast.expr | None) -> bool:
    """Whether what a record counts for depends on the period that it is counted in."""
    return any(isinstance(call.func, ast.Name) and call.func.id != "of_area" for call in _calls(node))


def measures_of(node: ast.expr | None) -> frozenset[str]:
    """Return the measures that a scalar asks for."""
    found = (one.args[0] for one in _calls(node) if isinstance(one.func, ast.Name) and one.func.id == "of_area" and one.args)
    return frozenset(argument.id for argument in found if isinstance(argument, ast.Name))


def check_scalar(node: ast.expr, columns: Collection[str], measures: Collection[str]) -> None:
    """Raise ExpressionError where a scalar is outside the language, or names what is neither column nor measure."""
    for call in _calls(node):
        assert isinstance(call.func, ast.Name)
        if len(call.args) != TERMS[call.func.id]:
            raise ExpressionError(f"{call.func.id} takes {TERMS[call.func.id]} arguments, not {len(call.args)}")
    if unmeasured := {call.args[0].id for call in _calls(node) if call.args and isinstance(call.args[0], ast.Name)
                      and call.func.id == "of_area"} - set(measures):  # type: ignore[attr-defined]  # fmt: skip
        raise ExpressionError(f"measures of city.yaml ({', '.join(measures)}), not {', '.join(sorted(unmeasured))}")
    named = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and one.id.startswith("_")}
    given = {FROM, UNTIL, LAST, *map(own, measures)}
    if unknown := (check_node(laid(node)) - given - set(columns)) | named:
        raise ExpressionError(f"columns of the table ({', '.join(columns)}), not {', '.join(sorted(unknown))}")
