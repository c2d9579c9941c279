"""Draws what is due in the next hours on one axis: lanes with marks and words, no two words over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from charts.marks import mark_body
from charts.markup import esc, svg
from charts.palette import LEVELS, Palette

WIDE, NAME, ROW, HEAD = 1856, 140, 27, 28
FONT = 'font-family="Noto Sans CJK SC, Source Han Sans SC, sans-serif" font-size="16"'


@dataclass(frozen=True, slots=True)
class Due:
    """Something due: when, in words, and its mark: a level, or `feed`, `report`, `shift`."""

    at: datetime
    text: str
    mark: str


def agenda(lanes: Sequence[tuple[str, Sequence[Due]]], start: datetime, hours: int, colours: Palette) -> str:
    """Return the drawing; what does not fit before the end of the axis is set to the left of its mark."""
    end = start + timedelta(hours=hours)

    def x(moment: datetime) -> float:
        return NAME + (moment - start) / (end - start) * (WIDE - NAME - 60)

    body, top = "", HEAD
    marks = ""
    for name, dues in lanes:
        rows = stacked([(x(due.at), due) for due in sorted(dues, key=lambda one: one.at)])
        high = ROW * max(len(rows), 1) + 6
        body += f'<path d="M0 {top}H{WIDE}" stroke="{colours.rule}"/>'
        body += f'<text x="0" y="{top + high / 2 + 6:.0f}" font-weight="700" fill="{colours.ink}">{esc(name)}</text>'
        for place, row in enumerate(rows):
            marks += "".join(_mark(at, due, top + 3 + place * ROW + ROW / 2, colours) for at, due in row)
        top += high
    grid = ""
    for hour in range(hours + 1):
        at = x(start + timedelta(hours=hour))
        ink, stroke, weight = (colours.grid, 1, "400") if hour else (colours.ink, 2, "700")
        grid += f'<path d="M{at:.1f} {HEAD}V{top}" stroke="{ink}" stroke-width="{stroke}"/>'
        grid += f'<text x="{at:.1f}" y="18" text-anchor="middle" font-weight="{weight}" fill="{colours.ink_2}">'
        grid += f"{start + timedelta(hours=hour):%H:%M}</text>"
    return svg(WIDE, top + 1, f'<g {FONT}>{grid}{body}{marks}<path d="M0 {top}H{WIDE}" stroke="{colours.ink_3}"/></g>')


def stacked(dues: list[tuple[float, Due]]) -> list[list[tuple[float, Due]]]:
    """Return rows in which no words meet."""
    rows: list[list[tuple[float, Due]]] = []
    ends: list[float] = []
    for at, due in dues:
        left, right = spread(at, due)
        place = next((row for row, end in enumerate(ends) if end < left), len(rows))
        if place == len(rows):
            rows.append([])
            ends.append(0.0)
        rows[place].append((at, due))
        ends[place] = right + 14
    return rows


def spread(at: float, due: Due) -> tuple[float, float]:
    """Return from where to where a mark and its words reach."""
    wide = 22 + sum(9.2 if letter.isascii() else 16.2 for letter in due.text)
    return (at - 9, at + wide) if at + wide < WIDE else (at - wide, at + 9)


def _mark(at: float, due: Due, middle: float, colours: Palette) -> str:
    left, _ = spread(at, due)
    is_left = left < at - 10
    ink = colours.level_ink(due.mark) if due.mark in LEVELS[1:] else colours.ink
    match due.mark:
        case "feed":
            box = f'x="{at - 6:.1f}" y="{middle - 6:.1f}" width="12" height="12"'
            drawn = f'<rect {box} fill="none" stroke="{colours.ink}" stroke-width="2"/>'
        case "report":
            drawn = f'<circle cx="{at:.1f}" cy="{middle:.1f}" r="6.5" fill="{colours.ink}"/>'
        case "shift":
            drawn = f'<path d="M{at:.1f} {middle - 8:.1f}l8 8l-8 8l-8-8z" fill="none" stroke="{colours.ink}" stroke-width="2"/>'
        case _:
            drawn = f'<g transform="translate({at - 8:.1f} {middle - 8:.1f})">{mark_body(due.mark, colours, 16)}</g>'
    spot = f'x="{at - 14:.1f}" text-anchor="end"' if is_left else f'x="{at + 14:.1f}"'
    weight = ' font-weight="700"' if due.mark in {"red", "orange"} else ""
    return f'{drawn}<text {spot} y="{middle + 6:.1f}"{weight} fill="{ink}">{esc(due.text)}</text>'
