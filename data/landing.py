"""Turns the rows of one sheet into a typed Arrow table by a contract, with every faulty cell named.

This is the exact lane: any format, any dirt, cell by cell. Rows between columns and against what is already known are
checked later, in SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from data.columns import arrow_type
from data.contract import Column, Table
from data.decode import Sheet
from data.layout import Header, row_role
from data.moments import Surroundings
from data.parse import Fault, parser
from data.places import UNASSIGNED, Places
from data.reasons import RowReason
from data.text import cell_text, mask_phone

_PARTS = ("year", "month", "day", "hour", "minute")


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row was quarantined: one faulty cell, or the row as a whole (`column` empty)."""

    line: int
    column: str
    reason: RowReason
    found: str
    wanted: str


@dataclass(slots=True)
class Landed:
    """One table of a drop: typed columns with `line`, the faults, and the count of rows seen and skipped."""

    table: str
    rows: int
    skipped: int
    frame: pa.Table
    faults: list[RowFault] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    control: str = ""


def land(sheet: Sheet, header: Header, table: Table, around: Surroundings, places: Places, *, strict_width: bool) -> Landed:
    """Parse every body row; `strict_width` is for delimited text, where a wrong number of cells is a fault."""
    faults: list[RowFault] = []
    body: list[tuple[int, list[Any]]] = []
    skipped, total, seen = header.body - _header_depth(sheet, header), None, set()
    for line, cells in sheet.rows[header.body :]:
        role = row_role(cells)
        mark = tuple(cells)
        if role != "body" or mark in seen:
            skipped += 1
            total = cells if role == "control" else total
            continue
        seen.add(mark)
        if strict_width and len(cells) != header.width:
            faults.append(RowFault(line, "", RowReason.COLUMN_COUNT, f"{len(cells)} cells", f"{header.width} cells"))
        else:
            body.append((line, cells))
    columns, cell_faults = _columns(body, header, table, around, places)
    frame = pa.table({"_line": pa.array([line for line, _ in body], pa.int32()), **columns})
    landed = Landed(header.table, len(sheet.rows) - _header_depth(sheet, header), skipped, frame, faults + cell_faults)
    landed.texts = RowTexts(dict(sheet.rows[header.body :]), header, table)
    if total is not None:
        landed.control = _control(total, columns, header, table, around)
    return landed


def _header_depth(sheet: Sheet, header: Header) -> int:
    """How many physical rows the header itself takes (the title rows above it are skipped rows)."""
    return sum(1 for line, _ in sheet.rows[: header.body] if line >= header.line)


class RowTexts(dict[int, str]):
    """The text of a row as it stood in the file, masked as the contract says, made only when asked for."""

    def __init__(self, cells: Mapping[int, list[Any]], header: Header, table: Table) -> None:
        """Keep the cells by line."""
        super().__init__()
        self._cells = cells
        self._masked = {place for name, place in header.cells.items() if table.columns[name.split("/")[0]].mask}

    def __missing__(self, line: int) -> str:
        """Make the text of one line."""
        shown = [mask_phone(cell_text(cell)) if place in self._masked else cell_text(cell) for place, cell in enumerate(self._cells[line])]
        self[line] = " | ".join(shown)[:2000]
        return self[line]


def _columns(
    body: list[tuple[int, list[Any]]], header: Header, table: Table, around: Surroundings, places: Places
) -> tuple[dict[str, pa.Array], list[RowFault]]:
    """Parse column by column; each distinct cell is parsed once."""
    values: dict[str, list[Any]] = {}
    faults: list[RowFault] = []
    for name, column in table.columns.items():
        if column.derive:
            continue
        cells = _cells(body, header, name, column)
        parse = parser(column, around)
        memo: dict[Any, Any] = {}
        known = memo.get
        out = values[name] = []
        for (line, _), cell in zip(body, cells, strict=True):
            key = cell if cell.__class__ is str else (cell.__class__, cell)
            value = known(key, memo)
            if value is memo:
                value = memo[key] = parse(cell)
            if value.__class__ is Fault:
                faults.append(
                    RowFault(line, column.heading[0] if column.heading else name, value.reason, shown(cell, column), value.wanted)
                )
                value = None
            out.append(value)
    for name, column in table.columns.items():
        if column.type == "entity":
            faults += _resolve(name, column, values, body, places)
    return {name: pa.array(column, arrow_type(table.columns[name])) for name, column in values.items()}, faults


def _cells(body: list[tuple[int, list[Any]]], header: Header, name: str, column: Column) -> list[Any]:
    """Return the cells of a column; a moment split over several cells is put together again."""
    if column.parts:
        split = [(part, header.cells[f"{name}/{part}"]) for part in _PARTS if part in column.parts]
        return [_joined({part: cells[place] for part, place in split}) for _, cells in body]
    place = header.cells.get(name)
    if place is None:
        return [None] * len(body)
    return [cells[place] if place < len(cells) else None for _, cells in body]


def _joined(parts: Mapping[str, Any]) -> str | None:
    said = {part: cell_text(cell).strip() for part, cell in parts.items()}
    if not all(said.values()):
        return None
    return f"{said['year']}-{said['month']}-{said['day']} {said.get('hour', '0')}:{said.get('minute', '00')}"


def _resolve(name: str, column: Column, values: dict[str, list[Any]], body: list[tuple[int, list[Any]]], places: Places) -> list[RowFault]:
    """Replace texts by codes. An unknown area inside a known wider one is unassigned; elsewhere it is a fault."""
    faults: list[RowFault] = []
    memo: dict[tuple[str | None, str | None], str | None] = {}
    wider = values[column.within] if column.within else [None] * len(body)
    for index, (text, within) in enumerate(zip(values[name], wider, strict=True)):
        key = (text, within)
        if key not in memo:
            memo[key] = _code(column, text, within, places)
        values[name][index] = memo[key]
        if memo[key] is None and text is not None and not column.within:
            heading = column.heading[0] if column.heading else name
            faults.append(RowFault(body[index][0], heading, RowReason.UNKNOWN_UNIT, text[:200], f"a {column.kind} of the register"))
    return faults


def _code(column: Column, text: str | None, within: str | None, places: Places) -> str | None:
    if text is None:
        return None
    if column.within:
        return places.find(column.kind, text, within) if within and not within.endswith(UNASSIGNED) else None
    return places.find(column.kind, text)


def shown(cell: Any, column: Column) -> str:
    """Return a cell as the clerk wrote it, masked, at most 200 characters."""
    text = cell_text(cell)
    return (mask_phone(text) if column.mask else text)[:200]


def _control(total: list[Any], columns: Mapping[str, pa.Array], header: Header, table: Table, around: Surroundings) -> str:
    """Compare the 合计 row with the sums of the rows; return the differences in one line, or nothing."""
    differences = []
    for name, place in header.cells.items():
        column = table.columns.get(name)
        if column is None or column.type not in {"integer", "number"} or place >= len(total):
            continue
        said = parser(column, around)(total[place])
        if said is None or isinstance(said, Fault):
            continue
        summed = sum((Decimal(str(value)) for value in columns[name].to_pylist() if value is not None), Decimal(0))
        if Decimal(str(said)) != summed:
            differences.append(f"{column.heading[0]}: {said} ≠ {summed}")
    return "; ".join(differences)
