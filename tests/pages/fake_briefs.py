"""Invented briefings for page tests; part of `FakeSource`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from briefing.document.composing import RefusedBriefingError
from briefing.document.content import Bound, Briefing, Cell, Column, Section, Series, Table
from briefing.document.drafting import Drafted
from briefing.document.register import Issue, subject_of
from briefing.document.subject import Subject
from briefing.document.template import Template, load_templates
from data.settings import Settings
from data.snapshots import Snapshot
from tests.pages.fake_feeds import HOSTILE

HOME = Path(__file__).resolve().parents[2]


class FakeBriefs:
    """The templates of the demonstration, and one short briefing for each; a bare city has none, a calm one is refused its briefing."""

    kind: str

    def templates(self, settings: Settings, snapshot: Snapshot) -> dict[str, Template]:
        """Return the templates."""
        return {} if self.kind == "bare" else {name: one for name, (one, _) in load_templates(Settings(HOME, HOME / "var")).items()}

    def composed(self, settings: Settings, snapshot: Snapshot, template: str, moment: datetime, *, subject: Subject) -> Briefing:
        """Return a briefing."""
        if self.kind == "calm":
            raise RefusedBriefingError(["来源未到：热线"])
        made = briefing(template, snapshot.id, HOSTILE if self.kind == "hostile" else "全区运行总体平稳。")
        return replace(made, subject=subject.code)

    def drafted(
        self, settings: Settings, snapshot: Snapshot, template: str, moment: datetime, *, subject: Subject, known: Sequence[Issue]
    ) -> Drafted:  # fmt: skip
        """Return a draft of it."""
        made = self.composed(settings, snapshot, template, moment, subject=subject)
        payload: dict[str, Any] = {"moment": moment.isoformat(), "snapshot": snapshot.id, "hash": made.hash, "code": made.code}
        if subject.is_given:
            payload["subject"] = subject.plain()
        return Drafted(made, subject_of(template, made.period), payload)

    def again(self, settings: Settings, issue: Issue) -> Briefing:
        """Return the same, whatever people wrote."""
        return briefing(issue.template, issue.snapshot, "全区运行总体平稳。")


def briefing(template: str, snapshot: str, said: str) -> Briefing:
    """Return a briefing of one section with everything in it."""
    value = Bound("83.94%", "sign", "value", "heat_temp_ok_rate", "210102001", "2016-03-06", 1)
    table = Table((Column("体征"), Column("数值", right=True)), ((Cell(said, "red"), Cell("83.94%", bold=True, bound=value)),), 1)
    chart = Series("bars", "前列", "件", ("甲街道",), (3.0,), ("3件",))
    section = Section("overall", "一、总体情况", (said,), (value,), (table,), (chart,))
    return Briefing(
        template, "体征日报", "运行中心", "第67期", "day", "2016-03-06", "2016年3月7日", said, (), (section,), (), snapshot, "h",
        "2016年3月7日 08:00", "d", 0, "内部", "演示数据", "报：领导小组", "来源",
    )  # fmt: skip
