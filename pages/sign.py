"""One sign: is it truly worse, or is it noise; can it keep its standard; where; what is counted, and from what."""

from __future__ import annotations

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from pages.parts import faces
from pages.parts.areas import areas
from pages.parts.card import definition, source
from pages.parts.chart import close, curve
from pages.parts.context import Context, here
from pages.parts.contributors import contributors
from pages.parts.export import csv_bytes, sign_rows, table
from pages.parts.filters import VIEWS, choose
from pages.parts.happened import definition_body
from pages.parts.history import history, parts_of
from pages.parts.masthead import foot, masthead, show
from pages.parts.origin import corrections, origin
from pages.parts.periods import period_name
from pages.parts.picker import Choice, choice, pick, tools
from pages.parts.reading import Reading
from pages.parts.records import Record, Records
from pages.parts.signface import face
from pages.parts.subjects import to_special


def render() -> None:
    """Draw the page of the chosen sign; only a closer look and the pickers are more than text."""
    context = here()
    reading = context.reading
    records = Records(reading, context.words) if reading else None
    if reading is None or records is None or not records.catalogue:
        faces.empty(context, "sign")
        return
    chosen, view = choice(context, records), choose(context.filters.view, VIEWS, VIEWS[0])[0]
    sign = (chosen.indicator["indicator"], chosen.entity["entity_kind"], chosen.entity["entity"], chosen.grain, view)
    rows = reading.kept("history", lambda: history(reading, chosen, is_long=view == "zoom"), *sign)
    key = (*context.look, *sign)
    show(reading.drawn("sign top", lambda: top(context, reading, records, chosen, rows), *key))
    bar(context, records, chosen, rows)
    if view == "zoom" and has_values(rows):
        left, right = st.columns([1290, 530], gap="medium")
        with left:
            closer(context, chosen, rows, view)
            show(reading.drawn("sign parts", lambda: parts(context, reading, records, chosen, rows), *key))
        with right:
            show(reading.drawn("sign side", lambda: side(context, reading, records, chosen, rows), *key))
        show(_foot(context, records, chosen, rows))
    else:
        show(reading.drawn("sign", lambda: body(context, reading, records, chosen, rows, view), *key))


def top(context: Context, reading: Reading, records: Records, chosen: Choice, rows: list[Record]) -> str:
    """Return the title bar and the face of the newest period."""
    day = period_name(context.words, "day", rows[-1]["start"]) if rows and chosen.grain == "day" else ""
    season = (definition_body(reading, str(chosen.indicator["indicator"])).get("active") or {}).get("name", {})
    head = masthead(context, "sign", day)
    return head + (face(context, records, chosen.indicator, rows, context.words.name(season, "")) if rows else "")


def bar(context: Context, records: Records, chosen: Choice, rows: list[Record]) -> None:
    """Show the pickers and the download."""
    words = context.words
    if chosen.unknown:
        show(f'<p class="note worse">{esc(words.say("sign.unknown", code=chosen.unknown))}</p>')
    with st.container(key="picker", horizontal=True, vertical_alignment="center", gap="small"):
        pick(context, records, chosen)
        name = f"{chosen.indicator['indicator']}_{chosen.entity['entity']}_{chosen.grain}.csv"
        if rows:
            st.download_button(
                words.say("sign.export"), lambda: csv_bytes(sign_rows(words, records, rows, chosen.indicator)), file_name=name,
                mime="text/csv", on_click="ignore",
            )  # fmt: skip


def body(context: Context, reading: Reading, records: Records, chosen: Choice, rows: list[Record], view: str) -> str:
    """Return everything below the pickers: trend or table, areas, definition, foot."""
    words, indicator, note = context.words, chosen.indicator, ""
    if not has_values(rows):
        hidden = sum(row["state"] == "suppressed" for row in rows)
        why = words.say("sign.points_hidden", count=hidden) if hidden else words.say("sign.no_points_note")
        told = f'<b>{esc(words.say("sign.no_points"))}</b><span class="note">{esc(why)}</span>'
        drawn = f'<div class="dashed" style="height:300px;margin:8px 0 12px">{told}</div>'
    elif view == "table":
        drawn = table(sign_rows(words, records, rows, indicator))
    else:
        drawn, note = curve(context, reading, chosen, rows)
    left = _head(context, chosen, rows, view, note) + drawn + "</section>" + parts(context, reading, records, chosen, rows)
    right = side(context, reading, records, chosen, rows)
    return f'<div class="sheet"><div>{left}</div><div class="pile">{right}</div></div>{_foot(context, records, chosen, rows)}'


def closer(context: Context, chosen: Choice, rows: list[Record], view: str) -> None:
    """Show a longer past that can be zoomed."""
    words = context.words
    figure, note = close(context, chosen, rows)
    show(_head(context, chosen, rows, view, note) + "</section>")
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False, "responsive": True}, key="zoom", alt=words.name(chosen.indicator))


def parts(context: Context, reading: Reading, records: Records, chosen: Choice, rows: list[Record]) -> str:
    """Return the areas inside, or beside, the chosen one."""
    return areas(context, records, chosen.indicator, rows[-1], parts_of(reading, records, chosen)) if rows else ""


def side(context: Context, reading: Reading, records: Records, chosen: Choice, rows: list[Record]) -> str:
    """Return what is counted, what was corrected, who makes the figure what it is, and where it comes from."""
    card = definition(context, records, chosen.indicator)
    if not rows:
        return card
    facts = (reading, records, chosen.indicator)
    inside = [row for row in parts_of(reading, records, chosen) if row["entity_kind"] != chosen.entity["entity_kind"]]
    gave = contributors(context, records, chosen.indicator, inside)
    return card + corrections(context, *facts, rows[-1]) + gave + origin(context, *facts, rows[-1])


def has_values(rows: list[Record]) -> bool:
    """Whether there is anything to draw."""
    return any(row["value"] is not None for row in rows)


def _head(context: Context, chosen: Choice, rows: list[Record], view: str, note: str) -> str:
    """Return the heading of the trend with its switches; the section stays open."""
    words = context.words
    span = words.say(f"per_grain.{chosen.grain}", count=max(len(rows), 1))
    heading = f"<h2>{esc(words.say('sign.trend', span=span))}<small>{esc(note)}</small></h2>"
    reading, sign = context.reading, (str(chosen.indicator["indicator"]), str(chosen.entity["entity"]))
    way = to_special(context, reading, *sign) if reading and rows else ""
    return f'<section class="sec"><div class="split">{heading}{way}{tools(context, chosen, view)}</div>'


def _foot(context: Context, records: Records, chosen: Choice, rows: list[Record]) -> str:
    words = context.words
    period = period_name(words, chosen.grain, rows[-1]["start"]) if rows else words.say("value.none")
    identity = context.reading.snapshot.id if context.reading else ""
    text = words.say("sign.source", feed=source(context, records, chosen.indicator), period=period, id=identity)
    return foot(context, level_legend(words, context.colours), esc(text))


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "sign"})
