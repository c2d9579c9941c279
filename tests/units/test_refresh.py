"""A refresh computes every day that a drop speaks for once, in whatever order the drops are taken."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data import readings
from data.blank import write_blank_city
from data.settings import Settings
from indicators.refresh import Refreshed, refresh
from tests.ingest.dirty_workbook import drop

CONTRACT = """\
feed: kiosks
code: X01
name: {zh: 报刊亭巡查, en: Kiosk rounds}
department: office
owner: 示例部门
class: 一般
grade: 1
share: unconditional
since: 2024-01-01
version: 1
cadence: {every: day, due: "07:30"}
files: {format: csv, period: {from: name, patterns: ["{year}{month}{day}-{to_month}{to_day}.csv"]}}
tables:
  rounds:
    name: {zh: 巡查, en: Rounds}
    kind: events
    key: [round_no]
    time: seen_at
    area: [street]
    covers: period
    columns:
      round_no: {heading: 编号, type: text}
      street: {heading: 街道, type: entity, kind: street}
      seen_at: {heading: 时间, type: timestamp}
      left_at: {heading: 离开时间, type: timestamp}
"""
INDICATORS = """\
domain: operations
indicators:
  - indicator: kiosk_rounds
    name: {zh: 巡查次数}
    table: kiosks.rounds
    formula: rows()
    by: seen_at
    unit: 次
    precision: 0
    direction: watch
    grain: [district, street]
    cadence: day
    owner: [示例部门]
    weight: 0.5
    since: 2024-01-01
    version: 1
  - indicator: kiosk_open
    name: {zh: 未离开数}
    table: kiosks.rounds
    formula: backlog(seen_at, left_at)
    unit: 次
    precision: 0
    direction: watch
    grain: [district]
    cadence: day
    owner: [示例部门]
    weight: 0.5
    since: 2024-01-01
    version: 1
"""
MORNINGS = [datetime(2024, 5, day, 0, tzinfo=UTC) for day in (7, 8, 9)]  # 08:00 in the city


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A city without a fixed clock: each refresh says what time it is."""
    settings = Settings(tmp_path / "city", tmp_path / "var")
    write_blank_city(settings.city_dir)
    (settings.feeds_dir / "kiosks.yaml").write_text(CONTRACT, encoding="utf-8")
    (settings.catalogue_dir / "operations.yaml").write_text(INDICATORS, encoding="utf-8")
    return settings


def send(settings: Settings, span: str, arrived_at: str, *moments: str) -> None:
    """Lay a file that speaks for `span` into the inbox, with a round at each of the moments."""
    text = io.StringIO()
    csv.writer(text).writerows([("编号", "街道", "时间", "离开时间"), *((f"K-{at}", "示例街道", at, "") for at in moments)])
    drop(settings, "kiosks", f"2024{span}.csv", text.getvalue().encode(), arrived_at)


def figures(settings: Settings, done: Refreshed, indicator: str) -> dict[str, float]:
    """Return the district's figures by day; a day without a value is not there."""
    frame = readings.signs(settings, done.snapshot, indicator=indicator, entity="D1", grain="day")
    return {period: value for period, value in zip(frame["period"], frame["value"], strict=True) if not math.isnan(value)}


def test_days_without_rows_of_a_drop_that_waited_are_computed(city: Settings) -> None:
    """A drop dated after the clock waits while a later one is taken; when its time comes, its empty days are zeros."""
    send(city, "0506-0506", "2024-05-07T07:00:00+08:00", "2024-05-06 09:00")
    send(city, "0501-0507", "2024-05-08T07:00:00+08:00", "2024-05-07 09:00")
    first = refresh(city, MORNINGS[0])
    send(city, "0505-0505", "2024-05-07T07:30:00+08:00", "2024-05-05 09:00")
    second = refresh(city, MORNINGS[0])
    third = refresh(city, MORNINGS[1])

    assert [["kiosks-000001"], ["kiosks-000003"], ["kiosks-000002"]] == [
        [one.arrival.drop for one in done.taken] for done in (first, second, third)
    ]
    assert figures(city, second, "kiosk_rounds") == {"2024-05-05": 1, "2024-05-06": 1}
    assert figures(city, third, "kiosk_rounds") == {f"2024-05-{day:02}": day >= 5 for day in range(1, 8)}
    assert figures(city, third, "kiosk_open")["2024-05-03"] == 0


def test_the_order_of_taking_does_not_show(city: Settings, tmp_path: Path) -> None:
    """Three drops taken one by one, one of them late, give the signs that taking them at once gives."""
    at_once = Settings(city.city_dir, tmp_path / "at_once")
    spans = (
        ("0506-0506", "2024-05-07T07:00:00+08:00", "2024-05-06 09:00"),
        ("0501-0507", "2024-05-08T07:00:00+08:00", "2024-05-07 09:00"),
        ("0505-0505", "2024-05-07T07:30:00+08:00", "2024-05-05 09:00"),
    )
    for span in spans:
        send(city, *span)
        refresh(city, MORNINGS[0])
        send(at_once, *span)
    apart, together = (refresh(settings, MORNINGS[2]).snapshot for settings in (city, at_once))

    assert [part for part in apart.parts if part.table == "signs"] == [part for part in together.parts if part.table == "signs"]


def test_a_computed_drop_is_not_computed_again(city: Settings) -> None:
    """With the same clock and nothing new the snapshot is the same, and no part of it is written anew."""
    send(city, "0501-0506", "2024-05-07T07:00:00+08:00", "2024-05-06 09:00")
    before = refresh(city, MORNINGS[0]).snapshot
    written = {path.name: path.stat().st_mtime_ns for path in city.parts.glob("signs-*")}
    after = refresh(city, MORNINGS[0]).snapshot

    assert before == after
    assert written == {path.name: path.stat().st_mtime_ns for path in city.parts.glob("signs-*")}
