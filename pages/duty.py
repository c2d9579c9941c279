"""What a shift must do in the next hours, what the last one left it, and whose clock is running."""

from __future__ import annotations

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from data.desk.store import DeskUnavailableError
from pages.parts import faces
from pages.parts.context import here
from pages.parts.masthead import foot, masthead, show
from pages.parts.records import Records
from pages.parts.shift import Watch, ahead, asked_for, head, left_over, log, people_on
from pages.parts.worklist import worklist


def render() -> None:
    """Draw the hours ahead, and below them what was left, what is asked for, who is on duty and what was done."""
    context = here()
    reading = context.reading
    if reading is None:
        faces.empty(context, "duty")
        return
    words = context.words
    tail = foot(context, level_legend(words, context.colours), esc(words.say("duty.source", id=reading.snapshot.id)))
    try:
        watch = Watch(worklist(context, reading), Records(reading, words), reading.rota(), reading.messages())
    except DeskUnavailableError as error:
        show(masthead(context, "duty") + faces.away(context, error) + tail)
        return
    low = f'<div class="pile">{asked_for(watch)}{people_on(watch)}</div>{log(watch)}'
    show(masthead(context, "duty") + head(watch) + ahead(watch) + f'<div class="duty">{left_over(watch)}{low}</div>' + tail)


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "duty"})
