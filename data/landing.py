"""Turns the rows of a sheet into a typed Arrow table by a contract, with every faulty cell named.

This is the exact lane: any form, any dirt, cell by cell. Rows between columns and against what is already known are
checked later, in SQL. A record is named by its spot (`data/spot.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from data.body import Body, Record
from data.columns import arrow_type
from data.contract import Column, Relative, Table
from data.forms.sheet import Sheet
from data.header import Header
from data.layout import row_role
from data.moments import Span, Surroundings
from data.parse import Fault, parser
from data.phrase import Noun, Phrase, Says
from data.places import UNASSIGNED, Places
from data.readers import Readers
from data.reasons import RowReason
from data.spot import line_of, spot
from data.text import cell_text, masked


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a record was quarantined: one faulty cell, or the record as a whole (`column` empty)."""

    spot: int
    column: str
    reason: RowReason
    found: Phrase | str
    wanted: Phrase


@dataclass(slots=True)
class Landed:
    """One sheet of a drop: typed columns with `_spot`, the faults, and the count of rows seen and skipped."""

    rows: int
    skipped: int
    frame: pa.Table
    texts: RowTexts
    faults: list[RowFault] = field(default_factory=list)
    control: str = ""


def land(
    sheet: Sheet, header: Header, table: Table, around: Surroundings, places: Places, *, strict_width: bool,
    number: int = 0, given: Mapping[str, Any] | None = None, passed: int | None = None, readers: Readers | None = None,
) -> Landed:  # fmt: skip
    """Parse every body row of the `number`-th sheet of a drop.

    `strict_width` is for delimited text, where a wrong number of cells is a fault. `given` are the facts of the drop that
    columns of the contract take instead of a cell; `passed` is a line that is no record, `readers` what earlier drops of the feed have
    taught.
    """
    faults: list[RowFault] = []
    body: list[Record] = []
    ordinals: list[int] = []
    # Where a cell may stand for the one above, rows that look alike may be of different keys; true repeats are found by key.
    may_look_alike = any(column.given == "row" or column.above for column in table.columns.values())
    ordinal = -1
    width = Phrase(Says.COUNT, header.width, Noun.CELLS)
    skipped, total, seen = header.body - _header_depth(sheet, header), None, set()
    again = tuple(sheet.rows[header.body - 1][1])  # the header stands again at the top of each printed page
    for line, cells in sheet.rows[header.body :]:
        role = row_role(cells)
        mark = tuple(cells)
        if role != "body" or line == passed or mark == again or (mark in seen and not may_look_alike):
            skipped += 1
            total = cells if role == "control" else total
            continue
        seen.add(mark)
        ordinal += 1
        place = spot(number, line)
        if strict_width and len(cells) != header.width:
            faults.append(RowFault(place, "", RowReason.COLUMN_COUNT, Phrase(Says.COUNT, len(cells), Noun.CELLS), width))
        else:
            body.append((place, cells))
            ordinals.append(ordinal)
    faults += [RowFault(spot(number, line), "", one.reason, "", Phrase(Says.RECORDS)) for line, one in sheet.broken.items()]
    facts = {name: [value] * len(body) for name, value in (given or {}).items()} | {"row": ordinals}
    columns, cell_faults = _columns(Body(body, header, table, facts), header, table, around, places, readers or Readers())
    frame = pa.table(columns)
    rows = len(sheet.rows) - _header_depth(sheet, header) + len(sheet.broken)
    landed = Landed(rows, skipped, frame, RowTexts(sheet, header, table), faults + cell_faults)
    if total is not None:
        landed.control = _control(total, columns, header, table, around)
    return landed


def _header_depth(sheet: Sheet, header: Header) -> int:
    """How many physical rows the header itself takes (title and unit rows around it are skipped rows)."""
    return sum(1 for line, _ in sheet.rows[: header.body] if header.line <= line < header.line + header.depth)


class RowTexts:
    """The cells of a row as they stood in the file, by spot, masked as the contract says."""

    def __init__(self, sheet: Sheet, header: Header, table: Table) -> None:
        """Keep the cells by line."""
        self._cells: dict[int, list[Any]] = dict(sheet.rows[header.body :])
        self._broken = sheet.broken
        self._masks = {place: table.columns[name.split("/")[0]].mask for name, place in header.cells.items()}
        self._every_mask = tuple({mask for column in table.columns.values() for mask in column.mask})
        self._width = header.width

    def __getitem__(self, place: int) -> list[str]:
        """Return the cells of one row; of a row that could not be split, its text."""
        line = line_of(place)
        if line in self._broken:
            return [masked(self._broken[line].text, self._every_mask)]
        cells = self._cells[line]
        if len(cells) > self._width or (len(cells) < self._width and self._every_mask):
            return [masked(cell_text(cell), self._every_mask) for cell in cells]  # shifted: any cell may be the one to hide
        return [masked(cell_text(cell), self._masks.get(at, ())) for at, cell in enumerate(cells)]


def _columns(
    body: Body, header: Header, table: Table, around: Surroundings, places: Places, readers: Readers
) -> tuple[dict[str, pa.Array], list[RowFault]]:
    """Read column by column."""
    values: dict[str, list[Any]] = {}
    faults: list[RowFault] = []
    spots = body.spots
    for name, column in table.columns.items():
        if column.derive:
            continue
        reader, cells = readers.of(header, table, name, around), body.cells(name, column)
        values[name] = reader.values(cells)
        if reader.has_faults:
            faults += _without_faults(name, column, values[name], cells, spots)
    for name, column in table.columns.items():
        if column.type == "entity":
            faults += _resolve(name, column, table, values, spots, places)
        if column.relative:
            faults += _count_days(name, column, column.relative, values, spots)
    arrays = {name: pa.array(column, arrow_type(table.columns[name])) for name, column in values.items()}
    return {"_spot": pa.array(spots, pa.int64()), **arrays}, faults


def _without_faults(name: str, column: Column, values: list[Any], cells: Sequence[Any], spots: list[int]) -> list[RowFault]:
    """Take the faults out of the values of a column, which are missing then."""
    heading, faults = heading_of(name, column), []
    for index, fault in enumerate(values):
        if fault.__class__ is Fault:
            found = fault.found or shown(cells[index], column)
            faults.append(RowFault(spots[index], heading, fault.reason, found, fault.wanted))
            values[index] = None
    return faults


def heading_of(name: str, column: Column) -> str:
    """Return what a column is called before a clerk."""
    return column.heading[0] if column.heading else next(iter(column.parts.values()), column.name.zh if column.name else name)


def _resolve(name: str, column: Column, table: Table, values: dict[str, list[Any]], spots: list[int], places: Places) -> list[RowFault]:
    """Replace texts by codes. An unknown area inside a known wider one is unassigned; elsewhere it is a fault."""
    faults: list[RowFault] = []
    memo: dict[tuple[str | None, str | None, date | None], str | None] = {}
    wider = values[column.within] if column.within else [None] * len(spots)
    days = _days(values.get(table.time)) if places.is_dated(column.kind) else None
    for index, key in enumerate(zip(values[name], wider, days or [None] * len(spots), strict=True)):
        if key not in memo:
            memo[key] = _code(column, *key, places)
        text, _, day = key
        values[name][index] = memo[key]
        if memo[key] is None and text is not None and not column.within:
            wanted = Phrase(Says.REGISTERED_ON, column.kind, day) if day else Phrase(Says.REGISTERED, column.kind)
            faults.append(RowFault(spots[index], heading_of(name, column), RowReason.UNKNOWN_UNIT, text[:200], wanted))
    return faults


def _count_days(name: str, column: Column, relative: Relative, values: dict[str, list[Any]], spots: list[int]) -> list[RowFault]:
    """Replace spans by the day that lies so far after the date they count from; where that is missing it is a fault."""
    faults: list[RowFault] = []
    for index, (span, since) in enumerate(zip(values[name], values[relative.to], strict=True)):
        if span.__class__ is Span:
            values[name][index] = since and (since.date() if isinstance(since, datetime) else since) + span.days
            if since is None:
                faults.append(RowFault(spots[index], heading_of(name, column), RowReason.BAD_DATE, span.word, Phrase(Says.DATE)))
    return faults


def _days(moments: list[Any] | None) -> list[date | None] | None:
    """Return the days that records speak of; None where their time is derived later."""
    return moments and [moment.date() if isinstance(moment, datetime) else moment for moment in moments]


def _code(column: Column, text: str | None, within: str | None, day: date | None, places: Places) -> str | None:
    if text is None:
        return None
    if column.within:
        return places.find(column.kind, text, within, day) if within and not within.endswith(UNASSIGNED) else None
    return places.find(column.kind, text, on=day)


def shown(cell: Any, column: Column) -> str:
    """Return a cell as the clerk wrote it, masked, at most 200 characters."""
    text = cell_text(cell)
    return masked(text, column.mask)[:200]


def _control(total: list[Any], columns: Mapping[str, pa.Array], header: Header, table: Table, around: Surroundings) -> str:
    """Compare the 合计 row with the sums of the rows; return the differences in one line, or nothing."""
    differences = []
    for name, place in header.cells.items():
        column = table.columns.get(name)
        if column is None or column.type not in {"integer", "number"} or place >= len(total):
            continue
        if not cell_text(total[place]).strip():
            continue  # a sum that was left out says nothing, also where a blank cell means zero
        said = parser(column, around)(total[place])
        if said is None or isinstance(said, Fault):
            continue
        summed = sum((Decimal(str(value)) for value in columns[name].to_pylist() if value is not None), Decimal(0))
        if Decimal(str(said)) != summed:
            differences.append(f"{column.heading[0]}: {said} ≠ {summed}")
    return "; ".join(differences)
