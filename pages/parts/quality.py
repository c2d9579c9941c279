"""Draws how good what a feed sends is, on six dimensions, and how departments keep their promises, month by month."""

from __future__ import annotations

from collections.abc import Sequence

from charts.markup import esc, image
from charts.score_bar import score_bar
from data import periods
from data.wording import number
from pages.parts.calendar import LOW
from pages.parts.context import Context
from pages.parts.periods import period_name
from pages.parts.records import Record, Records
from pages.parts.tables import section

OVERALL = "overall"
MONTHS = 3
SHARES = {"on_time_share": ("on_time", "due"), "rows_share": ("accepted", "rows"), "repeated_share": ("repeated", "errors")}


def worst_feed(records: Records) -> str | None:
    """Return the feed with the lowest rating, or None where none is rated."""
    rated = [feed for feed in records.feeds if feed["stars"] is not None]
    return str(min(rated, key=lambda feed: float(feed["quality"]))["feed"]) if rated else None


def dimensions(context: Context, records: Records, feed: str, rows: Sequence[Record]) -> str:
    """Return the six dimensions of a feed as bars; one with nothing to judge says so."""
    words = context.words
    body = "".join(_dimension(context, row) for row in rows if row["dimension"] != OVERALL)
    title = words.say("quality.title", feed=records.feed_names.get(feed, feed))
    return section(title, words.say("quality.note"), f'<table class="rated">{body}</table>')


def _dimension(context: Context, row: Record) -> str:
    words = context.words
    name = words.label("dimension", row["dimension"])
    if row["score"] is None:
        shown, value, low = esc(words.say("quality.none")), words.say("value.none"), False
    else:
        score, low = float(row["score"]), row["stars"] is not None and int(row["stars"]) <= LOW
        shown = image(score_bar(score, context.colours, is_low=low), f"{name} {number(score, 2)}", "width:100%;height:14px")
        value = number(score, 2)
    tone = " worse" if low else ""
    return (
        f'<tr class="l"><td class="s">{esc(name)}</td><td class="s note scale">{shown}</td><td class="r b{tone}">{esc(value)}</td>'
        f'<td class="s note last why">{esc(_basis(context, row))}</td></tr>'
    )


def _basis(context: Context, row: Record) -> str:
    """Return the counts that a score is made of."""
    words = context.words
    said = [
        words.say(f"quality.of.{of}", good=number(int(row[f"{of}_good"])), n=number(int(row[f"{of}_n"])))
        for of in ("rows", "deliveries", "files")
        if row[f"{of}_n"] not in (None, 0)
    ]
    return words.say("headline.join").join(said)


def conduct(context: Context, records: Records, rows: Sequence[Record]) -> str:
    """Return, a row a department, by month how many deliveries came in time, rows were accepted, errors came again."""
    words = context.words
    names = {str(feed["department"]): str(feed["department_name"] or feed["department"]) for feed in records.feeds}
    months = sorted({str(row["month"]) for row in rows})[-MONTHS:]
    of = {(str(row["department"]), str(row["month"])): row for row in rows if not row["feed"]}
    over = "".join(f'<th colspan="{len(SHARES)}" class="r b">{esc(_month(context, month))}</th>' for month in months)
    heads = "".join(f'<th class="r">{esc(words.say(f"feeds.head.{key}"))}</th>' for _ in months for key in SHARES)
    body = ""
    for department, name in names.items():
        found = [of.get((department, month)) for month in months]
        cells = "".join(_share(context, row, *pair) for row in found for pair in SHARES.values())
        body += f'<tr class="l"><td class="b">{esc(name)}</td>{cells}</tr>'
    first = f"<th>{esc(words.say('feeds.head.department'))}</th>"
    table = f'<table class="kept"><tr class="h"><th></th>{over}</tr><tr class="h">{first}{heads}</tr>'
    return section(words.say("quality.conduct"), words.say("quality.conduct_note"), f'<div class="scroll">{table}{body}</table></div>')


def _month(context: Context, code: str) -> str:
    return period_name(context.words, *periods.read(code))


def _share(context: Context, row: Record | None, part: str, whole: str) -> str:
    """Return a cell with a share; what it is a share of stands in its tip."""
    if row is None or not row[whole]:
        return f'<td class="r s quiet">{esc(context.words.say("value.none"))}</td>'
    share = number(100 * int(row[part]) / int(row[whole]), 2)
    said = context.words.say("feeds.part", share=share, part=number(int(row[part])), whole=number(int(row[whole])))
    return f'<td class="r s" title="{esc(said)}">{esc(share)}%</td>'
