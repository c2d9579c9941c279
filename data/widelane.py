"""The wide lane: a large delimited file is read by DuckDB into typed columns at full speed, straight into a part.

It takes only what it reads exactly as the cell-by-cell lane would: every row with a cell that is not plain (and every
row that DuckDB rejects) is handed to that lane. A table, file or dialect that cannot be read so does not fit, and goes
the exact way as a whole.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from data.batch import Batch
from data.contract import Table
from data.forms.delimited import find_delimiter, text_rows
from data.forms.encoding import find_encoding
from data.forms.sheet import HEADER_WITHIN, Sheet
from data.header import Header
from data.landing import Landed, RowTexts, land
from data.layout import DropPeriod
from data.lines import Lines
from data.moments import Surroundings
from data.parse import MISSING_TOKENS
from data.places import Places
from data.plain import cell_at, is_plain_table, listed, moment_form, odd_values, typed_columns
from data.records import record_query
from data.spot import line_of, spot

WIDE_FROM_BYTES = 2_000_000
MOST_EXACT_SHARE = 0.2
_HEAD_BYTES = 262_144
_CHUNK = 8_388_608


@dataclass(frozen=True, slots=True)
class Head:
    """The first rows of a text file, how the file is written, and the words for "missing" that occur at its start."""

    encoding: str
    delimiter: str
    sheet: Sheet
    null_tokens: frozenset[str]


@dataclass(slots=True)
class Wide:
    """A drop read by the wide lane. Rows are named by their position, or by minus their spot (`data/spot.py`) for exact rows.

    `odd` are the positions of the part that the exact lane has read instead.
    """

    part: Path
    records: str
    first_line: int
    gaps: list[int]
    odd: list[int]
    positions: int
    exact: Landed
    headings: list[str]
    read_texts: Callable[[list[int]], RowTexts]

    def line(self, place: int) -> int:
        """Return the row number that a spreadsheet would show."""
        return line_of(-place) if place < 0 else line_at(place, self.first_line, self.gaps)

    def batch(self, table: str, period: DropPeriod | None) -> Batch:
        """Return what was read, to be judged."""
        faults = [replace(fault, spot=-fault.spot) for fault in self.exact.faults]
        rows, skipped = self.positions + self.exact.rows, self.exact.skipped
        return Batch(table, self.records, rows, skipped, faults, self.cells, self.headings, period, line=self.line)

    def cells(self, places: Collection[int]) -> dict[int, list[str]]:
        """Return the cells of some rows as they stand in the file, masked."""
        lines = {place: self.line(place) for place in places if place >= 0}
        texts = self.read_texts(list(lines.values()))
        return {place: texts[spot(0, lines[place])] if place >= 0 else self.exact.texts[-place] for place in places}


def line_at(position: int, first_line: int, gaps: list[int]) -> int:
    """Return the line of the row at a position of a wide part, given the lines that were left out of it."""
    passed = 0
    while True:
        moved = bisect_right(gaps, first_line + position + passed)
        if moved == passed:
            return first_line + position + passed
        passed = moved


def read_head(path: Path) -> Head:
    """Read the first rows of a text file; raises RefusedError when its encoding is none that is known."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    encoding = find_encoding(head, whole=False)
    text = head.decode(encoding, errors="ignore")
    text = text[: text.rfind("\n") + 1]
    delimiter = find_delimiter(text[:65_536])
    rows = []
    for line, cells in text_rows(text, delimiter):
        rows.append((line, cells))
        if line > HEADER_WITHIN + 2:
            break
    # Every further word that DuckDB looks for costs it time in every cell; a word that comes up later only makes its row odd.
    words = {cell.strip('"\r') for cell in text.replace("\n", delimiter).split(delimiter)}
    return Head(encoding, delimiter, Sheet("", rows), MISSING_TOKENS & {"", *words})


@dataclass(frozen=True, slots=True)
class Job:
    """What reading one file takes: where to, how it is written, what its columns are, and what the city knows."""

    con: duckdb.DuckDBPyConnection
    scratch: Path
    head: Head
    header: Header
    table: Table
    places: Places
    around: Surroundings

    @property
    def body_line(self) -> int:
        """The line of the first row of the body."""
        return self.head.sheet.rows[self.header.body][0]

    def records(self, relation: str, carry: str = "_spot") -> str:
        """Return SQL of the records of incoming rows."""
        return record_query(relation, self.table, carry)

    def cells(self, lines: Lines, numbers: Collection[int]) -> dict[int, list[str]]:
        """Return the cells of some lines of the file."""
        return {line: _split(text, self.head.delimiter) for line, text in lines.texts(numbers).items()}

    def texts(self, lines: Lines, numbers: Collection[int]) -> RowTexts:
        """Return the text of some lines as people may see it."""
        read = Sheet("", [*self.head.sheet.rows[: self.header.body], *self.cells(lines, numbers).items()])
        return RowTexts(read, self.header, self.table)


@contextmanager
def read(job: Job, path: Path) -> Iterator[Wide | None]:
    """Read a file into a part of records; None when this lane is of no use to it, and the exact one must read it all."""
    job.scratch.mkdir(parents=True, exist_ok=True)
    if job.head.encoding in {"utf-8", "utf-8-sig"}:
        yield _read_text(job, path)
        return
    source = job.scratch / f"text-{os.getpid()}.csv"
    try:
        with path.open(encoding=job.head.encoding, newline="") as reader, source.open("w", encoding="utf-8", newline="") as writer:
            shutil.copyfileobj(reader, writer, _CHUNK)
        readable = True
    except UnicodeDecodeError:
        readable = False
    try:
        yield _read_text(job, source) if readable else None
    finally:
        source.unlink(missing_ok=True)


def _read_text(job: Job, source: Path) -> Wide | None:
    """Read UTF-8 text; None when a row is of no known encoding, lines cannot be counted, or too many rows are odd."""
    con, table, header, lines = job.con, job.table, job.header, Lines(source, job.head.delimiter)
    first = job.head.sheet.rows[header.body][1]
    worked_out = table.outages or any(column.derive for column in table.columns.values())  # in SQL that compares texts
    for kind in {column.kind for column in table.columns.values() if column.kind}:
        _load_spellings(con, kind, job.places, enumerated=not worked_out)
    part = job.scratch / f"wide-{os.getpid()}.parquet"
    con.execute("DROP TABLE IF EXISTS rejected; DROP TABLE IF EXISTS rejected_scans")
    reading = _reading(source, job, first, texts_only=lines.has_underscore)
    open_ended = lines.open_ended()
    # DuckDB passes over one blank cell too many at the end of a row, which may be what is left of a row that has slipped.
    ended = f"r.c{header.width - 1} IS NOT NULL" if len(open_ended) else "false"
    columns = ", ".join([*typed_columns(table, header, texts_only=lines.has_underscore), f"{ended} AS _ended"])
    records = job.records(f"SELECT {columns} FROM ({reading}) r {_joins(table, header)}", "_odd, _ended")
    con.execute(f"COPY ({records}) TO '{part}' (FORMAT parquet, COMPRESSION snappy)")
    rejected = [row[0] for row in con.execute("SELECT DISTINCT line FROM rejected ORDER BY line").fetchall()]
    garbled = con.execute(
        "SELECT count(*) FROM rejected WHERE error_type::VARCHAR ILIKE '%encod%' OR error_type::VARCHAR ILIKE '%unicode%'"
    ).fetchall()[0][0]
    count = con.execute(f"SELECT count(*) FROM read_parquet('{part}')").fetchall()[0][0]
    conditions = ["_odd", *odd_values(table, header, job.head.null_tokens)]
    if len(open_ended):
        numbers = open_ended - job.body_line - np.searchsorted(rejected, open_ended)
        con.register("open_ended", pa.table({"place": numbers[numbers >= 0]}))
        conditions.append("_ended AND file_row_number IN (SELECT place FROM open_ended)")
    places = " UNION ".join(f"SELECT file_row_number FROM read_parquet('{part}', file_row_number = true) WHERE {one}" for one in conditions)
    odd = [place for (place,) in con.execute(f"{places} ORDER BY file_row_number").fetchall()]
    if len(open_ended):
        con.unregister("open_ended")
    counted = count + len(rejected) + job.body_line - 1 == lines.count
    if garbled or not counted or len(rejected) + len(odd) > MOST_EXACT_SHARE * (count + len(rejected)):
        part.unlink()
        return None
    return _with_exact(job, part, lines, rejected, odd, count)


def _with_exact(job: Job, part: Path, lines: Lines, rejected: list[int], odd: list[int], count: int) -> Wide:
    """Send the rows that are not plain through the exact lane, and join both in one relation."""
    con = job.con
    numbers = sorted({*rejected, *(line_at(position, job.body_line, rejected) for position in odd)})
    rows = [(line, cells) for line, cells in job.cells(lines, numbers).items() if any(cell.strip() for cell in cells)]
    exact = land(
        Sheet("", [*job.head.sheet.rows[: job.header.body], *rows]), job.header, job.table, job.around, job.places, strict_width=True
    )
    con.register("exact_rows", exact.frame)
    again = job.records("SELECT * REPLACE (-_spot AS _spot) FROM exact_rows")
    con.execute(f"CREATE OR REPLACE TEMP TABLE exact_records AS {again}")
    con.unregister("exact_rows")
    con.execute("CREATE OR REPLACE TEMP TABLE odd_spots (spot BIGINT)")
    con.execute("INSERT INTO odd_spots SELECT unnest(?::BIGINT[])", [odd])
    plain = wide_rows(part, "odd_spots" if odd else "")
    records = f"{plain} UNION ALL BY NAME SELECT * FROM exact_records" if rows else plain
    return Wide(
        part, records, job.body_line, rejected, odd, count - len(odd), exact, job.header.names, lambda wanted: job.texts(lines, wanted)
    )


def wide_rows(part: Path, left_out: str = "") -> str:
    """Return SQL of the rows of a wide part, named by their position, without the places of a table."""
    where = f" WHERE file_row_number NOT IN (SELECT spot FROM {left_out})" if left_out else ""
    return (
        "SELECT file_row_number::BIGINT AS _spot, * EXCLUDE (_odd, _ended, file_row_number)"
        f" FROM read_parquet('{part}', file_row_number = true){where}"
    )


def _split(text: str, delimiter: str) -> list[Any]:
    """Return the cells of one rejected line."""
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _reading(source: Path, job: Job, first: list[Any], *, texts_only: bool) -> str:
    """Return the read_csv call: every column of the file by place, typed where its cells are read safely."""
    head, header, table = job.head, job.header, job.table
    types = ["VARCHAR"] * header.width
    forms: dict[str, str] = {}
    for name, place in header.cells.items():
        column = table.columns[name]
        if column.type in {"integer", "number", "percent"} and not texts_only:
            types[place] = "DOUBLE"
        elif column.type in {"date", "timestamp"}:
            form = moment_form(column, cell_at(first, place))
            assert form is not None
            kind = "timestamp" if "%H" in form else "date"
            if forms.setdefault(kind, form) == form:
                types[place] = kind.upper()
    columns = ", ".join(f"'c{place}': '{kind}'" for place, kind in enumerate(types))
    tokens = ", ".join(f"'{token}'" for token in sorted(head.null_tokens))
    extra = "".join(f", {kind}format = '{form}'" for kind, form in forms.items())
    skip = head.sheet.rows[header.body][0] - 1
    delimiter = "\\t" if head.delimiter == "\t" else head.delimiter
    path = str(source).replace("'", "''")
    return (
        f"SELECT * FROM read_csv('{path}', auto_detect = false, header = false, skip = {skip}, delim = '{delimiter}', quote = '\"',"
        f" escape = '\"', columns = {{{columns}}}, nullstr = [{tokens}], strict_mode = true{extra},"
        " store_rejects = true, rejects_limit = 0, rejects_table = 'rejected', rejects_scan = 'rejected_scans')"
    )


def fits(table: Table, header: Header, head: Head) -> bool:
    """Whether a file may go the wide lane at all: its dialect, its first rows and every column of its table."""
    numbered = all(line == place for place, (line, _) in enumerate(head.sheet.rows, start=1))
    if len(head.sheet.rows) <= header.body or head.encoding == "utf-16" or not numbered:
        return False
    return is_plain_table(table, header, head.sheet.rows[header.body][1])


def _joins(table: Table, header: Header) -> str:
    return " ".join(
        f"LEFT JOIN spelled_{column.kind} e_{name} ON e_{name}.spelling = r.c{header.cells[name]}"
        for name, column in table.columns.items()
        if column.type == "entity" and name in header.cells
    )


def _load_spellings(con: duckdb.DuckDBPyConnection, kind: str, places: Places, *, enumerated: bool) -> None:
    """Make the table that codes are looked up in; a column of a part is written faster where all its values are known."""
    spellings: Mapping[str, str] = places.spellings(kind)
    codes = f"ENUM({listed(set(spellings.values()))})" if spellings and enumerated else "VARCHAR"
    con.execute(f"CREATE OR REPLACE TEMP TABLE spelled_{kind} (spelling VARCHAR, entity {codes})")
    if spellings:
        marks = ", ".join(["(?, ?)"] * len(spellings))
        con.execute(f"INSERT INTO spelled_{kind} VALUES {marks}", [text for pair in spellings.items() for text in pair])
