"""Police, health and utilities come in the forms that they are sent in, and tell the story of the morning of 7 March 2016."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import python_calamine

from data.demo.feed import Feed, Written
from data.demo.feeds.health import FEED as HEALTH
from data.demo.feeds.police_fire import FEED as POLICE
from data.demo.feeds.utilities import FEED as UTILITIES
from data.demo.parcels import Parcel, clock_after
from data.demo.world import World, load_world
from data.settings import Settings

ROOT = Path(__file__).parents[2]
SEED, START, STORY = 2016, date(2013, 1, 1), date(2016, 3, 6)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The places and words of the demonstration city."""
    return load_world(Settings(ROOT, tmp_path_factory.mktemp("var")))


def parcels(world: World, feed: Feed) -> Iterator[Parcel]:
    """Return everything that a feed sends by the day after the story."""
    return iter(feed.plan(world, START, STORY))


def write(world: World, feed: Feed, file: str) -> Written:
    """Return one file of a feed with what it must count as."""
    parcel = next(one for one in parcels(world, feed) if one.file == file)
    (made,) = feed.write(world, SEED, START, [parcel])
    return made


def rooms(world: World, day: date) -> pd.DataFrame:
    """Return warm rooms and rooms measured by street, as one day's workbook teaches them."""
    heating = write(world, UTILITIES, f"公用事业运行日报_{day:%Y%m%d}.xlsx").learnt["heating"]
    return heating.groupby("street")[["warm", "measured"]].sum()


def test_heating_fails_in_hunhewan(world: World) -> None:
    """345 of 411 rooms are warm in the first street, the worst of all; the district falls under 90 % within a week."""
    before, then = rooms(world, date(2016, 2, 27)), rooms(world, STORY)
    share = then["warm"] / then["measured"]
    district = [frame["warm"].sum() / frame["measured"].sum() for frame in (before, then)]

    assert world.names[world.streets[0]] == "浑河湾街道"
    assert (345, 411) == tuple(then.loc[0])
    assert 0 == share.idxmin()
    assert district[0] > 0.95
    assert 0.85 < district[1] < 0.9


def test_the_health_report_is_late(world: World) -> None:
    """The report of 6 March is not there at eight; it was late on eight earlier days, and never twice in a file's time."""
    came = {one.first: one.arrived for one in parcels(world, HEALTH) if not one.is_history}
    late = [day for day, arrived in came.items() if arrived.time() > datetime(2016, 1, 1, 7).time()]

    assert came[STORY] > clock_after(STORY)
    assert 9 == len(late)
    assert sorted(came.values()) == list(came.values())


def test_corrections_come_for_a_week(world: World) -> None:
    """A daily report states days of the week before again, each with more visits than were first reported."""
    daily = [one for one in parcels(world, HEALTH) if not one.is_history]
    first: dict[tuple[datetime, int], int] = {}
    again = 0
    for parcel, made in zip(daily, HEALTH.write(world, SEED, START, daily), strict=True):
        for report in made.learnt["daily"].itertuples():
            key = (report.day, report.hospital)
            if report.day.date() == parcel.first:
                first[key] = report.visits
            else:
                again += 1
                assert 1 <= (parcel.first - report.day.date()).days <= 7
                assert report.visits > first.get(key, 0)

    assert again > 10


def test_health_centres_are_closed_at_weekends(world: World) -> None:
    """A closed centre reports zeros, and short names stand for hospitals."""
    book = openpyxl.load_workbook(io.BytesIO(write(world, HEALTH, "卫生日报_20160228.xlsx").content))
    rows = [row for row in book.active.iter_rows(values_only=True) if row[1] and "社区" in str(row[1])]
    names = {
        str(row[1]) for month in (1, 2) for row in _rows(write(world, HEALTH, f"卫生日报(2015年{month}月).xlsx").content) if len(row) > 1
    }

    assert rows
    assert {0} == {row[3] for row in rows}
    assert {"中国医科大学附属第一医院", "医大一院", "中国医大一院"} <= names


def _rows(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True))


def test_the_police_report_is_a_true_xls(world: World) -> None:
    """An OLE workbook named for the morning: lengths of time in three dresses, most zeros blank, a day from seven to seven."""
    content = write(world, POLICE, "和平警情日报2015年11月.xls").content
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    (title, *_), headings, *rows = book.get_sheet_by_name("警情日报").to_python()
    arrival, fires = (headings.index(name) for name in ("平均到场时长", "火灾起数"))
    dresses = Counter("′" if "′" in str(row[arrival]) else ":" if ":" in str(row[arrival]) else type(row[arrival]).__name__ for row in rows)

    assert content.startswith(b"\xd0\xcf\x11\xe0")
    assert title == "和平公安分局警情日报（2015年11月1日7时至2015年12月1日7时）"
    assert min(dresses["′"], dresses[":"], dresses["float"]) > 50
    assert "和平警情日报3.7.xls" in {one.file for one in parcels(world, POLICE) if one.arrived <= clock_after(STORY)}
    assert sum(row[fires] == "" for row in rows) > sum(row[fires] == 0 for row in rows) > 0


def test_crowds_are_counted_since_july_2015(world: World) -> None:
    """Before that a report has one sheet."""
    assert {"daily"} == set(write(world, POLICE, "和平警情日报2015年6月.xls").learnt)
    assert {"daily", "crowd"} == set(write(world, POLICE, "和平警情日报2015年7月.xls").learnt)


def test_a_sheet_per_utility(world: World) -> None:
    """Merged headings over two or three rows, a row of units, formulas nobody computed, 同上, wide digits, no heating in summer."""
    winter = openpyxl.load_workbook(io.BytesIO(write(world, UTILITIES, "公用事业运行日报_201501.xlsx").content))
    summer = openpyxl.load_workbook(io.BytesIO(write(world, UTILITIES, "公用事业运行日报_201507.xlsx").content), read_only=True)
    cells = [str(cell) for page in winter.worksheets for row in page.iter_rows(values_only=True) for cell in row if cell is not None]

    assert ["供水", "供电", "燃气", "供热", "排水", "照明", "环卫", "填表说明"] == winter.sheetnames
    assert "供热" not in summer.sheetnames
    assert {"A2:A4", "D2:H2", "E3:G3"} <= {str(one) for one in winter["供热"].merged_cells.ranges}
    assert ("万吨", "点次") == (winter["供水"]["B4"].value, winter["供水"]["C4"].value)
    assert any(cell.startswith("=") for cell in cells)
    assert any(cell == "同上" for cell in cells)
    assert any(cell.endswith("万") and cell[0].isdigit() for cell in cells)
    assert any(set(cell) & set("０１２３４５６７８９") for cell in cells)
