"""The workbooks of the economy are true xls, as the bureaus publish them, with units, notes and joint months of their own."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import python_calamine

from data.demo.feed import Written
from data.demo.feeds.economy import FEED
from data.demo.parcels import Parcel
from data.demo.world import World, load_world
from data.settings import Settings

ROOT = Path(__file__).parents[2]
SEED, START, UNTIL = 2016, date(2013, 1, 1), date(2016, 3, 6)
OLE = b"\xd0\xcf\x11\xe0"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The places and words of the demonstration city."""
    return load_world(Settings(ROOT, tmp_path_factory.mktemp("var")))


def plan(world: World) -> dict[str, Parcel]:
    """Return what is planned, by name."""
    return {one.file: one for one in FEED.plan(world, START, UNTIL)}


def write(world: World, file: str) -> tuple[list[list[Any]], Written]:
    """Return the rows of one file, as another program reads them, and what it must count as."""
    (made,) = FEED.write(world, SEED, START, [plan(world)[file]])
    assert made.content.startswith(OLE)
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made.content)).get_sheet_by_index(0).to_python(), made


def amount(cell: Any) -> float:
    """Return the number of a cell, also where it is a text with separators."""
    return float(str(cell).replace(",", ""))


def test_january_is_published_with_february(world: World) -> None:
    """There is no bulletin of January; that of February says 1-2月 and speaks from the first of January."""
    files = plan(world)
    rows, _ = write(world, "主要经济指标201502.xls")

    assert [] == [file for file in files if file.startswith("主要经济指标") and file.endswith("01.xls")]
    assert (date(2015, 1, 1), date(2015, 2, 28)) == (files["主要经济指标201502.xls"].first, files["主要经济指标201502.xls"].last)
    assert ["指标名称", "计量单位", "1-2月", "本月止累计", "上年同期累计", "累计增长(%)"] == rows[2]
    assert all(amount(row[2]) == amount(row[3]) for row in rows[3:-1] if row[2] not in {"—", "…"} and row[3] != "待核")


def test_a_bulletin_has_units_indents_and_notes(world: World) -> None:
    """亿元 and 万元 stand in one column, parts are indented by spaces, — is not applicable and … less than half a unit."""
    rows, made = write(world, "主要经济指标201511.xls")
    body = {row[0]: row for row in rows[3:-1]}

    assert {"亿元", "万元", "万千瓦时", "万美元"} <= {row[1] for row in body.values()}
    assert "  其中:服务业增加值" in body
    assert "—" == body["地区生产总值"][3]
    assert "…" == body["对外承包工程营业额"][2]
    assert rows[-1][0].startswith("注：")
    assert made.skipped >= 3


def test_what_is_learnt_is_in_one_unit(world: World) -> None:
    """What is published in 亿元 in 2013 and in 万元 in 2014 is learnt in 万元; less than half a unit is not learnt."""
    (before, old), (after, new) = write(world, "主要经济指标201312.xls"), write(world, "主要经济指标201412.xls")
    revenue = [next(row for row in rows if row[0] == "一般公共预算收入") for rows in (before, after)]
    learnt = [made.learnt["monthly"].set_index("figure")["month_amount"] for made in (old, new)]

    assert ["亿元", "万元"] == [row[1] for row in revenue]
    assert [amount(revenue[0][2]) * 10_000, amount(revenue[1][2])] == pytest.approx([series[6] for series in learnt])
    assert np.isnan(learnt[0][13])


def test_the_base_of_last_year_is_revised(world: World) -> None:
    """What a bulletin calls last year's is not what was published then."""
    told, _ = write(world, "主要经济指标201411.xls")
    again, _ = write(world, "主要经济指标201511.xls")
    then, now = (next(row for row in rows if row[0] == "固定资产投资") for rows in (told, again))

    assert amount(then[3]) != amount(now[4])


def test_what_was_not_out_at_go_live_comes_when_it_is(world: World) -> None:
    """December and the last quarter come in January, the market subjects of February in March; its bulletin is not out yet."""
    arrivals = {file: one.arrived for file, one in plan(world).items()}

    assert datetime(2016, 1, 20, 15, 20) == arrivals["主要经济指标201512.xls"]
    assert datetime(2016, 1, 19, 10, 30) == arrivals["重点楼宇2015Q4.xls"]
    assert datetime(2016, 3, 4, 16, 20) == arrivals["市场主体201602.xls"]
    assert arrivals["主要经济指标201602.xls"] > datetime(2016, 3, 7, 8)
