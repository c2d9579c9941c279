"""One sign: is it truly worse, against its own past, its limits and its areas; what is counted, and from what."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from charts.legend import level_legend
from charts.markup import esc
from charts.trend import trend
from pages.parts import faces
from pages.parts.card import definition, explanation, source
from pages.parts.context import Context, here
from pages.parts.export import csv_bytes, sign_rows
from pages.parts.masthead import foot, masthead, show
from pages.parts.periods import period_name
from pages.parts.picker import Choice, choice, pick
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, listed, plain
from pages.parts.signface import SPANS, WHOLE, areas, face, limit_lines, points, stop_of


def render() -> None:
    """Draw the page of the chosen sign."""
    context = here()
    reading = context.reading
    records = Records(reading, context.words) if reading else None
    if reading is None or records is None or not records.catalogue:
        faces.empty(context, "sign")
        return
    chosen = choice(context, records)
    rows = history(reading, chosen)
    top = masthead(context, "sign", period_name(context.words, "day", rows[-1]["start"]) if rows and chosen.grain == "day" else "")
    show(top + (face(context, records, chosen.indicator, rows[-1]) if rows else ""))
    view = bar(context, records, chosen, rows)
    left, right = st.columns([1290, 530], gap="large")
    with left:
        main(context, records, chosen, rows, view)
    with right:
        card = definition(context, records, chosen.indicator)
        show(card + (f'<div style="height:14px"></div>{explanation(context, chosen.indicator, rows[-1])}' if rows else ""))
    show(_foot(context, records, chosen, rows))


def history(reading: Reading, chosen: Choice) -> list[Record]:
    """Return the last periods of the chosen sign, in order of time."""
    frame = reading.frame(
        "signs", indicator=chosen.indicator["indicator"], entity_kind=chosen.entity["entity_kind"], entity=chosen.entity["entity"],
        grain=chosen.grain, start=earliest(reading, chosen.grain),
    )  # fmt: skip
    return plain(frame.sort_values("start").tail(SPANS.get(chosen.grain, 30)))


def earliest(reading: Reading, grain: str) -> datetime:
    """Return a moment before the first period that is drawn."""
    days = {"day": 1, "week": 7, "month": 31, "quarter": 92}.get(grain, 366)
    return (reading.as_of - timedelta(days=days * (SPANS.get(grain, 30) + 2))).replace(tzinfo=None, hour=0, minute=0)


def bar(context: Context, records: Records, chosen: Choice, rows: list[Record]) -> str:
    """Show the pickers, the view and the download; return the view."""
    words = context.words
    if chosen.unknown:
        show(f'<p class="note worse">{esc(words.say("sign.unknown", code=chosen.unknown))}</p>')
    with st.container(key="picker", horizontal=True, vertical_alignment="center", gap="small"):
        pick(context, records, chosen)
        view = st.segmented_control(
            words.say("sign.pick.view"), ["chart", "table"], default="chart", format_func=lambda code: words.label("sign.show", code),
            label_visibility="collapsed", key="view", required=True,
        )  # fmt: skip
        name = f"{chosen.indicator['indicator']}_{chosen.entity['entity']}_{chosen.grain}.csv"
        if rows:
            table = sign_rows(words, records, rows, chosen.indicator)
            st.download_button(words.say("sign.export"), csv_bytes(table), file_name=name, mime="text/csv", on_click="ignore")
    return str(view or "chart")


def main(context: Context, records: Records, chosen: Choice, rows: list[Record], view: str) -> None:
    """Show the trend as a chart or a table, and the areas below it."""
    words, indicator = context.words, chosen.indicator
    span = words.say(f"per_grain.{chosen.grain}", count=max(len(rows), 1))
    heading = esc(words.say("sign.trend", span=span))
    if not any(row["value"] is not None for row in rows):
        note = f'<span class="note">{esc(words.say("sign.no_points_note"))}</span>'
        body = f'<div class="dashed" style="height:300px"><b>{esc(words.say("sign.no_points"))}</b>{note}</div>'
        show(f'<section class="sec"><h2>{heading}</h2>{body}</section>')
    elif view == "table":
        show(f'<section class="sec"><h2>{heading}</h2></section>')
        st.dataframe(sign_rows(words, records, rows, indicator), hide_index=True, height=460)
    else:
        unit = str(indicator["unit"] or "")
        axis = words.say("sign.axis" if unit else "sign.axis_bare", name=words.name(indicator), unit=unit)
        ceiling = WHOLE if unit == "%" and all((row["value"] or 0) <= WHOLE for row in rows) else None
        figure, outside = trend(
            points(context, rows),
            limit_lines(context, indicator),
            context.colours,
            axis=esc(axis),
            stop=stop_of(context, rows),
            ceiling=ceiling,
        )
        note = (
            words.say("sign.off_axis", lines=words.say("list.comma").join(line.label for line in outside))
            if outside
            else words.say("sign.rule")
        )
        show(f'<section class="sec"><h2>{heading}<small>{esc(note)}</small></h2></section>')
        st.plotly_chart(figure, theme=None, config={"displayModeBar": False, "responsive": True}, key="trend", alt=words.name(indicator))
    if rows:
        show(areas(context, records, indicator, rows[-1], parts_of(context, records, chosen)))


def parts_of(context: Context, records: Records, chosen: Choice) -> list[Record]:
    """Return the signs of the smaller areas inside the chosen one, else of its neighbours, in order of time."""
    own, known = chosen.entity, listed(chosen.indicator["entity_kinds"])
    inside = {(row["entity_kind"], row["entity"]) for row in records.entities if row["parent"] == own["entity"]}
    kinds = [kind for kind in known if kind in {kind for kind, _ in inside}]
    if not kinds and own["parent"]:
        inside = {(own["entity_kind"], row["entity"]) for row in records.entities if row["parent"] == own["parent"]}
        kinds = [own["entity_kind"]]
    if not kinds or context.reading is None:
        return []
    start = earliest(context.reading, chosen.grain)
    frame = context.reading.frame("signs", indicator=chosen.indicator["indicator"], entity_kind=kinds[0], grain=chosen.grain, start=start)
    frame = frame[[(kind, entity) in inside for kind, entity in zip(frame["entity_kind"], frame["entity"], strict=True)]]
    return plain(frame.sort_values(["entity", "start"]).groupby("entity").tail(min(SPANS.get(chosen.grain, 30), 56)))


def _foot(context: Context, records: Records, chosen: Choice, rows: list[Record]) -> str:
    words = context.words
    period = period_name(words, chosen.grain, rows[-1]["start"]) if rows else words.say("value.none")
    identity = context.reading.snapshot.id if context.reading else ""
    text = words.say("sign.source", feed=source(context, records, chosen.indicator), period=period, id=identity)
    return foot(context, level_legend(words, context.colours), esc(text))


if __name__ == "__main__":
    st.switch_page("app.py", query_params={"to": "sign"})
