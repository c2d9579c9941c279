"""Makes an empty valid city directory: what a new city starts from."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

CITY = """\
# 一座新城市：先改名称与区划，再在 data/feeds/ 写数据约定、在 indicators/catalogue/ 写指标。
city: newcity
name: {zh: 新城市, en: New city}
title: {zh: 新城市 城市运行体征监测, en: New city operation signs}
provenance: real
marking: {zh: 内部, en: Internal}
time_zone: Asia/Shanghai
areas: [district, street]
unassigned: {zh: 未归属, en: Unassigned}
reference:
  entities: reference/entities.csv
  aliases: reference/aliases.csv
  calendar: reference/calendar.csv
  measures: reference/measures.csv
measures: {}
domains:
  - {domain: operations, letter: A, name: {zh: 城市运行, en: Operations}, weight: 1.0}
"""
ENTITIES = """\
entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note
district,D1,新城市,New city,,2000-01-01,,,,
street,D1001,示例街道,Example street,D1,2000-01-01,,0,0,示例
dept,office,示例部门,Example department,D1,2000-01-01,,,,示例
"""
FOLDERS = ("data/feeds", "data/reference", "indicators/catalogue", "indicators/rules", "indicators/schemes")
FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2030, 12, 31)


def write_blank_city(directory: Path) -> list[Path]:
    """Write the files of an empty city and return them; the calendar has Monday to Friday as working days."""
    for folder in FOLDERS:
        (directory / folder).mkdir(parents=True, exist_ok=True)
    days = ["date,is_workday,holiday"]
    day = FIRST_DAY
    while day <= LAST_DAY:
        days.append(f"{day},{int(day.weekday() < 5)},")
        day += timedelta(days=1)
    texts = {
        "data/city.yaml": CITY,
        "data/reference/entities.csv": ENTITIES,
        "data/reference/aliases.csv": "entity_kind,alias,entity\n",
        "data/reference/calendar.csv": "\n".join(days) + "\n",
        "data/reference/measures.csv": "measure,entity,valid_from,value,source\n",
    }
    written = []
    for name, text in texts.items():
        path = directory / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
