"""Draws the most urgent alerts for the overview: what must be done first, who has it and how much time is left."""

from __future__ import annotations

from briefing.due import due_text
from charts.markup import esc, link
from data.desk.store import DeskUnavailableError
from pages.parts.context import Context
from pages.parts.queue import chip, line_text, place_name, sign_name, unit_name
from pages.parts.reading import Reading
from pages.parts.records import Record, Records
from pages.parts.tables import section
from pages.parts.worklist import Worklist, worklist

MOST, SHOWN = 12, 6


def urgent(context: Context, reading: Reading, records: Records) -> str:
    """Return the head of the queue; where the desk is away, or nothing is open, that is said."""
    words, target = context.words, context.filters.target("alerts", alert="", view="", feed="")
    title = words.say("alerts.queue")
    try:
        of = worklist(context, reading)
        rows = of.waiting
    except DeskUnavailableError:
        return section(title, "", f'<p class="note worse">{esc(words.say("alerts.away"))}</p>')
    late = sum(row["is_overdue"] for row in rows)
    note = words.say("alerts.head_note", shown=min(SHOWN, len(rows)), count=len(rows), late=late)
    if not rows:
        return section(title, "", f'<p class="note">{link(target, esc(words.say("alerts.calm")))}</p>')
    body = "".join(_row(of, records, row, "l" if place < SHOWN else "l extra") for place, row in enumerate(rows[:MOST]))
    return section(title, note, f'<table class="rows urgent">{body}</table>')


def _row(of: Worklist, records: Records, row: Record, look: str) -> str:
    words, target = of.context.words, of.context.filters.target("alerts", alert=row["alert"], view="", feed="")
    used = min(max(float(row["share"]), 0.0), 1.0)
    bar = f'<span class="used"><i class="{"worse" if row["is_overdue"] else ""}" style="width:{100 * used:.0f}%"></i></span>'
    return (
        f'<tr class="{look}" data-go="{esc(target)}"><td style="width:66px">{chip(of, row)}</td>'
        f'<td class="b">{link(target, esc(place_name(records, row)))}</td>'
        f'<td class="s cut" style="width:26%">{esc(sign_name(of, records, row))}</td><td class="r b">{esc(row["text"] or "")}</td>'
        f'<td class="s note wide">{esc(line_text(of, records, row))}</td>'
        f'<td class="s note cut" style="width:17%">{esc(unit_name(of, row))}</td>'
        f'<td class="s note">{esc(words.label("handling", row["handling"]))}</td>'
        f'<td class="wide">{bar}</td><td class="r b last {"worse" if row["is_overdue"] else ""}">{esc(due_text(words, row))}</td></tr>'
    )
