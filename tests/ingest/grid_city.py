"""A city whose feed has tables of three cadences: events on working days, people of each street by the month, an outline once."""

from __future__ import annotations

import json
from pathlib import Path

from data.blank import write_blank_city
from data.settings import Settings

CONTRACT = """\
feed: grid
code: N01
name: {zh: 网格, en: Grid}
department: office
owner: 示例部门
class: 一般
grade: 1
share: unconditional
since: 2025-01-01
version: 1
cadence: {every: day, due: "08:00", grace: 60, on: workdays}
files:
  format: csv
  period: {from: name, patterns: ["{place}_{year}{month}{day}.csv", "{place}_{year}{month}.csv"]}
tables:
  events:
    name: {zh: 事件, en: Events}
    kind: events
    key: [event_no]
    time: seen_on
    area: [street]
    covers: period
    columns:
      event_no: {heading: 事件编号, type: text}
      street: {heading: 街道, type: entity, kind: street}
      seen_on: {heading: 日期, type: date}
  people:
    name: {zh: 人口, en: People}
    kind: states
    key: [street, month]
    time: month
    area: [street]
    covers: period
    cadence: {every: month, due: "18:00", lag: 2, each: street}
    columns:
      month: {type: date, given: period}
      street: {type: entity, kind: street, given: place}
      residents: {heading: 常住人口, type: integer}
  outline:
    name: {zh: 底数, en: Outline}
    kind: states
    key: [street, surveyed_on]
    time: surveyed_on
    covers: time
    cadence: {every: once, due: "12:00", lag: 60}
    columns:
      street: {heading: 街道, type: entity, kind: street}
      surveyed_on: {heading: 普查日期, type: date}
      houses: {heading: 户数, type: integer}
"""
STREETS = """\
entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note
district,D1,新城市,New city,,2000-01-01,,,,
street,D1001,东街道,East,D1,2000-01-01,,0,0,
street,D1002,西街道,West,D1,2000-01-01,,0,1,
street,D1003,旧街道,Old,D1,2000-01-01,2025-01-31,,,
dept,office,示例部门,Example department,D1,2000-01-01,,,,
"""
OUTLINE = "街道,普查日期,户数\n东街道,2025-01-15,900\n"
PEOPLE = "常住人口\n12000\n"


def write_grid_city(directory: Path) -> Settings:
    """Write the city, with nothing in its inbox."""
    write_blank_city(directory / "city")
    (directory / "city" / "data" / "feeds" / "grid.yaml").write_text(CONTRACT, encoding="utf-8")
    (directory / "city" / "data" / "reference" / "entities.csv").write_text(STREETS, encoding="utf-8")
    return Settings(directory / "city", directory / "var")


def drop(settings: Settings, file: str, text: str, arrived_at: str) -> None:
    """Lay a file into the inbox that came at a local time."""
    folder = settings.inbox / "grid"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"file": file, "arrived_at": f"{arrived_at}:00+08:00"}, ensure_ascii=False) + "\n")


def events(*days: int) -> str:
    """Return a file of events, one on each of these days of March."""
    return "事件编号,街道,日期\n" + "".join(f"E-{day},东街道,2025-03-{day:02}\n" for day in days)
