"""Draws one feed's deliveries, a cell per day; the shape tells the states apart, colour is no level here.

Frame: `states` in order of days: on_time, late, missing, refused, due, not_due, partial, unexpected; `revised` are the
places of days on which something was corrected, marked by a corner whatever else the day is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from charts.markup import image, svg
from charts.palette import Palette

CELL, STEP = 22, 26
REVISED = "revised"
DRAWN = ("on_time", "late", "missing", "partial", "refused", REVISED, "due", "not_due")


def strip(states: Sequence[str], colours: Palette, revised: Collection[int] = ()) -> str:
    """Return the row of cells as an SVG document."""
    cells = "".join(
        f'<g transform="translate({place * STEP + 2},2)">{cell(state, colours)}{_corner(colours) if place in revised else ""}</g>'
        for place, state in enumerate(states)
    )
    return svg(len(states) * STEP, CELL + 4, cells)


def _corner(colours: Palette) -> str:
    return f'<path d="M11 1H21V11Z" fill="{colours.ink}"/>'


def cell_image(state: str, colours: Palette, word: str) -> str:
    """Return one cell for a legend."""
    return image(svg(CELL, CELL, cell(state, colours)), word, "width:20px;height:20px;vertical-align:-4px")


def cell(state: str, colours: Palette) -> str:
    """Return the elements of one cell, 22 by 22."""
    plum, plain, paper = colours.worse, colours.delivered, colours.paper
    box = 'x="1" y="1" width="20" height="20" rx="2"'
    match state:
        case "on_time" | "unexpected":
            return f'<rect {box} fill="{plain}"/>'
        case "late":
            low = f'<path d="M1 11H21V19a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2Z" fill="{plum}"/>'
            return f'<rect {box} fill="{paper}" stroke="{plum}" stroke-width="1.5"/>{low}'
        case "partial":
            left = f'<path d="M11 1H3a2 2 0 0 0-2 2V19a2 2 0 0 0 2 2H11Z" fill="{plain}"/>'
            return f'{left}<rect {box} fill="none" stroke="{plum}" stroke-width="1.5"/>'
        case "missing":
            slash = f'<path d="M7 15L15 7" stroke="{plum}" stroke-width="1.8"/>'
            return f'<rect {box} fill="{paper}" stroke="{plum}" stroke-width="1.5"/>{slash}'
        case "refused":
            cross = f'<path d="M7.5 7.5L14.5 14.5M14.5 7.5L7.5 14.5" stroke="{paper}" stroke-width="2.2"/>'
            return f'<rect {box} fill="{plum}"/>{cross}'
        case "revised":
            return f'<rect {box} fill="{plain}"/>{_corner(colours)}'
        case "due":
            return f'<rect {box} fill="none" stroke="{colours.ink_3}" stroke-width="1.2" stroke-dasharray="3 2.4"/>'
    return f'<circle cx="11" cy="11" r="1.6" fill="{colours.ink_3}"/>'


def age_bar(share: float, colours: Palette, width: int = 150) -> str:
    """Return how much of the agreed interval has passed: the tick is one whole interval, plum beyond it."""
    tick = width * 0.72
    shown = min(max(share, 0.0) * tick, width)
    colour = colours.worse if share > 1 else colours.ink_2
    body = f'<rect x="0" y="2" width="{tick:.1f}" height="10" fill="{colours.grid}"/>'
    body += f'<rect x="0" y="2" width="{max(shown, 2):.1f}" height="10" fill="{colour}"/>'
    body += f'<path d="M{tick:.1f} 0V14" stroke="{colours.ink}" stroke-width="1.6"/>'
    return svg(width, 14, body)
