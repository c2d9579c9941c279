"""Draws one small line per area on one common axis, with the limit nearest to trouble and the whole city's range.

Frame `panels`, one record per area: values (list of float or None), is_grey; the printed words around it are the page's.
"""

from __future__ import annotations

from collections.abc import Sequence

from charts.markup import svg
from charts.palette import Palette
from charts.sparkline import line_body, scaled

WIDTH, HEIGHT = 172, 62


def common_span(rows: Sequence[Sequence[float | None]], lines: Sequence[float] = (), *, from_zero: bool = False) -> tuple[float, float]:
    """Return one axis for all panels: every value, and each line that lies near them."""
    known = [value for row in rows for value in row if value is not None]
    if not known:
        return (0.0, 1.0)
    low, high = min(known), max(known)
    reach = (high - low) or abs(high) or 1.0
    near = [line for line in lines if low - reach * 0.5 <= line <= high + reach * 0.5]
    low, high = min([low, *near]), max([high, *near])
    if from_zero and low > 0:
        low = 0.0
    return (low, high) if high > low else (low - 1, high + 1)


def panel(
    values: Sequence[float | None],
    span: tuple[float, float],
    colours: Palette,
    *,
    line: tuple[float, str] | None = None,
    ribbon: tuple[float, float] | None = None,
    is_grey: bool = False,
) -> str:
    """Return one panel as an SVG document; `line` = (limit, level), `ribbon` = the city's own usual range."""
    low, high = span
    room = (high - low) or 1

    def height_of(value: float) -> float:
        return HEIGHT - 4 - (min(max(value, low), high) - low) / room * (HEIGHT - 8)

    body = ""
    if ribbon:
        top, bottom = height_of(ribbon[1]), height_of(ribbon[0])
        body += f'<rect x="0" y="{top:.1f}" width="{WIDTH}" height="{max(bottom - top, 1):.1f}" fill="{colours.ribbon}"/>'
    if line and low <= line[0] <= high:
        y = height_of(line[0])
        body += f'<path d="M0 {y:.1f}H{WIDTH}" stroke="{colours.level_ink(line[1])}" stroke-width="1.2" stroke-dasharray="2 3"/>'
    values = [None if value is None else min(max(value, low), high) for value in values]
    points = scaled(values, WIDTH, HEIGHT, span)
    body += line_body(points, colours.ink_3 if is_grey else colours.ink_2, 1.8, "4 3" if is_grey else "")
    if points and points[-1]:
        x, y = points[-1]
        body += _dot(x, y, 6.8, colours.ink_3 if is_grey else colours.ink) + (_dot(x, y, 4, colours.paper) if is_grey else "")
    return svg(WIDTH, HEIGHT, body, stretch=True)


def _dot(x: float, y: float, size: float, colour: str) -> str:
    """Return a dot that stays round in a stretched picture."""
    look = f'stroke="{colour}" stroke-width="{size:g}" stroke-linecap="round" vector-effect="non-scaling-stroke"'
    return f'<path d="M{x:.1f} {y:.1f}h.01" {look}/>'
