"""Draws how a figure came from one value to another: a bar at each end, and a step up or down for each cause.

It must not know what the causes are; texts are plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charts.markup import esc, svg
from charts.palette import Palette

WIDE, ROW, NAME, VALUE = 520, 30, 178, 64
FONT = 'font-family="Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, sans-serif" font-size="16"'


@dataclass(frozen=True, slots=True)
class Cause:
    """A step: its name, its size, and how it is printed."""

    name: str
    size: float
    text: str


def waterfall(start: Cause, causes: Sequence[Cause], end: Cause, colours: Palette) -> str:
    """Return the drawing; the axis is cut to where something happens, and the ends are drawn as lines there, not as bars."""
    places, now = [start.size], start.size
    for cause in causes:
        now += cause.size
        places.append(now)
    low, high = min(*places, end.size), max(*places, end.size)
    pad = max((high - low) * 0.08, 0.05)
    low, high = low - pad, high + pad

    def x(value: float) -> float:
        return NAME + (value - low) / (high - low) * (WIDE - NAME - VALUE)

    rows, now = [_end(start, 0, x(start.size), colours)], start.size
    for place, cause in enumerate(causes, start=1):
        after = now + cause.size
        left, right = sorted((x(now), x(after)))
        fill = colours.better if cause.size >= 0 else colours.worse
        top = place * ROW
        rows.append(
            f'<path d="M{x(now):.1f} {top - 8}V{top + 8}" stroke="{colours.rule}"/>'
            f'<rect x="{left:.1f}" y="{top + 8}" width="{max(right - left, 1):.1f}" height="14" fill="{fill}"/>'
            f"{_words(cause, top, colours, fill)}"
        )
        now = after
    rows.append(_end(end, len(causes) + 1, x(end.size), colours))
    return svg(WIDE, (len(causes) + 2) * ROW, f"<g {FONT}>{''.join(rows)}</g>")


def _end(cause: Cause, place: int, at: float, colours: Palette) -> str:
    top = place * ROW
    line = f'<path d="M{at:.1f} {top + 4}V{top + 26}" stroke="{colours.ink}" stroke-width="3"/>'
    return line + _words(cause, top, colours, colours.ink, weight="700")


def _words(cause: Cause, top: int, colours: Palette, ink: str, weight: str = "400") -> str:
    return (
        f'<text x="0" y="{top + 21}" font-weight="{weight}" fill="{colours.ink}">{esc(cause.name)}</text>'
        f'<text x="{WIDE}" y="{top + 21}" text-anchor="end" font-weight="{weight}" fill="{ink}">{esc(cause.text)}</text>'
    )
