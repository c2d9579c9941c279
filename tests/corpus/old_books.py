"""Writes true xls workbooks (BIFF8 in an OLE container) record by record, so that one of them can be wrong."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from tests.corpus.case import Build, on

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
_BOOK, _SHEET = 0x0005, 0x0010


def old_book(*lines: Sequence[Any], from_1904: bool = False, locked: bool = False, stream: str = "Workbook") -> Build:
    """Return a workbook of one sheet; `locked` says that it is encrypted, `stream` that it is of another program."""
    return lambda day: ole(stream, _workbook([[on(day, cell) if isinstance(cell, str) else cell for cell in line] for line in lines],
                                             from_1904=from_1904, locked=locked))  # fmt: skip


def _workbook(lines: Sequence[Sequence[Any]], *, from_1904: bool, locked: bool) -> bytes:
    name = "日报".encode("utf-16-le")
    head = _begin(_BOOK)
    head += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(range(48))) if locked else b""
    head += _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", from_1904))
    head += b"".join(_record(0x00E0, struct.pack("<HHHBBBBIIH", 0, form, 0, 0, 0, 0, 0, 0, 0, 0)) for form in (0, 22))
    length = len(head) + 4 + 8 + len(name) + 4
    head += _record(0x0085, struct.pack("<IHBB", length, 0, len(name) // 2, 1) + name) + _record(0x000A, b"")
    body = _begin(_SHEET) + _record(0x0200, struct.pack("<IIHHH", 0, len(lines), 0, max(map(len, lines), default=0), 0))
    body += b"".join(_cell(row, place, cell) for row, line in enumerate(lines) for place, cell in enumerate(line) if cell is not None)
    return head + body + _record(0x000A, b"")


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def _cell(row: int, place: int, cell: Any) -> bytes:
    if isinstance(cell, tuple):  # a number shown as a date
        return _record(0x0203, struct.pack("<HHHd", row, place, 1, cell[0]))
    if isinstance(cell, str):
        written = cell.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, place, 0, len(written) // 2, 1) + written)
    return _record(0x0203, struct.pack("<HHHd", row, place, 0, cell))


def ole(name: str, content: bytes) -> bytes:
    """Return an OLE container with one stream."""
    content += bytes(max(4096, -(-len(content) // _SECTOR) * _SECTOR) - len(content))
    count = len(content) // _SECTOR
    fat = [_FAT, _END, *range(3, count + 2), _END]
    fat += [_FREE] * (128 - len(fat))
    assert len(fat) == 128, "more than one sector of places"
    entries = (
        _entry("Root Entry", 5, _FREE, 1, _END, 0) + _entry(name, 2, _FREE, _FREE, 2, len(content)) + _entry("", 0, _FREE, _FREE, 0, 0) * 2
    )
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    )
    return head + struct.pack("<109I", 0, *[_FREE] * 108) + struct.pack("<128I", *fat) + entries + content


def _entry(name: str, kind: int, sibling: int, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, sibling, sibling, child)
    return (
        written.ljust(64, b"\x00")
        + struct.pack("<H", len(written) + 2 if name else 0)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
