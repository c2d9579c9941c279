"""Lets a clerk hand in a file or a 零报告 and fetch the workbook of a drop. It writes into the inbox and nowhere else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import streamlit as st

from charts.markup import esc, link
from data import periods
from data.contract import Contract
from data.inbox import Laid, lay, lay_zero_report
from data.phrase import Phrase, Says, kept
from data.problems import DefinitionError
from data.reasons import RefusedError
from data.validation import validate
from data.wording import refusal, told
from data.yamlfile import read_yaml
from pages.parts.arrivals import feed_target
from pages.parts.context import Context
from pages.parts.ledger import drop_table, drop_target
from pages.parts.masthead import show
from pages.parts.periods import naive, period_name
from pages.parts.records import Record, Records, plain
from pages.parts.tables import section

KEY = "laid"
RECENT = 6  # drops of the feed that are told
OFFERED = 12  # periods that a 零报告 may be for
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def take_away(context: Context, drop: Record) -> None:
    """Offer the workbook in which the faulty rows of a drop go back."""
    reading = context.reading
    if reading is None or not drop["quarantined"]:
        return
    book = reading.returned(str(drop["drop"]))
    if book is None:
        return
    name = context.words.say("receipt.workbook_name", drop=drop["drop"])
    with st.container(key="picker", horizontal=True):
        st.download_button(context.words.say("receipt.workbook"), book, file_name=name, mime=WORKBOOK, on_click="ignore")


def send(context: Context, records: Records) -> None:
    """Show the two forms for a feed of the reader's department, and what became of what was handed in."""
    words = context.words
    mine = {str(feed["feed"]): feed for feed in records.feeds if context.person.may_send(str(feed["department"]))}
    show(
        f'<style>.stApp{{--pick:"{esc(words.say("sending.pick"))}"}}</style>'
        f'<div style="padding-top:10px"><h2>{esc(words.say("sending.title"))}'
        f"<small>{esc(words.say('sending.note'))}</small></h2></div>"
    )
    if not mine:
        show(f'<p class="note">{esc(words.say("sending.nobody"))}</p>')
        return
    with st.container(key="sending"):
        asked = context.filters.feed if context.filters.feed in mine else next(iter(mine))
        feed = st.selectbox(
            words.say("sending.feed"), list(mine), index=list(mine).index(asked), format_func=lambda code: records.feed_names[code]
        )
        contract = _contract(context, feed)
        if contract is None:
            show(f'<p class="note worse">{esc(words.say("empty.problem"))}</p>')
            return
        left, right = st.columns(2, gap="large")
        with left:
            _file_form(context, contract)
        with right:
            _zero_form(context, contract)
    drops = plain(reading.frame("drops", feed=feed, language=words.language)) if (reading := context.reading) else []
    back = link(feed_target(context, feed), esc(words.say("sending.back")), "b")
    show(_handed_in(context, records) + drop_table(context, drops, most=RECENT) + f'<p class="note" style="padding:8px 0">{back}</p>')


def _contract(context: Context, feed: str) -> Contract | None:
    settings = context.settings
    try:
        return validate(Contract, read_yaml(settings.feeds_dir / f"{feed}.yaml", settings.city_dir))
    except (DefinitionError, OSError):
        return None


def _file_form(context: Context, contract: Contract) -> None:
    words = context.words
    with st.form("file", clear_on_submit=True):
        files = st.file_uploader(words.say("sending.file"), accept_multiple_files=True)
        show(f'<p class="note">{"<br>".join(map(esc, _agreed(context, contract)))}</p>')
        if st.form_submit_button(words.say("sending.hand_in"), type="primary") and files:
            for file in files:
                _try(context, lambda given=file: lay(context.settings, contract, given.name, given.getvalue(), context.arrival))


def _agreed(context: Context, contract: Contract) -> list[str]:
    """Return what the contract says of a file, in the words of a clerk."""
    words, source = context.words, contract.files.period
    said = [words.say("sending.form", format=words.label("format", contract.files.format))]
    if source:
        key = {"name": "name", "title": "titled", "sheet": "sheeted"}[source.source]
        said.append(words.say(f"sending.{key}", patterns=told(Phrase(Says.NAMED_LIKE, *source.patterns).kept, words)))
    for table in contract.tables.values():
        headings = (column.heading[0] for column in table.columns.values() if column.heading and not column.optional)
        needed = list(dict.fromkeys(headings))  # two columns may read the same cell
        name = words.name(table.name.model_dump(), "")
        said.append(words.say("sending.columns", headings=f"{name} {words.say('list.comma').join(needed)}"))
    return said


def _zero_form(context: Context, contract: Contract) -> None:
    words = context.words
    tables = {name: table for name, table in contract.tables.items() if table.takes_zero}
    if not tables:
        show(f'<p class="note">{esc(words.say("sending.zero_none"))}</p>')
        return
    with st.container(border=True):
        table = st.selectbox(
            words.say("sending.table"), list(tables), format_func=lambda name: words.name(tables[name].name.model_dump(), "")
        )
        offered = _periods(contract.cadence_of(table).every, context.arrival)
        period = st.selectbox(words.say("sending.period"), offered, format_func=lambda code: _named(context, code))
        show(f'<p class="note">{esc(words.say("sending.zero_note"))}</p>')
        if st.button(words.say("sending.zero")):
            _try(context, lambda: lay_zero_report(context.settings, contract, table, period, context.arrival))


def _periods(every: str, moment: datetime) -> list[str]:
    """Return the codes of the last periods that are over, newest first."""
    grain = every if every in {"day", "week", "month", "quarter", "year"} else "day"
    start = periods.floor(naive(moment), grain)
    return [periods.code(periods.step(start, grain, -back), grain) for back in range(1, OFFERED + 1)]


def _named(context: Context, code: str) -> str:
    grain, start = periods.read(code)
    return period_name(context.words, grain, start)


def _try(context: Context, hand_in: Any) -> None:
    """Hand in, and say at once what is wrong or what happens next."""
    words = context.words
    try:
        laid: Laid = hand_in()
    except RefusedError as error:
        st.error(refusal(words, error.reason.value, told(kept(error.found), words), told(error.wanted.kept, words)))
        return
    st.session_state[KEY] = [*st.session_state.get(KEY, []), asdict(laid)]
    st.success(words.say("sending.laid", file=laid.file))


def _handed_in(context: Context, records: Records) -> str:
    """Return what this reader has handed in since the page was opened, and what became of it."""
    words, handed = context.words, st.session_state.get(KEY, [])
    if not handed or context.reading is None:
        return ""
    drops = plain(context.reading.frame("drops", feed=None, language=words.language))
    rows = []
    for one in reversed(handed):
        moment = naive(one["arrived_at"])
        drop = next((d for d in drops if (d["feed"], d["sha256"], naive(d["arrived_at"])) == (one["feed"], one["sha256"], moment)), None)
        state = esc(words.label("drop_state", drop["state"] if drop else "waiting"))
        became = link(drop_target(context, drop), f"{state} · {esc(words.say('sending.receipt'))}", "b") if drop else state
        rows.append(
            f'<tr class="l"><td class="s">{esc(records.feed_names.get(one["feed"], one["feed"]))}</td><td class="s">{esc(one["file"])}</td>'
            f'<td class="s">{esc(words.moment(moment))}</td><td class="s last">{became}</td></tr>'
        )
    return section(words.say("sending.handed_in"), words.say("sending.next"), f'<table class="ledger">{"".join(rows)}</table>')
