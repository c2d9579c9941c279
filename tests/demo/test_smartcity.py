"""The logs of the platform come as one workbook a day, the projects as one a month, as the smart-city office sends them."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.demo.feed import Written
from data.demo.feeds.smartcity import FEED
from data.demo.world import World, load_world
from data.settings import Settings

ROOT = Path(__file__).parents[2]
SEED, START, UNTIL = 2016, date(2013, 1, 1), date(2016, 3, 6)
Sheets = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The places and words of the demonstration city."""
    return load_world(Settings(ROOT, tmp_path_factory.mktemp("var")))


def write(world: World, file: str) -> tuple[Sheets, Written]:
    """Return the sheets of one file of the feed, as another program reads them, and what it must count as."""
    parcel = next(one for one in FEED.plan(world, START, UNTIL) if one.file == file)
    (made,) = FEED.write(world, SEED, START, [parcel])
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}, made


def test_a_day_of_logs(world: World) -> None:
    """Three sheets: every system once, a delivery for each resource, the requests of two months with those unanswered."""
    sheets, made = write(world, "平台日志_20160304.xlsx")
    (_, _, *systems), (_, *arrivals), (_, *requests) = sheets["系统运行"], sheets["数据报送"], sheets["共享申请"]
    known = {spelling for code in world.places["system"] for spelling in (code, world.names[code])}

    assert ["系统运行", "数据报送", "共享申请"] == list(sheets)
    assert {row[0] for row in systems} <= known
    assert (33, 11) == (len(systems), len(arrivals))
    assert {"projects"} == FEED.tables.keys() - made.learnt.keys()
    assert made.rows == len(systems) + 1 + len(arrivals) + len(requests)
    assert [row[4] is None for row in requests] == [row[5] is None for row in requests]


def test_the_log_knows_what_came_late(world: World) -> None:
    """Since go-live a delivery is late when the file of its feed was; what came another day is blank."""
    (_, *third), (_, *late_orders) = (write(world, f"平台日志_{day}.xlsx")[0]["数据报送"] for day in ("20160303", "20160118"))
    late = {one.feed for one in world.mishaps if (one.day, one.kind) == (date(2016, 3, 2), "late")}
    codes = {one["resource"]: one["feed"] for one in world.words["smartcity"]["resources"]}
    told = {codes[row[0]]: row[4] for row in third if row[0] in codes}

    assert {"health", "police_fire", "community", "safety"} == late
    assert ["2016-3-3 9:58", "2016-03-03 09:58", "2016/3/3 9:58", datetime(2016, 3, 3, 9, 58)].count(told["health"])
    assert [None] == [row[4] if row[4] != "未报" else None for row in late_orders if row[0] == "F02"]


def test_february_stands_as_told(world: World) -> None:
    """14 projects of 39,400 万元; behind, funded and rated as their rows in the words say, in percent points, percent and points."""
    sheets, _ = write(world, "智慧城市项目_201602.xlsx")
    _, headings, *rows = sheets["项目"]
    at = {heading: place for place, heading in enumerate(headings)}
    told = {one["project"]: one for one in world.words["smartcity"]["projects"]}
    projects = [row for row in rows if row[0] in told]

    assert 14 == len(projects)
    assert 39_400 == sum(row[at["合同金额(万元)"]] for row in projects)
    for row in projects:
        one = told[row[0]]
        planned = float(str(row[at["计划进度(%)"]]).rstrip("%"))
        assert one["behind"] == pytest.approx(planned - row[at["实际进度(%)"]], abs=0.05) or row[at["实际进度(%)"]] == 100
        assert one["funds"] == pytest.approx(100 * row[at["累计到位资金"]] / row[at["计划到位资金"]], abs=0.01)
        assert one["score"] == row[at["绩效得分"]]


def test_projects_begin_when_they_begin(world: World) -> None:
    """The register of 2013 knows only the projects that had begun; the latest arrives at 02:15 on 7 March."""
    sheets, _ = write(world, "智慧城市项目_201301.xlsx")
    latest = max(FEED.plan(world, START, UNTIL), key=lambda parcel: (parcel.arrived, parcel.file))

    assert ["XM09", "XM11", "XM12"] == [row[0] for row in sheets["项目"] if str(row[0]).startswith("XM")]
    assert ("智慧城市项目_201602.xlsx", datetime(2016, 3, 7, 2, 15)) == (latest.file, latest.arrived)


def test_files_do_not_depend_on_their_companions(world: World) -> None:
    """The same file has the same bytes, whatever is written beside it."""
    parcels = [one for one in FEED.plan(world, START, UNTIL) if date(2016, 2, 20) <= one.first]
    together = dict(zip((one.file for one in parcels), FEED.write(world, SEED, START, parcels), strict=True))

    assert together["平台日志_20160304.xlsx"].content == write(world, "平台日志_20160304.xlsx")[1].content
