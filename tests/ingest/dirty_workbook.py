"""Writes the city, the contracts and the dirty workbooks of `test_new_city`: a feed that no Python file of the product names."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from data.blank import write_blank_city
from data.settings import Settings

CLOCK = "2024-05-08T08:00+08:00"
TITLE = "公厕巡查日报（2024年5月6日-5月7日）"
STREETS = {"D1001": "示例街道", "D1002": "西园街道", "D1003": "南门街道"}

TOILETS = """\
feed: toilets
code: X01
name: {zh: 公厕巡查, en: Public toilets}
department: office
owner: 环卫处
class: 一般
grade: 1
share: unconditional
since: 2024-01-01
version: 1
cadence: {every: day, due: "07:30"}
files:
  format: xlsx
  period: {from: title, patterns: ["公厕巡查*({year}年{month}月{day}日-{to_month}月{to_day}日)", "公厕巡查*({year}年{month}月{day}日)"]}
tables:
  rounds:
    name: {zh: 巡查记录, en: Rounds}
    kind: events
    key: [toilet_no, checked_at]
    time: checked_at
    area: [street]
    covers: period
    columns:
      toilet_no: {heading: [公厕编号, 编号], type: text}
      street: {heading: 所属街道, type: entity, kind: street}
      checked_at: {heading: 检查时间, type: timestamp}
      visits: {heading: 使用人次, type: integer, unit: 人次, range: [0, 100000]}
      water: {heading: "用水量(吨)", type: number, unit: 吨, decimals: 2, range: [0, 1000], missing: ["-1"]}
      cost: {heading: 保洁经费, type: number, unit: 元, decimals: 2, range: [0, 1000000]}
      clean: {heading: 合格率, type: percent, unit: "%", decimals: 2}
      condition: {heading: 状况, type: text, allowed: [正常, 停用]}
      mended_at: {heading: 整改时间, type: timestamp}
      remark: {heading: 巡查说明, type: text, mask: [phone], optional: true}
    checks:
      - rule: mended_at >= checked_at
        says: {zh: 整改不早于检查, en: mended no earlier than checked}
"""
LAMPS = """\
feed: lamps
code: X02
name: {zh: 路灯日报, en: Street lamps}
department: office
owner: 照明处
class: 一般
grade: 1
share: unconditional
since: 2024-01-01
version: 1
cadence: {every: day, due: "07:30"}
files: {format: csv, max_bytes: 2000}
tables:
  nights:
    name: {zh: 亮灯, en: Nights}
    kind: readings
    key: [lamp, night]
    time: night
    covers: time
    every: day
    columns:
      lamp: {heading: 灯杆号, type: text}
      night: {heading: 夜次, type: date}
      lit: {heading: 亮灯数, type: integer, unit: 盏}
      total: {heading: 总灯数, type: integer, unit: 盏}
"""
INDICATORS = [
    ("toilet_rounds", "巡查次数", "rows()", "次", 0, "higher"),
    ("toilet_visits", "使用人次", "sum(visits)", "人次", 0, "watch"),
    ("toilet_water", "最大用水量", "max(water)", "吨", 2, "watch"),
    ("toilet_cost", "保洁经费", "sum(cost)", "元", 2, "watch"),
    ("toilet_clean", "平均合格率", "mean(clean)", "%", 2, "watch"),
    ("toilet_open", "正常开放率", "count(condition == '正常') / rows()", "%", 2, "higher"),
    ("toilet_places", "巡查公厕数", "count_distinct(toilet_no)", "座", 0, "watch"),
]
HEADER = (
    ("序号", "公厕编号", "所属街道", "检查时间", "运行", None, None, "管理", None, None, None),
    (None, None, None, None, "使用 人次", "用水量（吨）", "保洁经费", "合格率", "状况", "整改时间", "巡查说明"),
)
MERGED = ("A1:K1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:G2", "H2:K2")
# The body as the department wrote it; line 4 of the sheet is the first, and an empty line stands before the last rows.
BODY: list[tuple[Any, ...] | None] = [
    (1, "WC-01", "示例街道", "2024-05-06 08:00", 120, 3.5, "1.2万", "97.8%", "正常", "—", "电话13812345678"),  # 4
    (2, "WC-01", "示例街道 ", "2024年5月6日 20时", "１，２３４", "４.２５", "350", 98.6, "正常", "", None),  # 5
    (3, "WC-02", "西园街道", "5月6日 9:30", "1.5万人次", "暂无", "2,500元", "88.40", "停用", "2024/5/6 11:00", None),  # 6
    (4, "WC-02", "西园街道", "2024.5.7 24:00", "3,000", "-1", "NA", 100, "正常", "无", None),  # 7: 8 May 00:00, ahead of nothing
    (5, "WC-03", "", "20240507 08:30", 60, "/", 0, "95", "正常", None, "街道未填"),  # 8: unassigned
    (6, "WC-03", "西园街道", "2024-05-07 10:00", "约三十", 1, 10, 90, "正常", None, None),  # 9 BAD_NUMBER
    (7, "WC-04", "西园街道", "2024-05-07 10:00", 12.5, 1, 10, 90, "正常", None, None),  # 10 BAD_NUMBER
    (8, "WC-05", "西园街道", "7/5/2024 10:00", 12, 1, 10, 90, "正常", None, None),  # 11 BAD_DATE
    (9, "WC-06", "西园街道", "2024-05-09 10:00", 12, 1, 10, 90, "正常", None, None),  # 12 FUTURE_DATE
    (10, "WC-07", "火星街道", "2024-05-07 10:00", 12, 1, 10, 90, "正常", None, None),  # 13 UNKNOWN_UNIT
    (11, "WC-08", "西园街道", "2024-05-07 10:00", 12, 1, 10, "102%", "正常", None, None),  # 14 OUT_OF_RANGE
    (12, "WC-09", "西园街道", "2024-05-07 10:00", 12, 1, 10, 90, "半停用", None, "联系13912345678"),  # 15 BAD_VALUE
    (13, "WC-10", "西园街道", "2024-05-07 10:00", 12, 1, 10, 90, "正常", "2024-05-07 09:00", None),  # 16 INCONSISTENT
    (14, "", "西园街道", "2024-05-07 10:00", 12, 1, 10, 90, "正常", None, None),  # 17 MISSING_KEY
    (15, "WC-11", "西园街道", "2024-05-07 11:00", 5, 1, 10, 90, "正常", None, None),  # 18 DUPLICATE_CONFLICT
    (16, "WC-11", "西园街道", "2024-05-07 11:00", 6, 1, 10, 90, "正常", None, None),  # 19 DUPLICATE_CONFLICT
    (1, "WC-01", "示例街道", "2024-05-06 08:00", 120, 3.5, "1.2万", "97.8%", "正常", "—", "电话13812345678"),  # 20 repeats line 4
    (17, "WC-03　", "", "2024-5-7 8:30", "６０", None, "0.00", "95%", "正常", "暂无", "街道未填"),  # 21 says line 8 again
    None,  # 22: an empty line is no row
    (18, "WC-12", "西园街道", "坏日期", "很多", 1, 10, 90, "正常", None, None),  # 23 BAD_NUMBER and BAD_DATE
    ("合计", None, None, None, 19_414, None, 14_850, None, None, None, None),  # 24
    ("填报人：某某", None, None, None, None, None, None, None, None, None, None),  # 25
]


def write_city(directory: Path) -> Settings:
    """Write an empty city with a fixed clock, three streets, two contracts and the indicators of one of them."""
    write_blank_city(directory / "city")
    settings = Settings(directory / "city", directory / "var")
    with settings.city_file.open("a", encoding="utf-8") as lines:
        lines.write(f"clock: {{fixed: {CLOCK}}}\n")
    register = settings.city_dir / "data" / "reference" / "entities.csv"
    known = register.read_text(encoding="utf-8")
    register.write_text(
        known + "".join(f"street,{code},{name},,D1,2000-01-01,,,,\n" for code, name in STREETS.items() if code not in known),
        encoding="utf-8",
    )
    (settings.feeds_dir / "toilets.yaml").write_text(TOILETS, encoding="utf-8")
    (settings.feeds_dir / "lamps.yaml").write_text(LAMPS, encoding="utf-8")
    entries = "".join(
        f'  - indicator: {name}\n    name: {{zh: {zh}}}\n    table: toilets.rounds\n    formula: "{formula}"\n    by: checked_at\n'
        f'    unit: "{unit}"\n    precision: {precision}\n    direction: {direction}\n    grain: [district, street]\n    cadence: day\n'
        + ("    thresholds:\n      - {from: 2024-01-01, blue: 5, yellow: 3, orange: 2, red: 1}\n" if direction == "higher" else "")
        + "    owner: [环卫处]\n    weight: 0.1\n    since: 2024-01-01\n    version: 1\n"
        for name, zh, formula, unit, precision, direction in INDICATORS
    )
    (settings.catalogue_dir / "operations.yaml").write_text(f"domain: operations\nindicators:\n{entries}", encoding="utf-8")
    return settings


def workbook(title: str, body: Sequence[tuple[Any, ...] | None]) -> bytes:
    """Return an xlsx with a merged title, a merged header of two rows and the body."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append((title,))
    for row in (*HEADER, *(line or () for line in body)):
        sheet.append(row)
    for cells in MERGED:
        sheet.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def drop(settings: Settings, feed: str, file: str, content: bytes, arrived_at: str = "2024-05-08T07:10:00+08:00") -> None:
    """Lay a file into the inbox with the line that says when it came."""
    folder = settings.inbox / feed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(content)
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"file": file, "arrived_at": arrived_at}, ensure_ascii=False) + "\n")


def sheet_bytes(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as the bytes of its file."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def lamps_workbook() -> bytes:
    """A workbook with the headings of the other feed."""
    book = openpyxl.Workbook()
    for row in (("灯杆号", "夜次", "亮灯数", "总灯数"), ("L1", "2024-05-06", 9, 10)):
        book.active.append(row)
    return sheet_bytes(book)


def without_a_heading(content: bytes) -> bytes:
    """The same workbook, with a heading that the contract does not know in the place of a required one."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active["E3"] = "使用情况"
    return sheet_bytes(book)
