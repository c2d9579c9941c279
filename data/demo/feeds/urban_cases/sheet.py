"""Turns known urban cases into the GB18030 CSV that the command centre would send, with its usual mess."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import CHINESE, DASHES, ISO, SLASHES, named, stamps
from data.demo.workbook import Cell
from data.demo.world import UNKNOWN, World

HEADINGS = (
    "任务号,案件类型,大类名称,小类名称,问题来源,问题描述,街道,社区,单元网格编码,X坐标,Y坐标,上报时间,立案时间,派遣时间,处置部门,"
    "处置时限,处置截止时间,处置完成时间,核查时间,结案时间,案件状态,返工次数,延期次数,是否挂账,是否督办"
).split(",")
AT = {heading: place for place, heading in enumerate(HEADINGS)}
BARE = {AT["返工次数"], AT["X坐标"], AT["Y坐标"]}
RENAMED = np.datetime64("2015-07-01T00:00:00")
SPACES = ("", "", "", "", "", "", " ", "　", "  ")
EXCEL_NUMBER = "2.01603E+12"


def _closed_before_opened(row: Row) -> list[Row]:
    """Type last year's date."""
    number = row[AT["任务号"]]
    return put(AT["结案时间"], f"{int(number[:4]) - 1}-{int(number[4:6])}-1 9:30")(row)


def _saved_by_excel(row: Row) -> list[Row]:
    """Two cases lose the digits of their numbers and now look like one."""
    first = put(AT["任务号"], EXCEL_NUMBER)(row)[0]
    return [first, put(AT["问题描述"], f"{row[AT['问题描述']]}（另一案件）")(first)[0]]


FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0006, put(AT["街道"], "示例新区街道")),
    Fault("BAD_VALUE", 0.0004, put(AT["案件状态"], "已归档")),
    Fault("COLUMN_COUNT", 0.0003, lambda row: [row[:-2]]),
    Fault("COLUMN_COUNT", 0.0002, lambda row: [[*row, "多余"]]),
    Fault("BAD_DATE", 0.0004, put(AT["立案时间"], "2015-2-30 8:05")),
    Fault("FUTURE_DATE", 0.0001, put(AT["处置完成时间"], "2061-3-7 10:20")),
    Fault("BAD_NUMBER", 0.0002, put(AT["返工次数"], "一次")),
    Fault("OUT_OF_RANGE", 0.0001, put(AT["延期次数"], "99")),
    Fault("MISSING_KEY", 0.0002, put(AT["任务号"], "")),
    Fault("BAD_CHAR", 0.00002, lambda row: put(AT["任务号"], f"{row[0][:6]}\0{row[0][6:]}")(row)),
    Fault("FIELD_TOO_LONG", 0.00004, put(AT["问题描述"], "重复粘贴的文字。" * 520)),
    Fault("INCONSISTENT", 0.0003, _closed_before_opened),
    Fault("DUPLICATE_CONFLICT", 0.0002, conflict(AT["问题来源"], "领导批办（改）")),
    Fault("DUPLICATE_CONFLICT", 0.00008, _saved_by_excel),
    Fault(COPY, 0.0006, copy),
)


def case_sheet(world: World, cases: pd.DataFrame, eligible: np.ndarray, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the CSV of `cases` and what is in it."""
    rows = [list(row) for row in zip(*_columns(world, cases, rng), strict=True)]
    soiled = soil(rows, eligible, FAULTS, rng)
    lines = [_line(HEADINGS, set()), *(_line(row, BARE) for row in soiled.rows)]
    return "".join(lines).encode("gb18030"), soiled


def _line(cells: Row, bare: set[int]) -> str:
    quoted = [cell if place in bare else '"' + cell.replace('"', '""') + '"' for place, cell in enumerate(cells)]
    return ",".join(quoted) + "\r\n"


def _columns(world: World, cases: pd.DataFrame, rng: np.random.Generator) -> list[list[Cell]]:
    """Render every column of the file, from 任务号 to 是否督办."""
    words, size = world.words["urban_cases"], len(cases)
    items = words["items"]
    item, pick = cases["item"].tolist(), cases["pick"].tolist()
    usual = rng.choice([DASHES, SLASHES])
    forms = rng.choice([usual, DASHES, SLASHES, CHINESE, ISO], size, p=[0.84, 0.04, 0.04, 0.04, 0.04])
    plain = (rng.random(size) < 0.8).tolist()
    times = {name: stamps(cases[name].to_numpy(), forms, "") for name in map(str, cases) if name.endswith("_at")}
    return [
        [str(case) for case in cases["case"].tolist()],
        [items[one]["type"] for one in item],
        [items[one]["category"] for one in item],
        [items[one]["item"] for one in item],
        named(list(words["sources"]), cases["source"].tolist(), ""),
        [_description(words["places"], items[one]["item"], number) for one, number in zip(item, pick, strict=True)],
        _streets(world, cases["street"].tolist(), rng),
        _communities(world, cases["community"].tolist(), rng),
        [_grid(world, street, number) for street, number in zip(cases["street"].tolist(), pick, strict=True)],
        [f"{41_500_000 + number % 9973}.{number % 97:02d}" for number in pick],
        [f"{4_620_000 + number % 7919}.{number % 89:02d}" for number in pick],
        times["reported_at"],
        times["opened_at"],
        times["sent_at"],
        [items[one]["handler"] for one in item],
        [items[one]["limit"] for one in item],
        times["due_at"],
        times["done_at"],
        times["verified_at"],
        times["closed_at"],
        _statuses(cases),
        [str(count) for count in cases["rework_count"].tolist()],
        ["" if count < 0 else str(count) for count in cases["extension_count"].tolist()],
        [_yes_no(value, words=words) for value, words in zip(cases["deferred"].tolist(), plain, strict=True)],
        [_yes_no(value, words=words) for value, words in zip(cases["supervised"].tolist(), plain, strict=True)],
    ]


def _yes_no(value: int, *, words: bool) -> str:
    if value < 0:
        return ""
    return ("否", "是")[value] if words else str(value)


def _statuses(cases: pd.DataFrame) -> list[Cell]:
    """Name the state of each case; until mid-2015 a closed one was called 办结."""
    closed, done, sent = (cases[name].notna() for name in ("closed_at", "done_at", "sent_at"))
    states = [cases["closed_at"] < RENAMED, closed, cases["deferred"] == 1, done, sent]
    return np.select(states, ["办结", "已结案", "挂账", "已处置", "处置中"], "待处置").tolist()


def _description(places: list[str], item: str, pick: int) -> str:
    place = f"{places[pick % len(places)]}{pick % 211 + 1}号"
    if pick % 17 == 0:
        return f"{place}附近{item},面积约{pick % 5 + 1}平方米,\n请尽快处置"
    if pick % 23 == 0:
        return f'{place}门前{item}，举报人称"多日未处理"，电话1390000{pick % 10000:04d}'
    return f"{place}附近{item}"


def _grid(world: World, street: int, pick: int) -> str:
    if street < 0:
        return ""
    return "2.10102E+14" if pick % 331 == 0 else f"{world.streets[street]}{pick % 12 + 1:03d}{pick % 40 + 1:03d}"


def _streets(world: World, streets: list[int], rng: np.random.Generator) -> list[Cell]:
    """Write the street with or without its suffix, often with ordinary or full-width spaces behind it."""
    draws = (rng.random(len(streets)) * 1000).astype(int).tolist()
    names: list[Cell] = []
    for street, draw in zip(streets, draws, strict=True):
        spelling = world.spellings[world.streets[street]][draw % 2]
        names.append("" if street < 0 else spelling + SPACES[draw % len(SPACES)])
    return names


def _communities(world: World, communities: list[int], rng: np.random.Generator) -> list[Cell]:
    draws = (rng.random(len(communities)) * 1000).astype(int).tolist()
    names: list[Cell] = []
    for community, draw in zip(communities, draws, strict=True):
        if community >= 0:
            names.append(world.spellings[world.communities[community]][draw % 2] + SPACES[draw % len(SPACES)])
        else:
            names.append("示例新村" if community == UNKNOWN else "")
    return names
