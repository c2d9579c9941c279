"""Turns incoming rows into records, in SQL: outages become missing, derived columns are worked out; where a record lies."""

from __future__ import annotations

from data.columns import compiled, sql_type
from data.contract import Table


def record_query(relation: str, table: Table, carry: str = "_spot") -> str:
    """Return SQL that turns incoming rows into records: outages become missing, derived columns are added.

    `carry` is the column that names the record.
    """
    columns = {name: f'"{name}"' for name in table.columns}
    for outage in table.outages:
        when = compiled(outage.when, table)
        for name in outage.columns:
            columns[name] = f"CASE WHEN {when} THEN NULL ELSE {columns[name]} END"
    plain = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items() if not table.columns[name].derive)
    query = f"SELECT {carry}, {plain} FROM ({relation})"
    for name, column in table.columns.items():
        if column.derive:
            query = f'SELECT *, CAST({compiled(column.derive, table)} AS {sql_type(column)}) AS "{name}" FROM ({query})'
    ordered = ", ".join(f'"{name}"' for name in table.columns)
    return f"SELECT {carry}, {ordered} FROM ({query})"


def leaf_area(table: Table, root: str, areas: tuple[str, ...]) -> str:
    """Return the SQL of the finest entity that a record can be placed in, unassigned where the finer area is blank."""
    depths = [areas.index(table.columns[name].kind) for name in table.area if table.columns[name].kind in areas]
    deepest = max(depths, default=0)
    choices = []
    for name in table.area:
        kind = table.columns[name].kind
        missing = deepest - areas.index(kind) if kind in areas else 0
        choices.append(f"\"{name}\" || '{'U' * missing}'" if missing else f'"{name}"')
    choices.append(f"'{root}{'U' * deepest}'")
    return f"coalesce({', '.join(choices)})"
