"""Writes sheets as a true xls workbook (BIFF8), as old systems of departments export it; the same bytes for the same cells."""

from __future__ import annotations

import io
import re

import xlwt

from data.demo.workbook import Formula, Sheet, Stamp

_SHOWN = "yyyy-mm-dd hh:mm"
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


def old_workbook(*sheets: Sheet) -> bytes:
    """Return the workbook with these sheets in this order; a formula has the value 0 until Excel opens the file."""
    book, dated = xlwt.Workbook(encoding="utf-8"), xlwt.easyxf(num_format_str=_SHOWN)
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for number, row in enumerate(sheet.rows):
            for place, cell in enumerate(row):
                if isinstance(cell, Formula):
                    page.write(number, place, xlwt.Formula(cell))
                elif isinstance(cell, Stamp):
                    page.write(number, place, float(cell), dated)
                elif cell is not None:
                    page.write(number, place, cell)
        for one in sheet.merged:
            left, top, right, bottom = _RANGE.fullmatch(one).groups()  # type: ignore[union-attr]  # ranges are our own
            page.merge(int(top) - 1, int(bottom) - 1, _place(left), _place(right))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
