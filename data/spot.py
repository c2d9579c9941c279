"""Names a record of a drop by one number: the sheet, the row on it, and the record within the row (of a wide table)."""

from __future__ import annotations

from collections.abc import Iterable

MOST_IN_A_ROW = 1 << 14
_ROWS = 1 << 30
_SHEET = MOST_IN_A_ROW * _ROWS


def spot(sheet: int, line: int, record: int = 0) -> int:
    """Return the number; records of a drop sort by it as they stand in the file."""
    return sheet * _SHEET + line * MOST_IN_A_ROW + record


def spots(sheet: int, lines: Iterable[int]) -> list[int]:
    """Return the numbers of the first records of many rows."""
    start = spot(sheet, 0)
    return [start + line * MOST_IN_A_ROW for line in lines]


def sheet_of(place: int) -> int:
    """Return the place of the sheet in the drop, counted from 0."""
    return place // _SHEET


def line_of(place: int) -> int:
    """Return the row number that a spreadsheet shows."""
    return place % _SHEET // MOST_IN_A_ROW


def line_sql(column: str) -> str:
    """Return SQL for the same."""
    return f"({column} % {_SHEET} // {MOST_IN_A_ROW})::INTEGER"
