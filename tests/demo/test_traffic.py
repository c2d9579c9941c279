"""The files of the three traffic offices come in the forms that they send, and say the same as what was simulated."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from data.demo.feed import Written
from data.demo.feeds.traffic import FEED
from data.demo.feeds.traffic.simulate import simulate_flow
from data.demo.world import World, load_world
from data.settings import Settings

ROOT = Path(__file__).parents[2]
SEED, START, UNTIL = 2016, date(2013, 1, 1), date(2016, 3, 6)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The places and words of the demonstration city."""
    return load_world(Settings(ROOT, tmp_path_factory.mktemp("var")))


def write(world: World, file: str) -> Written:
    """Return one file of the feed, and what it must count as."""
    parcel = next(one for one in FEED.plan(world, START, UNTIL) if one.file == file)
    (made,) = FEED.write(world, SEED, START, [parcel])
    return made


def rows(made: Written, encoding: str, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a file by their headings, as another program reads them."""
    return list(csv.DictReader(io.StringIO(made.content.decode(encoding), newline=""), delimiter=delimiter))


def moment(text: str) -> datetime:
    """Return a local time, written or counted in milliseconds since 1970."""
    if text.isdigit():
        return datetime(1970, 1, 1, 8) + timedelta(milliseconds=int(text))
    form = "%Y/%m/%d %H:%M" if "/" in text else "%Y-%m-%d %H:%M"
    return datetime.strptime(text, form)


def test_some_files_count_milliseconds_and_some_write_the_time(world: World) -> None:
    """Both forms occur among the daily files, never mixed in one but for faults, and both mean the hours of the day."""
    counted = set()
    for day in (date(2016, 1, 7) + timedelta(days=place) for place in range(8)):
        table = rows(write(world, f"道路流量_{day:%Y%m%d}.csv"), "utf-8")
        forms = [row["时间"].isdigit() for row in table]
        counted.add(sum(forms) > len(forms) / 2)

        assert {datetime(day.year, day.month, day.day, hour) for hour in range(24)} <= {
            moment(row["时间"]) for row in table if row["时间"] != "2015-02-30 08:00"
        }
    assert {True, False} == counted


def test_a_day_of_roads_is_what_was_simulated(world: World) -> None:
    """24 hours of 13 streets; what is learnt is the simulated day without the rows that are spoilt."""
    made = write(world, "道路流量_20160306.csv")
    learnt, day = made.learnt["flow"], simulate_flow(world, SEED, date(2016, 3, 6))

    assert 24 * 13 == len(day)
    assert len(learnt) == made.rows - made.skipped - made.quarantined.total()
    pd.testing.assert_frame_equal(day.loc[learnt.index], learnt)


def test_a_day_of_buses_has_no_date(world: World) -> None:
    """The day comes from the name of the file; the back-file of a year has a column for it."""
    daily, yearly = rows(write(world, "公交班次_20160306.csv"), "gb18030"), rows(write(world, "公交班次_2015.csv"), "gb18030")

    assert ["线路", "计划班次", "准点班次"] == list(daily[0])
    assert ["线路", "计划班次", "准点班次", "日期"] == list(yearly[0])
    assert 12 * 365 <= len(yearly)


def test_more_occupied_than_there_are(world: World) -> None:
    """Such rows are sent, accepted and learnt; whether they count is up to the sign."""
    made = write(world, "停车泊位_2015.csv")
    learnt = made.learnt["parking"]

    assert (learnt["occupied"] > learnt["spaces"]).mean() > 0.003
    assert [row["停车场"] for row in rows(made, "utf-8-sig", ";")]


def test_timestamps_come_twice(world: World) -> None:
    """A sensor repeats itself: exact repetitions are skipped, two values for one hour are in conflict."""
    made = write(world, "道路流量_2015.csv")

    assert made.skipped > 0
    assert made.quarantined["DUPLICATE_CONFLICT"] > 0
    assert 0 == made.quarantined["DUPLICATE_CONFLICT"] % 2
