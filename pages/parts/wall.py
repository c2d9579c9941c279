"""Draws the overview for a wall: dark, large, without anything to press; two faces take turns, each from the newest snapshot.

What says whether the picture is alive runs in the browser (`guard.js`), since the server is what may have died: it asks the server
every few seconds, draws one tick per answer, and covers everything once no answer, or no new picture, has come for too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from briefing.headline import headline
from charts.markup import esc
from data.boundaries import stamp
from pages.parts.arrivals import strip_of_feeds
from pages.parts.context import Context
from pages.parts.index import index
from pages.parts.masthead import show, style, title, watermark
from pages.parts.reading import Reading
from pages.parts.records import Records
from pages.parts.tables import domain_table, movers
from pages.parts.tiles import area_map, level_counts
from pages.parts.urgent import urgent
from pages.parts.worklist import moved_by

FACES = ("signs", "work")
KEY, TURN = "guard", "wall_turn"
EACH_SECONDS = 20  # a face is shown so long
ROOM = 46  # for the sentence, in widths of a Chinese character
PATIENCE_SECONDS = 90  # after so long without a sign of life the picture counts as frozen
OLD = timedelta(hours=26)  # of the data, where the city's clock runs: a day, and the night's drops late
GUARD = (Path(__file__).parent / "guard.js").read_text(encoding="utf-8")


def wall(context: Context, reading: Reading) -> None:
    """Show the face whose turn it is, and the guard."""
    dark = replace(context, theme="dark")
    face = FACES[int(st.session_state.get(TURN, 0)) % len(FACES)]
    show(reading.drawn("wall", lambda: draw(dark, reading, face), *dark.look, face, stamp(dark.settings), *moved_by(dark, reading)))
    _guard()(key=KEY, data=_facts(dark, reading), on_turn_change=_turn)


@cache
def _guard() -> Any:
    return st.components.v2.component("citysigns_guard", js=GUARD)


def _turn() -> None:
    """Go on to the next face; the run that follows reads the newest snapshot."""
    st.session_state[TURN] = int(st.session_state.get(TURN, 0)) + 1


def _facts(context: Context, reading: Reading) -> dict[str, Any]:
    """Return what the guard needs: how long to wait, and every word that it may have to say without the server."""
    words, runs = context.words, not context.city.get("is_clock_fixed")
    came = [feed["arrived_at"] for feed in Records(reading, words).feeds if feed["arrived_at"]]
    return {
        "beat": context.now.isoformat(), "each": EACH_SECONDS, "patience": PATIENCE_SECONDS,
        "is_old": runs and has_stopped(context.now, reading.as_of, came),
        "paper": context.colours.paper, "ink": context.colours.ink,
        "frozen": words.say("wall.frozen"), "old": words.say("wall.old"), "last": words.say("wall.last"),
        "stands": words.say("wall.stands", moment=words.moment(reading.as_of)), "call": words.say("wall.call"),
    }  # fmt: skip


def has_stopped(now: datetime, as_of: datetime, came: Sequence[datetime]) -> bool:
    """Whether nothing was worked out, or nothing came from anybody, for too long; `came` in the local time of `as_of`."""
    newest = max((moment.replace(tzinfo=as_of.tzinfo) for moment in came), default=as_of)
    return now - min(as_of, newest) > OLD


def draw(context: Context, reading: Reading, face: str) -> str:
    """Return one face as HTML."""
    records, words = Records(reading, context.words), context.words
    text = headline(words, records.ranked, records.parts, records.catalogue, ROOM)
    return (
        f'<div class="wall">{_bar(context, reading)}<div class="today"><p>{esc(text)}</p></div>{_face(context, reading, records, face)}'
        f'<div class="low">{strip_of_feeds(context, records)}<div class="heart"><span class="note">{esc(words.say("wall.heart"))}</span>'
        ' <span class="ticks"></span> <b class="now"></b></div></div></div>'
    )


def _face(context: Context, reading: Reading, records: Records, face: str) -> str:
    if face == "work":
        moved = movers(context, records, "worse") + movers(context, records, "better")
        return f'<div class="turn work">{urgent(context, reading, records)}<div class="pile">{moved}</div></div>'
    total = index(context, reading, records)
    drawn = level_counts(context, records) + domain_table(context, records, total) + area_map(context, records)
    return f'<div class="turn">{drawn}</div>'


def _bar(context: Context, reading: Reading) -> str:
    words = context.words
    marking = f'<span class="mark">{esc(words.name(context.city.get("marking", {}), ""))}</span>'
    demo = f'<span class="mark demo">{esc(words.say("masthead.demo"))}</span>' if context.is_demo else ""
    return (
        f'{style()}<header class="bar"><h1>{esc(title(context))}</h1><nav></nav><div class="meta"><span>{esc(words.say("masthead.as_of"))} '
        f"<b>{esc(words.moment(reading.as_of))}</b></span><span>{esc(words.say('masthead.snapshot', id=reading.snapshot.id))}</span>"
        f"{marking}{demo}</div></header>{watermark(context)}"
    )
