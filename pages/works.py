"""Which smart-city projects need a decision: where progress, funds or rating fall short, who runs them, and when they are handed over."""

from __future__ import annotations

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from pages.parts import faces
from pages.parts.context import Context, here
from pages.parts.masthead import foot, masthead, show
from pages.parts.portfolio import Portfolio, facts, portfolio, table
from pages.parts.prospects import handover, plane
from pages.parts.reading import Reading
from pages.parts.records import Records


def render() -> None:
    """Draw the page, from what was drawn before where nothing changed."""
    context = here()
    reading = context.reading
    if reading is None:
        faces.empty(context, "works")
        return
    show(masthead(context, "works") + reading.drawn("works", lambda: body(context, reading), *context.look, context.filters))


def body(context: Context, reading: Reading) -> str:
    """Return the facts, the projects by operating model, and beside them where they stand and when they end."""
    of = portfolio(context, reading, Records(reading, context.words))
    if not of.rows:
        told = f'<b>{esc(context.words.say("works.none"))}</b><span class="note">{esc(context.words.say("works.none_note"))}</span>'
        return f'<div class="dashed" style="height:240px;margin-top:12px">{told}</div>' + foot(context, "", "")
    return (
        facts(of) + f'<div class="works">{table(of)}<div class="pile">{plane(of)}{handover(of)}</div></div>'
        + foot(context, level_legend(context.words, context.colours) + esc(_grades(of)), esc(_source(of)))
    )  # fmt: skip


def _grades(of: Portfolio) -> str:
    return "　" + of.context.words.say("works.question")


def _source(of: Portfolio) -> str:
    words = of.context.words
    came = max(row["arrived_at"] for row in of.rows)
    name = of.records.feed_names.get(of.rows[0]["feed"], of.rows[0]["feed"])
    return words.say("works.source", feed=name, arrived=f"{words.day(came)} {came:%H:%M}", id=of.reading.snapshot.id)


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "works"})
