"""Gathers the templates of a city and the register of its briefings, and draws the register as a table, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefing.document.figure_names import FigureNames
from briefing.document.register import Issue, issues
from briefing.document.template import Template
from charts.markup import esc, link
from pages.parts.context import Context
from pages.parts.reading import Reading
from pages.parts.tables import section

MOST, MOST_OTHERS = 30, 8
HEADS = (("number", "r"), ("kind", ""), ("period", ""), ("stage", ""), ("code", ""), ("hands", "wide"), ("issued", "last"))


@dataclass(frozen=True)
class Shelf:
    """What can be written and what was: templates by name, the register in order of drafting; `is_away`: the desk cannot be reached."""

    templates: Mapping[str, Template]
    issues: Sequence[Issue]
    is_away: bool = False

    def chosen(self, number: str) -> Issue | None:
        """Return the briefing of the register that is asked for."""
        return next((one for one in self.issues if str(one.number) == number), None)


def shelf(reading: Reading) -> Shelf:
    """Return both; raises DeskUnavailableError."""
    work, actions = reading.desk()
    return Shelf(reading.templates(), issues(actions, work.zone))


def register(context: Context, of: Shelf, names: FigureNames) -> str:
    """Return the register; that it is empty, or away, is said."""
    words = context.words
    title = words.say("briefs.register")
    if of.is_away:
        return section(title, "", f'<p class="note worse">{esc(words.say("alerts.away"))}</p>')
    rows = list(reversed(of.issues))
    note = words.say("briefs.shown", shown=min(len(rows), MOST), count=len(rows))
    if not rows:
        return section(title, note, f'<p class="note">{esc(words.say("briefs.nothing"))}</p>')
    heads = "".join(f'<th class="{css}">{esc(words.say(f"briefs.head.{key}"))}</th>' for key, css in HEADS)
    body = "".join(_row(context, of, one, names) for one in rows[:MOST])
    table = section(title, note, f'<table class="kept"><tr class="h">{heads}</tr>{body}</table>')
    return table + _others(context, of) + _changes(context, of)


def _row(context: Context, of: Shelf, one: Issue, names: FigureNames) -> str:
    words = context.words
    target = context.filters.target("briefs", issue=str(one.number), view=one.template, against="")
    template = of.templates.get(one.template)
    name = words.name(template.name.model_dump(), "") if template else one.template
    name += words.say("briefs.about", about=names.subject(one.subject)) if one.subject else ""
    name += words.say("briefs.corrects", number=one.corrects) if one.corrects else ""
    hands = words.listed(list(filter(None, dict.fromkeys((one.who, *one.editors, one.approved_by, one.issued_by)))), 2)
    issued = f"{words.day(one.issued_at)} {one.issued_at:%H:%M}" if one.issued_at else words.say("value.none")
    here = " here" if str(one.number) == context.filters.issue else ""
    cells = [
        ("r s", link(target, esc(one.number))), ("s b wrap", esc(name)), ("s", esc(one.period)),
        ("s", esc(words.label("brief_stage", one.stage))),
        ("s", esc(one.code)), ("s note wide", esc(hands)), ("s last", esc(issued)),
    ]  # fmt: skip
    return f'<tr class="l{here}" data-go="{esc(target)}">' + "".join(f'<td class="{css}">{text}</td>' for css, text in cells) + "</tr>"


def _others(context: Context, of: Shelf) -> str:
    """The ways to compare the issue that is looked at with others of its kind and subject, the newest first."""
    one = of.chosen(context.filters.issue)
    if one is None:
        return ""
    alike = [other for other in reversed(of.issues) if (other.template, other.subject) == (one.template, one.subject) and other is not one]
    ways = [
        link(context.filters.target("briefs", against=str(other.number)), esc(f"#{other.number} {other.period}"), "note")
        for other in alike[:MOST_OTHERS]
    ]
    return section(context.words.say("briefs.compare", number=one.number), "", f"<p>{' '.join(ways)}</p>") if ways else ""


def _changes(context: Context, of: Shelf) -> str:
    """What a correction says otherwise than the issue that it corrects."""
    one = of.chosen(context.filters.issue)
    if one is None or not one.changes:
        return ""
    lines = "".join(f"<div>{esc(line)}</div>" for line in one.changes)
    return section(context.words.say("briefs.changes", number=one.corrected), "", f'<div class="note">{lines}</div>')
