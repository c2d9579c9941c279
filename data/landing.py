"""Turns the rows of a sheet into a typed Arrow table by a contract, with every faulty cell named.

This is the exact lane: any form, any dirt, cell by cell. Rows between columns and against what is already known are
checked later, in SQL. A record is named by its spot (`data/spot.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from data.body import Body
from data.columns import arrow_type
from data.contract import Column, Relative, Table
from data.forms.sheet import Row, Sheet
from data.header import Header
from data.keys import is_each_key_once
from data.layout import odd_roles
from data.moments import Span, Surroundings
from data.parse import Fault, parser
from data.phrase import Noun, Phrase, Says
from data.places import UNASSIGNED, Places
from data.readers import Readers
from data.reasons import RowReason
from data.spot import line_of, spot, spots
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
    rows, total = _body_rows(sheet, header, passed)
    width = Phrase(Says.COUNT, header.width, Noun.CELLS)
    wrong = {place for place, (_, cells) in enumerate(rows) if len(cells) != header.width} if strict_width else set()
    faults = [
        RowFault(spot(number, rows[place][0]), "", RowReason.COLUMN_COUNT, Phrase(Says.COUNT, len(rows[place][1]), Noun.CELLS), width)
        for place in sorted(wrong)
    ]
    faults += [RowFault(spot(number, line), "", one.reason, "", Phrase(Says.RECORDS)) for line, one in sheet.broken.items()]
    ordinals = [place for place in range(len(rows)) if place not in wrong]
    right = [rows[place] for place in ordinals] if wrong else rows
    facts = {name: [value] * len(right) for name, value in (given or {}).items()} | {"row": ordinals}
    body = Body(spots(number, (line for line, _ in right)), [cells for _, cells in right], header, table, facts)
    columns, cell_faults = _columns(body, header, table, around, places, readers or Readers())
    depth = _header_depth(sheet, header)
    landed = Landed(
        rows=len(sheet.rows) - depth + len(sheet.broken),
        skipped=len(sheet.rows) - depth - len(rows),
        frame=pa.table(columns),
        texts=RowTexts(sheet, header, table),
        faults=faults + cell_faults,
    )
    # Where a cell may stand for the one above, rows that look alike may be of different keys; true repeats are found by key.
    may_look_alike = any(column.given == "row" or column.above for column in table.columns.values())
    if not may_look_alike and (wrong or not is_each_key_once(landed.frame, table)):
        _leave_out_repeats(landed, rows)
    if total is not None:
        landed.control = _control(total, landed.frame, header, table, around)
    return landed


def _body_rows(sheet: Sheet, header: Header, passed: int | None) -> tuple[list[Row], list[Any] | None]:
    """Return the rows that are records, and the last 合计 row if there is one."""
    below = sheet.rows[header.body :]
    roles = odd_roles([cells for _, cells in below])
    total = next((below[place][1] for place in reversed(roles) if roles[place] == "control"), None)
    again = sheet.rows[header.body - 1][1]  # the header stands again at the top of each printed page
    rows = [row for place, row in enumerate(below) if place not in roles and row[1] != again and row[0] != passed]
    return rows, total


def _leave_out_repeats(landed: Landed, rows: Sequence[Row]) -> None:
    """Skip the rows that have stood there before as they are."""
    first: dict[tuple[Any, ...], int] = {}
    repeats = {line for line, cells in rows if first.setdefault(tuple(cells), line) != line}
    landed.frame = landed.frame.filter(pa.array(np.isin(line_of(landed.frame["_spot"].to_numpy()), list(repeats), invert=True)))
    landed.faults = [fault for fault in landed.faults if line_of(fault.spot) not in repeats]
    landed.skipped += len(repeats)


def _header_depth(sheet: Sheet, header: Header) -> int:
    """How many physical rows the header itself takes (title and unit rows around it are skipped rows)."""
    return sum(1 for line, _ in sheet.rows[: header.body] if header.line <= line < header.line + header.depth)


class RowTexts:
    """The cells of a row as they stood in the file, by spot, masked as the contract says."""

    def __init__(self, sheet: Sheet, header: Header, table: Table) -> None:
        """Keep the cells by line."""
        self._rows = sheet.rows[header.body :]
        self._broken = sheet.broken
        self._masks = {place: table.columns[name.split("/")[0]].mask for name, place in header.cells.items()}
        self._every_mask = tuple({mask for column in table.columns.values() for mask in column.mask})
        self._width = header.width

    @cached_property
    def _cells(self) -> dict[int, list[Any]]:
        return dict(self._rows)

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
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    at = body.spots
    for name, column in table.columns.items():
        if column.derive:
            continue
        reader, cells = readers.of(header, table, name, around), body.cells(name, column)
        values[name] = reader.values(cells)
        if reader.has_faults and not isinstance(values[name], pa.Array):
            faults += _without_faults(name, column, values[name], cells, at)
    for name, column in table.columns.items():
        if column.type == "entity":
            faults += _resolve(name, column, table, values, at, places)
        if column.relative:
            faults += _count_days(name, column, column.relative, values, at)
    arrays = {
        name: column if isinstance(column, pa.Array) else pa.array(column, arrow_type(table.columns[name]))
        for name, column in values.items()
    }
    return {"_spot": pa.array(at, pa.int64()), **arrays}, faults


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
    """Replace texts by codes. An unknown name is a fault, but for an area inside a known wider one, and where the contract says so."""
    faults: list[RowFault] = []
    none = [None] * len(spots)
    wider = values[column.within] if column.within else none
    days = _days(values.get(table.time)) if places.is_dated(column.kind) else None
    keys = list(zip(values[name], wider, days or none, strict=True))
    codes = {key: _code(column, *key, places) for key in set(keys)}
    values[name] = list(map(codes.__getitem__, keys))
    is_fault = not column.within and column.unknown == "fault"
    if not is_fault or not any(code is None and text is not None for (text, _, _), code in codes.items()):
        return faults
    for index, (text, _, day) in enumerate(keys):
        if values[name][index] is None and text is not None:
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


def _control(total: list[Any], frame: pa.Table, header: Header, table: Table, around: Surroundings) -> str:
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
        summed = sum((Decimal(str(value)) for value in frame[name].to_pylist() if value is not None), Decimal(0))
        if Decimal(str(said)) != summed:
            differences.append(f"{column.heading[0]}: {said} ≠ {summed}")
    return "; ".join(differences)
