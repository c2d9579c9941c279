"""Frames every page: the title bar with navigation, evidence and marks, the watermark, and the foot."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from charts.markup import esc, link, svg
from charts.palette import LIGHT, css_tokens
from pages.parts.context import Context
from pages.parts.navigation import navigation
from pages.parts.present import is_presented, stamp_line, way_in

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
WATERMARKS = ((3, 19), (40, 14), (74, 22), (19, 48), (55, 46), (84, 56), (3, 80), (40, 76), (74, 80))


def icon() -> str:
    """Return the picture of the browser's tab: a pulse."""
    pulse = f'<path d="M4 17H10L13 8L19 25L22 17H28" fill="none" stroke="{LIGHT.paper}" stroke-width="2.6" stroke-linejoin="round"/>'
    return svg(32, 32, f'<rect width="32" height="32" rx="5" fill="{LIGHT.accent}"/>{pulse}')


def style() -> str:
    """Return the colours and the one style sheet; they travel with the first piece of a page, not as a piece of their own."""
    return f"<style>{css_tokens()}{STYLE}</style>"


def masthead(context: Context, page: str, day: str = "") -> str:
    """Return the title bar; `day` is the day that the figures speak of, in words."""
    words, reading = context.words, context.reading
    moment = words.moment(reading.as_of) if reading else words.say("masthead.no_data")
    snapshot = words.say("masthead.snapshot", id=reading.snapshot.id) if reading else words.say("masthead.no_snapshot")
    when = f"<span>{esc(words.say('masthead.day', day=day))}</span>" if day else ""
    marking = words.name(context.city.get("marking", {}), "")
    demo = f'<span class="mark demo">{esc(words.say("masthead.demo"))}</span>' if context.is_demo else ""
    other = link(context.filters.target(page, lang="en" if words.language == "zh" else "zh"), esc(words.say("masthead.language")))
    way, switch = navigation(context, page), f"<span>{other}</span>"
    if is_presented(context):
        way, switch = f'<div class="presented">{esc(words.label("nav", page))}</div>', ""
    return (
        f'{style()}<header class="bar"><h1>{esc(title(context))}</h1>'
        f"{way}"
        f'<div class="meta"><span>{esc(words.say("masthead.as_of"))} <b>{esc(moment)}</b></span>{when}<span>{esc(snapshot)}</span>'
        f'{switch}<span class="mark">{esc(marking)}</span>{demo}</div></header>{watermark(context)}{_past(context, page)}'
    )


def title(context: Context) -> str:
    """Return the city's title."""
    return words_title if (words_title := context.words.name(context.city.get("title", {}), "")) else context.words.say("product")


def foot(context: Context, left: str, right: str) -> str:
    """Return the foot; `left` and `right` are HTML. It also says who is looking while there is no sign-in; presented, the stamp."""
    words = context.words
    sides = f"<div><span>{left}</span><span>{right}</span></div>"
    if is_presented(context):
        return f'<footer class="foot">{sides}{stamp_line(context)}</footer>'
    name = words.label("identity", context.person.code)
    who = "" if context.person.is_signed_in else words.say("identity.note", name=name)
    demo = words.say("foot.demo") if context.is_demo else ""
    notes = f'<span>{way_in(context)}　{esc(who)}</span><span class="worse">{esc(demo)}</span>'
    return f'<footer class="foot">{sides}<div>{notes}</div></footer>'


def show(html: str) -> None:
    """Put finished HTML on the page."""
    st.html(f'<div class="cs">{html}</div>')


def _past(context: Context, page: str) -> str:
    """Say that an earlier snapshot is looked at, and how to come back to the newest."""
    words, reading = context.words, context.reading
    if reading is None or not reading.is_past:
        return ""
    said = words.say("masthead.past", id=reading.snapshot.id, moment=words.moment(reading.as_of))
    back = link(context.filters.target(page, snapshot=""), esc(words.say("masthead.newest")), "b")
    return f'<div class="past">{esc(said)} {back}</div>'


def watermark(context: Context) -> str:
    """Return what says on the whole page that all of it is invented; nothing where it is not."""
    if not context.is_demo:
        return ""
    text = esc(context.words.say("masthead.demo"))
    spans = "".join(f'<span style="left:{x}%;top:{y}%">{text}</span>' for x, y in WATERMARKS)
    return f'<div class="wm" aria-hidden="true">{spans}</div>'
