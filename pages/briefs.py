"""What goes out, and what went out: a briefing of this snapshot to read before it is approved, and the register of those issued."""

from __future__ import annotations

import streamlit as st

from briefing.document.comparing import UnlikeError
from briefing.document.composing import RefusedBriefingError
from briefing.document.content import Briefing
from briefing.document.issuing import NOTHING
from briefing.document.register import Issue
from briefing.document.subject import NoSubjectError
from charts.markup import esc, link
from data.desk.store import DeskUnavailableError
from data.problems import DefinitionError
from pages.parts import faces
from pages.parts.compared import comparison
from pages.parts.context import Context, here
from pages.parts.filters import choose
from pages.parts.issues import Shelf, register, shelf
from pages.parts.masthead import foot, masthead, show
from pages.parts.reading import Reading
from pages.parts.records import Records
from pages.parts.steps import preview, steps
from pages.parts.subjects import asked, candidates, figure_names
from pages.parts.worklist import worklist


def render() -> None:
    """Draw the choice and the register beside the page itself; only what one does about it is more than text."""
    context = here()
    reading = context.reading
    if reading is None:
        faces.empty(context, "briefs")
        return
    try:
        of = shelf(reading)
    except DeskUnavailableError:
        of = Shelf(reading.templates(), [], is_away=True)
    show(masthead(context, "briefs") + top(context, of))
    if not of.templates:
        show(f'<div class="dashed" style="height:240px"><b>{esc(context.words.say("briefs.none"))}</b></div>' + _foot(context, reading))
        return
    left, right = st.columns([930, 906], gap="medium")
    with right:
        show(register(context, of, figure_names(context, reading)))
    with left:
        page(context, reading, of)
    show(_foot(context, reading))


def top(context: Context, of: Shelf) -> str:
    """Return the title and the kinds of briefings that there are."""
    words, target = context.words, context.filters.target
    issue = of.chosen(context.filters.issue)
    now, _ = choose(issue.template if issue else context.filters.view, list(of.templates), next(iter(of.templates), ""))
    kinds = "".join(
        link(target("briefs", view=name, issue="", against=""), esc(words.name(one.name.model_dump(), "")), "here" if name == now else "")
        for name, one in of.templates.items()
    )
    return (
        f'<div class="face"><div><div class="title">{esc(words.say("briefs.title"))}</div>'
        f'<div class="note">{esc(words.say("briefs.note"))}</div></div><div class="tools"><span class="seg">{kinds}</span></div></div>'
    )


def page(context: Context, reading: Reading, of: Shelf) -> None:
    """Show the briefing as it would be printed, and what can be done about it; why there is none, where there is none."""
    issue = of.chosen(context.filters.issue)
    against = of.chosen(context.filters.against)
    name, _ = choose(context.filters.view, list(of.templates), next(iter(of.templates)))
    is_special = of.templates[name].about == "subject"
    try:
        if issue and against:
            show(comparison(context, reading, against, issue))
        elif issue is None and is_special and not asked(context).is_given:
            show(candidates(context, worklist(context, reading), Records(reading, context.words), name))
        else:
            made: Briefing = reading.again(issue) if issue else reading.briefing(name, asked(context) if is_special else NOTHING)
            sheet(context, reading, of, issue, made)
    except (RefusedBriefingError, NoSubjectError, UnlikeError, DefinitionError, DeskUnavailableError) as error:
        show(f'<div class="dashed" style="height:240px"><b class="worse">{esc(_why(context, error))}</b></div>')


def sheet(context: Context, reading: Reading, of: Shelf, issue: Issue | None, made: Briefing) -> None:
    """Show what can be done about a briefing, that it is no longer the one that was registered, and the page itself."""
    steps(context, reading, of, issue, made)
    if issue and issue.stage in {"draft", "approved"} and made.hash != issue.hash:
        said = context.words.say("cli.brief_other", number=issue.number, code=issue.code, now=made.code)
        show(f'<p class="note worse">{esc(said)}</p>')
    preview(context, made)


def _why(context: Context, error: Exception) -> str:
    """Return why there is nothing to show."""
    words = context.words
    if isinstance(error, RefusedBriefingError):
        return words.say("cli.brief_refused", why=words.say("headline.join").join(error.faults))
    if isinstance(error, NoSubjectError):
        return words.say(f"cli.no_subject.{error.why}", given=error.given)
    if isinstance(error, UnlikeError):
        return words.say("briefs.unlike")
    return str(error.problems[0]) if isinstance(error, DefinitionError) else words.say("alerts.away")


def _foot(context: Context, reading: Reading) -> str:
    return foot(context, "", esc(context.words.say("briefs.source", id=reading.snapshot.id)))


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "briefs"})
