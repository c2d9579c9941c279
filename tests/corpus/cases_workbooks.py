"""Workbooks: sheets, merged headers, what a cell may hold, dates by number, and the three formats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from data.reasons import RowReason as R
from tests.corpus.case import HEADINGS, POISON, Build, Case, cells, filled, on, raw, refused, rows, taken
from tests.corpus.forms import Xml, book, grid, open_document, open_rows, strings
from tests.corpus.old_books import old_book

HEAD = list(HEADINGS.values())
LINE = ["{d} 04:00", "太原街", "m0", 4.25, "平"]
OTHER = ["{d} 05:00", "南湖街", "m1", 1.5, "x"]
KEPT = {"m0": {"amount": "4.25", "note": "平", "street": "S2"}}
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


def sheets(*grids: Sequence[Sequence[Any]], merged: Sequence[str] = (), **options: Any) -> Build:
    """Return a workbook of sheets of cells; `merged` areas are those of the first one."""

    def build(day: date) -> bytes:
        dated_grids = [[[filled(day, cell) for cell in line] for line in lines] for lines in grids]
        return book(*(grid(lines, merged if place == 0 else ()) for place, lines in enumerate(dated_grids)), **options)

    return build


def serial(day: date, share: float, epoch: date = EPOCH_1900) -> float:
    """Return a moment of a day as a workbook counts it."""
    return (day - epoch).days + share


def dated(style: str, *, from_1904: bool = False) -> Build:
    """Return a workbook whose time is a number, shown as `style` says."""
    settings = '<workbookPr date1904="1"/>' if from_1904 else ""
    epoch = EPOCH_1904 if from_1904 else EPOCH_1900
    return lambda day: book(
        grid([HEAD, [Xml(f"{style}|<v>{serial(day, 0.25, epoch)}</v>"), "南湖街", "m0", 4.25, "平"]]), settings=settings
    )


def _with_hidden_row(day: date) -> bytes:
    """Return a workbook with a row that a filter hides: it is hidden from the eye only, and sums count it."""
    lines = [[filled(day, cell) for cell in line] for line in (HEAD, LINE, OTHER)]
    return book(grid(lines).replace('<row r="3">', '<row r="3" hidden="1">'))


def _sheets() -> list[Case]:
    data, other, bad = [HEAD, LINE], [HEAD, OTHER], [HEAD, POISON]
    return [
        taken("an_empty_sheet_first", "books", sheets([], data), 1, kept=KEPT),
        # One word of the contract on a cover does not make it a table. Rows of a sheet that is no table are skipped, as titles are.
        taken("a_cover_sheet_first", "books", sheets([["样本区日报"], ["联系人", "张三"]], data), 1, skipped=2, kept=KEPT),
        taken("an_empty_sheet_last", "books", sheets(data, []), 1, kept=KEPT),
        taken("a_legend_sheet_last", "books", sheets(data, [["代码", "含义"], [1, "甲"]]), 1, skipped=2, kept=KEPT),
        taken("a_chart_sheet_first", "books", sheets(data, chart_first=True), 1, kept=KEPT),
        # "For a workbook the counts are per sheet, and summed": each sheet that fits is taken.
        taken("two_sheets_of_data", "books", sheets(data, other), 2, kept=KEPT | {"m1": {"amount": "1.50"}}),
        taken("thirteen_sheets_of_data", "books", sheets(*[[HEAD, [f"{{d}} 04:{n:02d}", "南湖街", f"m{n}", n, "x"]] for n in range(13)]),
            13),
        # R5 speaks of a file, and a workbook is one.
        taken("two_sheets_that_differ", "books", sheets(data, [HEAD, [*LINE[:3], 9, "x"]]), 0, R.DUPLICATE_CONFLICT, R.DUPLICATE_CONFLICT),
        taken("two_sheets_that_agree", "books", sheets(data, data), 1, skipped=1),
        taken("a_hidden_row", "books", _with_hidden_row, 2, kept=KEPT),
        # Policy is silent. A clerk sends what can be seen; last month's sheet that was hidden is not meant.
        taken("a_hidden_sheet", "books", sheets(bad, data, states=["hidden", ""]), 1, kept=KEPT),
        taken("a_very_hidden_sheet", "books", sheets(bad, data, states=["veryHidden", ""]), 1, kept=KEPT),
        taken("sheet_names_of_all_kinds", "books", sheets([], data, names=["'; DROP TABLE x--", "<b>&\"..\\/日报"]), 1, kept=KEPT),
        # F2 asks each table for its headings: what nearly is one is not passed over.
        refused("a_sheet_of_several_without_a_heading", "books", sheets(bad, [["时间", "街道", "表号", "数额", "说明"], OTHER]), "SCHEMA"),
        refused("no_sheet_with_a_header", "books", sheets([["甲", "乙"], [1, 2]], [["丙"], [3]]), "SCHEMA"),
        refused("empty_sheets_only", "books", sheets([], []), "EMPTY"),
        refused("a_sheet_with_a_heading_twice", "books", sheets([[*HEAD, "金额"], [*POISON, 667]]), "SCHEMA"),
        refused("a_workbook_of_another_feed", "books",
            sheets([["评比日期", "名次", "得分", "等级", "评委", "奖项", "评语"], ["{d}", 1, 9, "甲", "张", "一", "好"]]), "WRONG_FEED"),
        taken("a_header_only_workbook", "books", sheets([HEAD]), 0),
    ]  # fmt: skip


def _merged() -> list[Case]:
    two = [["时间", "地点", None, "数据", None], [None, "街道", "表号", "金额", "说明"], LINE]
    three = [["时间", "区域", None, "指标", None], [None, "街道", "表号", "数值", None], [None, None, None, "金额", "说明"], LINE]
    unit = [["时间", "街道", "表号", "金额(万元)", "说明"], [None, None, None, "(万元)", None], LINE]
    return [
        taken(
            "a_merged_title",
            "books",
            sheets([["样本区日报", None, None, None, None], HEAD, LINE], merged=["A1:E1"]),
            1,
            skipped=1,
            kept=KEPT,
        ),
        taken("a_header_in_two_rows", "books", sheets(two, merged=["A1:A2", "B1:C1", "D1:E1"]), 1, kept=KEPT),
        taken(
            "a_title_and_a_header_in_two_rows",
            "books",
            sheets([["样本区日报"], *two], merged=["A1:E1", "A2:A3", "B2:C2", "D2:E2"]),
            1,
            skipped=1,
            kept=KEPT,
        ),
        # Policy names two rows as an example ("including"); a third one is no reason to send the form back.
        taken(
            "a_header_in_three_rows", "books", sheets(three, merged=["A1:A3", "B1:C1", "D1:E1", "B2:B3", "C2:C3", "D2:E2"]), 1, kept=KEPT
        ),
        taken("units_below_the_header", "books", sheets(unit), 1, R.MISSING_KEY, kept=KEPT),
        taken("a_merged_area_without_end", "books", sheets([["样本区日报"], HEAD, LINE], merged=["A1:XFD1"]), 1, skipped=1, kept=KEPT),
        # A merged body cell holds its value once; the rows below it say nothing, and are not guessed.
        taken(
            "a_merged_street",
            "books",
            sheets([HEAD, LINE, ["{d} 05:00", None, "m1", 1, "x"]], merged=["B2:B3"]),
            1,
            R.MISSING_KEY,
            kept=KEPT,
        ),
        refused(
            "a_header_of_merged_headings", "books", sheets([["数据", None, None, None, None], HEAD[:2], POISON], merged=["A1:E1"]), "SCHEMA"
        ),
    ]


def _cells() -> list[Case]:
    no = R.BAD_NUMBER
    spoken = [HEAD, ["{d} 04:00", Xml('t="s"|<v>0</v>'), "m0", 1, "x"]]
    phonetic = "<r><t>南湖</t></r><r><t>街道</t></r><rPh sb='0' eb='2'><t>ナンコ</t></rPh>"
    error = [Xml(f't="e"|<v>{code}</v>') for code in ("#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")]
    return [
        cells("errors_as_numbers", "books", "amount", *((cell, no) for cell in error)),
        cells("errors_as_times", "books", "taken", (error[0], R.BAD_DATE), (error[1], R.BAD_DATE)),
        cells("formulas_without_a_value", "books", "amount", (Xml("|<f>SUM(D2:D3)</f>"), no), (Xml("|<f>SUM(D2:D3)</f><v></v>"), no),
            (Xml("|<f>SUM(D2:D3)</f><v/>"), no), (Xml('t="str"|<f>A1</f><v></v>'), no), (Xml('t="n"|<f t="shared" si="0"/>'), no),
            (Xml('s="0"|<f t="array" ref="D2:D3" ca="1">SUM(A1)</f>'), no)),
        cells("formulas_with_a_value", "books", "amount", (Xml("|<f>1+1</f><v>2</v>"), "2.00"),
            (Xml('t="str"|<f>"1,5"</f><v>12.5</v>'), "12.50"), (Xml('t="b"|<f>TRUE()</f><v>1</v>'), no),
            (Xml('t="e"|<f>1/0</f><v>#DIV/0!</v>'), no)),
        cells("formulas_as_text", "books", "note", ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"), (Xml('t="str"|<f>A1</f><v>甲</v>'), "甲")),
        cells("numbers_of_a_workbook", "books", "amount", (0.1 + 0.2, "0.30"), (36.900000000000006, "36.90"), (7, "7.00"), (1.005, no),
            (1e300, R.OUT_OF_RANGE), (-0.01, R.OUT_OF_RANGE), (-99, None), ("１２", "12.00"), ("1.2万", "1.20"), (True, no),
            (Xml('s="1"|<v>42374</v>'), no), ("'5", no), (None, None)),
        cells("counts_of_a_workbook", "books", "cases", (3.0, "3"), (3.5, no), (1e9, "1000000000"), (2.9999999999999996, "3"),
            (Xml("|<v>1E+2</v>"), "100")),
        cells("percentages_of_a_workbook", "books", "rate", (93.5, "93.50"), ("93.5%", "93.50"), (0.935, no), (100.5, R.OUT_OF_RANGE)),
        cells("an_endless_number_of_a_workbook", "books", "amount", (Xml("|<v>1e999</v>"), no)),
        refused("a_number_that_is_none_in_a_workbook", "books", sheets([HEAD, [*POISON[:3], Xml('t="n"|<v>abc</v>'), "x"]]), "CORRUPT"),
        cells("strings_of_a_workbook", "books", "note",
            (Xml('t="inlineStr"|<is><r><t>红</t></r><r><rPr><b/></rPr><t>字</t></r></is>'), "红字"), ("a" * 4000, "a" * 4000),
            ("a" * 4001, R.FIELD_TOO_LONG), ("甲\n乙", "甲\n乙"), (Xml('t="inlineStr"|<is><t>_x0041_</t></is>'), "A")),
        cells("meters_of_a_workbook", "books", "meter", (12, "12"), (12.5, "12.5"), ("0012", "0012"), (123456789012345, "123456789012345")),
        refused("a_string_that_is_not_there", "books", sheets([HEAD, [Xml('t="s"|<v>99999</v>'), *POISON[1:]]]), "CORRUPT"),
        taken("shared_strings_with_phonetics", "books", sheets(spoken, parts={"xl/sharedStrings.xml": strings(phonetic)}), 1,
            kept={"m0": {"street": "S1"}}),
    ]  # fmt: skip


def _times() -> list[Case]:
    at_six = {"m0": {"taken": "{d} 06:00:00"}}
    text_of = ["{d} 06:00", "南湖街", "m0", 4.25, "平"]
    old = [HEAD, text_of]
    return [
        taken("a_time_by_number_and_style", "books", dated('s="1"'), 1, kept=at_six),
        taken("a_time_by_number_alone", "books", dated(""), 1, kept=at_six),
        taken("a_time_by_number_and_style_1904", "books", dated('s="1"', from_1904=True), 1, kept=at_six),
        taken("a_time_by_number_alone_1904", "books", dated("", from_1904=True), 1, kept=at_six),
        cells("times_of_a_workbook", "books", "taken", ("{d} 06:00", "{d} 06:00:00"), ("{c}", "{d} 00:00:00"),
            (20140601, "2014-06-01 00:00:00"), (Xml('t="d"|<v>2014-06-02T06:00:00</v>'), "2014-06-02 06:00:00"),
            (Xml('s="4"|<v>1.5</v>'), R.BAD_DATE), (0.5, R.BAD_DATE), (-1, R.BAD_DATE), (Xml('s="1"|<v>-5</v>'), R.BAD_DATE),
            (Xml('s="1"|<v>9e9</v>'), R.BAD_DATE), (Xml('s="1"|<v>60</v>'), R.BAD_DATE), (True, R.BAD_DATE), (50000, R.FUTURE_DATE)),
        taken("an_xls", "books", old_book(*old), 1, file="日报_{c}.xls", kept=at_six | {"m0": {"amount": "4.25"}}),
        taken("an_xls_named_xlsx", "books", old_book(*old), 1),
        taken("an_xls_with_a_bad_row", "books", old_book(*old, ["昨天", "南湖街", "m1", 1, "x"]), 1, R.BAD_DATE),
        taken("an_xls_with_a_time_by_number", "books", lambda day: old_book(HEAD, [(serial(day, 0.25),), *text_of[1:]])(day), 1,
            kept=at_six),
        taken("an_xls_with_a_time_1904", "books",
            lambda day: old_book(HEAD, [(serial(day, 0.25, EPOCH_1904),), *text_of[1:]], from_1904=True)(day), 1, kept=at_six),
        taken("an_xls_with_a_plain_number_1904", "books",
            lambda day: old_book(HEAD, [serial(day, 0.25, EPOCH_1904), *text_of[1:]], from_1904=True)(day), 1, kept=at_six),
        refused("an_xls_without_a_header", "books", old_book(["甲"], ["乙"]), "SCHEMA", "日报_{c}.xls"),
    ]  # fmt: skip


def _ods() -> list[Case]:
    blank = '<table:table-cell table:number-columns-repeated="16379"/>'
    rest = (
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    line = ["{d} 04:00", "太原街", "m0", "4.25", "平"]
    same = (
        '<table:table-row table:number-rows-repeated="3">'
        + open_rows([["{d} 05:00", "南湖街", "m1", "1", "x"]])[len("<table:table-row>") :]
    )
    locked = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
        "</manifest:manifest>"
    )

    def ods(body: str) -> Build:
        return lambda day: open_document(on(day, body))

    return [
        taken("an_ods", "books", ods(open_rows([HEAD, line])), 1, file="日报_{c}.ods", kept=KEPT),
        # LibreOffice writes blank cells and rows up to the last place of a sheet.
        taken("an_ods_blank_to_the_end", "books", ods(open_rows([HEAD, line], blank) + rest), 1, file="日报_{c}.ods", kept=KEPT),
        taken("an_ods_with_a_row_repeated", "books", ods(open_rows([HEAD, line]) + same), 2, skipped=2, file="日报_{c}.ods", kept=KEPT),
        refused(
            "an_ods_encrypted",
            "books",
            raw(open_document("", {"content.xml": bytes(range(256)) * 4, "META-INF/manifest.xml": locked})),
            "CORRUPT",
        ),
        refused("an_ods_with_broken_xml", "books", raw(open_document("<table:table-row>")), "CORRUPT"),
        refused("an_ods_without_content", "books", raw(open_document("", {"content.xml": ""})), "CORRUPT|EMPTY"),
    ]


def _parts() -> list[Case]:
    lol = (
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY {n} '{('&' + p + ';') * 10}'>" for p, n in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>"
    )
    named = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="&i;" sheetId="1"/></sheets>'
        "</workbook>"
    )
    outside = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    shared = strings("<t>&a;</t>").replace("?>\n", f"?>\n{outside}", 1)
    link = '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../etc/passwd"/></Relationships>'
    lying = lambda day: book(grid([HEAD, [filled(day, cell) for cell in LINE]], before='<dimension ref="A1:XFD1048576"/>'))  # noqa: E731
    return [
        taken("a_sheet_that_says_it_is_huge", "books", lying, 1, kept=KEPT),
        taken("a_cell_far_below", "books", sheets([HEAD, LINE, *[[]] * 200_000, [" "]]), 1, kept=KEPT),
        refused(
            "entities_that_grow",
            "books",
            sheets([HEAD, POISON, [Xml("|<f>1</f>")]], parts={"xl/workbook.xml": lol + named}),
            "CORRUPT|SCHEMA|EMPTY",
        ),
        refused(
            "an_entity_from_outside",
            "books",
            sheets([HEAD, [Xml('t="s"|<v>0</v>'), *POISON[1:]], POISON], parts={"xl/sharedStrings.xml": shared}),
            "CORRUPT",
        ),
        refused("a_sheet_from_outside", "books", sheets([HEAD, POISON], parts={"xl/_rels/workbook.xml.rels": link}), "CORRUPT"),
        taken(
            "rows_without_addresses",
            "books",
            lambda day: book(grid([HEAD, [filled(day, cell) for cell in LINE]]).replace('<row r="2">', "<row>")),
            1,
            kept=KEPT,
        ),
        taken("texts_of_a_workbook_alone", "books", rows("books", ["{d} 04:00", "太原街", "m0", "4.25", "平"]), 1, kept=KEPT),
    ]


CASES = [*_sheets(), *_merged(), *_cells(), *_times(), *_ods(), *_parts()]
