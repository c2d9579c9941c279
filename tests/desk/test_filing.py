"""The desk reports like a department: zero where nothing was done, filed again where somebody acted, and figures rest on its rows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data import journal, readings
from data.desk.action import Entry
from data.desk.worked import work_of
from data.problems import DefinitionError
from data.settings import Settings
from indicators.directory import load
from indicators.rebuild import rebuild
from indicators.refresh import refresh
from tests.alerts.test_rules import city
from tests.golden.small_city import write_small_city
from tests.test_cli import run

NOW = datetime(2024, 5, 9, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
CONTRACT = """\
feed: desk
code: G09
name: {zh: 办理日报, en: Handling}
department: works
owner: 市政处
class: 一般
grade: 1
share: conditional
source: desk
since: 2024-05-05
version: 1
cadence: {every: day, due: "06:00", grace: 30}
files:
  format: csv
  period: {from: name, patterns: ["办理日报_{year}{month}{day}.csv"]}
tables:
  daybook:
    name: {zh: 办理日报, en: Daybook}
    kind: events
    key: [entry]
    time: began_at
    covers: period
    columns:
      entry: {heading: 记录号, type: text}
      item: {heading: 事项, type: text}
      dept: {heading: 承办部门, type: entity, kind: dept}
      began_at: {heading: 起算时间, type: timestamp}
      due_at: {heading: 截止时间, type: timestamp, ahead: null}
      done_at: {heading: 完成时间, type: timestamp}
"""
SIGN = """\
domain: operations
indicators:
  - indicator: handled_in_time
    name: {zh: 按期处置率, en: Handled in time}
    table: desk.daybook
    formula: count_distinct(entry, item == "handle" and done_at <= due_at) / count_distinct(entry, item == "handle")
    by: [due_at, done_at]
    unit: "%"
    precision: 1
    direction: higher
    grain: [district, dept]
    cadence: day
    owner: [市政处]
    weight: 0
    since: 2024-05-05
    version: 1
"""


def reporting(directory: Path, contract: str = CONTRACT) -> Settings:
    """Write the small city with a feed whose source is the desk."""
    where = city(directory)
    (where.feeds_dir / "desk.yaml").write_text(contract, encoding="utf-8")
    (where.catalogue_dir / "handling.yaml").write_text(SIGN, encoding="utf-8")
    return where


def act(where: Settings, day: int, hour: int, kind: str, subject: str = "", role: str = "chief", **said: Any) -> str:
    """Have somebody act on a day of May; returns the subject."""
    at = datetime(2024, 5, day, hour, tzinfo=ZONE)
    alert = {"alert": subject, "level": "red", "said_at": at.replace(tzinfo=None)} if subject else None
    entry = Entry(kind, subject, "甲", role, at, at.astimezone(UTC), "works", said.pop("reason", "因"), said)
    return work_of(where).desk(where).act(entry, alert).subject


def files(where: Settings) -> list[tuple[str, datetime]]:
    """Return what the desk has filed: name and arrival, in order."""
    return [(one.file, one.local(ZONE)) for one in journal.arrivals(where) if one.feed == "desk"]


def test_days_are_filed_once_and_again_where_somebody_acted(tmp_path: Path) -> None:
    """Four days of nothing are zero reports in time; two of them are then reported with what people did, and the figure is there."""
    where = reporting(tmp_path)
    refresh(where, NOW)
    zero = files(where)
    assert [name for name, _ in zero] == [f"零报告_daybook_2024-05-{day:02}.txt" for day in (5, 6, 7, 8)]
    assert [at for _, at in zero] == [datetime(2024, 5, day, 6) for day in (6, 7, 8, 9)]

    found = act(where, 7, 10, "open", level="red", entity="G1")
    act(where, 7, 10, "confirm", found)
    act(where, 7, 11, "dispatch", found, unit="works")
    act(where, 7, 11, "acknowledge", found, "handler")
    act(where, 8, 9, "finish", found, "handler")
    snapshot = refresh(where, NOW).snapshot
    assert [name for name, _ in files(where)[4:]] == ["办理日报_20240507.csv", "办理日报_20240508.csv"]
    signs = readings.signs(where, snapshot, indicator="handled_in_time", grain="day")
    told = {(row.entity, row.start.day): (row.value, row.numerator, row.denominator) for row in signs.itertuples() if row.n}
    late = (0.0, 0.0, 1.0)
    assert told == {(entity, day): late for entity in ("G1", "works") for day in (7, 8)}, "due at 15:00, done the next morning"

    assert refresh(where, NOW).snapshot.hash == snapshot.hash
    assert len(files(where)) == 6, "nothing was done since"
    act(where, 8, 10, "note", found)
    refresh(where, NOW)
    assert len(files(where)) == 6, "a note moves no step"
    assert rebuild(where).is_same


def test_a_figure_is_explained_by_its_rows(tmp_path: Path) -> None:
    """From the sign to the line of the file that the desk filed."""
    where = reporting(tmp_path)
    found = act(where, 7, 10, "open", level="red", entity="G1")
    act(where, 7, 10, "confirm", found)
    act(where, 7, 11, "dispatch", found, unit="works")
    refresh(where, NOW)
    said = run(where, "explain", "handled_in_time", "works", "2024-05-07").output

    assert "办理日报_20240507.csv" in said
    assert f"{found}/0/handle" in said


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("format: csv", "format: jsonl", "format csv"),
        ("{year}{month}{day}.csv", "{year}{month}.csv", "by year, month and day"),
        ("item: {heading: 事项", "deed: {heading: 事项", "one of "),
        ("every: day", "every: month", "one table, reported every day"),
    ],
)
def test_a_contract_that_the_desk_cannot_fill_is_told(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    """With file and line, before anything is filed."""
    where = reporting(tmp_path, CONTRACT.replace(old, new))
    (where.catalogue_dir / "handling.yaml").unlink()
    with pytest.raises(DefinitionError) as raised:
        load(where)
    assert any(problem.file == "data/feeds/desk.yaml" and wanted in problem.wanted for problem in raised.value.problems)


def test_a_city_without_such_a_feed_files_nothing(tmp_path: Path) -> None:
    """It is the city's choice."""
    where = write_small_city(tmp_path)
    refresh(where, NOW)
    assert files(where) == []
