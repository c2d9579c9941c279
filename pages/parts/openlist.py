"""Draws alerts that are open somewhere as a short list: level, sign, who or where, value, and the time that is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from briefing.due import due_text
from charts.marks import mark_image
from charts.markup import esc, link
from pages.parts.queue import sign_name
from pages.parts.records import Record, Records
from pages.parts.tables import section
from pages.parts.worklist import Worklist

MOST = 12


def open_list(of: Worklist, records: Records, rows: Sequence[Record], beside: Callable[[Record], str]) -> str:
    """Return the section; `rows` in the order of the queue, `beside` says below the sign's name what the reader does not know yet."""
    words = of.context.words
    body = "".join(_row(of, records, row, beside(row)) for row in rows[:MOST])
    body = body or f'<tr class="l"><td class="note">{esc(words.say("alerts.open_none"))}</td></tr>'
    note = words.say("alerts.shown", shown=min(len(rows), MOST), count=len(rows))
    return section(words.say("alerts.open"), note, f'<table class="rows open">{body}</table>')


def _row(of: Worklist, records: Records, row: Record, beside: str) -> str:
    words, level = of.context.words, row["handled_level"]
    target = of.context.filters.target("alerts", alert=row["alert"], entity="")
    told = words.say("list.pair", first=beside, second=words.label("handling", row["handling"]))
    icon = mark_image(level, of.context.colours, words.label("level", level))
    return (
        f'<tr class="l" data-go="{esc(target)}"><td style="width:26px">{icon}</td>'
        f'<td class="cut">{link(target, esc(sign_name(of, records, row)), "b")}<div class="note cut">{esc(told)}</div></td>'
        f'<td class="r b" style="width:150px">{esc(row["text"] or "")}</td>'
        f'<td class="r b last {"worse" if row["is_overdue"] else ""}" style="width:110px">{esc(due_text(words, row))}</td></tr>'
    )
