"""Lets a reader take what a page shows: its figures as CSV or as a workbook, and its picture by a command that they can copy."""

from __future__ import annotations

import shlex
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from charts.markup import esc, link
from data.desk.store import DeskUnavailableError
from pages.parts.context import Context
from pages.parts.export import csv_bytes, xlsx_bytes
from pages.parts.masthead import show, style
from pages.parts.present import ON, is_presented, stamped
from pages.parts.taken import NOTHING, taken

OPEN = "open"
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(context: Context) -> None:
    """Show what can be taken, above the page, where the address asks for it."""
    words, reading = context.words, context.reading
    if context.filters.take != OPEN or reading is None or is_presented(context):
        return
    try:
        frame = taken(context, reading)
    except DeskUnavailableError:
        frame = NOTHING
    close = link(context.filters.target(context.page, take=""), esc(words.say("take.close")), "way")
    said = words.say("take.rows", count=len(frame)) if len(frame) else words.say("take.none")
    name = f"{context.page}_{reading.snapshot.id}"
    with st.container(key="take", horizontal=True, vertical_alignment="center", gap="small"):
        show(f'{style()}<p class="note"><b>{esc(words.say("take.title"))}</b>　{esc(said)}　{close}</p>')
        if len(frame):
            demo = [words.say("foot.demo")] if context.is_demo else []
            stamp = words.say("list.join").join([*stamped(context), *demo])
            st.download_button("CSV", lambda: csv_bytes(frame), file_name=f"{name}.csv", mime="text/csv", on_click="ignore", key="take_csv")
            st.download_button(
                "XLSX", lambda: xlsx_bytes(frame, stamp), file_name=f"{name}.xlsx", mime=BOOK, on_click="ignore", key="take_xlsx"
            )
    show(f'<p class="note">{esc(words.say("take.picture"))}</p>')
    st.code(command(context), language=None)


def command(context: Context) -> str:
    """Return the command that makes the picture of the page as it is presented."""
    query = dict(parse_qsl(urlsplit(context.filters.target(context.page, present=ON, take="")).query))
    language = query.pop("lang", context.words.language)
    snapshot = query.pop("snapshot", "") or (context.reading.snapshot.id if context.reading else "")
    sets = [word for pair in query.items() for word in ("--set", "=".join(pair))]
    words = ["python", "cli.py", "picture", context.page, *sets, "--snapshot", snapshot, "--lang", language, "--out", f"{context.page}.png"]
    return shlex.join(words)
