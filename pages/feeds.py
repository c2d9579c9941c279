"""How departments deliver: who is late, since when, what did it cost, and what lies in quarantine."""

from __future__ import annotations

import streamlit as st

from charts.markup import esc, link
from pages.parts import faces
from pages.parts.arrivals import calendar, counts
from pages.parts.context import Context, here
from pages.parts.ledger import drop_table, quarantine_table
from pages.parts.masthead import foot, masthead, show
from pages.parts.periods import period_name
from pages.parts.reading import Reading
from pages.parts.records import Records, plain


def render() -> None:
    """Draw the page, from what was drawn before where nothing changed."""
    context = here()
    if context.reading is None:
        faces.empty(context, "feeds")
        return
    reading = context.reading
    show(reading.drawn("feeds", lambda: draw(context, reading), *context.look, context.filters.feed))


def draw(context: Context, reading: Reading) -> str:
    """Return the whole page as HTML."""
    words, records = context.words, Records(reading, context.words)
    lang = words.language
    asked = context.filters.feed if context.filters.feed in records.feed_names else None
    days, drops = plain(reading.frame("deliveries", days=28)), plain(reading.frame("drops", feed=asked, language=lang))
    faults = plain(reading.frame("quarantine", feed=asked, language=lang))
    starts = [sign["start"] for sign in records.whole if sign["grain"] == "day"]
    return (
        masthead(context, "feeds", period_name(words, "day", max(starts)) if starts else "")
        + counts(context, records, days, drops if asked is None else plain(reading.frame("drops", feed=None, language=lang)))
        + calendar(context, records, days)
        + _only(context, records, asked)
        + f'<div class="two">{drop_table(context, records, drops)}{quarantine_table(context, records, faults, drops)}</div>'
        + foot(context, esc(words.say("feeds.foot")), esc(words.say("feeds.source", moment=words.moment(reading.as_of))))
    )


def _only(context: Context, records: Records, asked: str | None) -> str:
    """Say that only one feed is listed below, with the way back."""
    if asked is None:
        return ""
    words = context.words
    back = link(context.filters.target("feeds", feed=""), f"<b>{esc(words.say('feeds.every'))}</b>")
    return f'<p class="note" style="margin-top:8px">{esc(words.say("feeds.only", feed=records.feed_names[asked]))}　{back}</p>'


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "feeds"})
