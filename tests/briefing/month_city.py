"""Writes the small city with five weeks of plain drops, so that every case of a sentence comes up on some day; no dice.

A day without a drop, a day on which nothing happened, three days of slow repairs (red), a day on which it was just under.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from data.settings import Settings
from indicators.backtest import backtest
from indicators.backtested import store, trial_of
from indicators.directory import load
from indicators.refresh import refresh
from tests.golden.small_city import HEAD, write_small_city

FIRST, LAST = date(2024, 4, 3), date(2024, 5, 8)
MISSING, NOTHING = date(2024, 4, 15), date(2024, 4, 20)
SLOW = {date(2024, 4, 25), date(2024, 4, 26), date(2024, 4, 27)}
UNDER = date(2024, 5, 2)
RULE = """
rules:
  - rule: any_level
    name: {zh: 体征越限}
    kinds: [district, street]
    least: yellow
    least_watch: yellow
    confirm: 1
    keep: 1
    version: 1
    cases:
      - says: {zh: 黄级即报}
        series: n y
        states: . F
"""
TEMPLATE = """
briefing: daily
name: {zh: 日报, en: Daily}
title: "{{ city }}日报"
organ: 基准市运行中心
number: day_of_year
grain: day
recipients: 报：领导小组
requires: {feeds: [repairs], otherwise: say}
lead: "{{ headline }}"
sections:
  - section: overall
    title: 一、总体情况
    text: |
      {{ day }}全区运行{{ judgement }}。{% if index.known %}指数{{ index.score }}分，{{ index.change }}。{% endif %}
      {% if beyond %}越限{{ beyond | length }}项：{{ beyond | names(2) }}。{% else %}没有越限的体征。{% endif %}
      {% if not_judged %}未评价{{ not_judged | length }}项：{{ not_judged | names(4) }}。{% endif %}
    blocks:
      - {kind: trend, sign: repairs_24h, days: 10}
  - section: alerts
    title: 二、预警处置
    text: |
      {% if alerts.open.text == '0' %}没有在办预警。{% else %}在办预警{{ alerts.open }}条：{{ alerts.levels }}。{% endif %}
    blocks:
      - {kind: alerts, least: yellow, most: 2}
  - section: repairs
    title: 三、路灯报修
    text: |
      {% set rate = sign('repairs_24h') %}{% set open = sign('repairs_open') %}{% set most = largest('repairs_per_1000', 'street') %}
      {% if rate.known %}报修{{ rate.denominator }}件，当日修复{{ rate.numerator }}件，
      修复率{{ rate.value }}，{{ rate.prev }}，{{ rate.week }}。
      {% else %}{{ rate.name }}：{{ rate.why }}。{% endif %}
      {% if open.known %}未修复{{ open.value }}，{{ open.prev }}。{% endif %}
      {% if most %}报修最多的是{{ most | places }}。{% else %}各街道均无可比的报修量。{% endif %}
    blocks:
      - {kind: signs, signs: [repairs_24h, repairs_open]}
      - {kind: bars, sign: repairs_per_1000, of: street, most: 3}
"""


def rows_of(day: date, *, later: bool = False) -> str:
    """Return the rows of a day's drop; what is repaired slowly is open in it, and repaired in the one that corrects it later."""
    number = (day - FIRST).days
    rows = []
    for street, count in (("东街道", 3 + number * 7 % 5), ("西街道", 2 + number * 3 % 4)):
        for place in range(0 if day == NOTHING else count):
            reported = datetime(day.year, day.month, day.day, 8) + timedelta(minutes=20 * place)
            slow = day in SLOW or (day == UNDER and place == 0)
            repaired = reported + timedelta(hours=60 if slow else 5)
            done = f"{repaired:%Y-%m-%d %H:%M}" if later or not slow else ""
            rows.append(f"R{day:%m%d}-{street[0]}{place},{street},{reported:%Y-%m-%d %H:%M},{done},80,灭灯,")
    return HEAD + "".join(f"{row}\n" for row in rows)


def write_month_city(directory: Path) -> Settings:
    """Write the city, refresh it until its rule may speak, and return where it is."""
    where = write_small_city(directory)
    for path in where.inbox.glob("*/*"):
        path.unlink()
    lines = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if day != MISSING:
            name = f"路灯报修_{day:%Y%m%d}.csv"
            (where.inbox / "repairs" / name).write_text(rows_of(day), encoding="utf-8")
            lines.append({"file": name, "arrived_at": f"{day + timedelta(days=1)}T07:10:00+08:00"})
        if day in SLOW or day == UNDER:
            name = f"路灯报修_{day:%Y%m%d}（更正）.csv"
            (where.inbox / "repairs" / name).write_text(rows_of(day, later=True), encoding="utf-8")
            lines.append({"file": name, "arrived_at": f"{day + timedelta(days=4)}T09:00:00+08:00"})
    (where.inbox / "repairs" / "manifest.jsonl").write_text(
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
    )
    where.rules_dir.mkdir(parents=True, exist_ok=True)
    (where.rules_dir / "levels.yaml").write_text(RULE, encoding="utf-8")
    (where.city_dir / "data/briefings").mkdir()
    (where.city_dir / "data/briefings/daily.yaml").write_text(TEMPLATE, encoding="utf-8")
    now = datetime(2024, 5, 9).astimezone()
    snapshot, found = refresh(where, now).snapshot, load(where)
    for rule in found.rules.values():
        store(where, trial_of(backtest(where, snapshot, found.catalogue, rule, FIRST, LAST), snapshot.id))
    refresh(where, now)
    return where
