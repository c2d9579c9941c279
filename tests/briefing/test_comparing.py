"""Two issues of a kind are compared: what changed is told with both values and versions, what did not is counted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.document.comparing import UnlikeError, compared
from briefing.document.content import Bound, Briefing, Section, Series, Table
from tests.briefing.month_city import write_month_city
from tests.pages.fake_briefs import briefing
from tests.test_cli import run


def issue(*values: str, text: str = "运行平稳。另有一句。", version: int = 1, day: str = "2016-03-06") -> Briefing:
    """Return a short briefing with some figures of one sign by entity."""
    bounds = tuple(Bound(value, "sign", "value", "rate", f"E{place}", day, version) for place, value in enumerate(values))
    made = briefing("daily", "S1", "要情。")
    return replace(made, sections=(Section("overall", "一、总体情况", (text,), bounds),))


def test_figures_that_changed() -> None:
    """With both values; another version of the definition is a change too; the same is only counted."""
    told = compared(issue("1%", "2%", "3%"), issue("1%", "5%", day="2016-03-07"))
    assert told.same == 1
    assert [(one.before and one.before.text, one.after and one.after.text) for one in told.figures] == [("2%", "5%"), ("3%", None)]
    assert compared(issue("1%"), issue("1%", version=2)).figures[0].after == Bound("1%", "sign", "value", "rate", "E0", "2016-03-06", 2)
    assert compared(issue("1%"), issue("1%")).figures == ()


def test_text_section_by_section() -> None:
    """Sentence by sentence; a point within a number parts nothing; a section that is gone is told whole."""
    told = compared(issue("1%", text="得分84.11分。另有一句。"), issue("1%", text="得分85.00分。另有一句。"))
    (lead, overall) = told.sections
    assert (lead.gone, lead.came) == ((), ())
    assert (overall.gone, overall.came) == (("得分84.11分。",), ("得分85.00分。",))
    without = replace(issue("1%"), sections=())
    assert compared(issue("1%"), without).sections[-1].gone == ("运行平稳。", "另有一句。")


def test_a_point_of_a_chart_that_was_restated() -> None:
    """Is a change; a point that only one of them shows is not."""

    def drawn(*texts: str) -> Briefing:
        names = tuple(f"3月{day}日" for day in range(1, len(texts) + 1))
        chart = Series("trend", "走势", "%", names, (1.0,) * len(texts), texts, bounds=(Bound("9%", "sign", "value", "rate", "E", "p", 1),))
        return replace(issue(), sections=(Section("course", "二、走势", (), (), (Table((), (), 0),), (chart,)),))

    told = compared(drawn("1%", "2%"), drawn("1%", "2.5%", "3%"))
    assert [(one.one.field, one.before and one.before.text, one.after and one.after.text) for one in told.figures] == [
        ("3月2日", "2%", "2.5%")
    ]


def test_unlike_ones_are_refused() -> None:
    """Another kind, or another subject."""
    with pytest.raises(UnlikeError):
        compared(issue("1%"), replace(issue("1%"), template="weekly"))
    with pytest.raises(UnlikeError):
        compared(replace(issue("1%"), subject="a"), replace(issue("1%"), subject="b"))


def test_from_the_command_line(tmp_path: Path) -> None:
    """Each changed figure is a row with periods, versions and snapshots; the text follows by section."""
    where = write_month_city(tmp_path)
    for day in ("2024-04-27", "2024-05-09"):
        assert run(where, "brief", "draft", "daily", "--who", "张三", "--day", day).exit_code == 0
    first, second = (str(json.loads(line)["number"]) for line in run(where, "brief", "list", "--json").stdout.splitlines())
    rows = [json.loads(line) for line in run(where, "brief", "compare", first, second, "--json").stdout.splitlines()]
    figures, texts = ([row for row in rows if row["what"] == what] for what in ("figure", "text"))
    rate = next(row for row in figures if (row["indicator"], row["field"]) == ("repairs_24h", "value"))
    assert (rate["period_before"], rate["period"]) == ("2024-04-26", "2024-05-08")
    assert rate["before"] != rate["after"]
    assert (rate["version_before"], rate["version"]) == (1, 1)
    assert rate["snapshot_before"] == rate["snapshot"]
    assert [text["section"] for text in texts] == ["lead", "overall", "alerts", "repairs"]
    spoken = run(where, "brief", "compare", first, second).output
    assert "当日修复率" in spoken
    assert "－" not in spoken
    same = run(where, "brief", "compare", first, first)
    assert (same.exit_code, "文字相同" in same.output) == (0, True)
