"""Which records count in a figure, as SQL: for whoever walks from a figure back to its records."""

from __future__ import annotations

import ast

from indicators.definition import Definition


def counts(one: Definition, row: str, figure: str) -> str:
    """Return the condition that a record `row` counts in a `figure`, whose rows have `low` and `finish` (Definition.counts_from)."""
    if one.formula.backlog and one.formula.backlog.call:
        opened, closed = (f'{row}."{column.id}"' for column in one.formula.backlog.call.args[:2] if isinstance(column, ast.Name))
        still = f"{closed} IS NULL OR ({closed}::DATE >= {figure}.finish::DATE AND {closed} > {opened})"
        return f"{opened} < {figure}.finish AND ({still})"
    return " OR ".join(f'({row}."{axis}" >= {figure}.low AND {row}."{axis}" < {figure}.finish)' for axis in one.spec.by).join("()")
