"""The page of projects: by operating model, what is behind, what lacks funds, and when something is handed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.terminal import Exit
from data.settings import Settings
from data.snapshots import open_snapshot
from data.works import WORK_COLUMNS, works
from indicators.refresh import refresh
from tests.alerts.test_alerts_of_a_city import NOW
from tests.golden.small_city import write_small_city
from tests.pages.test_pages import text, visit
from tests.test_cli import run

WORKS = """\
table: repairs.reports
work: report_no
month: reported_at
columns: {title: report_no, model: kind, contract: cost, ends: repaired_at}
groups:
  - {name: {zh: 灭灯类}, of: [灭灯], hands_over: [灭灯], concession: true}
grades: [{least: 0, name: {zh: 合格}}]
"""


def test_the_page_says_what_needs_a_decision(tmp_path: Path) -> None:
    """Groups with their sums, the one behind in words, the hand-over, the source; what is not known is a dash."""
    said = text(visit(tmp_path, "works"))

    for words in ("政府投资", "建设经营移交", "落后20", "60%", "资金风险（高）", "智能楼宇", "2017年3月", "3个", "F12"):
        assert words in said, words
    assert "1个项目，4,200万元，占33.3%" in said
    assert "2017年3月移交，剩1年0个月" in said
    row = said[said.index("监控租用") :][:900]
    assert row.count("—") >= 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, lang: str) -> None:
    """Names of projects are what a department wrote."""
    said = text(visit(tmp_path, "works", "hostile", lang=lang))

    assert "<script>" not in said
    assert "&lt;script&gt;" in said


@pytest.mark.parametrize(("kind", "words"), [("calm", "没有登记智慧城市项目"), ("none", "安装")])
def test_every_face(tmp_path: Path, kind: str, words: str) -> None:
    """No register and no snapshot."""
    said = text(visit(tmp_path, "works", kind))

    assert words in said or kind == "none"
    assert "Traceback" not in said


def test_another_city_has_its_register_by_yaml_alone(tmp_path: Path) -> None:
    """The newest row of each, in groups; a table, column or role that is none is named with its line."""
    where = write_small_city(tmp_path)
    path = where.city_dir / "data/works.yaml"
    path.write_text(WORKS, encoding="utf-8")
    frame = works(where, refresh(where, NOW).snapshot)
    assert list(frame.columns) == list(WORK_COLUMNS)
    assert frame["work"].is_unique
    assert set(frame[frame["place"] == 0]["model"]) == {"灭灯"}
    assert bool(frame[frame["place"] == 0]["hands_over"].all())
    assert frame["drop"].str.startswith("repairs-").all()
    for old, new in (("repairs.reports", "repairs.none"), ("model: kind", "model: nothing"), ("title: report_no", "colour: report_no")):
        path.write_text(WORKS.replace(old, new), encoding="utf-8")
        done = run(where, "check")
        assert done.exit_code == Exit.DEFINITIONS_WRONG
        assert "data/works.yaml" in done.output


def test_a_city_without_a_register_has_an_empty_part(tmp_path: Path) -> None:
    """And a snapshot of before there was one reads the same."""
    where: Settings = write_small_city(tmp_path)
    refresh(where, NOW)
    assert works(where, open_snapshot(where)).empty
