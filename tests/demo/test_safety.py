"""The safety reports come in the forms that the bureau sends, and the register of 6 March is spoilt as the story tells."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.demo.feed import Written
from data.demo.feeds.safety import FEED
from data.demo.world import World, load_world
from data.settings import Settings

ROOT = Path(__file__).parents[2]
SEED, START, STORY = 2016, date(2013, 1, 1), date(2016, 3, 6)
Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The places and words of the demonstration city."""
    return load_world(Settings(ROOT, tmp_path_factory.mktemp("var")))


def write(world: World, file: str) -> tuple[Rows, Written]:
    """Return the rows of one file of the feed, as another program reads them, and what it must count as."""
    parcel = next(one for one in FEED.plan(world, START, STORY) if one.file == file)
    (made,) = FEED.write(world, SEED, START, [parcel])
    return list(openpyxl.load_workbook(io.BytesIO(made.content)).active.values), made


def test_the_spoilt_register(world: World) -> None:
    """合计 says 321 where the rows add up to 312; five deadlines are words, one completion runs backwards, most grades are renamed."""
    (_, headings, *rows, total), made = write(world, "安全隐患台账_20160306.xlsx")
    words = Counter(row[6] for row in rows)
    backwards = [row for row in rows if row[7] == "2015-12-31"]
    count = headings.index("隐患数(处)")

    assert (321, 312) == (total[count], sum(row[count] for row in rows))
    assert (3, 2, 1) == (words["15日内"], words["立即"], len(backwards))
    assert {"BAD_DATE": 5, "INCONSISTENT": 1, "BAD_VALUE": sum(row[3] == "三级" for row in rows)} == dict(made.quarantined)
    assert made.quarantined.total() > len(rows) / 2


def test_an_ordinary_register(world: World) -> None:
    """The whole register stands in it: dates in several forms, agreed words among the deadlines, a 合计 that is right."""
    (title, headings, *rows, total), made = write(world, "安全隐患台账_20160205.xlsx")

    assert "截至2016年2月5日" in title[0]
    assert {datetime, int, str} <= {type(row[headings.index("发现日期")]) for row in rows}
    assert {"当日整改", "限期7日"} <= {row[6] for row in rows}
    assert total[0] == "合计"
    assert total[4] == sum(count for count in {row: row[4] for row in rows}.values() if isinstance(count, int))
    assert (len(rows) + 2, 2) == (made.rows, made.skipped - (len(rows) - len(set(rows))))


def test_the_day_of_dust_stands_in_its_name(world: World) -> None:
    """A daily file has no 日期; a back-file has, since its name says only the month."""
    daily, _ = write(world, "扬尘监测_20160306.xlsx")
    back, _ = write(world, "扬尘监测_201502.xlsx")

    assert ("工地", "街道", "监测次数", "超标次数") == daily[1]
    assert ("工地", "街道", "监测次数", "超标次数", "日期") == back[1]
    assert {str(date(2015, 2, 1) + timedelta(days=day)) for day in range(28)} == {row[4] for row in back[2:]}


def test_a_month_without_accidents_is_a_zero_report(world: World) -> None:
    """Every month has its file; one without an accident says 零报告 in its only row."""
    files = [one.file for one in FEED.plan(world, START, STORY) if one.file.startswith("生产安全事故")]
    quiet = [made for file in files for rows, made in [write(world, file)] if rows[2][0] == "零报告"]

    assert len(files) == 38
    assert 0 < len(quiet) < 38
    assert {(2, 2, 0)} == {(made.rows, made.skipped, len(made.learnt["accidents"])) for made in quiet}


def test_files_do_not_depend_on_their_companions(world: World) -> None:
    """The same file has the same bytes, whatever is written beside it."""
    parcels = [one for one in FEED.plan(world, START, STORY) if date(2016, 2, 1) <= one.first]
    together = dict(zip((one.file for one in parcels), FEED.write(world, SEED, START, parcels), strict=True))

    for file in ("安全隐患台账_20160306.xlsx", "电梯运行_20160214.xlsx", "扬尘监测_20160229.xlsx"):
        assert together[file].content == write(world, file)[1].content, file
