"""Shows the proposed changes of a definition, lets somebody propose one after trying it on a year, and somebody else decide."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import streamlit as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from charts.markup import esc
from data.desk.acting import RefusedError
from data.desk.action import Entry
from data.desk.adopting import ADOPT, PROPOSE, REJECT, WITHDRAW, Proposal, decide, proposals, propose, subject_of
from data.desk.store import DeskUnavailableError, open_store
from data.problems import DefinitionError
from data.wording import number, problem_text
from pages.parts.context import Context
from pages.parts.masthead import show
from pages.parts.reading import Reading
from pages.parts.records import Record
from pages.parts.tables import section

KIND, TOLD, TRIED = "indicator", "proposed", "tried"
HEADS = (("entity_kind", ""), ("grain", ""), ("periods", "r"), ("values_changed", "r"), ("levels_changed", "r"), ("levels", "last"))


def changes(context: Context, reading: Reading, indicator: Record) -> None:
    """Show what was proposed of an indicator and the two forms; while the desk is away, that."""
    words = context.words
    try:
        work, actions = reading.desk()
    except DeskUnavailableError:
        show(section(words.say("proposals.title"), "", f'<p class="note worse">{esc(words.say("alerts.away"))}</p>'))
        return
    known = [one for one in proposals(actions, work.zone) if (one.what, one.name) == (KIND, indicator["indicator"])]
    told = st.session_state.pop(TOLD, "")
    said = f'<p class="note b">{esc(told)}</p>' if told else ""
    show(section(words.say("proposals.title"), words.say("proposals.note"), said + _listed(context, known)))
    if reading.is_past:
        return
    with st.container(key="proposing", horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover(words.label("command", PROPOSE), key="open_propose"):
            _propose(context, reading, indicator)
        if waiting := [one for one in known if one.stage == "proposed"]:
            with st.popover(words.say("proposals.decide"), key="open_decide"):
                _decide(context, reading, waiting)
    found = st.session_state.get(TRIED)
    if found and found["of"] == indicator["indicator"]:
        show(section(words.say("proposals.impact"), words.say("proposals.impact_note"), found["html"]))


def _listed(context: Context, known: list[Proposal]) -> str:
    words = context.words
    if not known:
        return f'<p class="note">{esc(words.say("proposals.none"))}</p>'
    rows = "".join(
        f'<tr class="l"><td class="r s">{one.number}</td><td class="s b">{esc(words.label("proposal", one.stage))}</td>'
        f'<td class="s wrap">{esc(json.dumps(one.changes, ensure_ascii=False))}</td><td class="s note wrap">{esc(one.reason)}</td>'
        f'<td class="s nw">{esc(words.day(one.effective))}</td>'
        f'<td class="s note last">{esc(words.say("list.comma").join(filter(None, (one.who, one.decided_by))))}</td></tr>'
        for one in reversed(known)
    )
    heads = "".join(
        f"<th>{esc(words.say(f'proposals.head.{key}'))}</th>" for key in ("number", "stage", "changes", "reason", "from", "who")
    )
    return f'<table class="kept"><tr class="h">{heads}</tr>{rows}</table>'


def _propose(context: Context, reading: Reading, indicator: Record) -> None:
    words = context.words
    with st.form("form_propose", border=False):
        text = st.text_area(words.say("proposals.changes"), placeholder=words.say("proposals.example"), key="changes", height=140)
        day = st.date_input(words.say("proposals.from"), value=reading.as_of.date(), key="from_day", format="YYYY-MM-DD")
        reason = st.text_area(words.say("alerts.act.reason"), key="why_propose", height=70)
        who = st.text_input(words.say("alerts.act.who"), key="who_propose")
        is_trial = st.form_submit_button(words.say("proposals.try"))
        if st.form_submit_button(words.say("alerts.act.do")) or is_trial:
            code, since = str(indicator["indicator"]), day if isinstance(day, date) else reading.as_of.date()
            try:
                with st.spinner(words.say("proposals.trying")):
                    payload = reading.source.tried_change(reading.settings, reading.snapshot, KIND, code, _read(text), since)
                if is_trial:
                    frame = reading.source.impact_of(reading.settings, reading.snapshot, KIND, code, payload, since)
                    st.session_state[TRIED] = {"of": code, "html": _impact(context, frame)}
                else:
                    subject = subject_of(KIND, code)
                    entry = Entry(PROPOSE, subject, who, "data", context.arrival, context.now, "", reason, payload)
                    _done(context, propose(open_store(reading.settings), entry).number, PROPOSE)
            except (RefusedError, DefinitionError, DeskUnavailableError) as error:
                st.session_state[TOLD] = _refused(context, error)
            st.rerun()


def _decide(context: Context, reading: Reading, waiting: list[Proposal]) -> None:
    words = context.words
    with st.form("form_decide", border=False):
        number_ = st.selectbox(words.say("proposals.head.number"), [one.number for one in waiting], key="decide_number")
        how = st.selectbox(
            words.say("proposals.decide"),
            [ADOPT, REJECT, WITHDRAW],
            key="decide_how",
            format_func=lambda code: words.label("command", code),
        )
        reason = st.text_area(words.say("alerts.act.reason"), key="why_decide", height=70)
        who = st.text_input(words.say("alerts.act.who"), key="who_decide")
        if st.form_submit_button(words.say("alerts.act.do")):
            one = next(one for one in waiting if one.number == number_)
            said = {"proposal": one.number}
            entry = Entry(str(how), subject_of(one.what, one.name), who, "data", context.arrival, context.now, "", reason, said)
            try:
                _done(context, decide(open_store(reading.settings), entry).number, str(how))
            except (RefusedError, DeskUnavailableError) as error:
                st.session_state[TOLD] = _refused(context, error)
            st.rerun()


def _done(context: Context, number_: int, kind: str) -> None:
    st.session_state.pop(TRIED, None)
    st.session_state[TOLD] = context.words.say("alerts.act.done", number=number_, command=context.words.label("command", kind))


def _refused(context: Context, error: RefusedError | DefinitionError | DeskUnavailableError) -> str:
    words = context.words
    if isinstance(error, RefusedError):
        return words.say("alerts.act.refused", why=words.say(f"cli.refused.{error.why}", **error.facts))
    if isinstance(error, DefinitionError):
        return words.say("alerts.act.refused", why=problem_text(error.problems[0], words.language))
    return words.say("alerts.away")


def _read(text: str) -> dict[str, Any]:
    """Return the keys that are to be otherwise; raises RefusedError for a text that holds none."""
    try:
        found = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        found = None
    if not isinstance(found, dict):
        raise RefusedError("no_keys", {})
    return dict(json.loads(json.dumps(found, default=str)))


def _impact(context: Context, frame: Any) -> str:
    """Return what a change would do to the last year, by indicator, entity kind and grain."""
    words = context.words
    if not len(frame):
        return f'<p class="note">{esc(words.say("proposals.no_impact"))}</p>'
    heads = "".join(f'<th class="{css}">{esc(words.label("cli.column", key))}</th>' for key, css in HEADS)
    rows = ""
    for row in frame.to_dict("records"):
        texts = {
            "entity_kind": words.label("kind", row["entity_kind"]), "grain": words.label("grain", row["grain"]),
            "levels": row["levels"] or words.say("value.none"),
        }  # fmt: skip
        cells = [(css, texts[key] if key in texts else number(row[key])) for key, css in HEADS]
        rows += '<tr class="l">' + "".join(f'<td class="s {css}">{esc(text)}</td>' for css, text in cells) + "</tr>"
    return f'<table class="kept"><tr class="h">{heads}</tr>{rows}</table>'
