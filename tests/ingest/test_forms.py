"""Every form that a contract can name comes in by the contract alone: packed, in sheets, wide, with units and from above."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from benchmarks.meters import write_city
from data import journal, warehouse
from data.contracts import load_contracts
from data.ingest import Ingest
from data.register import load_reference
from data.settings import Settings
from data.taken import Taken

HEAD = """\
feed: works
code: W01
name: {zh: 公用事业, en: Works}
department: office
class: 一般
grade: 1
share: unconditional
owner: 示例
since: 2015-01-01
version: 1
cadence: {every: day}
"""
PLAIN = """\
tables:
  supply:
    name: {zh: 供应, en: Supply}
    kind: readings
    key: [day, street]
    time: day
    area: [street]
    covers: time
    every: day
    columns:
      day: {heading: 日期, type: date}
      street: {heading: 街道, type: entity, kind: street}
      amount: {heading: 供水量(万吨), type: number, unit: 万吨, decimals: 3, units: {吨: 0.0001}}
      note: {heading: 备注, type: text, optional: true, mask: [name]}
"""
ROWS = [
    {"日期": "2016-01-02", "街道": "街道1", "供水量(万吨)": 1.25, "备注": "张建国"},
    {"日期": "2016-01-02", "街道": "街道2", "供水量(万吨)": 2.5},
]
KEPT = [("2016-01-02", "S001", "1.250", "张**"), ("2016-01-02", "S002", "2.500", None)]


def take(folder: Path, contract: str, file: str, content: bytes) -> tuple[Taken, dict[str, list[tuple[Any, ...]]], list[tuple[Any, ...]]]:
    """Return the drop, its current rows by table (as text), and its faults."""
    write_city(folder)
    (folder / "data/feeds/works.yaml").write_text(contract, encoding="utf-8")
    where = Settings(folder, folder / "var")
    where.archive.mkdir(parents=True)
    (where.archive / "drop").write_bytes(content)
    reference = load_reference(where)
    contracts = load_contracts(where, reference)
    arrival = journal.Arrival(1, "works", file, "drop", datetime(2016, 3, 7, tzinfo=UTC))
    with warehouse.open_warehouse(where, reference, contracts) as con:
        taken = Ingest(con, where, reference, contracts).take_all([arrival], datetime(2016, 3, 7), lambda _: None)[0]
        current = {}
        for name, table in contracts["works"].tables.items():
            columns = ", ".join(f'"{column}"::VARCHAR' for column in table.columns)
            current[name] = con.execute(f"SELECT {columns} FROM current_works_{name} ORDER BY ALL").fetchall()
        faults = con.execute('SELECT sheet, line, "column", reason FROM quarantine ORDER BY ALL').fetchall()
    assert not list((where.records / ".scratch").glob("*"))
    return taken, current, faults


def workbook(sheets: dict[str, list[list[Any]]], merged: dict[str, list[str]] | None = None) -> bytes:
    """Return an xlsx of some sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in (merged or {}).get(name, []):
            sheet.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_text() -> bytes:
    """Return the rows as a department's CSV, in the older encoding."""
    return ("日期,街道,供水量(万吨),备注\n" + "".join(",".join(str(row.get(key, "")) for key in ROWS[0]) + "\n" for row in ROWS)).encode(
        "gb18030"
    )


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip of some files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parquet() -> bytes:
    """Return the rows as Parquet, with a real date and a dictionary."""
    stream = io.BytesIO()
    frame = pd.DataFrame(ROWS).astype({"街道": "category"})
    frame["日期"] = pd.to_datetime(frame["日期"])
    frame.to_parquet(stream)
    return stream.getvalue()


FORMS = {
    "csv.gz": ("csv", gzip.compress(csv_text())),
    "csv.zip": ("csv", zipped({"文件夹/水.csv": csv_text()})),
    "json": ("json", json.dumps(ROWS, ensure_ascii=False).encode()),
    "json in an object": ("json", json.dumps({"code": 0, "data": {"items": ROWS, "total": 2}}).encode()),
    "jsonl": ("jsonl", "\n".join(json.dumps(row) for row in ROWS).encode("utf-16")),
    "jsonl.gz": ("jsonl", gzip.compress("\n".join(json.dumps(row) for row in ROWS).encode())),
    "parquet": ("parquet", parquet()),
    "xlsx.zip": ("xlsx", zipped({"水.xlsx": workbook({"表": [list(ROWS[0]), *([row.get(key) for key in ROWS[0]] for row in ROWS)]})})),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_records(tmp_path: Path, form: str) -> None:
    """The same two rows, however they are packed."""
    of, content = FORMS[form]

    taken, current, faults = take(tmp_path, f"{HEAD}files: {{format: {of}}}\n{PLAIN}", f"水.{form}", content)

    assert (taken.state, taken.rows, taken.accepted, taken.reason, faults) == ("taken", 2, 2, "", [])
    assert current["supply"] == KEPT


def test_a_broken_line_costs_only_itself(tmp_path: Path) -> None:
    """A record a line: one that is none is returned with its line, the others stay."""
    lines = [json.dumps(ROWS[0]), '{"日期": "2016-01-02", ', "[1, 2]", json.dumps(ROWS[1] | {"街道": ["街道2"]})]

    taken, current, faults = take(tmp_path, f"{HEAD}files: {{format: jsonl}}\n{PLAIN}", "水.jsonl", "\n".join(lines).encode())

    assert (taken.rows, taken.accepted, taken.quarantined) == (4, 1, 3)
    assert faults == [("", 2, "", "BAD_JSON"), ("", 3, "", "BAD_JSON"), ("", 4, "街道", "BAD_TYPE")]
    assert current["supply"] == KEPT[:1]


SHEETS = """\
files: {format: xlsx, skip_sheets: [填表说明*]}
tables:
  water:
    name: {zh: 供水, en: Water}
    kind: readings
    key: [day]
    time: day
    covers: time
    every: day
    sheet: 供水*
    unit_row: true
    columns:
      day: {heading: 日期, type: date}
      supplied: {heading: 供水量, type: number, unit: 万吨, decimals: 2}
      tested: {heading: 水压/测压点次, type: integer}
      passed: {heading: 水压/合格点次, type: integer}
  heat:
    name: {zh: 供热, en: Heat}
    kind: readings
    key: [day, company]
    time: day
    covers: time
    every: day
    where: company != '示例停用'
    columns:
      day: {heading: 日期, type: date, above: ["同上", ""]}
      company: {heading: 企业, type: text}
      share: {heading: 合格率, type: percent, decimals: 1}
      of: {type: text, given: sheet}
"""


def test_sheets_go_to_their_tables(tmp_path: Path) -> None:
    """Two tables in three sheets, three header rows, a row of units, cells from above, a filter, a cover sheet."""
    water = [
        ["日期", "供水情况", None, None], [None, "总量", "水压", None], [None, "供水量", "测压点次", "合格点次"],
        ["", "(万吨)", "(次)", "(次)"], ["2016-01-02", "３１.５", 40, 39],
    ]  # fmt: skip
    heat = [["日期", "企业", "合格率"], ["2016-01-02", "甲", "97.8%"], ["同上", "乙", 96.1], [None, "示例停用", "坏值"]]
    more = [["企业", "日期", "合格率"], ["丙", "2016-01-03", "101"]]
    content = workbook(
        {"填表说明1": [["日期", "是", "填报日"]], "封面": [["公用事业运行日报"]], "供水(日)": water, "供热一": heat, "供热二": more},
        {"供水(日)": ["A1:A3", "B1:D1", "C2:D2"]},
    )

    taken, current, faults = take(tmp_path, HEAD + SHEETS, "公用事业运行日报.xlsx", content)

    assert current["water"] == [("2016-01-02", "31.50", "40", "39")]
    assert current["heat"] == [("2016-01-02", "乙", "96.1", "供热一"), ("2016-01-02", "甲", "97.8", "供热一")]
    assert faults == [("供热二", 2, "合格率", "OUT_OF_RANGE")]
    assert taken.rows == taken.accepted + taken.quarantined + taken.skipped
    assert (taken.rows, taken.accepted, taken.quarantined, taken.skipped) == (7, 3, 1, 3)


def test_rows_that_look_alike_may_be_of_different_days(tmp_path: Path) -> None:
    """Where a blank cell stands for the one above, only the same key twice is a repetition."""
    heat = [
        ["日期", "企业", "合格率"],
        ["2016-01-02", "甲", 97],
        [None, "乙", 96],
        ["2016-01-03", "甲", 95],
        [None, "乙", 96],
        [None, "乙", 96],
    ]

    taken, current, _ = take(tmp_path, HEAD + SHEETS, "公用事业运行日报.xlsx", workbook({"供热": heat}, {}))

    assert [row[:2] for row in current["heat"]] == [(f"2016-01-0{day}", name) for day in (2, 3) for name in ("乙", "甲")]
    assert (taken.rows, taken.accepted, taken.skipped) == (5, 4, 1)


WIDE = """\
files: {format: csv, period: {from: name, patterns: ["{place}_{year}{month}.csv"]}}
tables:
  loads:
    name: {zh: 负荷, en: Loads}
    kind: readings
    key: [at, street]
    time: at
    area: [street]
    covers: time
    every: hour
    wide: {headings: ["街道*"], into: street, value: kilowatt}
    columns:
      step: {type: integer, given: row}
      start: {type: date, given: period}
      at: {type: timestamp, derive: "minutes_after(start, step * 60)", ahead: null}
      street: {type: entity, kind: street}
      kilowatt: {type: number, unit: 千瓦, decimals: 1, range: [0, 1000]}
      plant: {type: text, given: place}
"""


def test_a_wide_table_becomes_long(tmp_path: Path) -> None:
    """Headings are values, the time comes from the row and the name, and a bad cell costs its record only."""
    content = "街道1,街道2\n1.5,2\n3,x\n".encode()

    taken, current, faults = take(tmp_path, HEAD + WIDE, "东站_201601.csv", content)

    assert [(row[2], row[3], row[4], row[5]) for row in current["loads"]] == [
        ("2016-01-01 00:00:00", "S001", "1.5", "东站"), ("2016-01-01 00:00:00", "S002", "2.0", "东站"),
        ("2016-01-01 01:00:00", "S001", "3.0", "东站"),
    ]  # fmt: skip
    assert (taken.rows, taken.accepted, taken.quarantined, taken.records) == (2, 1, 1, 3)
    assert [(line, reason) for _, line, _, reason in faults] == [(3, "BAD_NUMBER")]


@pytest.mark.parametrize(
    ("heading", "cell", "kept"), [("供水量(万吨)", "8000吨", "0.800"), ("供水量(吨)", "8000", "0.800"), ("供水量(吨)", "0.8万吨", "0.800")]
)
def test_units_are_turned_into_the_column_s(tmp_path: Path, heading: str, cell: str, kept: str) -> None:
    """By the unit in the cell, else by the one in the heading."""
    contract = PLAIN.replace("heading: 供水量(万吨)", "heading: [供水量(万吨), 供水量(吨)]")

    _, current, faults = take(
        tmp_path, f"{HEAD}files: {{format: csv}}\n{contract}", "水.csv", f"日期,街道,{heading}\n2016-01-02,街道1,{cell}\n".encode()
    )

    assert not faults
    assert current["supply"][0][2] == kept


def test_mistakes_go_back_in_a_workbook(tmp_path: Path) -> None:
    """The faulty rows under their headings, the faulty cell marked, what was wanted in Chinese, names masked, formulas as text."""
    content = "日期,街道,供水量(万吨),备注\n2016-01-02,街道1,1.5,好\n2016-01-02,无此街,=1+1,张建国\n".encode()

    take(tmp_path, f"{HEAD}files: {{format: csv}}\n{PLAIN}", "水.csv", content)

    book = openpyxl.load_workbook(tmp_path / "var/returns/works/works-000001.xlsx")
    listing, rows = book.worksheets
    assert [cell.value for cell in listing[5]][1:4] == ["3", "供水量(万吨)", "不是数"]
    assert [[cell.value for cell in row] for row in rows] == [
        ["日期", "街道", "供水量(万吨)", "备注"],
        ["2016-01-02", "无此街", "=1+1", "张**"],
    ]
    assert rows["C2"].data_type == "s"
    assert "数" in rows["C2"].comment.text
    assert rows["C2"].fill.fgColor.rgb == "FFFDE3DF"
    assert rows["A2"].comment is None
