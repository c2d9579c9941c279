"""A snapshot keeps the definitions whole, and says what each rests on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.defined import catalogue
from data.initials import initials
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city


@pytest.mark.parametrize(
    ("name", "said"),
    [("供水管网压力合格率", "gsgwylhgl"), ("120平均反应时间", "120pjfysj"), ("PM2.5 均值", "pm25jz"), ("重复诉求率", "cfsql"), ("", "")],
)
def test_initials(name: str, said: str) -> None:
    """Of a character that is read in two ways, the reading of its word: 重复 is chongfu."""
    assert initials(name) == said


def test_what_an_indicator_rests_on(tmp_path: Path) -> None:
    """Tables and columns of the formula and of the time axis, not the words of its texts; its definition by the keys of the grammar."""
    where = write_small_city(tmp_path)
    path = where.catalogue_dir / "operations.yaml"
    text = path.read_text(encoding="utf-8").replace("formula: rows()", "formula: count(kind == 'cost')")
    path.write_text(text, encoding="utf-8")
    snapshot = refresh(where, datetime(2024, 5, 9, tzinfo=UTC)).snapshot

    one, other = (catalogue(where, snapshot, indicator=name).iloc[0] for name in ("repairs_24h", "repairs_per_1000"))

    assert one["tables"] == "repairs.reports"
    assert one["columns"].split(";") == [f"repairs.reports.{name}" for name in ("reported_at", "repaired_at")]
    assert other["columns"].split(";") == [f"repairs.reports.{name}" for name in ("kind", "reported_at")]
    assert json.loads(one["body"])["thresholds"] == [
        {"from": "2024-01-01", "blue": 95, "yellow": 90, "orange": 60, "red": 30, "target": 100}
    ]
    assert list(catalogue(where, snapshot, feed="meters")["feed"].unique()) == ["meters"]
