"""Draws lives on one axis of time: from their beginning to their end, what is done filled, the end as a diamond or a stroke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from charts.markup import esc, svg
from charts.palette import Palette

WIDE, ROW, NAME, FOOT = 720, 47, 176, 28
FONT = 'font-family="Noto Sans CJK SC, Source Han Sans SC, sans-serif" font-size="16"'
_MOST_YEARS = 7  # labels along the axis


@dataclass(frozen=True, slots=True)
class Life:
    """A row: its name, its span, the share that is done, what is said of its end, whether it is handed over then, and soon."""

    name: str
    began: datetime
    ends: datetime
    done: float
    note: str
    hands_over: bool
    is_near: bool


def lives(rows: Sequence[Life], now: datetime, today: str, colours: Palette) -> str:
    """Return the drawing."""
    first, last = min(row.began for row in rows), max([now, *(row.ends for row in rows)])
    first, last = datetime(first.year, 1, 1), datetime(last.year + 1, 1, 1)

    def x(moment: datetime) -> float:
        return NAME + (moment - first) / (last - first) * (WIDE - NAME - 16)

    high = len(rows) * ROW + FOOT
    step = max(1, -(-(last.year - first.year) // _MOST_YEARS))
    body = ""
    for year in range(first.year, last.year + 1, step):
        at = x(datetime(year, 1, 1))
        body += f'<path d="M{at:.1f} 0V{high - FOOT}" stroke="{colours.grid}"/>'
        if abs(at - x(now)) > 40:
            body += f'<text x="{at:.1f}" y="{high - 8}" text-anchor="middle" fill="{colours.ink_2}">{year}</text>'
    body += f'<path d="M{x(now):.1f} 0V{high - FOOT}" stroke="{colours.ink}" stroke-width="1.6"/>'
    body += f'<text x="{x(now):.1f}" y="{high - 8}" text-anchor="middle" font-weight="700" fill="{colours.ink}">{esc(today)}</text>'
    body += "".join(_row(row, place, x(row.began), x(row.ends), colours) for place, row in enumerate(rows))
    return svg(WIDE, high, f"<g {FONT}>{body}</g>")


def _row(row: Life, place: int, left: float, right: float, colours: Palette) -> str:
    top = place * ROW
    ink = colours.worse if row.is_near and row.hands_over else colours.ink
    done = left + (right - left) * min(max(row.done, 0.0), 1.0)
    end = (
        f'<path d="M{right:.1f} {top + 22}l8 8l-8 8l-8-8z" fill="{colours.paper}" stroke="{ink}" stroke-width="2"/>'
        if row.hands_over
        else f'<path d="M{right:.1f} {top + 22}v16" stroke="{ink}" stroke-width="2.5"/>'
    )
    return (
        f'<path d="M0 {top}H{WIDE}" stroke="{colours.rule}"/>'
        f'<text x="0" y="{top + 35}" font-weight="700" fill="{colours.ink}">{esc(row.name)}</text>'
        f'<rect x="{left:.1f}" y="{top + 26}" width="{right - left:.1f}" height="8" fill="{colours.ribbon}"/>'
        f'<rect x="{left:.1f}" y="{top + 26}" width="{done - left:.1f}" height="8" fill="{colours.ink_2}"/>{end}'
        f'<text x="{min(right + 6, WIDE):.1f}" y="{top + 17}" text-anchor="end" fill="{ink}" stroke="{colours.paper}" '
        f'stroke-width="4" paint-order="stroke">{esc(row.note)}</text>'
    )
