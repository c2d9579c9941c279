"""How departments deliver: who is late, since when, what did it cost, and what lies in quarantine."""

from __future__ import annotations

import streamlit as st

from charts.markup import esc, link
from pages.parts import faces
from pages.parts.calendar import calendar, days_of, departments
from pages.parts.context import Context, here
from pages.parts.counts import DAYS, counts
from pages.parts.ledger import drop_table
from pages.parts.masthead import foot, masthead, show
from pages.parts.periods import period_name
from pages.parts.quality import conduct, dimensions, worst_feed
from pages.parts.quarantine import quarantine
from pages.parts.reading import Reading
from pages.parts.receipt import lineage, receipt, way_back
from pages.parts.records import Record, Records, plain
from pages.parts.sending import send, take_away


def render() -> None:
    """Draw the page, from what was drawn before where nothing changed."""
    context = here()
    if context.reading is None:
        faces.empty(context, "feeds")
        return
    reading, asked = context.reading, context.filters
    records = Records(reading, context.words)
    if asked.part == "send" and not reading.is_past:
        show(_top(context, records))
        send(context, records)
        show(_foot(context, reading))
        return
    drop = _asked_drop(context, reading)
    if drop is not None:
        show(_top(context, records) + way_back(context, records, drop))
        take_away(context, drop)
        show(reading.drawn("receipt", lambda: _receipt(context, reading, records, drop), *context.look, drop["drop"]))
        return
    show(reading.drawn("feeds", lambda: draw(context, reading, records), *context.look, asked.feed, asked.part, asked.drop))


def draw(context: Context, reading: Reading, records: Records) -> str:
    """Return the calendar with what lies below it, as HTML."""
    asked = context.filters.feed if context.filters.feed in records.feed_names else None
    deliveries, drops = plain(reading.frame("deliveries", days=2 * DAYS)), _drops(context, reading, None)
    days = days_of(deliveries, drops)
    return (
        _top(context, records)
        + counts(context, records, deliveries, drops)
        + (departments(context, records, days, deliveries, drops) if context.filters.part else calendar(context, records, days))
        + _below(context, reading, records, asked)
        + _foot(context, reading)
    )


def _below(context: Context, reading: Reading, records: Records, asked: str | None) -> str:
    """Return the ledger and the signs of the one feed that was asked for, else what lies in quarantine."""
    drops = _drops(context, reading, asked)
    faults = plain(reading.frame("quarantine", feed=asked, language=context.words.language))
    held = quarantine(context, records, drops, faults, most=4 if asked is None else 3)
    rated = _rated(context, reading, records, asked or worst_feed(records))
    if asked is not None:
        right = rated + held + lineage(context, records, asked)
        return f'{_only(context, records, asked)}<div class="two">{drop_table(context, drops)}<div class="pile">{right}</div></div>'
    if context.filters.part:
        return f'<div style="margin-top:14px">{conduct(context, records, plain(reading.frame("conduct", feed="")))}</div>'
    return f'{_lost(context)}<div class="two"><div>{held}{_ways(context)}</div>{rated}</div>'


def _rated(context: Context, reading: Reading, records: Records, feed: str | None) -> str:
    return dimensions(context, records, feed, plain(reading.frame("quality", feed=feed))) if feed else ""


def _receipt(context: Context, reading: Reading, records: Records, drop: Record) -> str:
    names = {(row["feed"], row["table"]): context.words.name(row) for row in plain(reading.frame("feed_tables"))}
    spoken = plain(reading.frame("spoken", drop=drop["drop"]))
    spoken = [one | {"table_name": names.get((one["feed"], one["table"]), one["table"])} for one in spoken]
    faults = plain(reading.frame("quarantine", drop=drop["drop"], language=context.words.language))
    return receipt(context, records, drop, spoken, faults) + _foot(context, reading)


def _drops(context: Context, reading: Reading, feed: str | None) -> list[Record]:
    return plain(reading.frame("drops", feed=feed, language=context.words.language))


def _asked_drop(context: Context, reading: Reading) -> Record | None:
    wanted = context.filters.drop
    return next((drop for drop in _drops(context, reading, None) if drop["drop"] == wanted), None) if wanted else None


def _top(context: Context, records: Records) -> str:
    starts = [sign["start"] for sign in records.whole if sign["grain"] == "day"]
    return masthead(context, "feeds", period_name(context.words, "day", max(starts)) if starts else "")


def _foot(context: Context, reading: Reading) -> str:
    words = context.words
    return foot(context, esc(words.say("feeds.foot")), esc(words.say("feeds.source", moment=words.moment(reading.as_of))))


def _lost(context: Context) -> str:
    """Say that the drop that was asked for is not in this snapshot."""
    wanted = context.filters.drop
    return f'<p class="note worse">{esc(context.words.say("receipt.unknown", drop=wanted))}</p>' if wanted else ""


def _only(context: Context, records: Records, asked: str) -> str:
    """Say that only one feed is listed below, with the way back and the way to send something."""
    words = context.words
    back = link(context.filters.target("feeds", feed="", drop=""), f"<b>{esc(words.say('feeds.every'))}</b>")
    give = link(context.filters.target("feeds", feed=asked, drop="", part="send"), f"<b>{esc(words.say('feeds.send'))}</b>")
    said = esc(words.say("feeds.only", feed=records.feed_names[asked]))
    return f'<p class="note" style="margin-top:8px">{said}　{back}　{give}</p>'


def _ways(context: Context) -> str:
    """Return the way to send a file or a 零报告."""
    words = context.words
    target = context.filters.target("feeds", part="send", drop="")
    button = link(target, esc(words.say("feeds.send")), "mark solid")
    return f'<p class="note" style="padding-top:8px">{button}　{esc(words.say("feeds.ways_note"))}</p>'


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "feeds"})
