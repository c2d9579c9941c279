"""Draws the figures of the feeds page's head; colour only where something is wrong."""

from __future__ import annotations

from datetime import timedelta

from briefing.phrases import is_judged
from charts.markup import esc
from data.wording import number
from pages.parts.arrivals import LATE, face_of
from pages.parts.context import Context
from pages.parts.periods import naive
from pages.parts.records import Record, Records

DAYS = 28
MOST_CODES = 3
Fact = tuple[str, str, str, bool]


def counts(context: Context, records: Records, days: list[Record], drops: list[Record]) -> str:
    """Return the head's figures; `days` are the deliveries of twice the span, `drops` the whole ledger."""
    facts = [
        _today(context, records), _span(context, days), _open(context, records, drops), _owed(context, records),
        _quality(context, records), _affected(context, records),
    ]  # fmt: skip
    cells = "".join(
        f'<div><div class="note">{esc(name)}</div><div class="size{" worse" if bad else ""}">{esc(size)}</div>'
        f'<div class="note">{esc(note)}</div></div>'
        for name, size, note, bad in facts
    )
    return f'<div class="facts">{cells}</div>'


def halves(days: list[Record]) -> tuple[list[Record], list[Record]]:
    """Return the deliveries of the span before, and of the span."""
    dates = sorted({day["due_on"] for day in days})[-DAYS:]
    return [day for day in days if day["due_on"] not in dates], [day for day in days if day["due_on"] in dates]


def kept(days: list[Record]) -> tuple[int, int]:
    """Return how many deliveries came in time, and how many were due."""
    due = [day for day in days if day["state"] not in {"not_due", "due", "unexpected"}]
    return sum(day["state"] == "on_time" for day in due), len(due)


def share(context: Context, part: int, whole: int) -> str:
    """Return a percentage without its sign; a dash of nothing."""
    return number(100 * part / whole, 2) if whole else context.words.say("value.none")


def open_rows(drop: Record) -> int:
    """Return how many quarantined rows of a drop no later drop has put right."""
    return int(drop["quarantined"] or 0) - int(drop["cleared"] or 0)


def _codes(context: Context, records: Records, feeds: list[str]) -> str:
    return context.words.listed([records.feed_codes.get(feed, feed) for feed in dict.fromkeys(feeds)], MOST_CODES)


def _today(context: Context, records: Records) -> Fact:
    words, feeds = context.words, records.feeds
    faces = [face_of(records, feed) for feed in feeds]
    on_time = faces.count("on_time")
    note = words.say("feeds.today_note", share=share(context, on_time, len(feeds)))
    return words.say("feeds.today"), f"{on_time}/{len(feeds)}", note, not LATE.isdisjoint(faces)


def _span(context: Context, days: list[Record]) -> Fact:
    words = context.words
    before, now = halves(days)
    came, due = kept(now)
    note = words.say("feeds.span_note", on_time=came, due=due)
    came_before, due_before = kept(before)
    if due and due_before:
        moved = number(100 * came / due - 100 * came_before / due_before, 2, signed=True)
        note = words.say("list.pair", first=note, second=words.say("feeds.span_moved", days=DAYS, moved=moved))
    size = share(context, came, due)
    return words.say("feeds.span", days=DAYS), f"{size}%" if due else size, note, False


def _open(context: Context, records: Records, drops: list[Record]) -> Fact:
    words = context.words
    since = naive(records.reading.as_of) - timedelta(days=DAYS)
    recent = [drop for drop in drops if naive(drop["arrived_at"]) >= since]
    faulty, refused = [drop for drop in recent if open_rows(drop)], [drop for drop in recent if drop["state"] == "refused"]
    note = words.say("feeds.open_none", days=DAYS)
    if faulty or refused:
        codes = _codes(context, records, [str(drop["feed"]) for drop in (*refused, *faulty)])
        note = words.say("feeds.open_note", codes=codes, drops=len(faulty), refused=len(refused))
    rows = sum(map(open_rows, faulty))
    return words.say("feeds.open"), words.say("feeds.rows", count=number(rows)), note, bool(refused)


def _owed(context: Context, records: Records) -> Fact:
    words = context.words
    late = [feed for feed in records.feeds if feed["state"] in LATE]
    if not late:
        return words.say("feeds.owed"), words.say("feeds.drop_count", count=0), words.say("feeds.late_none"), False
    minutes = max(int(feed["late_min"] or 0) for feed in late)
    days, rest = divmod(minutes, 24 * 60)
    over = words.say("feeds.over_days", days=days) if days else f"{rest // 60}:{rest % 60:02d}"
    note = words.say("feeds.owed_note", codes=_codes(context, records, [str(feed["feed"]) for feed in late]), over=over)
    return words.say("feeds.owed"), words.say("feeds.drop_count", count=len(late)), note, True


def _quality(context: Context, records: Records) -> Fact:
    words = context.words
    rated = [feed for feed in records.feeds if feed["stars"] is not None]
    if not rated:
        return words.say("feeds.stars"), words.say("value.none"), words.say("feeds.stars_none"), False
    worst = min(rated, key=lambda feed: (int(feed["stars"]), float(feed["quality"])))
    mean = number(sum(int(feed["stars"]) for feed in rated) / len(rated), 1)
    note = words.say("feeds.stars_note", count=len(rated), code=worst["code"], stars=int(worst["stars"]))
    return words.say("feeds.stars"), words.say("feeds.star_count", count=mean), note, False


def _affected(context: Context, records: Records) -> Fact:
    words = context.words
    count = sum(not is_judged(sign) and sign["state"] in {"late", "no_data"} for sign in records.whole)
    return words.say("feeds.affected"), words.say("feeds.sign_count", count=count), words.say("feeds.affected_note"), count > 0
