"""Says when feeds came: the strip of the overview, and the words that every other list of feeds shares."""

from __future__ import annotations

from datetime import timedelta

from charts.calendar_strip import age_bar, cell_image
from charts.markup import esc, image, link
from pages.parts.context import Context
from pages.parts.periods import age_name, naive
from pages.parts.records import Record, Records

PERIODS = {
    "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31),
    "quarter": timedelta(days=92), "year": timedelta(days=366), "once": timedelta(days=366),
}  # fmt: skip
MOST_NAMED = 5  # feeds
LATE = frozenset({"late", "missing", "refused", "partial"})


def face(delivery: Record) -> str:
    """Return the state that a delivery shows: what has not come is no late arrival, and what came mostly into quarantine is held."""
    if delivery["state"] == "late" and delivery["arrived_at"] is None:
        return "missing"
    return "refused" if 2 * int(delivery["quarantined"] or 0) > int(delivery["rows"] or 0) else str(delivery["state"])


def face_of(records: Records, feed: Record) -> str:
    """Return the face of a feed: that of what was due today, else the state that it stands in."""
    today = records.today.get(feed["feed"])
    return face(today) if today and today["state"] != "not_due" else str(feed["state"])


def face_name(context: Context, feed: Record, state: str) -> str:
    """Return the words beside a face: when it came, or for how long it has been awaited."""
    words = context.words
    if state not in LATE:
        return arrived_name(context, feed)
    name = words.label("delivery", state)
    late = timedelta(minutes=int(feed["late_min"] or 0))
    return words.say("feeds.late_by", state=name, age=age_name(words, late)) if state in {"late", "missing"} and late else name


def arrived_name(context: Context, feed: Record) -> str:
    """Return when a feed last came: the time today, else the day; or a dash."""
    if feed["arrived_at"] is None:
        return context.words.say("value.none")
    moment = naive(feed["arrived_at"])
    reading = context.reading
    today = reading is not None and moment.date() == reading.as_of.date()
    return f"{moment:%H:%M}" if today else context.words.day(moment)


def feed_target(context: Context, feed: str) -> str:
    """Return the address of one feed on the feeds page."""
    return context.filters.target("feeds", feed=feed, drop="", part="", indicator="", entity="", grain="")


def strip_of_feeds(context: Context, records: Records) -> str:
    """Return one line: which feed came when, and who is late."""
    words = context.words
    on_time = sum(face_of(records, feed) == "on_time" for feed in records.feeds)
    note = words.say("overview.feeds_note", on_time=on_time, count=len(records.feeds))
    cells = []
    for feed in records.feeds:
        shown = face_of(records, feed)
        tone = "worse b" if shown in LATE else ""
        body = (
            f'<span class="{tone}">{esc(records.feed_names[feed["feed"]])}</span><br>'
            f"{cell_image(shown, context.colours, words.label('delivery', shown))} "
            f'<span class="{tone or "note"}">{esc(face_name(context, feed, shown))}</span>'
        )
        cells.append(link(feed_target(context, feed["feed"]), body))
    return (
        f'<section class="strip"><div style="min-width:118px"><b>{esc(words.say("overview.feeds"))}</b>'
        f'<div class="note">{esc(note)}</div></div>'
        f"{''.join(cells)}</section>"
    )


def sources(context: Context, records: Records) -> str:
    """Return the feeds that a page rests on: by name, or where there are many of them counted."""
    words, names = context.words, list(records.feed_names.values())
    if len(names) <= MOST_NAMED:
        return words.say("foot.source", feeds=words.say("list.comma").join(names))
    codes = list(records.feed_codes.values())
    return words.say("foot.sources", count=len(codes), first=codes[0], last=codes[-1])


def freshness(context: Context, feed: Record) -> str:
    """Return how much of the agreed interval has passed since the last arrival, as a bar and in words."""
    words = context.words
    if feed["arrived_at"] is None or context.reading is None:
        return esc(words.say("value.none"))
    age = naive(context.reading.as_of) - naive(feed["arrived_at"])
    period = PERIODS.get(str(feed["every"]), timedelta(days=1))
    text = words.say("feeds.age_of", age=age_name(words, age), period=age_name(words, period))
    bar = image(age_bar(age / period, context.colours, 120), text, "width:120px;height:14px;vertical-align:-1px")
    return f"{bar} {esc(text)}"
