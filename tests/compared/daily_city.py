"""A city with one feed of daily totals, two years of them in one drop, and signs of every kind that is compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from data.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CITY = """\
city: comparetown
name: {zh: 对比市, en: Compare Town}
title: {zh: 对比市 城市运行体征监测, en: Compare Town operation signs}
provenance: real
marking: {zh: 内部, en: Internal}
time_zone: Asia/Shanghai
clock: {fixed: 2016-04-01T08:00+08:00}
areas: [district]
unassigned: {zh: 未归属, en: Unassigned}
reference:
  entities: reference/entities.csv
  aliases: reference/aliases.csv
  calendar: reference/calendar.csv
  measures: reference/measures.csv
  festivals: reference/festivals.csv
domains:
  - {domain: operations, letter: A, name: {zh: 城市运行, en: Operations}, weight: 1.0}
"""
TABLES = {
    "entities": "entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note\n"
    "district,D1,对比区,District,,2000-01-01,,,,\ndept,office,办公室,Office,D1,2000-01-01,,,,\n",
    "aliases": "entity_kind,alias,entity\n",
    "calendar": "date,is_workday,holiday\n2016-04-01,1,\n",
    "measures": "measure,entity,valid_from,value,source\n",
}
CONTRACT = """\
feed: totals
code: T01
name: {zh: 日报, en: Totals}
department: office
owner: 办公室
class: 一般
grade: 1
share: unconditional
since: 2013-01-01
version: 1
cadence: {every: day, due: "07:30", grace: 30}
files: {format: csv}
tables:
  daily:
    name: {zh: 日报, en: Daily}
    kind: readings
    key: [day]
    time: day
    covers: time
    every: day
    columns:
      day: {heading: 日期, type: date}
      cases: {heading: 件数, type: integer, unit: 件}
      solved: {heading: 办结, type: integer, unit: 件}
      profit: {heading: 盈亏, type: number, unit: 万元, decimals: 2, range: [-100000, 100000]}
"""
SIGN = """\
  - indicator: {name}
    name: {{zh: {name}, en: {name}}}
    table: totals.daily
    formula: {formula}
    by: day
    unit: "{unit}"
    precision: {precision}
    direction: watch
    grain: [district]
    cadence: {cadence}
    owner: [办公室]
    weight: 0
    since: 2013-01-01
    version: 1
    comparison: {comparison}
"""
SIGNS = (
    ("cases", "sum(cases)", "件", 0, "day", "{daily_mean: true}"),
    ("solved_share", "sum(solved) / sum(cases)", "%", 2, "day", "{year_to_date: true}"),
    ("profit", "sum(profit)", "万元", 2, "day", "{year_to_date: true}"),
    ("mood", "sum(solved) / sum(cases)", "分", 1, "day", "{}"),
    ("bulletin", "sum(profit)", "万元", 2, "month", "{january_with_february: true, year_to_date: true}"),
)


def write_city(directory: Path, days: Mapping[date, tuple[int, int, float]]) -> Settings:
    """Write the city with one drop of (cases, solved, profit) a day."""
    settings = Settings(directory / "city", directory / "var")
    for folder in (settings.feeds_dir, settings.catalogue_dir, settings.city_dir / "data" / "reference", settings.inbox / "totals"):
        folder.mkdir(parents=True)
    names = ("name", "formula", "unit", "precision", "cadence", "comparison")
    signs = "".join(SIGN.format(**dict(zip(names, sign, strict=True))) for sign in SIGNS)
    texts = {settings.city_dir / "data" / "reference" / f"{name}.csv": text for name, text in TABLES.items()}
    texts |= {settings.city_file: CITY, settings.feeds_dir / "totals.yaml": CONTRACT}
    texts[settings.catalogue_dir / "operations.yaml"] = f"domain: operations\nindicators:\n{signs}"
    texts[settings.city_dir / "data" / "reference" / "festivals.csv"] = (ROOT / "data/reference/festivals.csv").read_text(encoding="utf-8")
    rows = "".join(f"{day},{','.join(map(str, said))}\n" for day, said in days.items())
    texts[settings.inbox / "totals" / "日报.csv"] = f"日期,件数,办结,盈亏\n{rows}"
    texts[settings.inbox / "totals" / "manifest.jsonl"] = json.dumps({"file": "日报.csv", "arrived_at": "2016-04-01T07:00:00+08:00"}) + "\n"
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return settings
