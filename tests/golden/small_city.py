"""Writes the small city of the golden files: two contracts, four indicators, three mornings of dirty drops, no dice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from data.settings import Settings

CITY = """\
city: goldencity
name: {zh: 基准市, en: Golden City}
title: {zh: 基准市 城市运行体征监测, en: Golden City operation signs}
provenance: real
marking: {zh: 内部, en: Internal}
time_zone: Asia/Shanghai
clock: {fixed: 2024-05-09T08:00+08:00}
areas: [district, street]
unassigned: {zh: 未归属, en: Unassigned}
reference:
  entities: reference/entities.csv
  aliases: reference/aliases.csv
  calendar: reference/calendar.csv
  measures: reference/measures.csv
measures:
  lamps_standing: {name: {zh: 路灯盏数, en: Lamps standing}, unit: 盏}
domains:
  - {domain: operations, letter: A, name: {zh: 城市运行, en: Operations}, weight: 1.0}
"""
TABLES = {
    "entities": """\
entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note
district,G1,基准区,Golden district,,2000-01-01,,,,
street,G1001,东街道,East street,G1,2000-01-01,,0,0,
street,G1002,西街道,West street,G1,2000-01-01,,0,1,
dept,works,市政处,Works,G1,2000-01-01,,,,
""",
    "aliases": "entity_kind,alias,entity\nstreet,东街,G1001\n",
    "calendar": "date,is_workday,holiday\n" + "".join(f"2024-05-{day:02},{int(day not in {11, 12})}," + "\n" for day in range(1, 16)),
    "measures": """\
measure,entity,valid_from,value,source
lamps_standing,G1,2024-01-01,2000,清册
lamps_standing,G1001,2024-01-01,500,清册
""",
}
REPAIRS = """\
feed: repairs
code: G01
name: {zh: 路灯报修, en: Lamp repairs}
department: works
owner: 市政处
class: 一般
grade: 1
share: unconditional
since: 2024-01-01
version: 1
cadence: {every: day, due: "07:30", grace: 30}
files:
  format: csv
  period: {from: name, patterns: ["路灯报修_{year}{month}{day}*.csv"]}
tables:
  reports:
    name: {zh: 报修, en: Reports}
    kind: events
    key: [report_no]
    time: reported_at
    area: [street]
    covers: period
    columns:
      report_no: {heading: 报修编号, type: text}
      street: {heading: [街道, 所属街道], type: entity, kind: street}
      reported_at: {heading: 报修时间, type: timestamp}
      repaired_at: {heading: 修复时间, type: timestamp}
      cost: {heading: "费用(元)", type: number, unit: 元, decimals: 2, range: [0, 100000]}
      kind: {heading: 类别, type: text, allowed: [灭灯, 倾斜, 破损]}
      remark: {heading: 说明, type: text, mask: [phone], optional: true}
    checks:
      - rule: repaired_at >= reported_at
        says: {zh: 修复不早于报修, en: repaired no earlier than reported}
"""
METERS = """\
feed: meters
code: G02
name: {zh: 用电抄表, en: Power meters}
department: works
owner: 市政处
class: 一般
grade: 1
share: unconditional
since: 2024-01-01
version: 1
cadence: {every: day, due: "07:30", grace: 30}
files: {format: csv}
tables:
  nights:
    name: {zh: 夜间用电, en: Nights}
    kind: readings
    key: [box, night]
    time: night
    covers: time
    every: day
    columns:
      box: {heading: 配电箱, type: text}
      night: {heading: 日期, type: date}
      energy: {heading: "用电量(千瓦时)", type: number, unit: 千瓦时, decimals: 1, range: [0, 10000]}
"""
INDICATORS = """\
domain: operations
indicators:
  - indicator: repairs_24h
    name: {zh: 当日修复率, en: Repaired within 24 hours}
    table: repairs.reports
    formula: count(hours_between(reported_at, repaired_at) <= 24) / rows()
    by: reported_at
    unit: "%"
    precision: 1
    direction: higher
    grain: [district, street]
    cadence: day
    thresholds:
      - {from: 2024-01-01, blue: 95, yellow: 90, orange: 60, red: 30, target: 100}
    owner: [市政处]
    weight: 0.4
    since: 2024-01-01
    version: 1
  - indicator: repairs_per_1000
    name: {zh: 千盏报修量, en: Reports per 1000 lamps}
    table: repairs.reports
    formula: rows()
    per: 1000 lamps_standing
    by: reported_at
    unit: 件/千盏
    precision: 2
    direction: watch
    grain: [district, street]
    cadence: day
    owner: [市政处]
    weight: 0.2
    since: 2024-01-01
    version: 1
  - indicator: repairs_open
    name: {zh: 未修复数, en: Open reports}
    table: repairs.reports
    formula: backlog(reported_at, repaired_at)
    unit: 件
    precision: 0
    direction: lower
    grain: [district]
    cadence: day
    thresholds:
      - {from: 2024-01-01, blue: 1, yellow: 2, orange: 5, red: 9, target: 0}
    owner: [市政处]
    weight: 0.2
    since: 2024-01-01
    version: 1
  - indicator: night_energy
    name: {zh: 夜间用电量, en: Energy of the night}
    table: meters.nights
    formula: sum(energy)
    by: night
    unit: 千瓦时
    precision: 1
    direction: watch
    grain: [district]
    cadence: day
    owner: [市政处]
    weight: 0.2
    since: 2024-01-01
    version: 1
"""
HEAD = "报修编号,所属街道,报修时间,修复时间,费用(元),类别,说明\n"
DIRTY = HEAD + (
    "L-01,东街道,2024-05-06 08:10,2024-05-06 17:40,120.50,灭灯,\n"
    "L-02,东街,2024年5月6日 9:00,2024-05-08 09:30,“３００”,灭灯,联系人13812345678\n"
    "L-03,西街道,2024/5/6 21:15,,1.2万,倾斜,\n"
    "L-04,,2024-05-06 22:00,2024-05-07 07:05,80,破损,街道未填\n"
    "L-05,无名街道,2024-05-06 22:30,2024-05-07 08:00,80,破损,灯:100:号\n"
    "L-06,西街道,2024-13-06 22:30,2024-05-07 08:00,很多,破损,\n"
    "L-07,西街道,2024-05-06 10:00,2024-05-06 09:00,80,破损,\n"
    "L-08,西街道,2024-05-06 10:00,2024-05-06 12:00,-5,丢失,\n"
    ",西街道,2024-05-06 10:00,2024-05-06 12:00,5,破损,没有编号\n"
    "L-01,东街道,2024-05-06 08:10,2024-05-06 17:40,120.50,灭灯,\n"
    "合计,,,,500,,\n"
)
NEXT = HEAD + (
    "L-03,西街道,2024-05-06 21:15,2024-05-07 08:00,240,倾斜,更正\n"
    "L-09,西街道,2024-05-07 08:00,2024-05-07 09:00,60,灭灯,\n"
    "L-10,西街道,2024-05-07 09:00,,,灭灯,\n"
)
POWER = "配电箱,日期,用电量(千瓦时)\nB1,2024-05-06,101.5\nB2,2024-05-06,88\nB1,2024-05-07,99.5\nB2,2024-05-07,—\n"
DROPS = (
    ("repairs", "路灯报修_20240506.csv", DIRTY.encode("gb18030"), "2024-05-07T07:10:00+08:00"),
    ("repairs", "路灯报修_20240507.csv", NEXT.encode("utf-8-sig"), "2024-05-08T07:10:00+08:00"),
    ("repairs", "路灯报修_20240507（再）.csv", NEXT.encode("utf-8-sig"), "2024-05-08T07:20:00+08:00"),
    ("repairs", "路灯报修.csv", NEXT.encode(), "2024-05-08T07:30:00+08:00"),
    ("meters", "抄表.csv", POWER.encode(), "2024-05-08T07:00:00+08:00"),
    ("meters", "空.csv", b"", "2024-05-08T07:05:00+08:00"),
    ("meters", "别家.csv", NEXT.encode(), "2024-05-08T07:06:00+08:00"),
)


def write_small_city(directory: Path) -> Settings:
    """Write the city and lay its drops into the inbox."""
    settings = Settings(directory / "city", directory / "var")
    for folder in (settings.feeds_dir, settings.catalogue_dir, settings.city_dir / "data" / "reference"):
        folder.mkdir(parents=True)
    texts = {settings.city_dir / "data" / "reference" / f"{name}.csv": text for name, text in TABLES.items()}
    texts |= {settings.city_file: CITY, settings.feeds_dir / "repairs.yaml": REPAIRS, settings.feeds_dir / "meters.yaml": METERS}
    texts[settings.catalogue_dir / "operations.yaml"] = INDICATORS
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    for feed, file, content, arrived_at in DROPS:
        folder = settings.inbox / feed
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
        with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"file": file, "arrived_at": arrived_at}, ensure_ascii=False) + "\n")
    return settings


def copied(city: Settings, directory: Path) -> Settings:
    """Copy a city as it stands, so that what one test does to it costs no other test a refresh."""
    copy = Settings(directory / "city", directory / "var")
    shutil.copytree(city.city_dir, copy.city_dir)
    shutil.copytree(city.var_dir, copy.var_dir)
    return copy
