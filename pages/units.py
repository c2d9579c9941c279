"""Who does what was assigned, in time and once, and who owes data rather than work: each unit beside its own past."""

from __future__ import annotations

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from data.desk.store import DeskUnavailableError
from pages.parts import faces
from pages.parts.context import Context, here
from pages.parts.masthead import foot, masthead, show
from pages.parts.reading import Reading
from pages.parts.records import Records
from pages.parts.units import SPAN, Units
from pages.parts.unittable import sentence, table, unit
from pages.parts.worklist import moved_by, worklist


def render() -> None:
    """Draw the page, from what was drawn before where nothing changed."""
    context = here()
    reading = context.reading
    if reading is None:
        faces.empty(context, "units")
        return
    try:
        key = (*context.look, context.filters, *moved_by(context, reading))
        show(masthead(context, "units") + reading.drawn("units", lambda: body(context, reading), *key))
    except DeskUnavailableError as error:
        show(masthead(context, "units") + faces.away(context, error) + foot(context, "", ""))


def body(context: Context, reading: Reading) -> str:
    """Return the sentence, the units, and beside them the one that is looked at."""
    words = context.words
    of = Units(worklist(context, reading), Records(reading, words))
    source = foot(context, level_legend(words, context.colours), esc(words.say("units.source", id=reading.snapshot.id)))
    if not of.codes:
        return f'<div class="dashed" style="height:240px;margin-top:12px"><b>{esc(words.say("units.none"))}</b></div>' + source
    span = words.say("units.span", first=words.day(of.work.now - SPAN), last=words.day(of.work.now))
    return (
        f'<p class="note" style="margin-top:8px">{esc(span)}</p><p class="serif local">{esc(sentence(of))}</p>'
        f'<div class="locally"><div>{table(of)}</div><div class="pile">{unit(of)}</div></div>{source}'
    )


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "units"})
