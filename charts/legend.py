"""Spells out marks: every level and the states that a reader will meet, as shape, colour and word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from charts.calendar_strip import cell_image
from charts.icons import special_mark
from charts.marks import mark_image
from charts.markup import esc, image, svg
from charts.palette import LEVELS, Palette
from data.wording import Wording

STATES = ("late", "no_data", "small_sample", "suppressed", "not_evaluated")


def level_legend(words: Wording, colours: Palette, states: Sequence[str] = STATES) -> str:
    """Return levels, worst first, then states."""
    pairs = [(level, words.label("level", level)) for level in reversed(LEVELS)]
    pairs += [(state, words.label("state", state)) for state in states]
    return "".join(f"<span class='key'>{mark_image(mark, colours, word)}{esc(word)}</span>" for mark, word in pairs)


def delivery_legend(words: Wording, colours: Palette, states: Sequence[str]) -> str:
    """Return the faces of a day's delivery."""
    pairs = [(state, words.label("delivery", state)) for state in states]
    return "".join(f"<span class='key'>{cell_image(state, colours, word)}{esc(word)}</span>" for state, word in pairs)


def trend_legend(words: Wording, colours: Palette, points: Sequence[Mapping[str, Any]], basis: str, *, has_ahead: bool = False) -> str:
    """Return what stands in a trend, only what is there; `basis` says what its limits rest on."""
    is_controlled = any(point["centre"] is not None for point in points)
    pairs: list[tuple[str, str]] = []
    if any(point["low"] is not None for point in points):
        band = image(svg(26, 14, f'<rect width="26" height="14" fill="{colours.ribbon}"/>'), "")
        pairs.append((band, words.say("sign.key.control" if is_controlled else "sign.key.usual")))
    pairs.append((special_mark("", "", colours, 14), words.say("sign.key.common" if is_controlled else "sign.key.value")))
    told: dict[tuple[bool, str], list[str]] = {}
    for one in points:
        if one["special"]:
            names = told.setdefault((str(one["special"]).startswith("outside"), str(one["tone"])), [])
            names += [word] if (word := words.label("special", one["special"])) not in names else []
    for (is_outside, way), names in sorted(told.items()):
        mark = special_mark("outside" if is_outside else "pattern", way, colours, 14)
        pairs.append((mark, words.say("sign.key.special", causes=words.listed(names, 2))))
    if any(point["before"] is not None for point in points):
        dots = f'<path d="M1 7H30" stroke="{colours.accent}" stroke-width="2" stroke-dasharray="1 5" stroke-linecap="round"/>'
        pairs.append((image(svg(30, 14, dots), ""), words.say("sign.key.before")))
    if has_ahead:
        fan = f'<rect width="30" height="14" fill="{colours.accent}" fill-opacity="0.13"/>'
        fan += f'<path d="M0 7H30" stroke="{colours.accent}" stroke-width="1.8" stroke-dasharray="5 4"/>'
        pairs.append((image(svg(30, 14, fan), ""), words.say("forecast.key")))
    if any(point["state"] == "small_sample" for point in points):
        pairs.append((mark_image("small_sample", colours, "", 14), words.label("state", "small_sample")))
    keys = "".join(f"<span class='key'>{picture}{esc(word)}</span>" for picture, word in pairs)
    return f'<div class="keys note">{keys}<span>{esc(basis)}</span></div>'
