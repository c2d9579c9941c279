"""Draws where a sign comes from and what rests on it: layers of boxes from left to right, joined where one feeds the other.

It must not know what the boxes are; texts are plain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from charts.markup import esc, svg
from charts.palette import Palette

WIDTH, BOX, GAP, LINE, PAD, TOP = 780, 132, 10, 20, 8, 30  # pixels; a line of text, the air in a box, the heading
SIZE = 15  # of the letters
BREAKS = " _-/"  # after them, and before a _, a line of Latin letters may end


@dataclass(frozen=True, slots=True)
class Box:
    """One thing: its id, its text, and whether it is the one that is looked at."""

    name: str
    text: str
    is_here: bool = False


def lineage(layers: Sequence[tuple[str, Sequence[Box]]], joins: Sequence[tuple[str, str]], colours: Palette) -> str:
    """Return the drawing as an SVG document; a layer is its heading and its boxes, a join two ids of neighbouring layers."""
    step = (WIDTH - BOX) / max(1, len(layers) - 1)
    wrapped = {box.name: _lines(box.text) for _, boxes in layers for box in boxes}
    heights = {name: len(lines) * LINE + PAD for name, lines in wrapped.items()}
    tall = max(sum(heights[box.name] + GAP for box in boxes) for _, boxes in layers) + TOP
    spots: dict[str, tuple[float, float]] = {}
    for place, (_, boxes) in enumerate(layers):
        top = TOP + (tall - TOP - sum(heights[box.name] + GAP for box in boxes)) / 2
        for box in boxes:
            spots[box.name] = (place * step, top)
            top += heights[box.name] + GAP
    lines = "".join(_join(spots, heights, one, other, colours) for one, other in joins if one in spots and other in spots)
    body = "".join(_box(box, wrapped[box.name], spots[box.name], heights[box.name], colours) for _, boxes in layers for box in boxes)
    heads = "".join(
        f'<text x="{place * step:.1f}" y="16" font-size="{SIZE}" fill="{colours.ink_2}">{esc(head)}</text>'
        for place, (head, _) in enumerate(layers)
    )
    return svg(WIDTH, tall, f'<g font-family="Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, sans-serif">{lines}{heads}{body}</g>')


def joined(layers: Sequence[Sequence[str]], feeds: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the joins of neighbouring layers: from each name to those of the next layer that `feeds` gives for it."""
    return [(one, other) for here, following in pairwise(layers) for one in here for other in feeds.get(one, ()) if other in following]


def _box(box: Box, lines: Sequence[str], spot: tuple[float, float], height: float, colours: Palette) -> str:
    x, y = spot
    fill, ink, edge = (colours.ink, colours.paper, colours.ink) if box.is_here else (colours.paper, colours.ink, colours.ink_3)
    text = "".join(f'<tspan x="{x + 8:.1f}" dy="{LINE if place else 0}">{esc(line)}</tspan>' for place, line in enumerate(lines))
    return (
        f'<rect x="{x + 0.75:.2f}" y="{y:.1f}" width="{BOX - 1.5}" height="{height}" rx="3" fill="{fill}" stroke="{edge}"/>'
        f'<text x="{x + 8:.1f}" y="{y + LINE - 1:.1f}" font-size="{SIZE}" fill="{ink}">{text}</text>'
    )


def _join(spots: Mapping[str, tuple[float, float]], heights: Mapping[str, float], one: str, other: str, colours: Palette) -> str:
    (left, top), (right, low) = spots[one], spots[other]
    x, y, end, down = left + BOX, top + heights[one] / 2, right, low + heights[other] / 2
    middle = (x + end) / 2
    curve = f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {down:.1f} {end:.1f} {down:.1f}"
    return f'<path d="{curve}" fill="none" stroke="{colours.ink_3}"/>'


def _lines(text: str) -> list[str]:
    """Break a text where a box ends: between words where it has some, else between characters."""
    lines, line = [], ""
    for part in _parts(text):
        if line and _wide(line + part.rstrip()) > BOX - 16:
            lines.append(line.rstrip())
            line = ""
        line += part
    return [*lines, line.rstrip()]


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for letter in text:
        is_inside = parts and letter.isascii() and letter != "_" and parts[-1][-1].isascii() and parts[-1][-1] not in BREAKS
        if is_inside:
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


def _wide(text: str) -> float:
    return sum(SIZE * (0.58 if letter.isascii() else 1.0) for letter in text)
