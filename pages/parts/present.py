"""Shows a page to a meeting: nothing to press, one screen, and at its foot what a later reader holds it against.

What is hidden stands once, in `style.css`, for this mode and for pictures alike; how small it must be to fit is found out in the
browser (`fit.js`), since only the browser knows how large it came out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from charts.markup import esc, link
from pages.parts.context import Context

ON, KEY = "1", "fit"
LEAST = 0.6  # of the usual size; what would have to be smaller than that runs over the foot of the screen and scrolls
CODE, GROUP = 12, 4  # characters of the code, as on a briefing
FIT = (Path(__file__).parent / "fit.js").read_text(encoding="utf-8")


def is_presented(context: Context) -> bool:
    """Whether a page is shown to a meeting."""
    return bool(context.filters.present)


def way_in(context: Context) -> str:
    """Return the links from a page to itself as it is presented, and to what can be taken from it."""
    target, words = context.filters.target, context.words
    present = link(target(context.page, present=ON, take=""), esc(words.say("present.open")), "way")
    return f"{present}　{link(target(context.page, take='open'), esc(words.say('take.open')), 'way')}"


def stamp_line(context: Context) -> str:
    """Return the line at the foot: as-of, snapshot, marking, invention, code; the way back shows only to a pointer or the keyboard."""
    words = context.words
    facts = stamped(context)
    demo = f'<span class="worse b">{esc(words.say("foot.demo"))}</span>' if context.is_demo else ""
    back = link(context.filters.target(context.page, present=""), esc(words.say("present.close")), "leave")
    return f'<div class="stamp">{"".join(f"<span>{esc(fact)}</span>" for fact in facts)}{demo}{back}</div>'


def stamped(context: Context) -> list[str]:
    """Return as-of, snapshot, code and marking in words, as far as there are any."""
    words, reading = context.words, context.reading
    facts = [words.name(context.city.get("marking", {}), "")]
    if reading:
        moment = words.moment(reading.as_of)
        facts = [
            words.say("present.as_of", moment=moment), words.say("masthead.snapshot", id=reading.snapshot.id),
            words.say("present.code", code=code_of(reading.snapshot.hash)), *facts,
        ]  # fmt: skip
    return [fact for fact in facts if fact]


def code_of(digest: str) -> str:
    """Return the head of a snapshot's hash in groups: what two people can compare by word of mouth."""
    head = digest[:CODE].upper()
    return "-".join(head[place : place + GROUP] for place in range(0, CODE, GROUP))


def fit(context: Context) -> None:
    """Mount what makes a presented page fit the screen; it comes after the page."""
    if not is_presented(context):
        return
    with st.container(key="fitting", height="content"):
        _fitter()(key=KEY, data={"least": LEAST, "page": context.page})


@cache
def _fitter() -> Any:
    return st.components.v2.component("citysigns_fit", js=FIT)
