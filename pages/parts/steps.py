"""Lets people draft, edit, approve and issue a briefing from its page, and take it away as a file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import streamlit as st

from briefing.document import slides, word
from briefing.document.composing import RefusedBriefingError
from briefing.document.content import Briefing
from briefing.document.issuing import NOTHING, write_forms
from briefing.document.paper import html
from briefing.document.printing import NoBrowserError
from briefing.document.register import APPROVE, DRAFT, DROP, EDIT, ISSUE, Issue, subject_of, write
from charts.markup import esc
from data import shelf as kept
from data.desk.acting import RefusedError
from data.desk.action import Entry
from data.desk.store import DeskUnavailableError, open_store
from data.wording import Wording
from pages.parts.context import Context
from pages.parts.issues import Shelf
from pages.parts.masthead import show
from pages.parts.reading import Reading
from pages.parts.subjects import asked

HIGH = 1180  # pixels: a page of A4 and its shadow
TOLD = "briefed"
NEXT = {None: (DRAFT,), "draft": (EDIT, APPROVE, DROP), "approved": (ISSUE, DROP)}


def steps(context: Context, reading: Reading, of: Shelf, issue: Issue | None, made: Briefing) -> None:
    """Show what can be done next, each as a small form, and the files to take away."""
    words = context.words
    if told := st.session_state.pop(TOLD, ""):
        show(f'<p class="note b">{esc(told)}</p>')
    with st.container(key="briefing", horizontal=True, vertical_alignment="center", gap="small"):
        for kind in () if of.is_away or reading.is_past else NEXT.get(issue.stage if issue else None, ()):
            with st.popover(words.label("command", kind), key=f"open_{kind}"):
                _form(context, reading, kind, of, issue, made)
        name, paper = made.name, in_print(context)
        for form, content in (("html", lambda: html(made, paper).encode()), ("docx", lambda: word.docx(made, paper)),
                              ("pptx", lambda: slides.pptx(made, paper))):  # fmt: skip
            st.download_button(form.upper(), content, f"{name}.{form}", key=f"take_{form}", on_click="ignore")


def preview(context: Context, made: Briefing) -> None:
    """Show a briefing as it will be printed."""
    st.iframe(html(made, in_print(context)), height=HIGH, alt=f"{made.title} {made.number}")


def in_print(context: Context) -> Wording:
    """Return the words of a document: those of the city, whatever language its reader has switched to."""
    return Wording("zh", context.settings.city_dir)


def _form(context: Context, reading: Reading, kind: str, of: Shelf, issue: Issue | None, made: Briefing) -> None:
    words = context.words
    with st.form(f"form_{kind}", border=False):
        who = st.text_input(words.say("alerts.act.who"), key=f"who_{kind}")
        said: dict[str, Any] = {"issue": issue.number} if issue else {}
        if kind == EDIT:
            titles = {"lead": made.tag or words.label("document.tag", made.grain)} | {one.key: one.title for one in made.sections}
            said["section"] = st.selectbox(words.say("briefs.section"), list(titles), format_func=titles.__getitem__, key="edit_section")
            said["text"] = st.text_area(words.say("briefs.text"), key="edit_text", height=160)
        if st.form_submit_button(words.say("alerts.act.do")):
            st.session_state[TOLD] = _done(context, reading, kind, of, issue, made, who=who, said=said)
            st.rerun()


def _done(
    context: Context, reading: Reading, kind: str, of: Shelf, issue: Issue | None, made: Briefing, *, who: str, said: dict[str, Any]
) -> str:  # fmt: skip
    """Take a step and return what to say of it."""
    words, settings = context.words, reading.settings
    subject = subject_of(made.template, issue.period if issue else made.period)
    try:
        if kind == DRAFT:
            about = asked(context) if made.subject else NOTHING
            drafted = reading.drafted(made.template, about, of.issues)
            subject, said = drafted.subject, drafted.payload
            kept.pin(settings, reading.snapshot.id, subject)
        if kind == EDIT and issue:
            edits = {key: text for key, text in {**issue.edits, said["section"]: said["text"].strip()}.items() if text}
            again = reading.again(replace(issue, edits=edits))
            said |= {"text": said["text"].strip(), "hash": again.hash, "code": again.code}
        if kind == ISSUE and issue:
            if made.hash != issue.hash:
                return words.say("cli.brief_other", number=issue.number, code=issue.code, now=made.code)
            folder = settings.briefings / f"{made.name}-{issue.number}"
            # The browser's driver wants a thread without an event loop of its own.
            with ThreadPoolExecutor(max_workers=1) as apart:
                said |= {"forms": apart.submit(write_forms, folder, made, in_print(context)).result().files}
        action = write(open_store(settings), Entry(kind, subject, who, "data", context.arrival, context.now, "", "", said))
    except RefusedError as error:
        return words.say("alerts.act.refused", why=words.say(f"cli.refused.{error.why}", **error.facts))
    except RefusedBriefingError as error:
        return words.say("cli.brief_refused", why=words.say("headline.join").join(error.faults))
    except NoBrowserError as error:
        return words.say("briefs.no_browser", why=error.strerror or "")
    except DeskUnavailableError:
        return words.say("alerts.away")
    return words.say("alerts.act.done", number=action.number, command=words.label("command", action.kind))
