"""Spells out marks: every level and the states that a reader will meet, as shape, colour and word."""

from __future__ import annotations

from collections.abc import Sequence

from charts.calendar_strip import cell_image
from charts.marks import mark_image
from charts.markup import esc
from charts.palette import LEVELS, Palette
from data.wording import Wording


def level_legend(words: Wording, colours: Palette, states: Sequence[str] = ("late", "small_sample", "not_evaluated")) -> str:
    """Return levels, worst first, then states."""
    pairs = [(level, words.label("level", level)) for level in reversed(LEVELS)]
    pairs += [(state, words.label("state", state)) for state in states]
    return "".join(f"<span class='key'>{mark_image(mark, colours, word)}{esc(word)}</span>" for mark, word in pairs)


def delivery_legend(words: Wording, colours: Palette, states: Sequence[str]) -> str:
    """Return the faces of a day's delivery."""
    pairs = [(state, words.label("delivery", state)) for state in states]
    return "".join(f"<span class='key'>{cell_image(state, colours, word)}{esc(word)}</span>" for state, word in pairs)
