"""The city of the corpus: one feed per form of file, all with one table, and some with a promise of their own."""

from __future__ import annotations

from pathlib import Path

from data.blank import write_blank_city

CITY = """\
city: corpus
name: {zh: 样本市, en: Corpus}
title: {zh: 样本市, en: Corpus}
provenance: real
marking: {zh: 内部, en: Internal}
time_zone: Asia/Shanghai
areas: [district, street, community]
unassigned: {zh: 未归属, en: Unassigned}
reference:
  entities: reference/entities.csv
  aliases: reference/aliases.csv
  calendar: reference/calendar.csv
  measures: reference/measures.csv
domains: [{domain: operations, letter: A, name: {zh: 运行, en: Operations}, weight: 1}]
"""
ENTITIES = """\
entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note
district,D,样本区,,,2000-01-01,,,,
street,S1,南湖街道,,D,2000-01-01,,,,
street,S2,太原街街道,,D,2000-01-01,,,,
community,C1,南湖社区,,S1,2000-01-01,,,,
community,C2,北站社区,,S2,2000-01-01,,,,
dept,office,示例部门,,D,2000-01-01,,,,
"""
ALIASES = """\
entity_kind,alias,entity
street,南湖街,S1
street,南湖街道办事处,S1
street,太原街,S2
"""
FEED = """\
feed: {feed}
code: {feed}
name: {{zh: 样本, en: Corpus}}
department: office
class: 一般
grade: 1
share: unconditional
owner: 示例
since: 2015-01-01
version: 1
cadence: {{every: day}}
files: {files}
tables:
  readings:
    name: {{zh: 读数, en: Readings}}
    kind: readings
    key: [taken, street, meter]
    time: taken
    area: [community, street]
    covers: {covers}
    every: hour
    columns:
      taken: {{heading: [时间, 监测时间], type: timestamp}}
      street: {{heading: [街道, 所属街道], type: entity, kind: street}}
      meter: {{heading: [表号, 编号], type: text}}
      amount: {{heading: [金额, 金额(万元)], type: number, unit: 万元, decimals: 2, range: [0, 100000], missing: ["-99"]}}
      note: {{heading: 说明, type: text}}
      cases: {{heading: 件数, type: integer, unit: 件, optional: true}}
      fires: {{heading: 火灾起数, type: integer, blank: 0, optional: true}}
      rate: {{heading: 办结率, type: percent, decimals: 2, optional: true}}
      share: {{heading: 占比, type: percent, scale: fraction, decimals: 2, optional: true}}
      level: {{heading: 水位, type: number, unit: 米, range: [-10, 10], optional: true}}
      status: {{heading: 状态, type: text, allowed: [正常, 停用], optional: true}}
      open: {{heading: 是否开放, type: boolean, optional: true}}
      community: {{heading: 社区, type: entity, kind: community, within: street, optional: true}}
      planned: {{heading: 计划日期, type: date, ahead: null, optional: true}}
      closed: {{heading: 办结时间, type: timestamp, optional: true}}
      contact: {{heading: 联系人, type: text, mask: [phone], optional: true}}
    checks:
      - rule: closed >= taken
        says: {{zh: 办结不早于时间, en: closed no earlier than taken}}
"""
RANKS = """\
feed: ranks
code: R01
name: {zh: 名次, en: Ranks}
department: office
class: 一般
grade: 1
share: unconditional
owner: 示例
since: 2015-01-01
version: 1
cadence: {every: day}
files: {format: csv}
tables:
  ranks:
    name: {zh: 名次, en: Ranks}
    kind: readings
    key: [ranked]
    time: ranked
    covers: time
    columns:
      ranked: {heading: 评比日期, type: date}
      place: {heading: 名次, type: integer}
      points: {heading: 得分, type: number}
      grade: {heading: 等级, type: text}
      judge: {heading: 评委, type: text}
      prize: {heading: 奖项, type: text}
      remark: {heading: 评语, type: text}
"""
# The feeds and the form of their files; `small` tightens what may come, `named` takes its period from the name.
FEEDS = {
    "texts": "{format: csv}",
    "books": "{format: xlsx}",
    "trees": "{format: json}",
    "lines": "{format: jsonl}",
    "columns": "{format: parquet}",
    "small": "{format: csv, max_bytes: 2000, rows_up_to: 5}",
    "named": '{format: csv, period: {from: name, patterns: ["日报_{year}{month}{day}.csv"]}}',
}


def write_city(folder: Path) -> None:
    """Write the city with all its feeds."""
    write_blank_city(folder)
    texts = {"city.yaml": CITY, "reference/entities.csv": ENTITIES, "reference/aliases.csv": ALIASES, "feeds/ranks.yaml": RANKS}
    texts |= {
        f"feeds/{feed}.yaml": FEED.format(feed=feed, files=files, covers="period" if "period" in files else "time")
        for feed, files in FEEDS.items()
    }
    for name, text in texts.items():
        (folder / "data" / name).write_text(text, encoding="utf-8")
