"""Rows that come again, corrected, clear the quarantined ones; what could not be matched stays open, and counts stay true."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import readings
from data.settings import Settings
from indicators.refresh import Refreshed, refresh
from tests.ingest.dirty_workbook import BODY, TITLE, drop, workbook, write_city

NOW = datetime(2024, 5, 8, tzinfo=UTC)
GOOD = {  # by the line of the first drop: the row as the clerk corrects it
    9: (6, "WC-03", "西园街道", "2024-05-07 10:00", 30, 1, 10, 90, "正常", None, None),
    13: (10, "WC-07", "西园街道", "2024-05-07 10:00", 12, 1, 10, 90, "正常", None, None),
    18: (15, "WC-11", "西园街道", "2024-05-07 11:00", 5, 1, 10, 90, "正常", None, None),
    17: (14, "WC-20", "西园街道", "2024-05-07 10:00", 12, 1, 10, 90, "正常", None, None),
}


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A city whose first drop has a dozen rows with faults."""
    settings = write_city(tmp_path)
    drop(settings, "toilets", "公厕巡查.xlsx", workbook(TITLE, BODY))
    return settings


def send(settings: Settings, file: str, rows: list[tuple[Any, ...]], minute: int) -> Refreshed:
    """Send rows some minutes after the first drop and take them in."""
    drop(settings, "toilets", file, workbook(TITLE, rows), f"2024-05-08T07:{minute}:00+08:00")
    return refresh(settings, NOW)


def faults(settings: Settings, done: Refreshed) -> pd.DataFrame:
    """Return the faults of the first drop by line."""
    return readings.quarantine(settings, done.snapshot, drop="toilets-000001").set_index("line")


def test_a_corrected_row_clears_the_old_one(city: Settings) -> None:
    """Both faults of a key are cleared, with the drop that did it and when it came; the ledger counts cleared rows."""
    done = send(city, "更正.xlsx", [GOOD[9], GOOD[13], GOOD[18]], 30)
    found = faults(city, done)
    cleared = found[found["cleared_by"].notna()]

    assert [9, 13, 18, 19] == list(cleared.index)
    assert {"toilets-000002"} == set(cleared["cleared_by"])
    assert {pd.Timestamp("2024-05-08 07:30")} == set(cleared["cleared_at"])
    assert [0, 4] == list(readings.drops(city, done.snapshot)["cleared"])
    assert [0, 12] == list(readings.drops(city, done.snapshot)["quarantined"])


def test_a_row_without_a_readable_key_stays_open(city: Settings) -> None:
    """Nothing says that the new row is the old one put right; neither does a good row of another key."""
    found = faults(city, send(city, "更正.xlsx", [GOOD[17]], 30))

    assert found["cleared_by"].isna().all()


def test_a_correction_that_is_wrong_again_clears_nothing(city: Settings) -> None:
    """Only an accepted row clears; the next one that is accepted clears both drops."""
    wrong = (*GOOD[9][:4], "约四十", *GOOD[9][5:])
    first = send(city, "更正.xlsx", [wrong, GOOD[13]], 30)
    assert [13] == list(faults(city, first).query("cleared_by.notna()").index)

    done = send(city, "再更正.xlsx", [GOOD[9]], 40)
    rows = readings.quarantine(city, done.snapshot).query("cleared_by.notna()")
    expected = [("toilets-000001", 9, "toilets-000003"), ("toilets-000001", 13, "toilets-000002"), ("toilets-000002", 4, "toilets-000003")]
    assert expected == list(zip(rows["drop"], rows["line"], rows["cleared_by"], strict=True))


def test_an_older_arrival_clears_nothing(city: Settings) -> None:
    """A drop that came before the faulty one is no answer to it, though it is taken later."""
    refresh(city, NOW)
    drop(city, "toilets", "旧件.xlsx", workbook(TITLE, [GOOD[9]]), "2024-05-08T06:00:00+08:00")
    done = refresh(city, NOW)

    assert faults(city, done)["cleared_by"].isna().all()


def test_rebuilding_clears_the_same_rows(city: Settings) -> None:
    """What is cleared follows from the archive alone."""
    before = send(city, "更正.xlsx", [GOOD[9], GOOD[13]], 30)
    after = refresh(city, NOW, anew=True)

    assert before.snapshot.hash == after.snapshot.hash
    assert 2 == faults(city, after)["cleared_by"].notna().sum()


def test_a_correction_of_older_days_is_told_from_the_growth_of_a_day(city: Settings) -> None:
    """A drop that revises what earlier ones spoke for is a correction; one with only new rows of the same days is none."""
    row = BODY[0]
    assert row is not None
    new = (99, "WC-99", "西园街道", "2024-05-07 12:00", 5, 1, 10, 90, "正常", None, None)
    send(city, "补充.xlsx", [new], 30)
    done = send(city, "更正.xlsx", [(*row[:4], 500, *row[5:])], 40)
    ledger = readings.drops(city, done.snapshot).set_index("file")

    assert {"公厕巡查.xlsx": False, "补充.xlsx": False, "更正.xlsx": True} == ledger["is_correction"].to_dict()
    assert {"公厕巡查.xlsx": 0, "补充.xlsx": 0, "更正.xlsx": 1} == ledger["revised"].to_dict()
