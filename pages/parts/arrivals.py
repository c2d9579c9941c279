"""Draws how feeds arrive: the strip of the overview, the calendar and the counts of the feeds page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from briefing.phrases import is_judged
from charts.calendar_strip import DRAWN, age_bar, cell_image, strip
from charts.legend import delivery_legend
from charts.markup import esc, image, link
from data.wording import number
from pages.parts.context import Context
from pages.parts.periods import age_name, naive
from pages.parts.records import Record, Records

PERIODS = {
    "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31),
    "quarter": timedelta(days=92), "year": timedelta(days=366), "once": timedelta(days=366),
}  # fmt: skip
LATE = {"late", "missing", "refused", "partial"}


def arrived_name(context: Context, feed: Record) -> str:
    """Return when a feed last came: the time today, else the day; or a dash."""
    if feed["arrived_at"] is None:
        return context.words.say("value.none")
    moment = naive(feed["arrived_at"])
    reading = context.reading
    today = reading is not None and moment.date() == reading.as_of.date()
    return f"{moment:%H:%M}" if today else f"{context.words.day(moment)} {moment:%H:%M}"


def strip_of_feeds(context: Context, records: Records) -> str:
    """Return one line: which feed came when, and who is late."""
    words = context.words
    on_time = sum(feed["state"] == "on_time" for feed in records.feeds)
    note = words.say("overview.feeds_note", on_time=on_time, count=len(records.feeds))
    cells = []
    for feed in records.feeds:
        state = words.label("feed_state", feed["state"])
        tone = "worse b" if feed["state"] in LATE else ""
        body = (
            f'<span class="{tone}">{esc(records.feed_names[feed["feed"]])}</span><br>{cell_image(feed["state"], context.colours, state)} '
            f'<span class="{tone or "note"}">{esc(state)} {esc(arrived_name(context, feed))}</span>'
        )
        cells.append(link(context.filters.target("feeds", feed=feed["feed"], indicator="", entity="", grain=""), body))
    return (
        f'<section class="strip"><div style="min-width:118px"><b>{esc(words.say("overview.feeds"))}</b>'
        f'<div class="note">{esc(note)}</div></div>'
        f"{''.join(cells)}</section>"
    )


def counts(context: Context, records: Records, days: list[Record], drops: list[Record]) -> str:
    """Return the figures of the page's head; colour only where something is missing."""
    words, feeds = context.words, records.feeds
    on_time, late = [feed for feed in feeds if feed["state"] == "on_time"], [feed for feed in feeds if feed["state"] in LATE]
    due = [day for day in days if day["state"] not in {"not_due", "due"}]
    came = sum(day["state"] == "on_time" for day in due)
    rows, faulty = sum(int(feed["rows"] or 0) for feed in feeds), sum(int(feed["quarantined"] or 0) for feed in feeds)
    refused = sum(drop["state"] == "refused" for drop in drops)
    names = words.listed([str(feed["code"]) for feed in late]) if late else words.say("feeds.late_none")
    affected = sum(not is_judged(sign) and sign["state"] in {"late", "no_data"} for sign in records.whole)
    length = len({day["due_on"] for day in days})

    def share(part: int, whole: int) -> str:
        return number(100 * part / whole, 2) if whole else words.say("value.none")

    facts = [
        (words.say("feeds.today"), f"{len(on_time)}/{len(feeds)}",
         words.say("feeds.today_note", share=share(len(on_time), len(feeds)), count=len(feeds)), bool(late)),
        (words.say("feeds.span", days=length), f"{share(came, len(due))}%",
         words.say("feeds.span_note", on_time=came, due=len(due)), False),
        (words.say("feeds.late"), f"{len(late)}", names, bool(late)),
        (words.say("feeds.quarantine"), f"{number(faulty)}{words.say('feeds.unit_row')}",
         words.say("feeds.quarantine_note", share=share(faulty, rows)), False),
        (words.say("feeds.refused"), f"{refused}{words.say('feeds.unit_drop')}", words.say("feeds.refused_note"), False),
        (words.say("feeds.affected"), f"{affected}{words.say('feeds.unit_sign')}", words.say("feeds.affected_note"), affected > 0),
    ]  # fmt: skip
    cells = "".join(
        f'<div><div class="note">{esc(name)}</div><div class="size{" worse" if bad else ""}">{esc(size)}</div>'
        f'<div class="note">{esc(note)}</div></div>'
        for name, size, note, bad in facts
    )
    return f'<div class="facts">{cells}</div>'


def calendar(context: Context, records: Records, days: list[Record]) -> str:
    """Return feed by day, with freshness, quality and what depends on each feed."""
    words = context.words
    dates = sorted({day["due_on"] for day in days})
    by_feed: dict[str, dict[object, str]] = {}
    for day in days:
        by_feed.setdefault(day["feed"], {})[day["due_on"]] = str(day["state"])
    heads = ("feed", "department", "every", "days", "latest", "fresh", "quality", "share", "grade", "signs")
    looks = {"days": "cal", "department": "wide", "every": "wide"}
    cells = "".join(
        f'<th class="{looks.get(key, "")}">{_date_axis(context, dates) if key == "days" else esc(words.say(f"feeds.head.{key}"))}</th>'
        for key in heads
    )
    rows = "".join(
        _feed_row(context, feed, [by_feed.get(feed["feed"], {}).get(date, "not_due") for date in dates]) for feed in records.feeds
    )
    legend = delivery_legend(words, context.colours, DRAWN)
    return (
        f'<section class="sec"><div class="split"><h2>{esc(words.say("feeds.calendar", count=len(records.feeds)))}'
        f'<small>{esc(words.say("feeds.calendar_note"))}</small></h2><div class="note">{legend}</div></div>'
        f'<div class="scroll"><table class="calendar"><thead><tr class="h">{cells}</tr></thead><tbody>{rows}</tbody>'
        f"</table></div></section>"
    )


def _date_axis(context: Context, dates: list[Any]) -> str:
    marks = [place for place in range(len(dates)) if (len(dates) - 1 - place) % 7 == 0]
    spans = "".join(
        f'<span class="b">{esc(context.words.day(dates[place]))}</span>'
        if place == len(dates) - 1
        else f'<span style="left:{100 * (place + 0.5) / len(dates):.2f}%">{esc(context.words.day(dates[place]))}</span>'
        for place in marks
    )
    return f'<div class="days">{spans}</div>'


def _feed_row(context: Context, feed: Record, states: list[str]) -> str:
    words = context.words
    late = feed["state"] in LATE
    tone = " worse b" if late else ""
    said = words.say("list.comma").join(f"{words.label('delivery', state)}{states.count(state)}" for state in dict.fromkeys(states))
    picture = image(strip(states, context.colours), said)
    target = context.filters.target("feeds", feed=feed["feed"], indicator="", entity="", grain="")
    quality = words.say("value.none") if feed["quality"] is None else words.say("feeds.quality", share=number(float(feed["quality"]), 2))
    grade = words.say("grade", **{"class": feed["class"], "grade": feed["grade"]})
    latest = words.label("feed_state", feed["state"]) if late else arrived_name(context, feed)
    return (
        f'<tr class="l" data-go="{esc(target)}"><td class="{tone}">'
        f'<span class="note">{esc(feed["code"])}</span> {link(target, f"<b>{esc(words.name(feed))}</b>")}</td>'
        f'<td class="s note wide">{esc(feed["department_name"] or feed["department"])}</td>'
        f'<td class="s note wide">{esc(words.label("every", feed["every"]))}</td>'
        f'<td class="cal">{picture}</td><td class="{tone}">{esc(latest)}</td>'
        f'<td class="s{tone}">{_freshness(context, feed)}</td><td class="s">{esc(quality)}</td>'
        f'<td class="s">{esc(words.label("share", feed["share"]))}</td><td class="s">{esc(grade)}</td>'
        f'<td class="s last{tone}">{esc(words.say("feeds.signs", count=int(feed["indicators"] or 0)))}</td></tr>'
    )


def _freshness(context: Context, feed: Record) -> str:
    words = context.words
    if feed["arrived_at"] is None or context.reading is None:
        return esc(words.say("value.none"))
    age = naive(context.reading.as_of) - naive(feed["arrived_at"])
    period = PERIODS.get(str(feed["every"]), timedelta(days=1))
    text = words.say("feeds.age_of", age=age_name(words, age), period=age_name(words, period))
    bar = image(age_bar(age / period, context.colours, 120), text, "width:120px;height:14px;vertical-align:-1px")
    return f"{bar} {esc(text)}"
