"""Deliveries of a city whose feed has tables of three cadences, one of them with a file from each street."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from data import readings
from data.problems import DefinitionError
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.directory import load
from indicators.refresh import refresh
from tests.ingest.grid_city import CONTRACT, OUTLINE, PEOPLE, drop, events, write_grid_city


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """The city, with nothing in its inbox."""
    return write_grid_city(tmp_path)


def at(settings: Settings, day: int, hour: int = 10) -> Snapshot:
    """Refresh at an hour of a day of March 2025, local time."""
    return refresh(settings, datetime(2025, 3, day, hour - 8, tzinfo=UTC)).snapshot


def tables(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return how the tables stand."""
    return readings.feed_tables(settings, snapshot).set_index("table")


def days(settings: Settings, snapshot: Snapshot, table: str = "") -> dict[int, str]:
    """Return the states of March by day, of the feed or of a table."""
    frame = readings.deliveries(settings, snapshot, days=60, by_table=bool(table))
    frame = frame[(frame["table"] == table) & (pd.to_datetime(frame["due_on"]) >= "2025-03-01")]
    return dict(zip(pd.to_datetime(frame["due_on"]).dt.day, frame["state"], strict=True))


def test_a_feed_stands_as_the_worst_of_its_tables(city: Settings) -> None:
    """The daily table is on time, the monthly one lacks a street, the once-only one is there: the feed is partial."""
    drop(city, "底数_20250115.csv", OUTLINE, "2025-03-02 09:00")
    drop(city, "东街道_202502.csv", PEOPLE, "2025-03-02 10:00")
    drop(city, "全区_20250303.csv", events(3), "2025-03-04 08:30")
    snapshot = at(city, 4)
    found, (feed,) = tables(city, snapshot), readings.feeds(city, snapshot).to_dict("records")

    assert {"events": "on_time", "people": "partial", "outline": "on_time"} == dict(found["state"])
    assert ("D1002", 1, 2) == tuple(found.loc["people", ["missing", "came", "expected"]])
    assert ("partial", "D1002") == (feed["state"], feed["missing"])
    assert pd.Timestamp("2025-03-03 18:00") == feed["due_at"]
    assert (16 * 60, True) == (feed["late_min"], pd.isna(feed["came_at"]))
    assert pd.Timestamp("2025-03-05 08:00") == feed["next_due_at"]


def test_the_two_clocks_stand_apart(city: Settings) -> None:
    """What the data speak for, and when they came: of a table its own, of the feed the least and the last."""
    drop(city, "东街道_202502.csv", PEOPLE, "2025-03-02 10:00")
    drop(city, "全区_20250303.csv", events(3), "2025-03-04 08:30")
    snapshot = at(city, 4)
    found, feed = tables(city, snapshot), readings.feeds(city, snapshot).iloc[0]

    assert ["2025-03-04 00:00:00", "2025-03-01 00:00:00"] == [str(found.loc[name, "data_until"]) for name in ("events", "people")]
    assert ["2025-03-04 08:30:00", "2025-03-02 10:00:00"] == [str(found.loc[name, "arrived_at"]) for name in ("events", "people")]
    assert (found.loc["people", "data_until"], found.loc["events", "arrived_at"]) == (feed["data_until"], feed["arrived_at"])
    assert 30 == found.loc["events", "late_min"]


def test_every_street_that_owes_came(city: Settings) -> None:
    """The second file makes the month whole; a street that merged in January owes nothing for February."""
    drop(city, "东街道_202502.csv", PEOPLE, "2025-03-02 10:00")
    drop(city, "西街道_202502.csv", PEOPLE, "2025-03-03 17:00")
    found = tables(city, at(city, 4)).loc["people"]

    assert ("on_time", 2, 2, "") == tuple(found[["state", "came", "expected", "missing"]])
    assert "2025-03-03 17:00:00" == str(found["came_at"])


def test_the_same_bytes_of_another_street_are_no_duplicate(city: Settings) -> None:
    """Each street reports nothing, in the same words: every one of them has spoken for itself."""
    given = CONTRACT.replace(
        "{heading: 街道, type: entity, kind: street}\n      seen_on", "{type: entity, kind: street, given: place}\n      seen_on"
    )
    given = given.replace(
        "    covers: period\n    columns:\n      event_no",
        "    covers: period\n    cadence: {every: day, each: street}\n    columns:\n      event_no",
    )
    (city.feeds_dir / "grid.yaml").write_text(given, encoding="utf-8")
    for street in "东西":
        drop(city, f"{street}街道_20250303.csv", "事件编号,日期\n零报告,\n", "2025-03-04 07:10")
    snapshot = at(city, 4)

    assert ["taken", "taken"] == list(readings.drops(city, snapshot)["state"])
    assert ("on_time", 2) == tuple(tables(city, snapshot).loc["events", ["state", "came"]])


def test_days_off_owe_nothing(city: Settings) -> None:
    """Saturday and Sunday are not due; Monday's drop speaks for Friday; a working day without its drop is missing."""
    for day, sent in ((3, "2025-03-04 08:00"), (4, "2025-03-05 10:30"), (7, "2025-03-10 07:50")):
        drop(city, f"全区_202503{day:02}.csv", events(day), sent)
    found = days(city, at(city, 11, 8), "events")

    assert {4: "on_time", 5: "late", 6: "missing", 7: "missing", 8: "not_due", 9: "not_due", 10: "on_time", 11: "due"} == {
        day: found[day] for day in range(4, 12)
    }
    assert {1: "not_due", 2: "not_due", 3: "not_due"} == {day: found[day] for day in range(1, 4)}


def test_a_drop_of_a_time_to_come_is_unexpected(city: Settings) -> None:
    """It is taken in, says nothing of any day that has passed, and is seen on the day it came."""
    drop(city, "全区_20250303.csv", events(3), "2025-03-04 07:00")
    drop(city, "全区_20250320.csv", events(4), "2025-03-04 09:00")
    for street in "东西":
        drop(city, f"{street}街道_202502.csv", PEOPLE, "2025-03-02 10:00")
    drop(city, "底数_20250115.csv", OUTLINE, "2025-03-02 09:00")
    snapshot = at(city, 4)

    assert "unexpected" == readings.feeds(city, snapshot).iloc[0]["state"]
    assert {2: "on_time", 3: "on_time", 4: "unexpected"} == {day: days(city, snapshot)[day] for day in (2, 3, 4)}
    assert "missing" == readings.feeds(city, at(city, 6, 11)).iloc[0]["state"]


def test_a_table_of_once_that_comes_again_is_unexpected(city: Settings) -> None:
    """Another survey with other values; the same file again would be a duplicate and nothing to speak of."""
    drop(city, "底数_20250115.csv", OUTLINE, "2025-03-02 09:00")
    drop(city, "底数2_20250115.csv", OUTLINE, "2025-03-03 09:00")
    before = tables(city, at(city, 3)).loc["outline", "state"]
    drop(city, "底数3_20250115.csv", OUTLINE.replace("900", "905"), "2025-03-04 08:00")
    snapshot = at(city, 4)

    assert ("on_time", "unexpected") == (before, tables(city, snapshot).loc["outline", "state"])
    assert "unexpected" == days(city, snapshot, "outline")[4]


def test_a_city_in_which_nothing_is_due_any_more(city: Settings) -> None:
    """Two years after all that came once has come there is no due day, and nobody is late."""
    once = re.sub(r"cadence: \{every: (day|month).*\}", "cadence: {every: once}", CONTRACT)
    (city.feeds_dir / "grid.yaml").write_text(once, encoding="utf-8")
    drop(city, "底数_20250115.csv", OUTLINE, "2025-03-02 09:00")
    drop(city, "东街道_202502.csv", PEOPLE, "2025-03-02 10:00")
    drop(city, "全区_20250303.csv", events(3), "2025-03-04 08:30")
    snapshot = refresh(city, datetime(2027, 3, 4, tzinfo=UTC)).snapshot

    assert {"not_due"} == set(readings.deliveries(city, snapshot, by_table=True)["state"])
    assert {"on_time"} == set(tables(city, snapshot)["state"])
    assert readings.conduct(city, snapshot)["due"].sum() == 0


def test_a_refused_file_explains_the_day(city: Settings) -> None:
    """What was due is not there because its file could not be read."""
    drop(city, "全区_20250303.csv", events(3), "2025-03-04 08:00")
    drop(city, "全区_20250304.csv", "", "2025-03-05 08:00")

    assert {4: "on_time", 5: "refused"} == {day: days(city, at(city, 5))[day] for day in (4, 5)}


def test_each_names_a_kind_that_the_table_has(city: Settings) -> None:
    """A contract that expects something of each street says in which column the street stands."""
    path = city.feeds_dir / "grid.yaml"
    path.write_text(CONTRACT.replace("each: street", "each: hall"), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load(city)

    assert "cadence each 'hall' is the kind of no entity column" in str(caught.value)
