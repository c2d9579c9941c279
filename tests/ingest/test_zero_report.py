"""A 零报告 makes zero a fact: without one there is no data, with one there is zero, and rows that are known stay."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import journal, readings
from data.settings import Settings
from indicators.refresh import Refreshed, refresh
from tests.ingest.dirty_workbook import BODY, TITLE, TOILETS, drop, workbook, write_city

NOW = datetime(2024, 5, 8, tzinfo=UTC)
DAY = "2024-05-07"
REPORT = "零报告\n".encode()
SECOND_TABLE = """\
  closures:
    name: {zh: 停用登记, en: Closures}
    kind: events
    key: [toilet]
    time: closed_at
    covers: period
    zero: [无停用]
    columns:
      toilet: {heading: 停用公厕, type: text}
      closed_at: {heading: 停用时间, type: timestamp}
"""


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A city whose first drop speaks for 6 May only."""
    settings = write_city(tmp_path)
    drop(settings, "toilets", "公厕巡查.xlsx", workbook("公厕巡查日报（2024年5月6日）", BODY[:1]), "2024-05-07T07:10:00+08:00")
    return settings


def rounds(settings: Settings, done: Refreshed, day: str = DAY) -> tuple[float, str]:
    """Return the value and the state of the district's count on a day."""
    row = readings.signs(settings, done.snapshot, indicator="toilet_rounds", entity="D1", period=day).iloc[0]
    return float(row["value"]), str(row["state"])


def ledger(settings: Settings, done: Refreshed) -> dict[str, object]:
    """Return the newest drop."""
    return dict(readings.drops(settings, done.snapshot).iloc[0])


def test_without_a_report_there_is_no_data(city: Settings) -> None:
    """A day that no drop speaks for is not zero."""
    drop(city, "toilets", "零报告_rounds_2024-05-05.txt", REPORT)  # of another day
    value, state = rounds(city, refresh(city, NOW))

    assert math.isnan(value)
    assert state in {"no_data", "late"}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("零报告_rounds_2024-05-07.txt", REPORT),
        ("零报告_巡查记录_2024-05-07.txt", "无".encode("gb18030")),
        ("零报告_Rounds_2024-05-07_2.txt", "\n  本期无 \r\n填报人：某某\r\n".encode()),
        ("零报告_rounds_2024-W19.txt", REPORT),
        ("公厕巡查0507.xlsx", workbook("公厕巡查日报（2024年5月7日）", [("零报告",)])),
        ("公厕巡查0507.xlsx", workbook("公厕巡查日报（2024年5月7日）", [(None, "无"), ("填报人：某某",)])),
    ],
)
def test_a_report_makes_zero_a_fact(city: Settings, file: str, content: bytes) -> None:
    """It is archived, journalled and entered in the ledger like every drop, covers its period and brings no row."""
    drop(city, "toilets", file, content)
    done = refresh(city, NOW)
    entry = ledger(city, done)

    assert rounds(city, done) == (0.0, "ok")
    assert rounds(city, done, "2024-05-06") == (1.0, "ok")
    assert ("taken", 0, 0, 0) == tuple(entry[key] for key in ("state", "accepted", "quarantined", "records"))
    assert entry["rows"] == entry["skipped"] != 0
    assert journal.archived(city, str(entry["sha256"])).read_bytes() == content
    assert [arrival.file for arrival in journal.arrivals(city)][-1] == file


def test_rows_that_are_known_stay(city: Settings) -> None:
    """A report that rows contradict takes none of them away; the ledger says the difference."""
    drop(city, "toilets", "零报告_rounds_2024-05-06.txt", REPORT)
    done = refresh(city, NOW)

    assert rounds(city, done, "2024-05-06") == (1.0, "ok")
    assert ledger(city, done)["control"] == "零报告: 0 ≠ 1"


def test_rows_that_come_after_a_report_count(city: Settings) -> None:
    """Zero was what the department said then; rows of the same day that come later are what it says now."""
    drop(city, "toilets", "零报告_rounds_2024-05-07.txt", REPORT)
    refresh(city, NOW)
    drop(city, "toilets", "补报.xlsx", workbook(TITLE, BODY[-5:-4]), "2024-05-08T07:40:00+08:00")
    done = refresh(city, NOW)

    assert rounds(city, done) == (1.0, "ok")


@pytest.mark.parametrize(
    ("feed", "file", "content", "reason", "wanted"),
    [
        ("lamps", "零报告_nights_2024-05-07.txt", REPORT, "UNSUPPORTED_TYPE", "没有记录不等于零"),
        ("toilets", "零报告_nights_2024-05-07.txt", REPORT, "BAD_NAME", "零报告_[表]_[统计期，如2016-02].txt"),
        ("toilets", "零报告_rounds_昨天.txt", REPORT, "BAD_NAME", "[统计期，如2016-02]"),
        ("toilets", "零报告_rounds_2024-13.txt", REPORT, "BAD_NAME", "[统计期，如2016-02]"),
        ("toilets", "零报告_rounds_2024-05-08.txt", REPORT, "BAD_NAME", "不晚于 2024年5月7日"),
        ("toilets", "零报告_rounds_2024-05-07.txt", "三起".encode(), "SCHEMA", "零报告 / 无 / 本期无"),
        ("toilets", "零报告_rounds_2024-05-07.txt", b"", "EMPTY", "零报告"),
        ("toilets", "零报告_rounds_2024-05-07.txt", REPORT * 2000, "TOO_LARGE", "10,000字节"),
    ],
)
def test_what_is_no_report_is_refused(city: Settings, feed: str, file: str, content: bytes, reason: str, wanted: str) -> None:
    """No row of readings is no data; a table that is not there, a day that is not over and other words report nothing."""
    drop(city, feed, file, content)
    done = refresh(city, NOW)
    entry = ledger(city, done)

    assert (entry["state"], entry["reason"]) == ("refused", reason)
    assert wanted in str(entry["wanted"])
    assert math.isnan(rounds(city, done)[0])


def test_a_report_twice_is_a_duplicate_but_not_of_another_table(city: Settings) -> None:
    """The same bytes for the same day speak once for each table."""
    (city.feeds_dir / "toilets.yaml").write_text(TOILETS + SECOND_TABLE.replace("    zero: [无停用]\n", ""), encoding="utf-8")
    for minute, file in enumerate(("零报告_rounds_2024-05-07.txt", "零报告_closures_2024-05-07.txt", "零报告_rounds_2024-05-07_2.txt")):
        drop(city, "toilets", file, REPORT, f"2024-05-08T07:1{minute}:00+08:00")
    states = readings.drops(city, refresh(city, NOW).snapshot)["state"]

    assert list(states) == ["duplicate", "taken", "taken", "taken"]


def test_a_table_has_words_of_its_own(city: Settings) -> None:
    """A department that words its zero otherwise says so in the contract; the usual words are not its own then."""
    (city.feeds_dir / "toilets.yaml").write_text(TOILETS + SECOND_TABLE, encoding="utf-8")
    drop(city, "toilets", "零报告_closures_2024-05-07.txt", "无停用".encode())
    drop(city, "toilets", "零报告_closures_2024-05-06.txt", REPORT)
    frame = readings.drops(city, refresh(city, NOW).snapshot).set_index("file")["state"]

    assert ("taken", "refused") == (frame["零报告_closures_2024-05-07.txt"], frame["零报告_closures_2024-05-06.txt"])
