"""Draws signs of a theme over time: one at large, or several small ones side by side, each with its newest figure in words."""

from __future__ import annotations

from charts.markup import esc, link
from data.themes import Block
from pages.parts.chart import brief, key_to
from pages.parts.facts import fact
from pages.parts.records import Record
from pages.parts.tables import section, sign_target
from pages.parts.themed import Themed, has_values

LARGE, SMALL = 176, 116  # pixels high
FEW, MANY = 2, 10  # names of periods below a small one; with fewer periods they would meet


def one_trend(of: Themed, block: Block) -> str:
    """Return the sign of the block over time, with the key to what is drawn and what happened."""
    words, code = of.context.words, str(block.sign)
    name = words.name(of.records.catalogue[code])
    rows = of.past(code)
    if not has_values(rows):
        return section(name, "", nothing(of, name))
    drawn = brief(of.context, of.reading, of.chosen(code), rows, LARGE)
    note = words.say("theme.trend", span=words.say(f"per_grain.{rows[-1]['grain']}", count=len(rows)))
    return _section(of, of.newest[code], name, note, drawn + fact(of, of.newest[code]))


def several_trends(of: Themed, block: Block) -> str:
    """Return the signs of the block, two beside each other; each has an axis of its own, and says it."""
    words, body, seen = of.context.words, "", list[Record]()
    for code in of.known(block.signs):
        sign, rows = of.newest[code], of.past(code)
        name, unit = words.name(of.records.catalogue[code]), of.records.catalogue[code]["unit"]
        seen += rows
        drawn = (
            brief(of.context, of.reading, of.chosen(code), rows, SMALL, FEW if len(rows) >= MANY else 1)
            if has_values(rows)
            else nothing(of, name)
        )
        span = words.say(f"per_grain.{sign['grain']}", count=max(len(rows), 1))
        axis = words.say("sign.axis" if unit else "sign.axis_bare", name=name, unit=unit)
        title = f'<p class="split"><b>{link(sign_target(of.context, sign), esc(axis))}</b><span class="note">{esc(span)}</span></p>'
        body += f"<div>{title}{drawn}{fact(of, sign)}</div>"
    body = (
        f'{key_to(of.context, seen)}<div class="lines">{body}</div>'
        if body
        else nothing(of, words.name(block.name.model_dump(), "") if block.name else "")
    )
    return section(*headed(of, block, ""), body)


def nothing(of: Themed, name: str) -> str:
    """Return what stands where no figure of a sign may or can be shown."""
    return f'<div class="dashed" style="height:110px"><span>{esc(of.context.words.say("theme.nothing", name=name))}</span></div>'


def headed(of: Themed, block: Block, name: str) -> tuple[str, str]:
    """Return heading and note of a block: its own, or else `name`."""
    words = of.context.words
    return tuple(words.name(one.model_dump(), "") if one else rest for one, rest in ((block.name, name), (block.note, "")))  # type: ignore[return-value]


def _section(of: Themed, sign: Record, name: str, note: str, body: str) -> str:
    heading = link(sign_target(of.context, sign), esc(name))
    return f'<section class="sec"><h2>{heading}<small>{esc(note)}</small></h2>{body}</section>'
