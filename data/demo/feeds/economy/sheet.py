"""Turns what is known of the economy into the true xls workbooks that four bureaus would send, with title, notes and mess."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.feeds.economy.simulate import is_slight
from data.demo.forms import EPOCH
from data.demo.oldbook import old_workbook
from data.demo.workbook import Cell, Sheet, Stamp
from data.demo.world import World

MONTHLY = ["指标名称", "计量单位", "本月", "本月止累计", "上年同期累计", "累计增长(%)"]
SUBJECTS = ["月份", "街道", "新登记", "注销", "期末实有"]
OFFICES = ["楼宇", "街道", "商务面积(万㎡)", "空置面积", "全口径税收(万元)"]
NOT_APPLICABLE, SLIGHT = "—", "…"
NOTES = "注：上年同期累计为修订数，增速按可比价格计算；“…”为不足半个单位，“—”为不适用。"
MONTHLY_FAULTS = (
    Fault("BAD_VALUE", 0.008, put(1, "千元")),
    Fault("BAD_NUMBER", 0.008, put(3, "待核")),
    Fault("OUT_OF_RANGE", 0.008, put(5, 9999.0)),
    Fault("MISSING_KEY", 0.005, put(0, None)),
    Fault("DUPLICATE_CONFLICT", 0.005, conflict(5, 0.1)),
    Fault(COPY, 0.008, copy),
)
SUBJECT_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.004, put(1, "示例开发区")),
    Fault("BAD_NUMBER", 0.004, put(2, "约20")),
    Fault("OUT_OF_RANGE", 0.002, put(3, -1)),
    Fault("BAD_DATE", 0.002, put(0, "2015年13月")),
    Fault("MISSING_KEY", 0.002, put(1, None)),
    Fault("DUPLICATE_CONFLICT", 0.002, conflict(4, 1)),
    Fault(COPY, 0.004, copy),
)
OFFICE_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.01, put(0, "示例大厦99")),
    Fault("INCONSISTENT", 0.008, put(3, 99.0)),
    Fault("BAD_NUMBER", 0.008, put(4, "保密")),
    Fault(COPY, 0.008, copy),
)


def bulletin_book(world: World, told: pd.DataFrame, first: date, last: date, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the bulletin; that of January and February calls its column 1-2月. Lines of 其中 are indented with spaces.

    Faults fall on lines of 其中, so that the headline figures have no holes.
    """
    names = [figure["figure"] for figure in world.words["economy"]["figures"]]
    is_part = [name.startswith("其中") for name in names]
    is_joint = last.month > first.month
    rows: list[Row] = []
    for row in told.to_dict("records"):
        place, growth = row["figure"], row["growth"]
        amounts = [_amount(row[column], row["unit"], rng) for column in ("month_amount", "to_date", "last_year")]
        name = f"  {names[place]}" if is_part[place] else names[place]
        rows.append([name, row["unit"], *amounts, NOT_APPLICABLE if np.isnan(growth) else growth])
    headings = ["1-2月" if heading == "本月" and is_joint else heading for heading in MONTHLY]
    span = f"{first.month}-{last.month}月" if is_joint else f"{last.month}月"
    titles = [f"沈阳市和平区主要经济指标（{last.year}年{span}）", "制表人：示例"]
    return _book("主要经济指标", titles, headings, soil(rows, np.array(is_part), MONTHLY_FAULTS, rng), [[NOTES]])


def subject_book(world: World, told: pd.DataFrame, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the market subjects by month and street, with a 合计 row below."""
    streets, is_text = [world.spellings[code] for code in world.streets], bool(rng.random() < 0.6)
    rows: list[Row] = []
    for row in told.to_dict("records"):
        street = streets[row["street"]][int(rng.integers(2))]
        rows.append([_month(row["reported_month"], is_text=is_text), street, row["new_count"], row["closed_count"], row["standing"]])
    total: Row = ["合计", None, int(told["new_count"].sum()), int(told["closed_count"].sum()), None]
    return _book("市场主体", ["市场主体登记情况"], SUBJECTS, soil(rows, _all(rows), SUBJECT_FAULTS, rng), [total])


def office_book(world: World, told: pd.DataFrame, last: date, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the office buildings of a quarter; some vacant space is in ㎡, some tax in 亿元, said in the cell."""
    buildings, streets = ([world.spellings[code] for code in world.places["building"]], [world.spellings[code] for code in world.streets])
    rows: list[Row] = []
    for row in told.to_dict("records"):
        vacant: Cell = f"{round(row['vacant_space'] * 10_000)}㎡" if rng.random() < 0.2 else row["vacant_space"]
        tax: Cell = f"{row['tax'] / 10_000:.6f}亿元" if rng.random() < 0.1 else row["tax"]
        rows.append([buildings[row["building"]][int(rng.integers(2))], streets[row["street"]][0], row["office_space"], vacant, tax])
    title = f"重点楼宇情况（{last.year}年{'一二三四'[last.month // 3 - 1]}季度）"
    return _book("重点楼宇", [title], OFFICES, soil(rows, _all(rows), OFFICE_FAULTS, rng), [["填报人：示例"]])


def _book(name: str, titles: list[str], headings: list[str], soiled: Soiled, tail: list[Row]) -> tuple[bytes, Soiled]:
    """Put titles above and notes below; they are rows too, and are skipped."""
    above: list[Row] = [[title] for title in titles]
    content = old_workbook(Sheet(name, [*above, headings, *soiled.rows, *tail], [f"A1:{'ABCDEF'[len(headings) - 1]}1"]))
    soiled.rows, soiled.skipped = [*above, *soiled.rows, *tail], soiled.skipped + len(above) + len(tail)
    return content, soiled


def _all(rows: list[Row]) -> np.ndarray:
    return np.ones(len(rows), dtype=bool)


def _amount(amount: float, unit: str, rng: np.random.Generator) -> Cell:
    """Write an amount of 万 in the unit of its line, now and then as a text with separators."""
    if np.isnan(amount):
        return NOT_APPLICABLE
    if is_slight(amount, unit):
        return SLIGHT
    value = round(amount / 10_000, 2) if unit == "亿元" else amount
    return f"{value:,.2f}" if rng.random() < 0.06 else float(value)


def _month(month: pd.Timestamp, *, is_text: bool) -> Cell:
    if is_text:
        return f"{month.year}年{month.month}月"
    return Stamp(float((np.datetime64(month, "s") - EPOCH).astype("int64") / 86400))
