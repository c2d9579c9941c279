"""The morning's overview: what happened, which domains stand beyond their limits, where, and who has not delivered."""

from __future__ import annotations

import streamlit as st

from briefing.headline import headline
from charts.legend import level_legend
from charts.markup import esc
from data.boundaries import stamp
from pages.parts import faces
from pages.parts.arrivals import sources, strip_of_feeds
from pages.parts.context import Context, here
from pages.parts.index import index
from pages.parts.masthead import foot, masthead, show
from pages.parts.periods import period_name
from pages.parts.reading import Reading
from pages.parts.records import Records
from pages.parts.tables import domain_table, movers
from pages.parts.tiles import area_map, level_counts
from pages.parts.urgent import urgent
from pages.parts.wall import wall
from pages.parts.worklist import moved_by


def render() -> None:
    """Draw the page, from what was drawn before where nothing changed."""
    context = here()
    if context.reading is None:
        faces.empty(context, "overview")
        return
    reading = context.reading
    if context.filters.wall:
        wall(context, reading)
        return
    show(reading.drawn("overview", lambda: draw(context, reading), *context.look, stamp(context.settings), *moved_by(context, reading)))


def draw(context: Context, reading: Reading) -> str:
    """Return the whole page as HTML."""
    records = Records(reading, context.words)
    total = index(context, reading, records)
    low = movers(context, records, "worse") + movers(context, records, "better") + urgent(context, reading, records)
    return (
        masthead(context, "overview", _day(context, records))
        + sentence(context, records)
        + f'<div class="over">{level_counts(context, records)}{domain_table(context, records, total)}{area_map(context, records)}'
        + f'<div class="low">{low}</div></div>'
        + strip_of_feeds(context, records)
        + _foot(context, records)
    )


def sentence(context: Context, records: Records) -> str:
    """Return today's sentence."""
    words = context.words
    text = headline(words, records.ranked, records.parts, records.catalogue)
    return f'<div class="today"><span class="mark solid nw">{esc(words.say("headline.tag"))}</span><p>{esc(text)}</p></div>'


def _day(context: Context, records: Records) -> str:
    starts = [sign["start"] for sign in records.whole if sign["grain"] == "day"]
    return period_name(context.words, "day", max(starts)) if starts else ""


def _foot(context: Context, records: Records) -> str:
    words = context.words
    source = f"{esc(words.say('foot.compare'))} {esc(sources(context, records))}"
    return foot(context, level_legend(words, context.colours), source)


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "overview"})
