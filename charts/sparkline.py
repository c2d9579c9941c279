"""Draws a line without axes: a few dozen values, gaps where there is none, and a dot on the last one.

Frame: `value` (float or null), in order of time. It must not know what is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from charts.markup import svg
from charts.palette import Palette


def runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Return the unbroken stretches of a row of points; None breaks it."""
    found: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if run]


def scaled(
    values: Sequence[float | None], width: float, height: float, span: tuple[float, float], pad: float = 4
) -> list[tuple[float, float] | None]:
    """Return pixel points, or None where there is no value; `span` = the values at the bottom and the top."""
    low, high = span
    room = (high - low) or 1
    step = (width - 2 * pad) / max(len(values) - 1, 1)
    return [
        None if value is None else (pad + place * step, height - pad - (value - low) / room * (height - 2 * pad))
        for place, value in enumerate(values)
    ]


def line_body(points: Sequence[tuple[float, float] | None], colour: str, width: float = 1.6, dash: str = "") -> str:
    """Return the stretches as polylines; a lonely point becomes a dot."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    parts = []
    for run in runs(points):
        if len(run) == 1:
            parts.append(f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="1.2" fill="{colour}"/>')
        else:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>')
    return "".join(parts)


def sparkline(values: Sequence[float | None], colours: Palette, width: int = 112, height: int = 28) -> str:
    """Return an SVG document of the values on their own scale."""
    known = [value for value in values if value is not None]
    if not known:
        dashed = f'<path d="M4 {height / 2}H{width - 4}" stroke="{colours.ink_3}" stroke-dasharray="2 4" fill="none"/>'
        return svg(width, height, dashed)
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1, high + 1
    points = scaled(values, width, height, (low, high))
    body = line_body(points, colours.ink_2)
    if points[-1]:
        body += f'<circle cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="3" fill="{colours.ink}"/>'
    return svg(width, height, body)
