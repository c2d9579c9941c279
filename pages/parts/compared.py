"""Draws what two issues of a kind say differently: the figures that changed, then the text section by section."""

from __future__ import annotations

from briefing.document.comparing import Comparison, FigureChange, TextChange, compared
from briefing.document.content import Bound
from briefing.document.figure_names import FigureNames
from briefing.document.register import Issue
from charts.markup import esc, link
from pages.parts.context import Context
from pages.parts.reading import Reading
from pages.parts.subjects import figure_names
from pages.parts.tables import section

HEADS = (("section", ""), ("figure", ""), ("before", "r"), ("after", "r"), ("version", "r last"))


def comparison(context: Context, reading: Reading, before: Issue, after: Issue) -> str:
    """Return the comparison of two issues; raises UnlikeError."""
    told = compared(reading.again(before), reading.again(after))
    words, names = context.words, figure_names(context, reading)
    back = link(context.filters.target("briefs", against=""), esc(words.say("briefs.compared_back")))
    title = words.say("briefs.compared", before=before.number, after=after.number)
    note = words.say(
        "briefs.compared_note", before=_issue(told, first=True), after=_issue(told, first=False), same=told.same, changed=len(told.figures)
    )
    told_of = f'<b>{esc(title)}</b><div class="note">{esc(note)}</div>'
    head = f'<div class="face" style="min-height:0"><div>{told_of}</div><div class="tools">{back}</div></div>'
    return head + _figures(context, told, names, (before.number, after.number)) + _texts(context, told)


def _issue(told: Comparison, *, first: bool) -> str:
    one = told.before if first else told.after
    return f"{one.period} {one.snapshot}"


def _figures(context: Context, told: Comparison, names: FigureNames, numbers: tuple[int, int]) -> str:
    words = context.words
    if not told.figures:
        return section(words.say("briefs.figures"), "", f'<p class="note">{esc(words.say("briefs.no_figures"))}</p>')
    ends = {"before": numbers[0], "after": numbers[1]}
    heads = "".join(
        f'<th class="{css}">{esc(words.say(f"briefs.compared_head.{key}", **{name: f"#{number}" for name, number in ends.items()}))}</th>'
        for key, css in HEADS
    )
    rows, place = "", None
    for one in told.figures:
        rows += _row(context, one, names, one.section if one.section != place else None)
        place = one.section
    return section(
        words.say("briefs.figures"), "", f'<div class="scroll"><table class="kept"><tr class="h">{heads}</tr>{rows}</table></div>'
    )


def _row(context: Context, one: FigureChange, names: FigureNames, section_of: str | None) -> str:
    """Return a figure in both issues; its section stands where it begins only."""
    none = context.words.say("briefs.not_there")
    place = "" if section_of is None else section_of or context.words.say("briefs.lead")

    def shown(bound: Bound | None) -> str:
        period = f'<div class="note">{esc(bound.period)}</div>' if bound and bound.period else ""
        return f"<b>{esc(bound.text if bound else none)}</b>{period}"

    versions = [f"v{bound.version}" if bound and bound.version else context.words.say("value.none") for bound in (one.before, one.after)]
    version = versions[0] if versions[0] == versions[1] else " → ".join(versions)
    return (
        f'<tr class="l"><td class="s note nw">{esc(place)}</td>'
        f'<td class="s wrap">{esc(names.of(one.one))}</td>'
        f'<td class="r s wrap">{shown(one.before)}</td><td class="r s wrap">{shown(one.after)}</td>'
        f'<td class="r s note last">{esc(version)}</td></tr>'
    )


def _texts(context: Context, told: Comparison) -> str:
    words = context.words
    return "".join(section(one.title or words.say("briefs.lead"), "", _text(context, one)) for one in told.sections)


def _text(context: Context, one: TextChange) -> str:
    words = context.words
    if not one.gone and not one.came:
        return f'<p class="note">{esc(words.say("briefs.text_same"))}</p>'
    rows = ""
    for key, lines, css in (("gone", one.gone, "quiet"), ("came", one.came, "")):
        said = "".join(f"<div>{esc(line)}</div>" for line in lines)
        rows += (
            f'<tr class="l"><td class="s note nw">{esc(words.say(f"briefs.{key}"))}</td><td class="s wrap last {css}">{said}</td></tr>'
            if lines
            else ""
        )
    return f'<table class="kept">{rows}</table>'
