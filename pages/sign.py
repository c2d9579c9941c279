"""One sign: is it truly worse, against its own past, its limits and its areas; what is counted, and from what."""

from __future__ import annotations

from typing import Any

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from charts.trend import trend
from charts.zoom import zoom
from pages.parts import faces
from pages.parts.card import definition, explanation, source
from pages.parts.context import Context, here
from pages.parts.export import csv_bytes, sign_rows
from pages.parts.filters import VIEWS, choose
from pages.parts.history import history, parts_of
from pages.parts.masthead import foot, masthead, show
from pages.parts.periods import period_name
from pages.parts.picker import Choice, choice, pick, tools
from pages.parts.reading import Reading
from pages.parts.records import Record, Records
from pages.parts.signface import WHOLE, areas, face, limit_lines, points, stop_of, table


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
    show(reading.drawn("sign top", lambda: top(context, records, chosen, rows), *key))
    bar(context, records, chosen, rows)
    if view == "zoom" and has_values(rows):
        left, right = st.columns([1290, 530], gap="medium")
        with left:
            closer(context, chosen, rows, view)
            show(reading.drawn("sign parts", lambda: parts(context, reading, records, chosen, rows), *key))
        with right:
            show(reading.drawn("sign side", lambda: side(context, records, chosen, rows), *key))
        show(_foot(context, records, chosen, rows))
    else:
        show(reading.drawn("sign", lambda: body(context, reading, records, chosen, rows, view), *key))


def top(context: Context, records: Records, chosen: Choice, rows: list[Record]) -> str:
    """Return the title bar and the face of the newest period."""
    day = period_name(context.words, "day", rows[-1]["start"]) if rows and chosen.grain == "day" else ""
    return masthead(context, "sign", day) + (face(context, records, chosen.indicator, rows[-1]) if rows else "")


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
    words, indicator = context.words, chosen.indicator
    note = ""
    if not has_values(rows):
        why = f'<span class="note">{esc(words.say("sign.no_points_note"))}</span>'
        drawn = f'<div class="dashed" style="height:300px;margin:8px 0 12px"><b>{esc(words.say("sign.no_points"))}</b>{why}</div>'
    elif view == "table":
        drawn = table(sign_rows(words, records, rows, indicator))
    else:
        drawn, outside = trend(points(context, rows), limit_lines(context, indicator), context.colours, **_frame(context, chosen, rows))
        note = _off_axis(context, outside) or words.say("sign.rule")
    left = _head(context, chosen, rows, view, note) + drawn + "</section>" + parts(context, reading, records, chosen, rows)
    return (
        f'<div class="sheet"><div>{left}</div><div>{side(context, records, chosen, rows)}</div></div>'
        f"{_foot(context, records, chosen, rows)}"
    )


def closer(context: Context, chosen: Choice, rows: list[Record], view: str) -> None:
    """Show a longer past that can be zoomed."""
    words = context.words
    figure, outside = zoom(
        points(context, rows), limit_lines(context, chosen.indicator), context.colours,
        dates={unit: words.say(f"date.axis.{unit}") for unit in ("day", "month", "year")}, **_frame(context, chosen, rows),
    )  # fmt: skip
    note = words.say("headline.join").join(filter(None, [words.say("sign.zoom"), _off_axis(context, outside)]))
    show(_head(context, chosen, rows, view, note) + "</section>")
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False, "responsive": True}, key="zoom", alt=words.name(chosen.indicator))


def parts(context: Context, reading: Reading, records: Records, chosen: Choice, rows: list[Record]) -> str:
    """Return the areas inside, or beside, the chosen one."""
    return areas(context, records, chosen.indicator, rows[-1], parts_of(reading, records, chosen)) if rows else ""


def side(context: Context, records: Records, chosen: Choice, rows: list[Record]) -> str:
    """Return what is counted, and how the newest figure came about."""
    card = definition(context, records, chosen.indicator)
    return card + (f'<div style="height:14px"></div>{explanation(context, chosen.indicator, rows[-1])}' if rows else "")


def has_values(rows: list[Record]) -> bool:
    """Whether there is anything to draw."""
    return any(row["value"] is not None for row in rows)


def _head(context: Context, chosen: Choice, rows: list[Record], view: str, note: str) -> str:
    """Return the heading of the trend with its switches; the section stays open."""
    words = context.words
    span = words.say(f"per_grain.{chosen.grain}", count=max(len(rows), 1))
    heading = f"<h2>{esc(words.say('sign.trend', span=span))}<small>{esc(note)}</small></h2>"
    return f'<section class="sec"><div class="split">{heading}{tools(context, chosen, view)}</div>'


def _frame(context: Context, chosen: Choice, rows: list[Record]) -> dict[str, Any]:
    words, unit = context.words, str(chosen.indicator["unit"] or "")
    axis = words.say("sign.axis" if unit else "sign.axis_bare", name=words.name(chosen.indicator), unit=unit)
    ceiling = WHOLE if unit == "%" and all((row["value"] or 0) <= WHOLE for row in rows) else None
    return {"axis": esc(axis), "stop": stop_of(context, rows), "ceiling": ceiling}


def _off_axis(context: Context, outside: list[Any]) -> str:
    words = context.words
    return words.say("sign.off_axis", lines=words.say("list.comma").join(line.label for line in outside)) if outside else ""


def _foot(context: Context, records: Records, chosen: Choice, rows: list[Record]) -> str:
    words = context.words
    period = period_name(words, chosen.grain, rows[-1]["start"]) if rows else words.say("value.none")
    identity = context.reading.snapshot.id if context.reading else ""
    text = words.say("sign.source", feed=source(context, records, chosen.indicator), period=period, id=identity)
    return foot(context, level_legend(words, context.colours), esc(text))


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "sign"})
