"""Finds what a special briefing is asked for, leads to it from a sign or an alert, and offers some where nothing was asked for."""

from __future__ import annotations

from briefing.document.figure_names import FigureNames
from briefing.document.subject import Subject
from briefing.facts import plain
from briefing.phrases import level_word, mark, rank
from charts.marks import mark_image
from charts.markup import esc, link
from pages.parts.context import Context
from pages.parts.queue import place_name, sign_name
from pages.parts.reading import Reading
from pages.parts.records import Record, Records
from pages.parts.tables import section
from pages.parts.worklist import Worklist

MOST = 8


def asked(context: Context) -> Subject:
    """Return what the address asks for: an alert before a sign."""
    filters = context.filters
    return Subject(alert=filters.alert) if filters.alert else Subject("", filters.indicator, filters.entity if filters.indicator else "")


def special_of(reading: Reading) -> str:
    """Return the template that is about one subject, or nothing where the city has none."""
    return next((name for name, one in reading.templates().items() if one.about == "subject"), "")


def to_special(context: Context, reading: Reading, indicator: str, entity: str, alert: str = "") -> str:
    """Return the way to a special briefing on a sign or an alert; nothing where the city has no template for it."""
    name = special_of(reading)
    if not name:
        return ""
    target = context.filters.target("briefs", view=name, issue="", against="", indicator=indicator, entity=entity, alert=alert, grain="")
    return link(target, esc(context.words.say("briefs.write")), "note leaf")


def candidates(context: Context, of: Worklist, records: Records, view: str) -> str:
    """Return the most urgent alerts and the worst signs of the whole city, each leading to its briefing."""
    words, target = context.words, context.filters.target
    worst = sorted((sign for sign in records.ranked if rank(sign) > 0), key=lambda sign: -rank(sign))[:MOST]
    alerts = ""
    for row in of.waiting[:MOST]:
        name = f"{place_name(records, row)} {sign_name(of, records, row)}"
        way = target("briefs", view=view, issue="", alert=row["alert"], indicator="", entity="")
        alerts += _row(context, row["handled_level"], words.label("level", row["handled_level"]), name, row["text"] or "", way)
    signs = ""
    for sign in worst:
        way = target("briefs", view=view, issue="", alert="", indicator=sign["indicator"], entity=sign["entity"])
        signs += _row(
            context, mark(sign), level_word(words, sign), words.name(records.catalogue[sign["indicator"]]), sign["text"] or "", way
        )
    nothing = f'<tr class="l"><td class="note">{esc(words.say("value.none"))}</td></tr>'
    note = f'<div class="note">{esc(words.say("briefs.pick_note"))}</div>'
    head = f'<div class="face" style="min-height:0"><div><b>{esc(words.say("briefs.pick"))}</b>{note}</div></div>'
    tables = [(words.say("briefs.pick_alerts"), alerts), (words.say("briefs.pick_signs"), signs)]
    return head + "".join(section(title, "", f'<table class="rows">{rows or nothing}</table>') for title, rows in tables)


def _row(context: Context, kind: str, word: str, name: str, text: str, target: str) -> str:
    return (
        f'<tr class="l" data-go="{esc(target)}"><td style="width:26px">{mark_image(kind, context.colours, word)}</td>'
        f'<td class="s b wrap" style="width:70%">{link(target, esc(name))}</td><td class="s r b last">{esc(text)}</td></tr>'
    )


def figure_names(context: Context, reading: Reading) -> FigureNames:
    """Return the names of this snapshot for what a briefing speaks of."""

    def by(kind: str, key: str) -> dict[str, Record]:
        frame = reading.frame(kind)
        return {row[key]: row for row in plain(frame)} if len(frame) else {}

    kinds = tuple(reading.snapshot.city["areas"])
    return FigureNames(context.words, by("indicators", "indicator"), by("schemes", "scheme"), by("entities", "entity"), kinds)
