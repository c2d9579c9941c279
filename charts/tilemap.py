"""Draws areas as a grid of tiles: a diagram, not a map of borders.

Frame `tiles`, one record per area: name, row, col, level (or None), mark, word, note, value, target (link).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from charts.marks import mark_image
from charts.markup import esc
from charts.palette import LEVELS, Palette


def tilemap(tiles: Sequence[Mapping[str, Any]], colours: Palette) -> str:
    """Return the grid as HTML; every tile is a link and says its level in a word."""
    if not tiles:
        return ""
    top, left = min(int(tile["row"]) for tile in tiles), min(int(tile["col"]) for tile in tiles)
    return f'<div class="tilemap">{"".join(_tile(tile, colours, top, left) for tile in tiles)}</div>'


def _tile(tile: Mapping[str, Any], colours: Palette, top: int, left: int) -> str:
    level = tile["level"] if tile["level"] in LEVELS else None
    look = f"lv-{level}" if level else "lv-none"
    mark = mark_image(tile["mark"], colours, tile["word"], 15, on_fill=level is not None and level != "normal")
    place = f"grid-row:{int(tile['row']) - top + 1};grid-column:{int(tile['col']) - left + 1}"
    return (
        f'<a class="tile {look}" style="{place}" href="{esc(tile["target"])}" data-go="{esc(tile["target"])}">'
        f'<span class="tile-head">{mark}<b>{esc(tile["name"])}</b><i>{esc(tile["word"])}</i></span>'
        f'<span class="tile-note">{esc(tile["note"])}</span><span class="tile-note">{esc(tile["value"])}</span></a>'
    )
