"""Draws the calendar of deliveries: a row a feed, or a row a department, a cell a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from briefing.phrases import is_judged
from charts.calendar_strip import DRAWN, strip
from charts.legend import delivery_legend
from charts.markup import esc, image, link
from data.wording import number
from pages.parts.arrivals import LATE, arrived_name, face, face_of, feed_target, freshness
from pages.parts.context import Context
from pages.parts.counts import halves, kept, share
from pages.parts.periods import naive
from pages.parts.records import Record, Records, listed

WORST_FIRST = ("missing", "refused", "late", "partial", "due", "unexpected", "on_time", "not_due")
STARS = 5
LOW = 2  # stars: a feed with no more is told in the colour of what is wrong


@dataclass(frozen=True)
class Days:
    """The states of each feed by day, and the days on which it was corrected."""

    dates: list[date]
    states: dict[str, dict[date, str]]
    revised: dict[str, set[date]] = field(default_factory=dict)

    def of(self, feed: str) -> list[str]:
        """Return the states of a feed in order of days."""
        return [self.states.get(feed, {}).get(day, "not_due") for day in self.dates]

    def places(self, feed: str) -> set[int]:
        """Return the places of the days on which a feed was corrected."""
        days = self.revised.get(feed, set())
        return {place for place, day in enumerate(self.dates) if day in days}


def days_of(deliveries: list[Record], drops: list[Record]) -> Days:
    """Return the last days of the calendar with the corrections of the ledger."""
    _, now = halves(deliveries)
    states: dict[str, dict[date, str]] = {}
    for day in now:
        states.setdefault(str(day["feed"]), {})[day["due_on"]] = face(day)
    revised: dict[str, set[Any]] = {}
    dates = sorted({day["due_on"] for day in now})
    like = {naive(one).date(): one for one in dates}
    for drop in drops:
        came_on = like.get(naive(drop["arrived_at"]).date())
        if drop["is_correction"] and came_on is not None:
            revised.setdefault(str(drop["feed"]), set()).add(came_on)
    return Days(dates, states, revised)


def calendar(context: Context, records: Records, days: Days) -> str:
    """Return feed by day, with freshness, quality and what depends on each feed."""
    heads = ("feed", "department", "every", "days", "latest", "fresh", "quality", "share", "grade", "signs")
    looks = {"days": "cal", "department": "wide", "every": "wide r", "signs": "r last", "share": "wide", "grade": "wide"}
    rows = "".join(_feed_row(context, records, feed, days) for feed in records.feeds)
    title = context.words.say("feeds.calendar", count=len(records.feeds))
    return _section(context, days, title, _table(context, days, heads, looks, rows), "")


def departments(context: Context, records: Records, days: Days, deliveries: list[Record], drops: list[Record]) -> str:
    """Return department by day: each day shows the worst of its feeds."""
    of: dict[str, list[Record]] = {}
    for feed in records.feeds:
        of.setdefault(str(feed["department"]), []).append(feed)
    heads = ("department", "feeds", "days", "span_share", "accepted_share")
    rows = "".join(_department_row(context, several, days, deliveries, drops) for several in of.values())
    title = context.words.say("feeds.by_department", count=len(of))
    return _section(context, days, title, _table(context, days, heads, {"days": "cal", "accepted_share": "last"}, rows), "departments")


def stars(context: Context, feed: Record) -> str:
    """Return the rating of a feed as stars, with its score in words for who points at it; a dash without one."""
    words = context.words
    if feed["stars"] is None:
        return esc(words.say("value.none"))
    full = int(feed["stars"])
    said = words.say("feeds.quality", share=number(float(feed["quality"]), 2))
    tone = ' class="worse"' if full <= LOW else ""
    return f'<span{tone} title="{esc(said)}">{"★" * full}{"☆" * (STARS - full)}</span>'


def _section(context: Context, days: Days, title: str, table: str, part: str) -> str:
    words = context.words
    switch = "".join(
        link(
            context.filters.target("feeds", part=one, drop="", feed=context.filters.feed if one == part else ""),
            esc(words.say(f"feeds.view.{one or 'feeds'}")),
            "here" if one == part else "",
        )
        for one in ("", "departments")
    )
    legend = delivery_legend(words, context.colours, DRAWN)
    note = words.say("feeds.calendar_note", first=words.day(days.dates[0]), last=words.day(days.dates[-1])) if days.dates else ""
    return (
        f'<section class="sec"><div class="split"><h2>{esc(title)}<small>{esc(note)}</small></h2>'
        f'<div class="note faces">{legend}<span class="seg">{switch}</span></div></div><div class="scroll">{table}</div></section>'
    )


def _table(context: Context, days: Days, heads: Sequence[str], looks: Mapping[str, str], rows: str) -> str:
    cells = "".join(
        f'<th class="{looks.get(key, "")}">{_axis(context, days) if key == "days" else esc(context.words.say(f"feeds.head.{key}"))}</th>'
        for key in heads
    )
    return (
        f'<table class="calendar" style="--days:{max(len(days.dates), 1)}"><thead><tr class="h">{cells}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _axis(context: Context, days: Days) -> str:
    dates = days.dates
    marks = [place for place in range(len(dates)) if (len(dates) - 1 - place) % 7 == 0]
    spans = "".join(
        f'<span class="b" style="right:0">{esc(context.words.day(dates[place]))}</span>'
        if place == len(dates) - 1
        else f'<span class="{"wide" if place % 2 else ""}" style="left:{100 * (place + 0.5) / len(dates):.2f}%">'
        f"{esc(context.words.day(dates[place]))}</span>"
        for place in marks
    )
    return f'<div class="days">{spans}</div>'


def _picture(context: Context, states: list[str], places: set[int]) -> str:
    words = context.words
    said = words.say("list.comma").join(f"{words.label('delivery', state)}{states.count(state)}" for state in dict.fromkeys(states))
    return image(strip(states, context.colours, places), said)


def _feed_row(context: Context, records: Records, feed: Record, days: Days) -> str:
    words = context.words
    shown = face_of(records, feed)
    tone = " worse b" if shown in LATE else ""
    target = feed_target(context, feed["feed"])
    here = " here" if context.filters.feed == feed["feed"] else ""
    latest = words.label("delivery", shown) if shown in LATE else arrived_name(context, feed)
    grade = words.say("grade", **{"class": feed["class"], "grade": feed["grade"]})
    return (
        f'<tr class="l{here}" data-go="{esc(target)}"><td class="name{tone}"><span class="note">{esc(feed["code"])}</span> '
        f"{link(target, f'<b>{esc(words.name(feed))}</b>')}</td>"
        f'<td class="s note wide cut dept">{esc(feed["department_name"] or feed["department"])}</td>'
        f'<td class="s note wide r">{esc(words.label("every", feed["every"]))}</td>'
        f'<td class="cal">{_picture(context, days.of(feed["feed"]), days.places(feed["feed"]))}</td>'
        f'<td class="nw{tone}">{esc(latest)}</td><td class="s{tone}">{freshness(context, feed)}</td>'
        f'<td class="s star">{stars(context, feed)}</td><td class="s wide">{esc(words.label("share", feed["share"]))}</td>'
        f'<td class="s wide">{esc(grade)}</td><td class="s last r{tone}">{esc(_dependent(context, records, feed))}</td></tr>'
    )


def _dependent(context: Context, records: Records, feed: Record) -> str:
    """Return how many signs rest on a feed, and how many of them cannot be judged while it is late."""
    words, count = context.words, int(feed["indicators"] or 0)
    said = words.say("feeds.signs", count=count)
    if feed["state"] not in LATE or not count:
        return said
    mine = [sign for sign in records.whole if feed["feed"] in listed(records.catalogue[sign["indicator"]]["feed"])]
    lost = sum(not is_judged(sign) and sign["state"] in {"late", "no_data"} for sign in mine)
    if not lost:
        return said
    rest = words.say("feeds.none_judged") if lost == count else words.say("feeds.some_lost", count=lost)
    return words.say("list.pair", first=said, second=rest)


def _department_row(context: Context, feeds: list[Record], days: Days, deliveries: list[Record], drops: list[Record]) -> str:
    words, codes = context.words, {str(feed["feed"]) for feed in feeds}
    worst = [min(states, key=WORST_FIRST.index) for states in zip(*(days.of(feed) for feed in sorted(codes)), strict=True)]
    places = set().union(*(days.places(feed) for feed in codes))
    came, due = kept([day for day in halves(deliveries)[1] if day["feed"] in codes])
    since = naive(days.dates[0]) if days.dates else None
    mine = [drop for drop in drops if drop["feed"] in codes and since and naive(drop["arrived_at"]) >= since]
    good, bad = (sum(int(drop[key] or 0) for drop in mine) for key in ("accepted", "quarantined"))
    tone = " worse b" if any(feed["state"] in LATE for feed in feeds) else " b"
    names = words.say("list.comma").join(f"{feed['code']} {words.name(feed)}" for feed in feeds)
    return (
        f'<tr class="l"><td class="name{tone}">{esc(feeds[0]["department_name"] or feeds[0]["department"])}</td>'
        f'<td class="s note cut" style="width:34%" title="{esc(names)}">{esc(names)}</td>'
        f'<td class="cal">{_picture(context, worst, places)}</td>'
        f'<td class="s">{esc(_part(context, came, due))}</td><td class="s last">{esc(_part(context, good, good + bad))}</td></tr>'
    )


def _part(context: Context, part: int, whole: int) -> str:
    """Return a share beside what it is a share of."""
    if not whole:
        return context.words.say("value.none")
    return context.words.say("feeds.part", share=share(context, part, whole), part=number(part), whole=number(whole))
