"""Draws tables of a theme: its signs with all that is known of each, and what is due next."""

from __future__ import annotations

from datetime import timedelta

from briefing.headline import width
from briefing.phrases import absent, level_of, level_word, mark, value_text
from charts.marks import mark_image
from charts.markup import esc, image, link
from charts.sparkline import sparkline
from data.themes import Block
from pages.parts.arrivals import feed_target
from pages.parts.facts import absence, changes, when
from pages.parts.periods import naive
from pages.parts.records import Record
from pages.parts.signface import sample
from pages.parts.tables import section, sign_target, verdict
from pages.parts.themed import Themed
from pages.parts.themetrend import headed, nothing

HEADS = (("sign", ""), ("value", "r"), ("line", ""), ("moved", "r"), ("year", "r"), ("level", "last why"))
ROOM = 5.5  # for a value, in widths of a Chinese character
DAY = timedelta(days=1)  # midnight is told as the end of a day: data up to 1 January speak of December


def signs(of: Themed, block: Block) -> str:
    """Return the signs of the block: value, period, sample, trend, changes, level and why."""
    words, codes = of.context.words, of.known(block.signs)
    title, note = headed(of, block, of.domain_name)
    if not codes:
        return section(title, note, nothing(of, title))
    columns = "".join(f'<col class="{key}">' for key, _ in HEADS)
    heads = "".join(f'<th class="{css}">{esc(words.say(f"theme.head.{key}"))}</th>' for key, css in HEADS)
    body = "".join(_row(of, of.newest[code]) for code in codes)
    return section(title, note, f'<table class="rows facts-of"><colgroup>{columns}</colgroup><tr class="h">{heads}</tr>{body}</table>')


def _row(of: Themed, sign: Record) -> str:
    words, target = of.context.words, sign_target(of.context, sign)
    name = words.name(of.records.catalogue[sign["indicator"]])
    icon = mark_image(mark(sign), of.context.colours, level_word(words, sign), 15)
    drawn = sparkline(of.trends.get(sign["indicator"], []), of.context.colours, 80)
    trend = image(drawn, words.say("theme.line", name=name), "width:80px;height:28px;vertical-align:middle")
    head = f'<tr class="l" data-go="{esc(target)}"><td class="wrap">{link(target, esc(name), "b")}'
    if absent(sign["value"]):
        state, known = absence(of, sign)
        said = words.say("theme.absent", period=when(of, sign), state=state)
        value = f'<td class="r quiet">{esc(value_text(words, sign))}</td><td>{trend}</td>'
        return f'{head}</td>{value}<td class="s wrap last" colspan="3">{icon} {esc(said)}<div class="note">{esc(known)}</div></td></tr>'
    told = value_text(words, sign)
    small = ' class="note"' if width(told) > ROOM else ""
    moved = "".join(f'<td class="s r">{one}</td>' for _, one in changes(of, sign))
    why = f"{icon} {esc(verdict(of.context, of.records, sign))}"
    return (
        f'{head}<div class="note">{esc(when(of, sign))}</div></td>'
        f'<td class="r"><b{small}>{esc(told)}</b><div class="note">{esc(sample(sign))}</div></td>'
        f"<td>{trend}</td>"
        f'{moved}<td class="s last why ink-{level_of(sign)}">{why}</td></tr>'
    )


def coming(of: Themed) -> str:
    """Return for each table that the page rests on up to when its data speak, when they came, and when more is due."""
    words, heads = of.context.words, ("table", "until", "came", "next")
    used = {(code, str(one["table"])) for code in of.feeds for one in of.records.catalogue.values() if one["feed"] == code}
    rows = [row for row in of.records.tables if (row["feed"], row["table"]) in used]
    if not rows:
        return section(words.say("theme.coming"), "", nothing(of, words.say("theme.coming")))
    body = "".join(_due(of, row) for row in rows)
    cells = "".join(f'<th class="{"last" if key == heads[-1] else ""}">{esc(words.say(f"theme.head.{key}"))}</th>' for key in heads)
    return section(
        words.say("theme.coming"), words.say("theme.coming_note"), f'<table class="rows"><tr class="h">{cells}</tr>{body}</table>'
    )


def _due(of: Themed, row: Record) -> str:
    words, target = of.context.words, feed_target(of.context, row["feed"])
    is_late = row["state"] in {"late", "missing", "partial"}

    def moment(value: object) -> str:
        if absent(value):
            return words.say("value.none")
        at = naive(value)
        return f"{words.day(at - DAY)} 24:00" if f"{at:%H:%M}" == "00:00" else f"{words.day(at)} {at:%H:%M}"

    state = words.label("delivery", row["state"]) if row["state"] else ""
    came = f'<span class="worse b">{esc(state)}</span>' if is_late else esc(moment(row["arrived_at"]))
    name = f"{of.records.feed_codes.get(row['feed'], row['feed'])} {words.name(row)}"
    cells = (link(target, esc(name), "b"), esc(moment(row["data_until"])), came, esc(moment(row["next_due_at"])))
    drawn = "".join(f'<td class="s{" last" if place == len(cells) - 1 else ""}">{cell}</td>' for place, cell in enumerate(cells))
    return f'<tr class="l" data-go="{esc(target)}">{drawn}</tr>'
