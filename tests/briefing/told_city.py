"""The city of a month with all that a special briefing and a bulletin speak of: templates, a weekly scheme, a worked alert."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from data.settings import Settings
from indicators.refresh import refresh
from tests.briefing.month_city import write_month_city
from tests.test_cli import run

TEMPLATES = Path(__file__).parents[2] / "data/briefings"
SCHEME = """
scheme: street_week
name: {zh: 街道周评价, en: Streets by the week}
kind: street
grain: week
sample: [repairs_24h]
min_n: 20
grades:
  good: {zh: 良, en: good}
  poor: {zh: 差, en: poor}
editions:
  - from: 2024-01-01
    version: 1
    normalise: anchors
    least_coverage: 0.5
    grades: {good: 80, poor: 0}
    index:
      nodes:
        repairs: {name: {zh: 修复, en: Repairs}, weight: 0.7, signs: {repairs_24h: 1}}
        reports: {name: {zh: 报修, en: Reports}, weight: 0.3, signs: {repairs_per_1000: 1}}
"""


def write_told_city(directory: Path) -> Settings:
    """Write the city, have its worst alert confirmed and given to somebody, and return where it is."""
    where = write_month_city(directory)
    where.schemes_dir.mkdir(parents=True, exist_ok=True)
    (where.schemes_dir / "street_week.yaml").write_text(SCHEME, encoding="utf-8")
    folder = where.city_dir / "data/briefings"
    (folder / "special.yaml").write_text((TEMPLATES / "special.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    text = (TEMPLATES / "evaluation.yaml").read_text(encoding="utf-8")
    text = text.replace("street_month", "street_week").replace("dept_month", "no_scheme")
    text = text.replace("grain: month", "grain: week").replace("number: month_of_year", "number: week_of_year")
    (folder / "evaluation.yaml").write_text(text, encoding="utf-8")
    refresh(where, datetime(2024, 5, 9).astimezone())
    alert = worst_alert(where)
    for words in (["confirm"], ["dispatch", "--set", "unit=works"]):
        assert run(where, "act", alert, *words, "--who", "甲", "--role", "chief").exit_code == 0
    refresh(where, datetime(2024, 5, 9).astimezone())
    return where


def worst_alert(where: Settings) -> str:
    """Return the alert on the share of repairs that was raised first, by number."""
    rows = [json.loads(line) for line in run(where, "show", "alerts", "--indicator", "repairs_24h", "--json").stdout.splitlines()]
    return str(min(row["alert"] for row in rows if row["fired_at"]))
