"""The files of the service centre and the government office come in the forms that they send, on the mornings that they are due."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pytest

from data.demo.feed import Written
from data.demo.feeds.services import FEED
from data.demo.parcels import Parcel
from data.demo.world import World, load_world
from data.settings import Settings

ROOT = Path(__file__).parents[2]
SEED, START, UNTIL = 2016, date(2013, 1, 1), date(2016, 3, 6)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The places and words of the demonstration city."""
    return load_world(Settings(ROOT, tmp_path_factory.mktemp("var")))


def plan(world: World) -> dict[str, Parcel]:
    """Return what is planned, by name."""
    return {one.file: one for one in FEED.plan(world, START, UNTIL)}


def write(world: World, file: str) -> Written:
    """Return one file of the feed, and what it must count as."""
    (made,) = FEED.write(world, SEED, START, [plan(world)[file]])
    return made


def rows(made: Written, encoding: str, delimiter: str) -> list[dict[str, str]]:
    """Return the rows of a file by their headings, as another program reads them."""
    return list(csv.DictReader(io.StringIO(made.content.decode(encoding), newline=""), delimiter=delimiter))


def test_days_off_come_on_the_next_working_morning(world: World) -> None:
    """Friday to Sunday come on Monday; the Spring Festival comes on the Sunday on which people work again."""
    arrivals = {file: one.arrived for file, one in plan(world).items()}

    assert datetime(2016, 3, 7, 6, 2) == arrivals["政务服务办件_20160304-0306.csv"]
    assert datetime(2016, 3, 4, 6, 2) == arrivals["政务服务办件_20160303.csv"]
    assert datetime(2016, 2, 14, 6, 2) == arrivals["政务服务办件_20160206-0213.csv"]


def test_a_day_brings_new_items_and_those_that_were_closed(world: World) -> None:
    """An item of an earlier day comes again when it is closed, and only then."""
    made = write(world, "政务服务办件_20160303.csv")
    items = made.learnt["items"]
    earlier = items[items["accepted_at"] < datetime(2016, 3, 3)]

    assert len(earlier) > 5
    assert {date(2016, 3, 3)} == set(earlier["closed_at"].dt.date)
    assert items["closed_at"].isna().any()


def test_done_on_the_spot_is_promised_for_no_days(world: World) -> None:
    """即办件 carries 0 as its promise and is due on the day of its acceptance."""
    made = write(world, "政务服务办件_20160303.csv")
    at_once = [row for row in rows(made, "utf-8", "\t") if row["承诺时限(工作日)"] == "0"]
    items = made.learnt["items"]
    due = items[items["item_no"].isin([int(row["办件编号"][2:]) for row in at_once])]

    assert len(at_once) > 10
    assert (due["due_at"].dt.date == due["accepted_at"].dt.date).all()


def test_most_good_ratings_are_the_system_s(world: World) -> None:
    """About half of what is closed says 默认好评; nobody complains by default."""
    ratings = [row["评价结果"] for row in rows(write(world, "政务服务办件_2015.csv"), "utf-8", "\t") if row["评价结果"]]

    assert 0.45 < ratings.count("默认好评") / len(ratings) < 0.6


def test_each_week_s_register_is_whole(world: World) -> None:
    """The register of a Sunday lists what the one before listed, and what was put under supervision since."""
    before, after = (
        {row["文号"] for row in rows(write(world, f"督办公文_{day}.csv"), "gb18030", ",") if row["文号"]}
        for day in ("20160228", "20160306")
    )

    assert len(before - after) <= 3  # the numbers that a clerk left out in one of them
    assert len(after) > len(before) > 200
