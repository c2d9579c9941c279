"""Draws the counts by level and the map of areas, within their borders where the city has them, else as tiles."""

from __future__ import annotations

from collections import Counter

from briefing.phrases import is_judged, level_of, mark, rank, reason
from charts.areamap import areamap
from charts.marks import mark_image
from charts.markup import esc
from charts.palette import LEVELS
from charts.tilemap import tilemap
from data.boundaries import Polygons
from data.wording import number
from pages.parts.context import Context
from pages.parts.records import Record, Records

MOST_REASONS = 6  # with more of them the states are counted instead


def level_counts(context: Context, records: Records) -> str:
    """Return how many of the city's signs have which level, and how many could be judged."""
    words, signs = context.words, records.ranked
    note = words.say("overview.levels_note", entity=words.say("entity.whole"), count=len(signs))
    rows = [
        _count(context, level, words.label("level", level), sum(level_of(sign) == level for sign in signs)) for level in reversed(LEVELS)
    ]
    unjudged = [sign for sign in signs if not is_judged(sign)]
    rows.append(_count(context, "not_evaluated", words.say("overview.not_judged"), len(unjudged)))
    judged = len(signs) - len(unjudged)
    share = number(100 * judged / len(signs), 1) if signs else "0"
    text = words.say("overview.judged", judged=judged, count=len(signs), share=share)
    why = esc(_unjudged(context, records, unjudged))
    return (
        f'<section class="sec"><h2>{esc(words.say("overview.levels"))}<small>{esc(note)}</small></h2>'
        f'<div class="counts">{"".join(rows)}</div>'
        f'<p class="note" style="margin-top:12px;line-height:1.5"><b>{esc(text)}</b>{why}</p></section>'
    )


def _count(context: Context, level: str, word: str, count: int) -> str:
    filled = level in LEVELS
    image = mark_image(level, context.colours, word, 20, on_fill=filled and level != "normal")
    look = f"lv-{level}" if filled else ""
    return f'<div class="count{"" if count else " zero"}"><i class="{look}">{image}</i><span>{esc(word)}</span><b>{count}</b></div>'


def _unjudged(context: Context, records: Records, signs: list[Record]) -> str:
    words = context.words
    if not signs:
        return words.say("overview.all_judged")
    whys = [reason(words, sign, records.catalogue[sign["indicator"]], records.feed_codes) for sign in signs]
    is_long = len(set(whys)) > MOST_REASONS
    by_state = Counter(words.label("state", sign["state"]) if is_long or not why else why for sign, why in zip(signs, whys, strict=True))
    listed = words.say("list.comma").join(words.say("overview.state_count", word=word, count=count) for word, count in by_state.items())
    return words.say("overview.not_judged_list", count=len(signs), list=listed)


def area_map(context: Context, records: Records) -> str:
    """Return the map of areas, each with its worst sign: within their borders, or as a grid that says it is a diagram."""
    words = context.words
    tiles = [_tile(context, records, row) for row in records.tiles]
    heading = words.say("overview.map", count=len(tiles))
    if records.bordered:
        note, drawn = words.say("overview.map_borders"), areamap(_bordered(records, tiles), context.colours, heading)
    else:
        note, drawn = words.say("overview.map_note"), tilemap(tiles, context.colours)
    return f'<section class="sec map"><h2>{esc(heading)}<small>{esc(note)}</small></h2>{drawn}</section>'


def _bordered(records: Records, tiles: list[Record]) -> list[Record]:
    """Return the areas with their outlines, and those of the areas inside them that have one."""
    inner: dict[str, list[Polygons]] = {}
    for row in records.entities:
        if row["entity"] in records.borders:
            inner.setdefault(row["parent"], []).append(records.borders[row["entity"]])
    return [tile | {"polygons": records.borders[tile["entity"]], "inner": inner.get(tile["entity"], [])} for tile in tiles]


def _tile(context: Context, records: Records, row: Record) -> Record:
    words = context.words
    sign = records.worst(row["entity"])
    level = level_of(sign) if sign else None
    if sign and rank(sign) > 0:
        indicator = records.catalogue[sign["indicator"]]
        note, value = words.name(indicator), str(sign["text"])
    else:
        note, value = words.say("overview.map_normal" if sign else "overview.map_none"), ""
    return {
        "entity": row["entity"], "name": records.tile_name(row), "row": row["row"], "col": row["col"], "level": level,
        "mark": mark(sign) if sign else "not_evaluated",
        "word": words.label("level_short", level) if level else words.label("state", "not_evaluated"),
        "note": note, "value": value, "target": context.filters.target("area", entity=row["entity"], feed=""),
    }  # fmt: skip
