"""Streets that are merged: a record belongs to what its street was on the day that it speaks of, whenever it came."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from data import readings
from data.blank import write_blank_city
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.refresh import refresh

NOW = datetime(2020, 2, 1, tzinfo=UTC)
ENTITIES = """\
entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note
district,D1,新城市,New city,,2000-01-01,,,,
street,S1,八经街道,Old street,D1,2000-01-01,2018-12-31,0,0,
street,S2,南市场街道,Kept street,D1,2000-01-01,,0,1,
street,S3,新设街道,New street,D1,2019-01-01,,0,2,
dept,office,示例部门,Example department,D1,2000-01-01,,,,示例
"""
ALIASES = """\
entity_kind,alias,entity,valid_from,valid_to
street,八经,S1,,
street,八经街道,S2,2019-01-01,
street,老名,S2,2000-01-01,2018-12-31
street,老名,S3,2019-01-01,
"""
CONTRACT = """\
feed: lamps
code: L01
name: {zh: 路灯报修, en: Lamps}
department: office
owner: 示例部门
class: 一般
grade: 1
share: unconditional
since: 2010-01-01
version: 1
cadence: {every: month}
files: {format: csv, period: {from: name, patterns: ["报修_{year}{month}.csv"]}}
tables:
  reports:
    name: {zh: 报修, en: Reports}
    kind: events
    key: [number]
    time: reported_on
    area: [street]
    covers: period
    columns:
      number: {heading: 编号, type: text}
      street: {heading: 街道, type: entity, kind: street}
      reported_on: {heading: 日期, type: date}
"""
CATALOGUE = """\
domain: operations
indicators:
  - indicator: lamp_reports
    name: {zh: 报修数, en: Reports}
    table: lamps.reports
    formula: rows()
    by: reported_on
    unit: 件
    precision: 0
    direction: watch
    grain: [district, street]
    cadence: month
    owner: [示例部门]
    weight: 1.0
    since: 2010-01-01
    version: 1
"""
DROPS = {
    "报修_201812.csv": ["a,八经街道,2018-12-30", "b,八经,2018-12-31", "c,老名,2018-12-31", "d,新设街道,2018-12-31"],
    "报修_201901.csv": ["e,八经街道,2019-01-01", "f,老名,2019-01-02", "g,新设街道,2019-01-03", "h,八经,2019-01-04"],
}


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """A city of which one street was merged into another when a third began; both drops came later, the older one last."""
    folder = tmp_path_factory.mktemp("merged")
    write_blank_city(folder)
    texts = {"data/reference/entities.csv": ENTITIES, "data/reference/aliases.csv": ALIASES, "data/feeds/lamps.yaml": CONTRACT}
    for name, text in (texts | {"indicators/catalogue/operations.yaml": CATALOGUE}).items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = Settings(folder, folder / "var")
    inbox = settings.inbox / "lamps"
    inbox.mkdir(parents=True)
    for place, (name, rows) in enumerate(reversed(DROPS.items())):
        (inbox / name).write_text("\n".join(["编号,街道,日期", *rows]) + "\n", encoding="utf-8")
        moment = datetime(2020, 1, 5 + place, tzinfo=UTC).timestamp()
        os.utime(inbox / name, (moment, moment))
    return settings, refresh(settings, NOW).snapshot


def figures(merged: tuple[Settings, Snapshot], period: str) -> dict[str, float]:
    """Return the figures of a month by entity."""
    frame = readings.signs(*merged, indicator="lamp_reports", period=period)
    return {entity: value for entity, value in zip(frame["entity"], frame["value"], strict=True) if not entity.endswith("U")}


def test_a_record_counts_for_the_street_of_its_day(merged: tuple[Settings, Snapshot]) -> None:
    """Before the merger the old street has its own figures; after it, its name leads to the one that took it over."""
    assert figures(merged, "2018-12") == {"D1": 3, "S1": 2, "S2": 1}
    assert figures(merged, "2019-01") == {"D1": 3, "S2": 1, "S3": 2}


def test_nothing_is_told_of_what_is_not_there(merged: tuple[Settings, Snapshot]) -> None:
    """A street that is no more is not without data for ever, and one that is not yet there was never without any."""
    frame = readings.signs(*merged, indicator="lamp_reports", grain="month", entity_kind="street")
    told = frame.groupby("entity")["period"].agg(["min", "max"])

    assert told.loc["S1"].tolist() == ["2018-12", "2018-12"]
    assert told.loc["S3", "min"] == "2019-01"


def test_a_name_of_another_time_is_sent_back_with_the_day(merged: tuple[Settings, Snapshot]) -> None:
    """Whoever uses the name of a street too early or too late is told for which day it is unknown."""
    frame = readings.quarantine(*merged)
    found = dict(zip(frame["found"], frame["wanted"], strict=True))

    assert set(frame["reason"]) == {"UNKNOWN_UNIT"}
    assert found == {"新设街道": "2018年12月31日在用的代码表街道", "八经": "2019年1月4日在用的代码表街道"}
