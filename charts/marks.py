"""Draws the marks of levels and states: each has its own shape, so colour never stands alone.

Levels: ring normal, disc blue, triangle yellow, diamond orange, octagon with ! red.
States: clock late, slashed ring no_data, dotted ring small_sample, dashed ring not_evaluated, barred ring out_of_season,
lock suppressed, crossed box error.
"""

from __future__ import annotations

from charts.markup import image, svg
from charts.palette import LEVELS, Palette

STATES = ("no_data", "late", "small_sample", "suppressed", "out_of_season", "not_evaluated", "error")


def mark_of(level: str | None, state: str) -> str:
    """Return which mark stands for a sign: its level where one was judged, else its state."""
    if level in LEVELS:
        return str(level)
    return state if state in STATES else "not_evaluated"


def mark_body(mark: str, colours: Palette, size: float = 16, *, on_fill: bool = False) -> str:
    """Return the SVG elements of a mark in a box of `size`; `on_fill` draws it in the text colour of its level."""
    scale = size / 16
    return f'<g transform="scale({scale:g})">{_shape(mark, colours, on_fill=on_fill)}</g>'


def mark_image(mark: str, colours: Palette, word: str, size: float = 16, *, on_fill: bool = False) -> str:
    """Return a mark as an `<img>` whose alternative text is the word for it."""
    document = svg(size, size, mark_body(mark, colours, size, on_fill=on_fill))
    return image(document, word, f"width:{size:g}px;height:{size:g}px;vertical-align:-2px;flex:none")


def _shape(mark: str, colours: Palette, *, on_fill: bool) -> str:
    if mark in LEVELS:
        fill = colours.on(mark) if on_fill else colours.fill(mark)
        edge = colours.on(mark) if on_fill else colours.ink
        inner = colours.fill(mark) if on_fill else colours.on(mark)
        return _level(mark, fill, edge, inner, colours, on_fill=on_fill)
    plum, grey = colours.worse, colours.ink_3
    stroke = 'fill="none" stroke-width="1.4" stroke-linecap="round"'
    ring = f'<circle cx="8" cy="8" r="6.3" {stroke} stroke='
    match mark:
        case "late":
            return f'{ring}"{plum}"/><path d="M8 4.2V8.2L10.8 9.8" {stroke} stroke="{plum}"/>'
        case "no_data":
            return f'{ring}"{plum}"/><path d="M4 12L12 4" {stroke} stroke="{plum}"/>'
        case "small_sample":
            dot = f'<circle cx="8" cy="8" r="1.7" fill="{grey}"/>'
            return f'<circle cx="8" cy="8" r="6.3" {stroke} stroke="{grey}" stroke-dasharray="2.6 2.4"/>{dot}'
        case "suppressed":
            body = f'<rect x="2.8" y="7" width="10.4" height="7.4" rx="1" {stroke} stroke="{colours.ink_2}"/>'
            return body + f'<path d="M5 7V4.8a3 3 0 0 1 6 0V7" {stroke} stroke="{colours.ink_2}"/>'
        case "out_of_season":
            return f'{ring}"{grey}"/><path d="M5 8H11" {stroke} stroke="{grey}"/>'
        case "error":
            body = f'<rect x="1.8" y="1.8" width="12.4" height="12.4" rx="1" {stroke} stroke="{plum}"/>'
            return body + f'<path d="M5 5L11 11M11 5L5 11" {stroke} stroke="{plum}"/>'
    return f'<circle cx="8" cy="8" r="6.3" {stroke} stroke="{grey}" stroke-dasharray="2.6 2.4"/>'


def _level(mark: str, fill: str, edge: str, inner: str, colours: Palette, *, on_fill: bool) -> str:
    paint = f'fill="{fill}" stroke="{edge}" stroke-width="1.2" stroke-linejoin="round"'
    match mark:
        case "red":
            body = f'<path d="M4.8 1H11.2L15 4.8V11.2L11.2 15H4.8L1 11.2V4.8Z" {paint}/>'
            return body + f'<path d="M8 3.8V9" stroke="{inner}" stroke-width="2.2"/><circle cx="8" cy="11.8" r="1.3" fill="{inner}"/>'
        case "orange":
            return f'<path d="M8 .8L15.2 8L8 15.2L.8 8Z" {paint}/>'
        case "yellow":
            return f'<path d="M8 1.2L15.2 14.2H.8Z" {paint}/>'
        case "blue":
            return f'<circle cx="8" cy="8" r="6.4" {paint}/>'
    line = colours.normal_on if on_fill else colours.ink_2
    return f'<circle cx="8" cy="8" r="6" fill="none" stroke="{line}" stroke-width="1.4"/>'
