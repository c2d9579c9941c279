"""Says which numbers of a figure count persons: those that must not be so few that somebody can be known by them."""

from __future__ import annotations

import ast

from data.contract import Table
from indicators.formula import Atom, Formula
from indicators.units import COUNT

_ADDED = frozenset({"sum", "latest"})


def persons_in(formula: Formula, table: Table | None) -> tuple[str, ...]:
    """Return those of numerator, denominator and n that count persons; none where the table is not `personal`.

    A row of events is a person's own, so that rows count persons; of readings and states a row is a report, and its columns of
    whole numbers do. Where neither half of a figure counts (a median, say) it is the rows of events that went in.
    """
    if table is None or not table.personal:
        return ()
    halves = [("numerator", formula.numerator), ("denominator", formula.denominator)]
    found = tuple(name for name, half in halves if half is not None and _all_count(half, formula, table))
    return found or (("n",) if table.kind == "events" else ())


def _all_count(half: ast.expr, formula: Formula, table: Table) -> bool:
    names = {node.id for node in ast.walk(half) if isinstance(node, ast.Name)}
    atoms = [atom for atom in formula.atoms if atom.name in names]
    return bool(atoms) and all(_counts(atom, table) for atom in atoms)


def _counts(atom: Atom, table: Table) -> bool:
    if atom.unit == COUNT:
        return table.kind == "events"
    if atom.kind not in _ADDED or atom.call is None or not atom.call.args:
        return False
    of = atom.call.args[0]
    return isinstance(of, ast.Name) and table.columns[of.id].type == "integer"
