"""Draws where projects stand in progress and funds, and until when enterprises run them."""

from __future__ import annotations

from datetime import datetime

from charts.markup import image
from charts.scatter import Spot, scatter
from charts.spans import Life, lives
from data.wording import number
from pages.parts.portfolio import Portfolio
from pages.parts.tables import section

NEAR = 400  # days: a hand-over so soon has to be prepared


def plane(of: Portfolio) -> str:
    """Return each project by how far it is behind and how much of its funds has come, with the limits of both signs."""
    words = of.context.words
    known = [row for row in of.rows if row["behind"] is not None and row["share"] is not None]
    if not known:
        return section(words.say("works.plane"), "", f'<p class="note">{words.say("works.plane_none")}</p>')
    spots = [Spot(row["behind"], row["share"], str(row["number"]), row["title"], row["level"] or "normal") for row in known]
    behind, funds = dict(of.limits("progress")), dict(of.limits("funds"))
    limits = []
    for level in (one for one in behind if one in funds):
        short, most, least = words.label("level_short", level), number(behind[level]), number(funds[level])
        limits.append((level, behind[level], funds[level], words.say("works.limit", level=short, funds=least, behind=most)))
    drawn = scatter(spots, limits, words.say("works.axis.behind"), words.say("works.axis.funds"), of.context.colours)
    pairs = [words.say("list.pair", first=spot.name, second=f"{number(spot.across, 1)}, {number(spot.up, 1)}%") for spot in spots]
    said = words.say("list.join").join(pairs)
    return section(words.say("works.plane"), words.say("works.plane_note"), image(drawn, said, "width:100%;height:auto"))


def handover(of: Portfolio) -> str:
    """Return the spans of those that enterprises run for a time: since when, until when, and whether they go to the government then."""
    words = of.context.words
    rows = [row for row in of.rows if row["is_concession"] and row["ends"] is not None]
    if not rows:
        return section(words.say("works.handover"), "", f'<p class="note">{words.say("works.handover_none")}</p>')
    now = of.reading.as_of.replace(tzinfo=None)
    bars = [
        Life(f"{row['number']} {row['title']}", row["began"], row["ends"], (row["actual"] or 0) / 100,
             _ends(of, row["ends"], now, hands_over=row["hands_over"]),
             hands_over=row["hands_over"], is_near=0 <= (row["ends"] - now).days <= NEAR)
        for row in rows
    ]  # fmt: skip
    said = words.say("list.join").join(words.say("list.pair", first=one.name, second=one.note) for one in bars)
    return section(
        words.say("works.handover"),
        words.say("works.handover_note"),
        image(lives(bars, now, words.say("works.today"), of.context.colours), said, "width:100%;height:auto"),
    )


def _ends(of: Portfolio, end: datetime, now: datetime, *, hands_over: bool) -> str:
    words, months = of.context.words, (end.year - now.year) * 12 + end.month - now.month
    when = words.say("date.month", year=end.year, month=end.month, month_name=words.label("month", end.month))
    if months < 0:
        return words.say("works.over", when=when)
    left = (
        words.say("works.left", years=months // 12, months=months % 12) if months >= 12 else words.say("works.left_months", months=months)
    )
    return words.say("works.ends" if hands_over else "works.stays", when=when, left=left)
