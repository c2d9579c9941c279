"""Concludes a special briefing by rule: where the sign stands, how its alerts are worked, what is asked of whom. It names no cause."""

from __future__ import annotations

from briefing.document.about import About
from briefing.document.alert_figure import AlertFigure
from briefing.document.content import Bound
from briefing.phrases import is_judged, rank


def finding(about: About) -> list[Bound]:
    """Return the sentences, each with its stop."""
    return [*_standing(about), *_worked(about), _no_cause(about)]


def _standing(about: About) -> list[Bound]:
    words, it = about.facts.words, about.it
    if it is None:
        return []
    if not it.judged:
        return [it.bound(words.say("subject.finding.unjudged", name=it.name, since=about.since), "level")]
    before = about.course[-2] if len(about.course) > 1 else None
    if before is None or not is_judged(before):
        moved = ""
    else:
        step = it.rank - rank(before)
        key = "worse" if step > 0 else "better" if step < 0 else "same"
        moved = words.say(f"subject.finding.{key}", against=words.label("change.prev", about.facts.grain))
    said = words.say("subject.finding.stands", place=about.place, name=it.name, level=it.level, moved=moved, since=about.since)
    return [it.bound(said, "level")]


def _worked(about: About) -> list[Bound]:
    words = about.facts.words
    told = [Bound(_of_alert(about, one), "alert", "handling", one.id.indicator, one.id.entity) for one in about.alerts]
    if told:
        return told
    if about.it and about.it.beyond:
        return [about.it.bound(words.say("subject.finding.no_alert_beyond", owner=about.it.indicator["owner"] or "—"), "level")]
    return [about.it.bound(words.say("subject.finding.no_alert"), "level")] if about.it else []


def _of_alert(about: About, one: AlertFigure) -> str:
    words = about.facts.words
    key = (
        "closed" if one.is_closed else "paused" if one.is_paused else "overdue" if one.is_overdue else "due" if one.due and one.step
        else "open"
    )  # fmt: skip
    return words.say(
        f"subject.finding.{key}", alert=one.id, unit=one.unit or words.say("value.none"), stage=one.stage, step=one.step, due=one.due,
        left=one.left, closed=one.closed_at,
    )  # fmt: skip


def _no_cause(about: About) -> Bound:
    return Bound(about.facts.words.say("subject.finding.no_cause"), "sign", "level", about.subject.indicator, about.subject.entity)
