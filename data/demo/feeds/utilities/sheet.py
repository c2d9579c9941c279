"""Turns the utilities' reports into one workbook with a sheet each: merged headings, a row of units, numbers in many dresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import CHINESE, DASHES, EXCEL, ISO, SLASHES, WIDE, days
from data.demo.workbook import Cell, Formula, Sheet, letters
from data.demo.world import World

Dress = Callable[[float, float], Cell]
"""How a number is written; the second argument is a draw between 0 and 1."""


def plain(value: float, draw: float) -> Cell:
    """Write a number, now and then in full-width digits."""
    return f"{value:g}".translate(WIDE) if draw < 0.02 else value


def large(value: float, draw: float) -> Cell:
    """Write large numbers in 万."""
    return f"{value / 10_000:g}万" if value >= 10_000 and draw < 0.3 else plain(value, draw)


def households(value: float, draw: float) -> Cell:
    """Write numbers of households in 万 or with their unit."""
    return f"{value:g}户" if draw > 0.95 else large(value, draw)


def tons(value: float, draw: float) -> Cell:
    """Write hundreds of tons as 万吨, or as tons that say so."""
    return f"{value * 100:,.0f}吨" if draw > 0.94 else f"{value / 100:.2f}".translate(WIDE) if draw < 0.03 else round(value / 100, 2)


def points(value: float, draw: float) -> Cell:
    """Write a share as percent points, with or without the sign."""
    return f"{value * 100:.2f}%" if draw < 0.6 else round(value * 100, 2)


def fraction(value: float, draw: float) -> Cell:
    """Write a share as a fraction, or as a percentage that says so."""
    return f"{value * 100:.1f}%" if draw < 0.4 else round(value, 4)


@dataclass(frozen=True, slots=True)
class Form:
    """A utility's sheet: columns of its records with their headings, group, unit and dress; `faults` fall on its rows."""

    name: str
    columns: Sequence[tuple[str, str, str, str, Dress]]
    faults: Sequence[Fault] = field(default=())


WORKS = {
    "water_supply": Form("供水", [
        ("supply", "水量", "供水量", "万吨", tons), ("pressure_checks", "水压", "测压点次", "点次", plain),
        ("pressure_ok", "水压", "合格点次", "点次", plain), ("pressure_share", "水压", "合格率", "%", points),
        ("outage_households", "服务", "计划外停水", "户", households),
    ], (Fault("BAD_NUMBER", 0.01, put(3, Formula("C5-6"))), Fault("INCONSISTENT", 0.006, put(3, 9999)), Fault(COPY, 0.01, copy))),
    "power_supply": Form("供电", [
        ("peak_load", "负荷", "最大负荷", "万千瓦", plain), ("outage_hours", "可靠性", "停电时户数", "时户", plain),
        ("customers", "可靠性", "用户数", "户", households),
    ], (Fault("BAD_NUMBER", 0.008, put(2, "检修")), Fault("BAD_DATE", 0.004, put(0, "2月30日")))),
    "gas_supply": Form("燃气", [
        ("gas", "运行", "供气量", "万立方米", plain), ("leaks", "安全", "泄漏报警", "件", plain),
    ], (Fault("OUT_OF_RANGE", 0.006, put(2, -1)), Fault("MISSING_KEY", 0.004, put(0, "—")))),
    "drainage": Form("排水", [("flooded", "运行", "积水点", "处", plain)], (Fault("BAD_NUMBER", 0.006, put(1, "多处")),)),
    "lighting": Form("照明", [
        ("lamps", "设施", "路灯总数", "盏", large), ("lamps_on", "运行", "亮灯数", "盏", large),
    ], (Fault("INCONSISTENT", 0.006, put(2, 99999)), Fault("BAD_NUMBER", 0.006, put(2, Formula("B5-410"))))),
    "sanitation": Form("环卫", [
        ("waste", "收运", "收运点位", "处", plain), ("waste_cleared", "收运", "日清点位", "处", plain),
    ], (Fault("DUPLICATE_CONFLICT", 0.006, conflict(2, 1)),)),
}  # fmt: skip
HEATING_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0015, put(1, "示例新区街道")),
    Fault("BAD_NUMBER", 0.0015, put(5, Formula("E6-3"))),
    Fault("BAD_NUMBER", 0.0008, put(3, "约2万")),
    Fault("INCONSISTENT", 0.0012, put(5, 99999)),
    Fault("MISSING_KEY", 0.0006, put(1, None)),
)
HEATING = [
    ["日期", "街道", "企业", "供热运行情况", None, None, None, None],
    [None, None, None, "规模", "室温", None, None, "服务"],
    [None, None, None, "供热户数", "测温户数", "合格户数", "室温合格率", "投诉"],
    [None, None, None, "户", "户", "户", "小数", "件"],
]
TALL = ["A2:A4", "B2:B4", "C2:C4", "D2:H2", "E3:G3"]
NOTES = Sheet("填表说明", [["各单位于次日4时前填报，供热单位分街道填报。"], ["百分率保留两位小数。"]])


def works_sheet(form: Form, works: pd.DataFrame, eligible: np.ndarray, title: str, rng: np.random.Generator) -> tuple[Sheet, Soiled]:
    """Return the sheet of one utility of the district and what is in it: title, two rows of headings, a row of units."""
    dated = np.full(len(works), rng.choice([EXCEL, DASHES, SLASHES, CHINESE, ISO]))
    cells = [days(works["day"].to_numpy(), dated, None), *(_dressed(works[name], dress, rng) for name, *_, dress in form.columns)]
    soiled = soil([list(row) for row in zip(*cells, strict=True)], eligible, form.faults, rng)
    groups = [group for _, group, *_ in form.columns]
    upper: Row = ["日期", *(None if place and group == groups[place - 1] else group for place, group in enumerate(groups))]
    headings: Row = [None, *(heading for _, _, heading, *_ in form.columns)]
    units: Row = [None, *(unit for *_, unit, _ in form.columns)]
    top = f"{letters(len(form.columns))}1"
    sheet = Sheet(form.name, [[title], upper, headings, units, *soiled.rows, ["填报人：示例"]], [f"A1:{top}", "A2:A3", *_spans(groups)])
    return sheet, _with(soiled, [title], units, ["填报人：示例"])


def heating_sheet(world: World, heating: pd.DataFrame, eligible: np.ndarray, title: str, rng: np.random.Generator) -> tuple[Sheet, Soiled]:
    """Return the sheet of the heating companies: three rows of headings, a date once a day, 同上 for a company told above."""
    names = [world.spellings[world.places["company"][place]] for place in heating["company"].tolist()]
    company = [spellings[int(draw * len(spellings))] for spellings, draw in zip(names, rng.random(len(heating)), strict=True)]
    streets = [
        world.spellings[world.streets[place]][int(draw * 2)]
        for place, draw in zip(heating["street"], rng.random(len(heating)), strict=True)
    ]
    same_day = heating["day"] == heating["day"].shift()
    same_company = (heating["company"] == heating["company"].shift()) & same_day
    again = (rng.random(len(heating)) < 0.3).tolist()
    dated = days(heating["day"].to_numpy(), np.full(len(heating), rng.choice([EXCEL, DASHES, CHINESE])), None)
    share = heating["warm"] / heating["measured"]
    columns: list[list[Cell]] = [
        [("同上" if same_again else None) if same else day for day, same, same_again in zip(dated, same_day.tolist(), again, strict=True)],
        list(streets),
        ["同上" if same else name for name, same in zip(company, same_company.tolist(), strict=True)],
        _dressed(heating["households"], households, rng),
        *(_dressed(heating[name], plain, rng) for name in ("measured", "warm")),
        _dressed(share, fraction, rng),
        _dressed(heating["complaints"], plain, rng),
    ]
    # No fault touches a company, since the rows below may refer to it.
    soiled = soil([list(row) for row in zip(*columns, strict=True)], eligible, HEATING_FAULTS, rng)
    return (
        Sheet("供热", [[title], *HEATING, *soiled.rows, ["备注：室温18℃及以上为合格"]], ["A1:H1", *TALL]),
        _with(soiled, [title], HEATING[-1], ["备注：室温18℃及以上为合格"]),
    )


def _with(soiled: Soiled, *passed: Row) -> Soiled:
    """Count rows around the body, which are passed over."""
    return Soiled([*soiled.rows, *passed], soiled.accepted, soiled.quarantined, soiled.skipped + len(passed))


def _dressed(values: pd.Series, dress: Dress, rng: np.random.Generator) -> list[Cell]:
    return [dress(value, draw) for value, draw in zip(values.tolist(), rng.random(len(values)).tolist(), strict=True)]


def _spans(groups: Sequence[str]) -> list[str]:
    """Return the ranges over which a group's heading is merged."""
    spans = []
    for group in dict.fromkeys(groups):
        first, count = groups.index(group) + 1, groups.count(group)
        if count > 1:
            spans.append(f"{letters(first)}2:{letters(first + count - 1)}2")
    return spans
