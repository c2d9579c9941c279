"""Files that are small on disk and would be huge in memory: each is sent back at once, and the refresh goes on."""

from __future__ import annotations

import gzip
import io
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq

from data.reasons import RowReason as R
from tests.corpus.case import HEADINGS, POISONED, Case, raw, refused, taken, text
from tests.corpus.forged import gz, lying_zip, overlapping_zip, pack
from tests.corpus.forms import book, grid, open_document, open_rows, parquet, strings, zipped

MEGABYTE = 1_048_576
HUGE = 64
HEAD = list(HEADINGS.values())


@cache
def _zeros(megabytes: int) -> bytes:
    return bytes(megabytes * MEGABYTE)


def _spaces(megabytes: int) -> str:
    return " " * (megabytes * MEGABYTE)


def _lines(_: date) -> bytes:
    return POISONED.encode() + b"2016-01-01 01:00,a,b,1,x\n" * 2_600_000


def _texts() -> list[Case]:
    return [
        refused("bomb_gz", "texts", gz(raw(_zeros(HUGE))), "TOO_LARGE"),
        refused("bomb_gz_of_rows", "texts", lambda day: gzip.compress(_lines(day), 9, mtime=0), "TOO_LARGE"),
        refused("bomb_gz_of_many_members", "texts", lambda _: gzip.compress(_zeros(1), 9, mtime=0) * HUGE, "TOO_LARGE"),
        refused("bomb_zip", "texts", lambda _: zipped({"a.csv": _zeros(HUGE)}), "TOO_LARGE"),
        refused("bomb_zip_of_many", "texts", lambda _: zipped({f"{n}.csv": _zeros(1) for n in range(HUGE)}), "TOO_LARGE"),
        # Whether the lie or the size is seen first, nothing of it may be taken.
        refused("bomb_zip_that_says_it_is_small", "texts", lambda _: lying_zip("a.csv", _zeros(HUGE), 1000), "TOO_LARGE|CORRUPT"),
        refused("bomb_zip_that_says_it_is_nothing", "texts", lambda _: lying_zip("a.csv", _zeros(HUGE), 0), "TOO_LARGE|CORRUPT|EMPTY"),
        refused(
            "bomb_zip_of_shared_bytes", "texts", lambda _: overlapping_zip([f"{n}.csv" for n in range(200)], _zeros(4)), "TOO_LARGE|CORRUPT"
        ),
        refused(
            "bomb_zip_of_20000_members",
            "texts",
            lambda _: pack({f"{n}.csv": POISONED for n in range(20_000)}, stored=True)(date(2016, 1, 1)),
            "TOO_LARGE",
        ),
        # Policy: the limit of the contract holds after expansion.
        refused("bomb_gz_above_its_contract", "small", gz(text(POISONED + "x" * 3000)), "TOO_LARGE"),
        refused("bomb_json_gz", "trees", gz(raw(b"[" + _zeros(HUGE))), "TOO_LARGE"),
        refused("bomb_lines_gz", "lines", gz(raw(b"{}\n" * (HUGE * 300_000))), "TOO_LARGE"),
        refused(
            "bomb_zip_above_its_contract",
            "small",
            pack({"a.csv": text(POISONED), "b.csv": text(POISONED + "x" * 1900)}, stored=True),
            "TOO_LARGE",
        ),
    ]


def _books() -> list[Case]:
    far = "".join(f'<row r="{row}"><c r="{address}"><v>1</v></c></row>' for row, address in ((1, "A1"), (1_048_576, "XFD1048576")))
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    head = open_rows([HEAD])
    entries = strings("<t>x</t>").replace("</sst>", "") + _spaces(HUGE) + "</sst>"
    sheet = grid([HEAD]).replace("</sheetData>", f"{far}</sheetData>")
    beyond = grid([HEAD]).replace(
        "</sheetData>", '<row r="99999999999999999999"><c r="ZZZZZZ99999999999999999999"><v>1</v></c></row></sheetData>'
    )
    cells = "<c><v>1</v></c>" * 16_384
    nameless = grid([HEAD]).replace("</sheetData>", f"<row>{cells}</row>" * 250 + "</sheetData>")
    return [
        refused("bomb_xlsx_of_blanks", "books", lambda _: book(grid([HEAD], after=_spaces(HUGE))), "TOO_LARGE"),
        refused("bomb_xlsx_of_strings", "books", lambda _: book(grid([HEAD]), parts={"xl/sharedStrings.xml": entries}), "TOO_LARGE"),
        refused("bomb_xlsx_of_a_picture", "books", lambda _: book(grid([HEAD]), parts={"xl/media/a.png": _zeros(HUGE)}), "TOO_LARGE"),
        refused("bomb_xlsx_of_cells", "books", lambda _: book(nameless), "TOO_LARGE"),
        refused("bomb_xlsx_with_a_far_cell", "books", lambda _: book(sheet), "TOO_LARGE"),
        refused("bomb_xlsx_with_a_cell_beyond", "books", lambda _: book(beyond), "TOO_LARGE|CORRUPT"),
        refused(
            "bomb_xlsx_with_a_far_cell_in_lower_case",
            "books",
            lambda _: book(sheet.replace("XFD1048576", "xfd1048576")),
            "TOO_LARGE|CORRUPT",
        ),
        refused(
            "bomb_xlsx_with_a_far_cell_spelled_with_space",
            "books",
            lambda _: book(sheet.replace('r="XFD1048576"', 'r = "XFD1048576"')),
            "TOO_LARGE|CORRUPT",
        ),
        refused("bomb_xlsx_in_a_sheet_of_another_name", "books", lambda _: _elsewhere(sheet), "TOO_LARGE"),
        refused("bomb_ods_of_cells", "books", lambda _: open_document(head + rows), "TOO_LARGE"),
        # A sheet ends at its last column, so this is one long row of rubbish.
        taken(
            "bomb_ods_of_many_repeats",
            "books",
            lambda _: open_document(head + f"<table:table-row>{cell * 3000}</table:table-row>"),
            0,
            R.BAD_NUMBER,
        ),
        refused("bomb_ods_of_a_billion_rows", "books", lambda _: open_document(head + rows.replace("1048576", "999999999")), "TOO_LARGE"),
        refused("bomb_ods_of_an_endless_number", "books", lambda _: open_document(head + rows.replace("1048576", "9" * 40)), "TOO_LARGE"),
        refused("bomb_xlsx_in_gz", "books", gz(lambda _: book(grid([HEAD], after=_spaces(HUGE)))), "TOO_LARGE"),
        refused("bomb_xlsx_in_zip", "books", pack({"a.xlsx": lambda _: book(sheet)}), "TOO_LARGE"),
    ]


def _elsewhere(sheet: str) -> bytes:
    """Return a workbook whose far cell lies in a part that is no `xl/worksheets/`."""
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="other/a.xml"/></Relationships>'
    )
    return book(grid([HEAD]), parts={"xl/_rels/workbook.xml.rels": links, "xl/other/a.xml": sheet})


def _parquets() -> list[Case]:
    return [
        refused("bomb_parquet_of_nulls", "columns", lambda _: _repeated(pa.nulls(1), 30_000_000), "TOO_LARGE"),
        refused("bomb_parquet_of_one_text", "columns", lambda _: _repeated(pa.array(["长" * 1000]), 2_000_000), "TOO_LARGE"),
        refused("bomb_parquet_of_one_list", "columns", lambda _: _one_list(), "TOO_LARGE"),
        refused("bomb_parquet_in_gz", "columns", gz(raw(_zeros(HUGE))), "TOO_LARGE"),
    ]


def _repeated(one: pa.Array, count: int) -> bytes:
    """Return a file of one value many times over, which takes a few bytes on disk."""
    if one.type == pa.null():
        return parquet({name: pa.nulls(count) for name in HEAD})
    places = pa.Array.from_buffers(pa.int8(), count, [None, pa.py_buffer(bytes(count))])
    column = pa.DictionaryArray.from_arrays(places, one)
    target = io.BytesIO()
    pq.write_table(pa.table(dict.fromkeys(HEAD, column)), target, store_schema=False)
    return target.getvalue()


def _one_list() -> bytes:
    items = pa.Array.from_buffers(pa.int64(), 20_000_000, [None, pa.py_buffer(bytes(160_000_000))])
    column = pa.ListArray.from_arrays(pa.array([0, 20_000_000], pa.int32()), items)
    return parquet({name: pa.array([name]) for name in HEAD[:-1]} | {HEAD[-1]: column})


CASES = [*_texts(), *_books(), *_parquets()]
