"""Draws a score of 0 to 100 as a bar; the colour of what is wrong where it is low."""

from __future__ import annotations

from charts.markup import svg
from charts.palette import Palette

FULL = 100.0


def score_bar(score: float, colours: Palette, *, is_low: bool, width: int = 220) -> str:
    """Return the bar as an SVG document, the rest of the scale behind it."""
    long = width * min(max(score, 0.0), FULL) / FULL
    body = f'<rect width="{width}" height="14" fill="{colours.grid}"/>'
    body += f'<rect width="{long:.1f}" height="14" fill="{colours.worse if is_low else colours.ink_2}"/>'
    return svg(width, 14, body)
