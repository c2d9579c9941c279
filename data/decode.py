"""Turns the bytes of a drop into sheets of rows of cells, by evidence; knows no column and no feed.

`Sheet.rows` are (line, cells): the line is the row number that a spreadsheet shows, counted from 1 and including
blank rows, so that a clerk finds the row that is spoken of.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from data.reasons import FileReason, RefusedError

DELIMITERS = (",", "\t", ";", "|")
HEADER_WITHIN = 12
_SNIFFED = 65_536


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of cells. `merged` = ((row, column), (row, column)) ranges, counted from 0."""

    name: str
    rows: list[tuple[int, list[Any]]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


@dataclass(frozen=True, slots=True)
class Decoded:
    """The sheets of a file, the encoding that was found (workbooks: `xlsx`), and a text file's delimiter."""

    encoding: str
    sheets: list[Sheet] = field(default_factory=list)
    delimiter: str = ""


def decode(path: Path, form: str, max_bytes: int) -> Decoded:
    """Read a whole file; raises RefusedError when it is empty, too large, broken or of another kind."""
    size = path.stat().st_size
    if size == 0:
        raise RefusedError(FileReason.EMPTY, "0 bytes", "a file with a header and rows")
    if size > max_bytes:
        raise RefusedError(FileReason.TOO_LARGE, f"{size} bytes", f"at most {max_bytes}")
    return _decode_workbook(path) if form == "xlsx" else _decode_text(path)


def find_encoding(head: bytes, *, whole: bool) -> str:
    """Return the encoding that the bytes are strictly in: by mark, else UTF-8, else GB18030; raises RefusedError."""
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")):
        raise RefusedError(FileReason.UNSUPPORTED_TYPE, "a workbook, archive or document", "delimited text")
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            if not whole and error.start >= len(head) - 4:
                return encoding
        else:
            return encoding
    raise RefusedError(FileReason.ENCODING, "bytes of no known encoding", "UTF-8, UTF-16 with mark or GB18030")


def _decode_text(path: Path) -> Decoded:
    content = path.read_bytes()
    encoding = find_encoding(content, whole=True)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedError(FileReason.ENCODING, str(error.reason), encoding) from error
    if "\ufffd" in text:
        raise RefusedError(FileReason.ENCODING, "replacement characters", "text that was never garbled")
    delimiter = find_delimiter(text[:_SNIFFED])
    return Decoded(encoding, [Sheet("", list(text_rows(text, delimiter)))], delimiter)


def find_delimiter(text: str) -> str:
    """Return the delimiter that splits the first rows into the most cells."""
    return max(DELIMITERS, key=lambda mark: (max((len(row) for _, row in _head(text, mark)), default=0), mark == ","))


def _head(text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    for line, row in text_rows(text, delimiter):
        if line > HEADER_WITHIN:
            return
        yield line, row


def text_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield (line, cells) of delimited text; quoted newlines are part of a cell, blank rows are passed over."""
    csv.field_size_limit(2**31 - 1)
    stream = io.StringIO(text.replace("\r\r\n", "\n"), newline="")
    for line, cells in enumerate(csv.reader(stream, delimiter=delimiter), start=1):
        if any(cell.strip() for cell in cells):
            yield line, cells


def _decode_workbook(path: Path) -> Decoded:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [_sheet(workbook, name) for name in workbook.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        with path.open("rb") as stream:
            head = stream.read(8)
        if not head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
            raise RefusedError(FileReason.UNSUPPORTED_TYPE, "no workbook", "an xlsx workbook") from error
        raise RefusedError(FileReason.CORRUPT, "a workbook that cannot be read", "a whole, unencrypted workbook") from error
    return Decoded("xlsx", sheets)


def _sheet(workbook: CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rows = [
        (line, [_cell(cell) for cell in cells])
        for line, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        if any(cell != "" for cell in cells)
    ]
    return Sheet(name, rows, tuple(sheet.merged_cell_ranges or ()))


def _cell(cell: Any) -> Any:
    """An empty workbook cell is None; a whole float is what a clerk typed as an integer."""
    if cell == "":
        return None
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0)
    return cell
