"""Facts as they leave the system through a terminal: one JSON object a row, or a table that a person can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

WHOLE_FLOATS_BELOW = 1e15


def print_rows(out: Console, rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows of facts."""
    if as_json:
        for row in rows:
            out.print(json.dumps(row, ensure_ascii=False), markup=False, highlight=False, soft_wrap=True)
        return
    if not rows:
        out.print("(0 rows)")
        return
    table = Table(show_edge=False, header_style="bold")
    for key in rows[0]:
        table.add_column(key, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    out.print(table, markup=False, highlight=False)


def fact(row: Mapping[Any, Any], zone: Any) -> dict[str, Any]:
    """Return a row as facts: absent is null, times carry their offset, whole numbers are whole."""
    return {key: _value(value, zone) for key, value in row.items()}


def _value(value: Any, zone: Any) -> Any:
    if value is None or str(value) in {"nan", "NaT", "<NA>"}:
        return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE_FLOATS_BELOW:
        return int(value)
    return value
