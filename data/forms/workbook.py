"""Reads workbooks (xlsx, xls, ods) with calamine, after a look at what they would expand to."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from data.forms import oldbook
from data.forms.containers import Meter
from data.forms.sheet import MOST_CELLS, Decoded, Sheet
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError

_CHUNK = 4_194_304
_OVERLAP = 65_536
_BLOCK, _LONGEST_ADDRESS = 131_072, 16
_OLE = b"\xd0\xcf\x11\xe0"
# Cells without an address are counted by the reader itself, so only addresses can claim a place far away.
_FAR = re.compile(rb"""r\s*=\s*["'](?:([A-Za-z]{2,3})(\d+)|[A-Za-z]?(\d{6,}))["']""")
_REPEATED = re.compile(rb"""number-(columns|rows)-repeated=["'](\d+)["']""")
_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?table-(row|cell)\b([^>]*?)(/?)>")
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Za-z]{1,3})(\d+)["'][^>]*>"""
    rb"""<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"""
)
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*?\bt=["']e["'])[^>]*?\br=["']([A-Za-z]{1,3})(\d+)["'][^>]*>(?:<(?:\w+:)?f\b.*?(?:/>|</(?:\w+:)?f>))?"""
    rb"""<(?:\w+:)?v>([^<]*)<"""
)
# One quick look each, for a letter that is rare: they say of nearly every piece that the patterns above need not be sought.
_MAY_BE_FORMULA = re.compile(rb"f(?:>|(?<=[<:]f))")
_MAY_BE_ERROR = re.compile(rb"""e["'](?<=t=["']e["'])""")
# A sheet may lie under any name, so that all but the large members that never are one are looked at.
_NO_SHEETS = frozenset({"xl/sharedStrings.xml", "xl/styles.xml", "xl/theme/theme1.xml"})
_FROM_1904 = re.compile(rb"""date1904=["'](1|true)["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Uncounted = dict[tuple[int, int], str]


def decode_workbook(path: Path, max_bytes: int) -> Decoded:
    """Read every sheet that is not hidden. Raises RefusedError: UNSUPPORTED_TYPE, CORRUPT (also encrypted), TOO_LARGE."""
    with path.open("rb") as stream:
        head = stream.read(8)
    old = oldbook.look(path) if head.startswith(_OLE) else None
    if not (old.is_workbook if old else head.startswith(b"PK") and _is_workbook(path)):
        raise RefusedError(FileReason.UNSUPPORTED_TYPE, Phrase(Says.NO_WORKBOOK), Phrase(Says.WORKBOOK))
    uncounted, epoch_1904 = ({}, old.epoch_1904) if old else _inspect(path, max_bytes)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        seen = [about.name for about in workbook.sheets_metadata if about.visible is SheetVisibleEnum.Visible]
        sheets = [_sheet(workbook, name, uncounted.get(name, {})) for name in seen]
    except (CalamineError, OSError, ValueError) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error
    except BaseException as error:
        # A panic of the library's Rust is no Exception; anything else of that rank must go on.
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error
    return Decoded("xls" if old else "xlsx", sheets, epoch_1904)


def _is_workbook(path: Path) -> bool:
    """Whether a zip holds a workbook and not a letter or slides."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                return b"spreadsheet" in archive.read("mimetype")
            return not any(name.startswith(("word/", "ppt/")) for name in names)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return True  # what cannot be opened is told apart below


def _inspect(path: Path, max_bytes: int) -> tuple[dict[str, Uncounted], bool]:
    """Stream every member once: refuse what would expand beyond bounds; find formulas without a value, by sheet name."""
    formulas: dict[str, Uncounted] = {}
    epoch_1904 = False
    try:
        with zipfile.ZipFile(path) as archive:
            meter = Meter(path.stat().st_size, max_bytes)
            for info in archive.infolist():
                found: Uncounted = {}
                for chunk in _chunks(archive, info, meter):
                    if info.filename == "content.xml":
                        _refuse_repeated(chunk)
                    elif info.filename == "xl/workbook.xml":
                        epoch_1904 = epoch_1904 or bool(_FROM_1904.search(chunk))
                    elif info.filename not in _NO_SHEETS:
                        _refuse_far(chunk)
                        found |= _texts_for(chunk)
                if found:
                    formulas[info.filename] = found
            names = _sheet_names(archive) if formulas else {}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        ET.ParseError,
    ) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error
    return {names.get(file, file): cells for file, cells in formulas.items()}, epoch_1904


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter) -> Iterator[bytes]:
    """Yield a member in pieces that overlap, so that nothing is cut in two where it is looked for."""
    tail = b""
    with archive.open(info) as stream:
        while read := stream.read(_CHUNK):
            meter.add(len(read))
            yield tail + read
            tail = read[-_OVERLAP:]


def _refuse_far(chunk: bytes) -> None:
    """A reader makes room for every cell up to the farthest one: one cell at the far corner would take all memory."""
    if not _may_hold_far(chunk):
        return
    for found in _FAR.finditer(chunk):
        column = _column(found[1]) if found[1] else 26
        row = int((found[2] or found[3])[:12])
        if column * row > MOST_CELLS:
            most = Phrase(Says.AT_MOST_COUNT, MOST_CELLS, Noun.CELLS)
            raise RefusedError(FileReason.TOO_LARGE, Phrase(Says.FAR_CELL, row, column), most)


def _may_hold_far(chunk: bytes) -> bool:
    """Whether two letters and four digits stand in a row, or a text begins with seven digits, or with a letter and seven.

    No address without either claims more than MOST_CELLS; all addresses are looked at together, which costs a third of one by one.
    """
    for start in range(0, len(chunk), _BLOCK):
        signs = np.frombuffer(chunk[start : start + _BLOCK + _LONGEST_ADDRESS].ljust(_LONGEST_ADDRESS), np.uint8)
        digit, letter = (signs - ord("0")) < 10, ((signs | 32) - ord("a")) < 26
        four = digit[:-3] & digit[1:-2] & digit[2:-1] & digit[3:]
        if (letter[:-5] & letter[1:-4] & four[2:]).any():
            return True
        seven = four[:-3] & four[3:]
        if seven.any():
            quote = (signs == ord('"')) | (signs == ord("'"))
            if (quote[:-8] & (seven[1:-1] | (letter[1:-7] & seven[2:]))).any():
                return True
    return False


def _refuse_repeated(chunk: bytes) -> None:
    for found in _REPEATED.finditer(chunk):
        most = _MOST_COLUMNS if found[1] == b"columns" else _MOST_ROWS
        if int(found[2][:12]) > most:
            repeats = Phrase(Says.COUNT, int(found[2][:12]), Noun.REPEATS)
            raise RefusedError(FileReason.TOO_LARGE, repeats, Phrase(Says.AT_MOST_COUNT, most, Noun.REPEATS))
    _refuse_multiplied(chunk)


def _refuse_multiplied(chunk: bytes) -> None:
    """A row that is repeated repeats its repeated cells: each number may be small, and their product a bomb."""
    cells, rows, in_row = 0, 1, 0
    for found in _ROW_OR_CELL.finditer(chunk):
        repeated = _REPEATED.search(found[2])
        times = int(repeated[2]) if repeated else 1
        if found[1] == b"row":
            rows, in_row = times, 0
        elif not found[3]:  # a cell that holds nothing takes no room
            here = min(times, _MOST_COLUMNS - in_row)
            in_row, cells = in_row + here, cells + rows * here
    if cells > MOST_CELLS:
        most = Phrase(Says.AT_MOST_COUNT, MOST_CELLS, Noun.CELLS)
        raise RefusedError(FileReason.TOO_LARGE, Phrase(Says.COUNT, cells, Noun.CELLS), most)


def _texts_for(chunk: bytes) -> Uncounted:
    """Return what to show for cells that read as blank and are not, by (row, column) counted from 0: formulas, errors."""
    found: Uncounted = {}
    if _MAY_BE_FORMULA.search(chunk):
        for cell in _FORMULA.finditer(chunk):
            found[int(cell[2]) - 1, _column(cell[1]) - 1] = "=" + (cell[3] or b"").decode(errors="replace")
    if _MAY_BE_ERROR.search(chunk):
        for cell in _ERROR.finditer(chunk):
            found[int(cell[2]) - 1, _column(cell[1]) - 1] = cell[3].decode(errors="replace")
    return found


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the sheet that each member holds."""
    # Expat bounds what entities may expand to, and every byte has been counted by now.
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = {one.attrib["Id"]: one.attrib["Target"].removeprefix("/xl/").removeprefix("./") for one in links}
    sheets = book.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet")
    return {f"xl/{relations.get(sheet.attrib.get(_RELATION, ''), '')}": sheet.attrib.get("name", "") for sheet in sheets}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet(workbook: CalamineWorkbook, name: str, uncounted: Uncounted) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    for (row, column), formula in uncounted.items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            rows[row][column] = formula
    seen = [(line, cells) for line, cells in enumerate(rows, start=1) if not _is_blank(cells)]
    return Sheet(name, seen, tuple(sheet.merged_cell_ranges or ()))


def _is_blank(cells: list[Any]) -> bool:
    return not cells or (_says_nothing(cells[0]) and all(map(_says_nothing, cells)))


def _says_nothing(cell: Any) -> bool:
    return cell.__class__ is str and (not cell or cell.isspace())
