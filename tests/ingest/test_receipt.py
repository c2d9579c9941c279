"""A receipt says what a drop speaks for and hands out its workbook, to those who may see the feed."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pandas as pd

from data.readings import Scope
from data.receipt import return_workbook, spoken
from indicators.refresh import refresh
from tests.ingest.dirty_workbook import BODY, TITLE, drop, workbook, write_city

NOW = datetime(2024, 5, 8, tzinfo=UTC)
NOBODY = Scope(grade=0)


def test_a_receipt(tmp_path: Path) -> None:
    """The covered time by table, the workbook for the clerk; neither for a scope below the feed, nor of an unknown drop."""
    city = write_city(tmp_path)
    drop(city, "toilets", "公厕巡查.xlsx", workbook(TITLE, BODY))
    snapshot = refresh(city, NOW).snapshot
    name = "toilets-000001"
    book = return_workbook(city, snapshot, drop=name)

    assert [("rounds", pd.Timestamp("2024-05-06"), pd.Timestamp("2024-05-08"))] == list(
        spoken(city, snapshot, drop=name)[["table", "covers_from", "covers_to"]].itertuples(index=False, name=None)
    )
    assert book is not None
    assert "退回说明" in openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    assert return_workbook(city, snapshot, NOBODY, drop=name) is None
    assert spoken(city, snapshot, NOBODY, drop=name).empty
    assert return_workbook(city, snapshot, drop="toilets-000009") is None
    assert return_workbook(city, snapshot, drop="../toilets/toilets-000001") is None
