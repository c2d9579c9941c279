"""Draws the value of one area as a bar from zero, with the limits that concern it as dotted lines on the same axis.

It must not know what is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

from charts.markup import svg
from charts.palette import Palette

HIGH, ROOM = 26, 1.04  # the axis ends a little beyond the largest value


def area_bar(
    value: float,
    span: tuple[float, float],
    lines: Sequence[tuple[float, str]],
    colours: Palette,
    *,
    is_beyond: bool = False,
    is_quiet: bool = False,
    width: int = 220,
) -> str:
    """Return a bar on the axis `span`; `lines` = (limit, level), darker where it is beyond one, pale where it is not judged."""
    low, high = span

    def at(one: float) -> float:
        return (one - low) / ((high - low) or 1) * width

    start, end = sorted((at(0.0), at(min(max(value, low), high))))
    fill = colours.ink_3 if is_quiet else colours.ink if is_beyond else colours.ink_2
    look = ' fill-opacity="0.4"' if is_quiet else ""
    body = f'<rect x="{start:.1f}" y="7" width="{max(end - start, 0.8):.1f}" height="12" fill="{fill}"{look}/>'
    body += f'<path d="M{max(at(0.0), 0.5):.1f} 0V{HIGH}" stroke="{colours.ink_3}"/>'
    for line, level in lines:
        if low <= line <= high:
            ink = colours.level_ink(level)
            body += f'<path d="M{at(line):.1f} 0V{HIGH}" stroke="{ink}" stroke-width="2" stroke-dasharray="2 3"/>'
    return svg(width, HIGH, body)


def bar_span(values: Sequence[float], lines: Sequence[float] = ()) -> tuple[float, float]:
    """Return the axis of bars: from zero, or from the lowest value below it, to a little beyond the largest; limits only up to there."""
    low, high = min([0.0, *values]), max([0.0, *values])
    near = [line for line in lines if line <= high * 1.25]
    high = max([high, *near])
    return (low * ROOM, high * ROOM) if high > low else (0.0, 1.0)
