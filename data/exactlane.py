"""The exact lane: every sheet of a drop is matched with a table and read cell by cell; sheets of one table go together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from data.batch import Batch
from data.contract import Contract, Table
from data.forms.sheet import Decoded, Sheet
from data.header import Header, find_header, fits, is_strange
from data.landing import Landed, land
from data.layout import DropPeriod, drop_period, span
from data.moments import Surroundings
from data.phrase import Phrase, Says
from data.places import Places
from data.readers import Readers
from data.reasons import FileReason, RefusedError
from data.records import record_query
from data.spot import sheet_of
from data.text import cell_text
from data.zeroreport import zero_line


@dataclass(frozen=True, slots=True)
class Surface:
    """What reading the sheets of a drop takes beside them: its contract, its name, the city, other feeds, earlier drops."""

    contract: Contract
    file: str
    around: Surroundings
    places: Places
    others: Mapping[str, frozenset[str]]
    readers: Readers


@dataclass(frozen=True, slots=True)
class _Placed:
    """A sheet that was matched with a table."""

    number: int
    sheet: Sheet
    header: Header
    period: DropPeriod | None


@contextmanager
def read(con: duckdb.DuckDBPyConnection, decoded: Decoded, surface: Surface) -> Iterator[list[Batch]]:
    """Yield a batch for each table that the drop holds; raises RefusedError when a sheet fits none, or none has rows."""
    placed, strange = _placed(decoded, surface)
    batches = []
    registered = []
    try:
        for name, table in surface.contract.tables.items():
            of_table = [one for one in placed if one.header.table == name]
            if of_table:
                registered.append(f"incoming_{name}")
                batches.append(_batch(con, f"incoming_{name}", decoded, of_table, table, surface))
        for rows in strange:
            batches[0].rows += rows
            batches[0].skipped += rows
        yield batches
    finally:
        for name in registered:
            con.unregister(name)


def _placed(decoded: Decoded, surface: Surface) -> tuple[list[_Placed], list[int]]:
    """Match sheets with tables; also return the count of rows of each sheet without a single heading of the contract."""
    contract = surface.contract
    passed = contract.files.skip_sheets
    sheets = [sheet for sheet in decoded.sheets if (sheet.rows or sheet.broken) and not any(fits(one, sheet.name) for one in passed)]
    if not sheets:
        raise RefusedError(FileReason.EMPTY, Phrase(Says.NO_ROWS), Phrase(Says.HEADER_AND_ROWS))
    placed, strange, refusals = [], [], []
    for number, sheet in enumerate(sheets):
        try:
            header = find_header(sheet, contract, surface.others)
        except RefusedError as error:
            if error.reason is FileReason.WRONG_FEED or not is_strange(sheet, contract):
                raise
            strange.append(sum(1 for line, _ in sheet.rows if line))
            refusals.append(error)
            continue
        titles = [text for _, cells in sheet.rows[: header.body] for cell in cells if (text := cell_text(cell))]
        placed.append(_Placed(number, sheet, header, drop_period(contract, surface.file, titles, sheet.name)))
    if not placed:
        raise refusals[0]
    return placed, strange


def _batch(
    con: duckdb.DuckDBPyConnection, name: str, decoded: Decoded, placed: list[_Placed], table: Table, surface: Surface
) -> Batch:  # fmt: skip
    landed = {one.number: _land(one, decoded, table, surface) for one in placed}
    frame = _records(con, pa.concat_tables([one.frame for one in landed.values()]), table)
    con.register(name, frame)
    names = {one.number: one.sheet.name for one in placed}

    def cells(spots: Collection[int]) -> dict[int, list[str]]:
        return {spot: landed[sheet_of(spot)].texts[spot] for spot in spots}

    return Batch(
        table=placed[0].header.table,
        records=f"SELECT * FROM {name}",
        frame=frame,
        rows=sum(one.rows for one in landed.values()),
        skipped=sum(one.skipped for one in landed.values()),
        faults=[fault for one in landed.values() for fault in one.faults],
        cells=cells,
        headings=placed[0].header.names,
        period=span([one.period for one in placed if one.period]),
        control="; ".join(one.control for one in landed.values() if one.control),
        in_a_row=max(len(one.header.values) for one in placed) if table.wide else 1,
        sheet=lambda spot: names[sheet_of(spot)],
        given=[{"sheet": one.sheet.name} | (one.period.said if one.period else {}) for one in placed],
    )


def _records(con: duckdb.DuckDBPyConnection, frame: pa.Table, table: Table) -> pa.Table:
    """Return the records of incoming rows, worked out once: a statement over derived columns costs more to plan than to run."""
    if not table.outages and not any(column.derive for column in table.columns.values()):
        return frame.select(["_spot", *table.columns])
    con.register("incoming", frame)
    try:
        return con.sql(record_query("SELECT * FROM incoming", table)).to_arrow_table()
    finally:
        con.unregister("incoming")


def _land(placed: _Placed, decoded: Decoded, table: Table, surface: Surface) -> Landed:
    period, around = placed.period, surface.around
    given: dict[str, Any] = {"sheet": placed.sheet.name, "file": surface.file}
    if period:
        given |= {"period": period.start, "period_end": period.end, **period.said}
    near = Surroundings(
        period.start if period else None, period.end if period else None, around.utc_offset, epoch_1904=decoded.epoch_1904
    )  # fmt: skip
    strict = surface.contract.files.format == "csv"
    passed = zero_line(placed.sheet, placed.header, table)
    return land(
        placed.sheet, placed.header, table, near, surface.places, strict_width=strict, number=placed.number, given=given,
        passed=passed, readers=surface.readers,
    )  # fmt: skip
