"""What is wrong in one area, whether it is the whole city's trouble too, who works on it, and which parts of it make it so."""

from __future__ import annotations

import streamlit as st

from briefing.headline import headline
from charts.legend import level_legend
from charts.markup import esc
from data.desk.store import DeskUnavailableError
from pages.parts import faces
from pages.parts.areas import areas
from pages.parts.context import here
from pages.parts.locality import Locality, areas_of, locality
from pages.parts.localside import local_alerts, score
from pages.parts.localtable import local_table
from pages.parts.masthead import foot, masthead, show
from pages.parts.picker import select
from pages.parts.records import Records, listed
from pages.parts.worklist import moved_by, worklist


def render() -> None:
    """Draw the page, from what was drawn before where nothing changed; only the choice of the area is more than text."""
    context = here()
    reading = context.reading
    if reading is None:
        faces.empty(context, "area")
        return
    of = locality(context, reading, Records(reading, context.words))
    if of is None:
        told = f"<b>{esc(context.words.say('area.none'))}</b>"
        show(masthead(context, "area") + f'<div class="dashed" style="height:240px;margin-top:12px">{told}</div>' + foot(context, "", ""))
        return
    key = (*context.look, context.filters, *moved_by(context, reading))
    show(reading.drawn("area top", lambda: top(of), *key))
    choice(of)
    show(reading.drawn("area", lambda: body(of), *key))


def top(of: Locality) -> str:
    """Return the title bar and the sentence of the area."""
    words, inner = of.context.words, len(of.inside) - 1
    kind = next(iter(of.records.kinds[2:3]), "")
    crumbs = [words.say("area.crumbs", kind=words.label("kind", of.entity["entity_kind"]), name=of.name)]
    crumbs += [words.say("area.inside", count=inner, kind=words.label("kind", kind))] if inner and kind else []
    crumbs.append(words.say("area.judged", judged=of.judged, count=len(of.signs)))
    if of.unknown:
        crumbs.append(words.say("sign.unknown", code=of.unknown))
    text = headline(words, of.signs, [], of.records.catalogue, whole=of.name)
    note = words.say("area.join").join(crumbs)
    return masthead(of.context, "area") + f'<p class="note" style="margin-top:8px">{esc(note)}</p><p class="serif local">{esc(text)}</p>'


def choice(of: Locality) -> None:
    """Let a reader choose another area."""
    words, known = of.context.words, {row["entity"]: row for row in areas_of(of.records)}
    with st.container(key="picker", horizontal=True, vertical_alignment="center", gap="small"):
        select("entity", words.say("area.pick"), list(known), str(of.entity["entity"]), lambda code: words.name(known[code]), 260)


def body(of: Locality) -> str:
    """Return the signs, beside them score and alerts, and below them the areas inside by the worst sign."""
    try:
        open_ = local_alerts(of, worklist(of.context, of.reading))
    except DeskUnavailableError as error:
        open_ = faces.away(of.context, error)
    return f'<div class="locally"><div>{local_table(of)}</div><div class="pile">{score(of)}{open_}</div></div>{_closer(of)}{_foot(of)}'


def _closer(of: Locality) -> str:
    if of.closer is None:
        return ""
    sign, rows = of.closer
    indicator = of.records.catalogue[sign["indicator"]]
    head = of.context.words.say("area.closer", sign=of.context.words.name(indicator))
    return f'<p class="lead b" style="margin-top:14px">{esc(head)}</p>' + areas(of.context, of.records, indicator, sign, rows)


def _foot(of: Locality) -> str:
    words = of.context.words
    feeds = sorted(
        {of.records.feed_codes.get(code, code) for sign in of.signs for code in listed(of.records.catalogue[sign["indicator"]]["feed"])}
    )
    said = words.say("area.source", feeds=words.say("list.comma").join(feeds), id=of.reading.snapshot.id)
    return foot(of.context, level_legend(words, of.context.colours), esc(said))


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "area"})
