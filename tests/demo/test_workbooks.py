"""Other programs read the demonstration's workbooks as they were meant."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import python_calamine

from data.demo.oldbook import old_workbook
from data.demo.workbook import Formula, Sheet, Stamp, letters, workbook

DAY = Sheet("供水", [["日报", None], ["日期", "水量"], [Stamp(42436.5), 12.5], ["合计", Formula("SUM(B3:B3)")]], ["A1:B1"])
WIDE = Sheet("供热&排水", [[None] * 27 + ["末列"]])


def test_sheets_of_a_new_workbook() -> None:
    """Sheets keep their order, names, merged cells, dates and formulas, also right of column Z."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(DAY, WIDE)))
    page = book["供水"]

    assert ["供水", "供热&排水"] == book.sheetnames
    assert ["A1:B1"] == [str(one) for one in page.merged_cells.ranges]
    assert ("日报", datetime(2016, 3, 7, 12), 12.5, "=SUM(B3:B3)") == (
        page["A1"].value,
        page["A3"].value,
        page["B3"].value,
        page["B4"].value,
    )
    assert "末列" == book["供热&排水"]["AB1"].value


def test_a_formula_has_no_value_yet() -> None:
    """Who reads values only finds none where a formula was never computed."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(DAY)), data_only=True)

    assert book["供水"]["B4"].value is None


def test_sheets_of_an_old_workbook() -> None:
    """A true xls holds the same cells and merged ranges, and comes out byte for byte the same."""
    content = old_workbook(DAY, WIDE)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    page = book.get_sheet_by_name("供水")

    assert content.startswith(b"\xd0\xcf\x11\xe0")
    assert content == old_workbook(DAY, WIDE)
    assert [datetime(2016, 3, 7, 12), 12.5] == page.to_python()[2]
    assert [((0, 0), (0, 1))] == page.merged_cell_ranges
    assert "末列" == book.get_sheet_by_name("供热&排水").to_python()[0][-1]


def test_letters_of_columns() -> None:
    """Columns are counted as a spreadsheet counts them."""
    assert ["A", "Z", "AA", "AZ", "BA"] == [letters(place) for place in (0, 25, 26, 51, 52)]
