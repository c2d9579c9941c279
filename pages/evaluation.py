"""How areas, departments, systems and the city score: who moved and why, how sure a rank is, and what a score is made of."""

from __future__ import annotations

import streamlit as st

from briefing.evaluated import mover, sentence
from charts.legend import level_legend
from charts.markup import esc
from data.wording import Wording
from pages.parts import faces, trial
from pages.parts.apart import apart
from pages.parts.composed import composed
from pages.parts.context import here
from pages.parts.evaluated import Evaluated, evaluated
from pages.parts.masthead import foot, masthead, show
from pages.parts.moved import causes, reading, why
from pages.parts.periods import period_name
from pages.parts.picker import select
from pages.parts.ranked import ranking
from pages.parts.records import Records
from pages.parts.sensitive import sensitive


def render() -> None:
    """Draw the page of the chosen scheme and period; only the two choices are more than text."""
    context = here()
    snapshot = context.reading
    records = Records(snapshot, context.words) if snapshot else None
    if snapshot is None or records is None:
        faces.empty(context, "evaluation")
        return
    of = evaluated(context, snapshot, records)
    if of is None:
        show(masthead(context, "evaluation") + nothing(context.words) + foot(context, "", ""))
        return
    key = (*context.look, of.scheme["scheme"], of.period, context.filters.entity)
    show(snapshot.drawn("evaluation top", lambda: top(of), *key))
    pick(of)
    if context.filters.trial != trial.OPEN:
        show(snapshot.drawn("evaluation", lambda: body(of, ranked(of)), *key))
        return
    turned = trial.asked(of)
    trial.controls(of, turned)
    show(body(of, trial.compared(of, turned)))


def nothing(words: Wording) -> str:
    """Return what to say where no scheme has scored anything yet."""
    told = f'<b>{esc(words.say("evaluation.none_yet"))}</b><span class="note">{esc(words.say("evaluation.none_yet_note"))}</span>'
    return f'<div class="dashed" style="height:240px;margin:24px 0">{told}</div>'


def top(of: Evaluated) -> str:
    """Return the title bar, what is looked at, and the sentence."""
    words = of.context.words
    entity = mover(of.units, of.changes)
    text = sentence(words, of.units, of.changes, of.by_part(entity), of.names)
    period = period_name(words, of.scheme["grain"], of.rows[0]["start"]) if of.rows else of.period
    crumb = words.say("evaluation.crumb", name=words.name(of.scheme), period=period)
    lost = f' <span class="worse">{esc(words.say("sign.unknown", code=of.unknown))}</span>' if of.unknown else ""
    return (
        masthead(of.context, "evaluation")
        + f'<div class="face" style="min-height:0"><div><div class="note">{esc(crumb)}{lost}</div>'
        + f'<div class="title serif">{esc(text)}</div></div></div>'
    )


def pick(of: Evaluated) -> None:
    """Show the choice of scheme and period, and the way to a trial; a change goes into the address and starts a new run."""
    words, snapshot = of.context.words, of.context.reading
    schemes = {row["scheme"]: words.name(row) for row in snapshot.frame("schemes").to_dict("records")} if snapshot else {}
    with st.container(key="picker", horizontal=True, vertical_alignment="center", gap="small"):
        select("scheme", words.say("evaluation.pick.scheme"), list(schemes), str(of.scheme["scheme"]), lambda code: schemes[code], 300)
        select("period", words.say("evaluation.pick.period"), of.periods[::-1], of.period, str, 180)
        show(trial.switch(of))


def ranked(of: Evaluated) -> str:
    """Return the ranking, or of a single unit its parts; below it how to read them."""
    entity = looked_at(of)
    left = ranking(of, entity) if len(of.units) > 1 else composed(of, entity)
    return left + reading(of) + sensitive(of)


def body(of: Evaluated, left: str) -> str:
    """Return what stands on the left, below it what the score of the unit looked at is made of, beside it why it moved."""
    entity, words = looked_at(of), of.context.words
    right = why(of, entity) + causes(of, entity)
    source = words.say("catalogue.source", id=of.context.reading.snapshot.id) if of.context.reading else ""
    low = foot(of.context, level_legend(words, of.context.colours), esc(source))
    return f'<div class="rated"><div>{left}{apart(of, entity)}</div><div class="pile">{right}</div></div>{low}'


def looked_at(of: Evaluated) -> str:
    """Return the unit that the address asks for, else the one that moved most."""
    asked = of.context.filters.entity
    return asked if asked in of.names else mover(of.units, of.changes)


if __name__ == "__main__":
    st.switch_page("app.py", query_params={**st.query_params.to_dict(), "to": "evaluation"})
