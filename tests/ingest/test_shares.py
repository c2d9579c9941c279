"""A day counts for those whose share of the delivery came: what a street did not send is unknown, never zero."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data import readings
from data.settings import Settings
from indicators.refresh import refresh
from tests.ingest.grid_city import CONTRACT, STREETS, drop, write_grid_city

NOW = datetime(2025, 3, 5, tzinfo=UTC)
EVENTS = """\
  events:
    name: {zh: 事件, en: Events}
    kind: events
    key: [event_no]
    time: seen_on
    area: [community, street]
    covers: period
    columns:
      event_no: {heading: 事件编号, type: text}
      street: {type: entity, kind: street, given: place}
      community: {heading: 社区, type: entity, kind: community, within: street}
      seen_on: {heading: 日期, type: date}
"""
EACH = CONTRACT[: CONTRACT.index("  events:")].replace("on: workdays", "each: street") + EVENTS
COMMUNITIES = "community,C1,甲社区,First,D1001,2000-01-01,,,,\ncommunity,C2,乙社区,Second,D1002,2000-01-01,,,,\n"
CATALOGUE = """\
domain: operations
indicators:
  - indicator: grid_events
    name: {zh: 网格事件, en: Events}
    table: grid.events
    formula: rows()
    by: seen_on
    unit: 件
    precision: 0
    direction: watch
    grain: [district, street, community]
    cadence: day
    owner: [示例部门]
    weight: 1.0
    since: 2025-01-01
    version: 1
"""
Told = tuple[float | None, float, str | None]


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A city in which every street owes the events of its day."""
    settings = write_grid_city(tmp_path)
    folder = settings.city_dir
    (folder / "data" / "feeds" / "grid.yaml").write_text(EACH, encoding="utf-8")
    (folder / "data" / "reference" / "entities.csv").write_text(STREETS + COMMUNITIES, encoding="utf-8")
    (folder / "indicators" / "catalogue" / "operations.yaml").write_text(CATALOGUE, encoding="utf-8")
    return settings


def told(settings: Settings, period: str = "2025-03-03") -> dict[str, Told]:
    """Take in what waits; return value, coverage and reason of each entity in a period."""
    snapshot = refresh(settings, NOW).snapshot
    found = readings.signs(settings, snapshot)
    found = found[found["period"] == period].astype(object)
    found = found.where(found.notna(), None)
    return {row["entity"]: (row["value"], round(row["coverage"], 4), row["reason"]) for row in found.to_dict("records")}


def sheet(*communities: str, day: int = 3) -> str:
    """Return a file with one event in each of these communities."""
    return "事件编号,社区,日期\n" + "".join(f"{day}-{name},{name},2025-03-{day:02}\n" for name in communities)


def test_a_street_that_did_not_send_is_not_zero(city: Settings) -> None:
    """The other street has its figure and its zeros; the district has what is known, and says that half of it is not."""
    drop(city, "东街道_20250303.csv", sheet("甲社区"), "2025-03-04 07:30")

    found = told(city)

    assert (1, 1.0, "few_periods") == found["D1001"]
    assert (1, 1.0, "few_periods") == found["C1"]
    assert (None, 0.0, "unheard:grid") == found["D1002"]
    assert (None, 0.0, "unheard:grid") == found["C2"]
    assert (1, 0.5, "few_periods") == found["D1"]
    assert "D1003" not in found


def test_its_share_may_come_later(city: Settings) -> None:
    """A second file, of the other street alone, makes the day whole and leaves the first as it was."""
    drop(city, "东街道_20250303.csv", sheet("甲社区"), "2025-03-04 07:30")
    told(city)
    drop(city, "西街道_20250303.csv", sheet("乙社区", "无此社区"), "2025-03-04 09:30")

    found = told(city)

    assert {"D1": 1.0, "D1001": 1.0, "D1002": 1.0, "C1": 1.0, "C2": 1.0} == {
        code: coverage for code, (_, coverage, _) in found.items() if not code.startswith("D1U")
    }
    assert (3, 2) == (found["D1"][0], found["D1002"][0])


def test_half_a_week_of_a_street_is_half_its_week(city: Settings) -> None:
    """Coverage of a longer period is the share of its days, street by street."""
    for day in range(24, 28):
        drop(city, f"东街道_202502{day}.csv", sheet("甲社区", day=day).replace("2025-03", "2025-02"), f"2025-02-{day + 1:02} 07:30")
    for day in (24, 25):
        drop(city, f"西街道_202502{day}.csv", sheet("乙社区", day=day).replace("2025-03", "2025-02"), f"2025-02-{day + 1:02} 07:40")
    drop(city, "东街道_20250303.csv", sheet("甲社区"), "2025-03-04 07:30")

    found = told(city, "2025-W09")

    assert found["D1001"][1] > found["D1"][1] > found["D1002"][1] > 0
    assert found["D1"][1] == pytest.approx((found["D1001"][1] + found["D1002"][1]) / 2, abs=1e-4)


@pytest.mark.parametrize("first", ["东街道", "西街道"])
def test_the_order_of_the_files_is_irrelevant(tmp_path: Path, city: Settings, first: str) -> None:
    """Whichever street sends first, the figures end the same."""
    names: dict[str, Any] = {"东街道": "甲社区", "西街道": "乙社区"}
    for place, name in enumerate(sorted(names, key=lambda one: one != first)):
        drop(city, f"{name}_20250303.csv", sheet(names[name]), f"2025-03-04 0{7 + place}:30")
        found = told(city)

    assert [(1, 1.0), (1, 1.0), (2, 1.0)] == [found[code][:2] for code in ("D1001", "D1002", "D1")]
