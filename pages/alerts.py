"""What must be done about alerts, by whom, until when; one alert's life, what it rests on, and whether its rule is worth keeping."""

from __future__ import annotations

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from data.desk.store import DeskUnavailableError
from pages.parts import faces
from pages.parts.act import act
from pages.parts.context import Context, here
from pages.parts.filters import choose
from pages.parts.lifeline import head, life
from pages.parts.masthead import foot, masthead, show
from pages.parts.proof import acts, evidence, quality, related
from pages.parts.queue import counts, queue
from pages.parts.reading import Reading
from pages.parts.records import Record, Records
from pages.parts.subjects import to_special
from pages.parts.whatif import whatif
from pages.parts.worklist import VIEWS, Worklist, worklist


def render() -> None:
    """Draw the queue beside the alert that is looked at; only what one does about it is more than text."""
    context = here()
    reading = context.reading
    if reading is None:
        faces.empty(context, "alerts")
        return
    try:
        of = worklist(context, reading)
    except DeskUnavailableError as error:
        show(masthead(context, "alerts") + faces.away(context, error) + _foot(context, reading))
        return
    records = Records(reading, context.words)
    view, _ = choose(context.filters.view, VIEWS, VIEWS[0])
    row = of.chosen(context.filters.alert, view)
    show(masthead(context, "alerts") + counts(of, records))
    left, right = st.columns([764, 1072], gap="medium")
    with left:
        show(queue(of, records, view, row["alert"] if row else "") + _drafts(context, reading))
    with right:
        one(of, records, row)
    show(_foot(context, reading))


def one(of: Worklist, records: Records, row: Record | None) -> None:
    """Show the alert that is looked at, and what can be done about it."""
    words = of.context.words
    if row is None:
        show(f'<div class="dashed" style="height:240px;margin-top:8px"><b>{esc(words.say("alerts.calm"))}</b></div>')
        return
    way = to_special(of.context, of.reading, "", "", row["alert"])
    asked = " asked" if row["alert"] == of.context.filters.alert else ""
    show(f'<section class="sec{asked}">{head(of, records, row)}{way}</section>')
    act(of, row)
    show(
        life(of, row)
        + f'<div class="beside">{evidence(of, records, row)}<div class="pile">{related(of, records, row)}{acts(of, row)}</div></div>'
    )
    show(quality(of, row) + whatif(of, records, row))


def _drafts(context: Context, reading: Reading) -> str:
    """Return which rules were never tried and say nothing."""
    frame = reading.frame("rules")
    drafts = [context.words.name(row) for row in frame[~frame["speaks"].astype(bool)].to_dict("records")] if len(frame) else []
    text = context.words.say("alerts.drafts", names=context.words.say("list.comma").join(drafts)) if drafts else ""
    return f'<p class="note">{esc(text)}</p>'


def _foot(context: Context, reading: Reading) -> str:
    words = context.words
    return foot(context, level_legend(words, context.colours), esc(words.say("alerts.source", id=reading.snapshot.id)))


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "alerts"})
