"""Lets a person act on an alert: the commands that its stage and a role allow, and what each of them wants to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from charts.markup import esc
from data.desk.acting import LEVELS, MOMENTS, RefusedError, fits, unanswered
from data.desk.action import Entry
from data.desk.store import DeskUnavailableError
from data.desk.terms import Command
from pages.parts.masthead import show
from pages.parts.records import Record
from pages.parts.worklist import Worklist

DONE = "acted"
MOST = 7  # commands that are offered


def act(of: Worklist, row: Record) -> None:
    """Show the commands as one small form; what was refused is said in a sentence, what was done in another."""
    words, terms, handled = of.context.words, of.work.terms, of.handled[row["alert"]]
    if of.reading.is_past:
        return
    told = st.session_state.pop(DONE, "")
    if told:
        show(f'<p class="note">{esc(told)}</p>')
    commands = {one.command: one for one in terms.commands if fits(one, handled) and ("to" not in one.wants or unanswered(handled))}
    with st.container(key="acting", horizontal=True, vertical_alignment="center", gap="small"):
        role = st.selectbox(
            words.say("alerts.act.role"), list(terms.roles), index=1, width=190, key="act_role", label_visibility="collapsed",
            format_func=lambda code: words.name(terms.roles[code].model_dump(), ""),
        )  # fmt: skip
        allowed = [name for name, one in commands.items() if role in one.by]
        for name in allowed[:MOST]:
            with st.popover(words.name(commands[name].name.model_dump(), ""), key=f"act_{name}"):
                _form(of, row, commands[name], str(role), handled.number)
        if not allowed:
            show(f'<p class="note">{esc(words.say("alerts.act.nothing"))}</p>')


def _form(of: Worklist, row: Record, command: Command, role: str, seen: int) -> None:
    words = of.context.words
    with st.form(f"form_{command.command}", border=False):
        who = st.text_input(words.say("alerts.act.who"), key=f"who_{command.command}")
        given: dict[str, Any] = {name: _asked(of, row, command, name) for name in command.wants}
        if st.form_submit_button(words.say("alerts.act.do")):
            reason = str(given.pop("reason", "") or "")
            payload = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}
            entry = Entry(
                command.command, row["alert"], who, role, of.context.arrival, of.context.now, row["unit"] or "", reason, payload, seen
            )
            st.session_state[DONE] = _done(of, row, entry)
            st.rerun()


def _asked(of: Worklist, row: Record, command: Command, name: str) -> Any:
    """Ask for one thing that a command wants."""
    words, key, label = of.context.words, f"{command.command}_{name}", of.context.words.say(f"alerts.act.{name}")
    match name:
        case "unit":
            units = list(of.work.units)
            return st.selectbox(label, units, key=key, format_func=lambda code: of.work.units[code])
        case "level":
            return st.selectbox(label, LEVELS, key=key, format_func=lambda code: words.label("level", code))
        case "result":
            return st.selectbox(label, of.work.terms.results, key=key, format_func=lambda code: words.label("result", code))
        case "to":
            return st.selectbox(label, unanswered(of.handled[row["alert"]]), key=key)
        case "reason":
            return st.text_area(label, key=key, height=80)
    return st.datetime_input(label, value=None, key=key) if name in MOMENTS else st.text_input(label, key=key)


def _done(of: Worklist, row: Record, entry: Entry) -> str:
    """Act, and return what to say of it."""
    words = of.context.words
    is_reported = row["alert"].startswith("M")
    try:
        action = of.work.desk(of.reading.settings).act(entry, None if is_reported else row)
    except RefusedError as error:
        return words.say("alerts.act.refused", why=words.say(f"cli.refused.{error.why}", **error.facts))
    except DeskUnavailableError:
        return words.say("alerts.away")
    return words.say("alerts.act.done", number=action.number, command=words.label("command", action.kind))
