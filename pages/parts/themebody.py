"""Puts the page of one theme together from its blocks, between the title bar and the foot."""

from __future__ import annotations

from briefing.headline import headline
from charts.legend import level_legend
from charts.markup import esc
from data.themes import Block
from pages.parts import faces
from pages.parts.areabars import areas
from pages.parts.context import Context, here
from pages.parts.makeup import makeup
from pages.parts.masthead import foot, masthead, show
from pages.parts.periods import period_name
from pages.parts.reading import Reading
from pages.parts.themed import Themed, themed
from pages.parts.themetable import coming, signs
from pages.parts.themetrend import nothing, one_trend, several_trends


def render_theme(page: str) -> None:
    """Draw the page of a theme, from what was drawn before where nothing changed."""
    context = here()
    reading = context.reading
    if reading is None:
        faces.empty(context, page)
        return
    show(reading.drawn(f"theme {page}", lambda: draw(context, reading, page), *context.look, context.filters))


def draw(context: Context, reading: Reading, page: str) -> str:
    """Return the whole page as HTML; a city that defines no such theme, or has no sign of it, says so."""
    of, words = themed(context, reading, page), context.words
    if of is None or not of.known(tuple(code for block in of.theme.blocks for code in block.named)):
        why = "theme.none" if of is None else "theme.bare"
        told = f'<b>{esc(words.say(why))}</b><span class="note">{esc(words.say(f"{why}_note"))}</span>'
        return masthead(context, page) + f'<div class="dashed" style="height:240px;margin-top:12px">{told}</div>' + foot(context, "", "")
    main, side = ("".join(_block(of, block) for block in blocks) for blocks in (of.theme.main, of.theme.side))
    return (
        masthead(context, page, _day(of)) + _top(of)
        + f'<div class="themed"><div class="pile">{main}</div><div class="pile">{side}</div></div>'
        + foot(context, level_legend(words, context.colours), esc(_source(of)))
    )  # fmt: skip


def _block(of: Themed, block: Block) -> str:
    """Return a block; one of signs of which this snapshot or this reader knows nothing says so in its place."""
    if block.named and not of.known(block.named):
        names = of.context.words.listed(
            [of.context.words.name(of.records.catalogue[code]) for code in block.named if code in of.records.catalogue], 3
        )
        return f'<section class="sec">{nothing(of, names)}</section>'
    match block.kind:
        case "trend":
            return one_trend(of, block)
        case "lines":
            return several_trends(of, block)
        case "makeup":
            return makeup(of, block)
        case "signs":
            return signs(of, block)
        case "areas":
            return areas(of, block)
    return coming(of)


def _top(of: Themed) -> str:
    """Return where one is, and the sentence of the domain."""
    words, whole = of.context.words, of.context.words.say("entity.whole")
    feeds = words.say("list.comma").join(of.records.feed_names.get(code, code) for code in of.feeds)
    note = words.say("theme.crumbs", domain=of.domain_name, entity=whole, judged=of.judged, count=len(of.signs), feeds=feeds)
    text = headline(words, of.signs, [], of.records.catalogue, whole=whole)
    return f'<p class="note" style="margin-top:8px">{esc(note)}</p><p class="serif local">{esc(text)}</p>'


def _day(of: Themed) -> str:
    starts = [sign["start"] for sign in of.signs if sign["grain"] == "day"]
    return period_name(of.context.words, "day", max(starts)) if starts else ""


def _source(of: Themed) -> str:
    words = of.context.words
    codes = words.say("list.comma").join(of.records.feed_codes.get(code, code) for code in of.feeds)
    return words.say("area.source", feeds=codes, id=of.reading.snapshot.id)
