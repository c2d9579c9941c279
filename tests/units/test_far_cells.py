"""Promises of the look at a workbook's addresses: a cell too far away is refused wherever its address lies in the file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from data.forms.workbook import decode_workbook
from data.reasons import FileReason, RefusedError

MOST = 10**9  # bytes
BLOCK = 131_072  # how much of a sheet is looked at together


def with_cell(folder: Path, address: str, before: int = 0) -> Path:
    """Write a workbook with one cell more, so many bytes of blanks into its last part."""
    made, forged = folder / "made.xlsx", folder / "forged.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["日期", "数"])
    book.save(made)
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(forged, "w", zipfile.ZIP_DEFLATED) as taken:
        for name in given.namelist():
            text = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                head, tail = text.split(b"</sheetData>")
                head += b" " * max(before - len(head) - len(b'<row><c r="'), 0)
                text = head + f'<row><c r="{address}"><v>1</v></c></row></sheetData>'.encode() + tail
            taken.writestr(name, text)
    return forged


@pytest.mark.parametrize("address", ["XFD1048576", "xfd1048576", "AMJ39100", "AA1481482", "A99999999", "ZZZ2189"])
def test_a_far_cell_is_refused(tmp_path: Path, address: str) -> None:
    """Columns of two and three letters, and rows beyond any sheet, claim more cells than a drop may have."""
    with pytest.raises(RefusedError) as refused:
        decode_workbook(with_cell(tmp_path, address), MOST)

    assert FileReason.TOO_LARGE == refused.value.reason


@pytest.mark.parametrize("back", range(12))
def test_no_address_hides_between_two_looks(tmp_path: Path, back: int) -> None:
    """A far address is seen where one block ends and the next begins."""
    with pytest.raises(RefusedError) as refused:
        decode_workbook(with_cell(tmp_path, "XFD1048576", BLOCK - back), MOST)

    assert FileReason.TOO_LARGE == refused.value.reason


@pytest.mark.parametrize(("address", "texts"), [("C2", ["", "", "1"]), ("AB12", [""] * 27 + ["1"]), ("A100000", ["1", ""])])
def test_a_near_cell_is_read(tmp_path: Path, address: str, texts: list[str]) -> None:
    """What lies within bounds is read, in a sheet of many columns as in one of many rows."""
    (sheet,) = decode_workbook(with_cell(tmp_path, address), MOST).sheets

    assert texts == [str(cell).removesuffix(".0") for cell in sheet.rows[-1][1]]
