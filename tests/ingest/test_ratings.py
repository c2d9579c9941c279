"""What is published of a feed's volume, conduct and quality, from drops to readings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import readings
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.refresh import refresh
from tests.ingest.grid_city import CONTRACT, PEOPLE, drop, write_grid_city

HEAD = "事件编号,街道,日期\n"


def rows(day: date, count: int) -> str:
    """Return a file with so many events of a day."""
    return HEAD + "".join(f"E-{day:%m%d}-{number},东街道,{day}\n" for number in range(count))


def lay(city: Settings, day: date, text: str, arrived_at: str) -> None:
    """Lay the file of a day into the inbox."""
    drop(city, f"全区_{day:%Y%m%d}.csv", text, arrived_at)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """Five weeks of drops on working days; the last Friday has a tenth of the rows, one comes late, one is refused, two have faults."""
    city = write_grid_city(tmp_path_factory.mktemp("ratings"))
    days = [date(2025, 1, 27) + timedelta(days=place) for place in range(33)]
    for day in [day for day in days if day.weekday() < 5]:
        text, hour = rows(day, 4 if day == date(2025, 2, 28) else 40), "10:30" if day == date(2025, 2, 11) else "07:30"
        if day in {date(2025, 2, 4), date(2025, 2, 6)}:
            text += "E-bad,无名街道,2025-02-04\nE-worse,东街道,很久以前\n"
        lay(city, day, "" if day == date(2025, 2, 18) else text, f"{day + timedelta(days=1)} {hour}")
    drop(city, "东街道_202501.csv", PEOPLE, "2025-02-02 10:00")
    return city, refresh(city, datetime(2025, 3, 3, 2, tzinfo=UTC)).snapshot


def one(frame: pd.DataFrame, **wanted: Any) -> dict[str, Any]:
    """Return the only row that is so."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    (row,) = frame.to_dict("records")
    return row


def test_a_small_drop_is_a_finding_on_its_ledger_row(known: tuple[Settings, Snapshot]) -> None:
    """Four rows on a Friday of forty: low, with the range that was expected; taken all the same. Four weeks are needed to judge."""
    ledger = readings.drops(*known)
    small = one(ledger, file="全区_20250228.csv")

    assert ("taken", 4, "low", 4) == (small["state"], small["accepted"], small["volume"], small["volume_rows"])
    assert (40 - 4 * 40**0.5, 40 + 4 * 40**0.5) == pytest.approx((small["volume_low"], small["volume_high"]))
    assert "usual" == one(ledger, file="全区_20250227.csv")["volume"]
    assert {"low": 1, "usual": 3} == ledger["volume"].value_counts().to_dict()
    assert 4 == one(readings.volumes(*known), drop=small["drop"])["volume_n"]


def test_a_volume_that_the_contract_says(tmp_path: Path) -> None:
    """The first drop is judged where the contract knows how large it is."""
    city = write_grid_city(tmp_path)
    said = CONTRACT.replace("    kind: events\n", "    kind: events\n    volume: {low: 10, high: 20}\n")
    (city.feeds_dir / "grid.yaml").write_text(said, encoding="utf-8")
    lay(city, date(2025, 3, 3), rows(date(2025, 3, 3), 21), "2025-03-04 07:30")
    snapshot = refresh(city, datetime(2025, 3, 4, 2, tzinfo=UTC)).snapshot
    found = readings.drops(city, snapshot).iloc[0]

    assert ("high", 21, 10, 20) == tuple(found[["volume", "volume_rows", "volume_low", "volume_high"]])


def test_what_was_said_of_a_volume_stays(tmp_path: Path) -> None:
    """A refresh that sees more drops, and one from the archive, say the same of the earlier ones."""
    city = write_grid_city(tmp_path)
    found = []
    for week in range(6):
        day = date(2025, 1, 27) + timedelta(weeks=week)
        lay(city, day, rows(day, 30 + week), f"{day + timedelta(days=1)} 07:30")
        snapshot = refresh(city, datetime(2025, 3, 10, 2, week, tzinfo=UTC)).snapshot
        found.append(readings.volumes(city, snapshot))
    anew = readings.volumes(city, refresh(city, datetime(2025, 3, 10, 2, 9, tzinfo=UTC), anew=True).snapshot)

    for earlier in found:
        assert anew.head(len(earlier)).astype(object).fillna("").equals(earlier.astype(object).fillna(""))


def test_the_conduct_of_a_month(known: tuple[Settings, Snapshot]) -> None:
    """February by hand: 20 days and a month were due; one day came late, one was refused, the month lacks two streets.

    19 drops of 40 rows arrived, two of them with the same two faulty rows each, and one row of people.
    """
    frame = readings.conduct(*known)
    found = one(frame, month="2025-02", feed="grid")

    assert (21, 18) == (found["due"], found["on_time"])
    assert (18 / 21 * 100) == pytest.approx(found["on_time_pct"])
    assert (19 * 40 + 4 + 1, 19 * 40 + 1) == (found["rows"], found["accepted"])
    assert (4, 2, 50.0) == (found["errors"], found["repeated"], found["repeated_pct"])


def test_a_department_is_the_sum_of_its_feeds(known: tuple[Settings, Snapshot]) -> None:
    """Numerators and denominators add up; 13 months are there, and a month without anything has null shares."""
    frame = readings.conduct(*known)
    office, grid = frame[frame["feed"] == ""], frame[frame["feed"] == "grid"]
    counts = ["due", "on_time", "rows", "accepted", "errors", "repeated"]

    assert (13, "2024-03", "2025-03") == (len(office), office["month"].min(), office["month"].max())
    assert office[counts].to_numpy().tolist() == grid[counts].to_numpy().tolist()
    assert office[office["month"] == "2024-06"][["on_time_pct", "accepted_pct", "repeated_pct"]].isna().all(axis=None)


def test_the_quality_of_a_feed(known: tuple[Settings, Snapshot]) -> None:
    """Each dimension of February stands beside its counts, and the feed carries the overall score of the last 28 days."""
    frame = readings.quality(*known, span="2025-02").set_index("dimension")
    rows_n = int(frame.loc["conformity", "rows_n"])

    assert ["overall", "conformity", "completeness", "accuracy", "consistency", "timeliness", "accessibility"] == list(frame.index)
    assert (rows_n - 2, rows_n - 2) == tuple(frame.loc[["conformity", "consistency"], "rows_good"])
    assert (21, 18) == tuple(frame.loc["timeliness", ["deliveries_n", "deliveries_good"]])
    assert (21, 20) == tuple(frame.loc["accessibility", ["files_n", "files_good"]])
    assert 85.71 == frame.loc["timeliness", "score"]
    assert frame.loc["overall", "score"] == pytest.approx(frame["score"].iloc[1:].mean(), abs=0.005)
    now, feed = one(readings.quality(*known), dimension="overall"), readings.feeds(*known).iloc[0]
    assert (now["score"], now["stars"], now["coverage"]) == (feed["quality"], feed["stars"], feed["quality_coverage"])
