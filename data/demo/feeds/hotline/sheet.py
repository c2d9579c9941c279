"""Turns known hotline orders into the sheet that the petitions office would send, with its usual mess."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.feeds.hotline.simulate import handlers
from data.demo.forms import CHINESE, DASHES, EXCEL, SERIAL, SLASHES, WIDE, YEARLESS, named, stamps
from data.demo.workbook import Cell, Sheet
from data.demo.world import UNKNOWN, World

HEADINGS = (
    "序号,工单编号,来电时间,诉求渠道,诉求类型,一级分类,二级分类,三级分类,诉求内容,所属街道,所属社区,承办单位,派单时间,签收时间,"
    "办理时限(工作日),办结时间,办理结果,是否解决,满意度,回访时间,是否重复,重办次数"
).split(",")
AT = {heading: place for place, heading in enumerate(HEADINGS)}
NOWHERE = ("示例新村", "示例社区99", "外区")
NO_COMMUNITY: tuple[Cell, ...] = (None, None, None, None, "—", "无", "/")


def _closed_before_received(row: Row) -> list[Row]:
    """Type last year's date."""
    stamp = str(row[AT["工单编号"]])[2:10]
    return put(AT["办结时间"], f"{int(stamp[:4]) - 1}-{int(stamp[4:6])}-1 9:30")(row)


FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0008, put(AT["所属街道"], "示例新区街道")),
    Fault("BAD_VALUE", 0.0006, put(AT["满意度"], "很好")),
    Fault("BAD_VALUE", 0.0003, put(AT["诉求类型"], "表扬")),
    Fault("BAD_DATE", 0.0004, put(AT["来电时间"], "2月30日 08时")),
    Fault("FUTURE_DATE", 0.0002, put(AT["回访时间"], "2061-3-7 10:20")),
    Fault("BAD_NUMBER", 0.0003, put(AT["办理时限(工作日)"], "三天左右")),
    Fault("OUT_OF_RANGE", 0.0002, put(AT["重办次数"], 99)),
    Fault("MISSING_KEY", 0.0003, put(AT["工单编号"], None)),
    Fault("INCONSISTENT", 0.0004, _closed_before_received),
    Fault("DUPLICATE_CONFLICT", 0.0003, conflict(AT["办理结果"], "转办中，以本行为准")),
    Fault(COPY, 0.0008, copy),
)


def order_sheet(
    world: World, orders: pd.DataFrame, eligible: np.ndarray, title_day: date, title: str, rng: np.random.Generator
) -> tuple[Sheet, Soiled]:
    """Return the sheet of `orders` and what is in it; title, 合计 and footer rows are counted as skipped."""
    rows = [list(row) for row in zip(*_columns(world, orders, title_day, rng), strict=True)]
    soiled = soil(rows, eligible, FAULTS, rng)
    total: Row = [None] * len(HEADINGS)
    total[0], total[AT["诉求内容"]] = "合计", f"共{len(soiled.rows)}件"
    if rng.random() < 0.5:
        total[AT["重办次数"]] = sum(_count(row[AT["重办次数"]]) for row in soiled.rows)
    tail = [total]
    if rng.random() < 0.4:
        tail.append(["制表人：示例" if rng.random() < 0.6 else "备注：以上为当日受理和办理有变化的工单"])
    soiled.skipped += 1 + len(tail)
    sheet = [[title], HEADINGS, *soiled.rows, *tail]
    soiled.rows = [[title], *soiled.rows, *tail]
    return Sheet("工单明细", sheet, ["A1:V1"]), soiled


def _count(cell: Any) -> int:
    return int(str(cell or 0).removesuffix("次"))


def _columns(world: World, orders: pd.DataFrame, title_day: date, rng: np.random.Generator) -> list[list[Cell]]:
    """Render every column of the sheet, from 序号 to 重办次数."""
    words, size = world.words["hotline"], len(orders)
    themes = words["themes"]
    pick, theme = orders["pick"].to_numpy(), orders["theme"].to_numpy()
    said = zip(theme.tolist(), pick.tolist(), strict=True)
    subjects = [_subject(themes[one]["subjects"], place) for one, place in said]
    first = rng.choice([EXCEL, DASHES, SLASHES, CHINESE, SERIAL], size, p=[0.6, 0.14, 0.08, 0.06, 0.12])
    other = rng.choice([EXCEL, DASHES, SERIAL], size, p=[0.7, 0.2, 0.1])
    this_year = orders["received_at"].dt.year.to_numpy() == title_day.year
    heard = np.where(orders["vague"].to_numpy() & this_year, YEARLESS, first)
    limits: list[Cell] = [None if days < 0 else int(days) for days in orders["limit_days"].tolist()]
    for place in np.flatnonzero(rng.random(size) < 0.01).tolist():
        limits[place] = None if limits[place] is None else str(limits[place]).translate(WIDE)
    unit = (rng.random(size) < 0.3).tolist()
    reworks = orders["rework_count"].tolist()
    yes_no = ["否", "是"]
    return [
        list(range(1, size + 1)),
        [f"HP{order}" for order in orders["order"].tolist()],
        stamps(orders["received_at"].to_numpy(), heard, None),
        named(list(words["channels"]), orders["channel"].tolist(), None),
        named(list(words["request_types"]), orders["request_type"].tolist(), None),
        named([one["theme"] for one in themes], theme.tolist(), None),
        [subject for subject, _ in subjects],
        [detail for _, detail in subjects],
        _contents(world, orders),
        _streets(world, orders["street"].tolist(), rng),
        _communities(world, orders["community"].tolist(), rng),
        named(handlers(world), orders["handler"].tolist(), None),
        stamps(orders["sent_at"].to_numpy(), other, None),
        stamps(orders["acknowledged_at"].to_numpy(), other, None),
        limits,
        stamps(orders["closed_at"].to_numpy(), other, None),
        named(words["results"], orders["result"].tolist(), None),
        named(yes_no, orders["resolved"].tolist(), None),
        named(list(words["satisfactions"]), orders["satisfaction"].tolist(), None),
        stamps(orders["called_back_at"].to_numpy(), other, None),
        named(yes_no, orders["repeated"].tolist(), None),
        [None if count < 0 else f"{count}次" if text else count for count, text in zip(reworks, unit, strict=True)],
    ]


def _subject(subjects: dict[str, list[str]], pick: int) -> tuple[str, str]:
    names = list(subjects)
    subject = names[pick % len(names)]
    return subject, subjects[subject][pick // 7 % len(subjects[subject])]


def _contents(world: World, orders: pd.DataFrame) -> list[Cell]:
    """Write what was said; a third of the texts give a telephone number, as real ones do."""
    contents: list[Cell] = []
    for theme, pick, area in orders[["theme", "pick", "area"]].itertuples(index=False):
        texts = world.words["hotline"]["themes"][theme]["texts"]
        surnames = world.words["hotline"]["surnames"]
        contents.append(texts[pick % len(texts)].format(
            who=f"{surnames[pick % len(surnames)]}{'女士' if pick % 2 else '先生'}",
            place=f"{world.names[world.streets[area]]}示例小区{pick % 37 + 1}号楼",
            n=pick % 11 + 3,
            phone=f"联系电话1390000{pick % 10000:04d}。" if pick % 3 == 0 else "",
        ))  # fmt: skip
    return contents


def _streets(world: World, streets: list[int], rng: np.random.Generator) -> list[Cell]:
    """Write the street in one of its spellings, mostly its own name, now and then with spaces behind it."""
    draws = rng.random(len(streets)).tolist()
    names: list[Cell] = []
    for street, draw in zip(streets, draws, strict=True):
        spellings = world.spellings[world.streets[street]]
        name = spellings[0] if draw < 0.8 else spellings[int(draw * 1000) % len(spellings)]
        names.append(None if street < 0 else f"{name} " if draw > 0.98 else name)
    return names


def _communities(world: World, communities: list[int], rng: np.random.Generator) -> list[Cell]:
    draws = (rng.random(len(communities)) * 1000).astype(int).tolist()
    names: list[Cell] = []
    for community, draw in zip(communities, draws, strict=True):
        if community >= 0:
            spellings = world.spellings[world.communities[community]]
            names.append(spellings[0] if draw < 850 else spellings[draw % len(spellings)])
        else:
            choices = NOWHERE if community == UNKNOWN else NO_COMMUNITY
            names.append(choices[draw % len(choices)])
    return names
