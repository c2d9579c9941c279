"""The catalogue of signs: what is watched, by which terms, and for each sign its whole definition; generated from the snapshot."""

from __future__ import annotations

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from pages.parts import faces
from pages.parts.context import Context, here
from pages.parts.dossier import dossier
from pages.parts.entries import entries
from pages.parts.finding import Found, found, search
from pages.parts.masthead import foot, masthead, show
from pages.parts.proposing import changes
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, plain


def render() -> None:
    """Draw the list, or the definition that was asked for; only the box and the choices are more than text."""
    context = here()
    reading = context.reading
    records = Records(reading, context.words) if reading else None
    if reading is None or records is None or not records.catalogue:
        faces.empty(context, "catalogue")
        return
    shown = found(context, records)
    one = records.catalogue.get(context.filters.indicator)
    key = (*context.look, context.filters)
    show(masthead(context, "catalogue") + top(context, records, shown, one))
    search(context, records)
    show(reading.drawn("catalogue", lambda: body(context, reading, records, shown, one), *key))
    if one is not None:
        changes(context, reading, one)
    show(_foot(context, reading))


def top(context: Context, records: Records, shown: Found, one: Record | None) -> str:
    """Return the title: the sign that is looked at, or how many there are."""
    words, asked = context.words, context.filters
    if one is not None:
        domain = next((row for row in records.domains if row["domain"] == one["domain"]), {})
        crumbs = words.say("catalogue.crumbs", domain=words.name(domain), code=one["indicator"])
        return f'<div class="face"><div><div class="note">{esc(crumbs)}</div><div class="title">{esc(words.name(one))}</div></div></div>'
    lost = words.say("catalogue.unknown", code=asked.indicator) if asked.indicator else ""
    domains = len({sign["domain"] for sign in records.catalogue.values()})
    note = words.say("catalogue.note", shown=len(shown.signs), total=shown.total, domains=domains)
    return (
        f'<div class="face"><div><div class="title">{esc(words.say("catalogue.title"))}</div>'
        f'<div class="note">{esc(note)}　<span class="worse">{esc(lost)}</span></div></div></div>'
    )


def body(context: Context, reading: Reading, records: Records, shown: Found, one: Record | None) -> str:
    """Return the table or the definition."""
    if one is None:
        return entries(context, records, shown)
    return dossier(context, records, one, {row["indicator"]: row for row in plain(reading.frame("definitions"))})


def _foot(context: Context, reading: Reading) -> str:
    words = context.words
    return foot(context, level_legend(words, context.colours), esc(words.say("catalogue.source", id=reading.snapshot.id)))


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "catalogue"})
