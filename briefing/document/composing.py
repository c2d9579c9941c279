"""Composes a briefing: the texts of its template over the facts, then the tables and charts that stand below them.

What a template prints is noted as it is printed: a figure that reaches the page has its address with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from briefing.document.content import Bound, Briefing, Section
from briefing.document.evaluation import evaluation
from briefing.document.facts import Facts
from briefing.document.figures import IndexFigure, SignFigure
from briefing.document.finding import finding
from briefing.document.making import charts_of, tables_of
from briefing.document.template import SectionSpec, Template
from briefing.phrases import period_name
from data.problems import DefinitionError
from data.yamlfile import YamlFile

Edits = dict[str, str]


class RefusedBriefingError(Exception):
    """Raised where the template says that without this there is to be no briefing."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep what is missing, in words."""
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


def compose(
    template: Template, source: YamlFile, facts: Facts, *, edits: Edits | None = None, corrects: str = "", changes: tuple[str, ...] = (),
    ordinal: int = 0,
) -> Briefing:  # fmt: skip
    """Return the briefing; raises DefinitionError with the line of a text that cannot be, RefusedBriefingError."""
    edits, words = edits or {}, facts.words
    faults = tuple(_faults(template, facts))
    if faults and template.requires.otherwise == "refuse":
        raise RefusedBriefingError(faults)
    lead, lead_bounds = _said(template.lead, facts, source, ("lead",))
    sections = tuple(_section(spec, place, facts, source, edits.get(spec.section)) for place, spec in enumerate(template.sections))
    title, _ = _said(template.title, facts, source, ("title",))
    city = facts.snapshot.city
    number = _numbered(template, facts, ordinal)
    if template.grain != "day" and facts.about is None:
        number = words.say("document.number_of", number=number, period=_period(facts))
    day = f"{words.full_day(facts.now)}　{_weekday(words, facts.now)}"
    return Briefing(
        template.briefing, title, template.organ, number, facts.grain, facts.period, day,
        edits.get("lead", lead), lead_bounds, sections, faults, facts.snapshot.id, facts.snapshot.hash,
        words.moment(facts.now), facts.snapshot.definitions, facts.snapshot.desk.number if facts.snapshot.desk else 0,
        words.name(city["marking"], "") if city.get("marking") else "", words.say("document.demo") if city["provenance"] == "demo" else "",
        template.recipients, words.say("document.source", feeds=_feeds(facts)), corrects, changes,
        facts.about.subject.code if facts.about else "", words.label("document.tag", "special") if facts.about else "",
    )  # fmt: skip


def _section(spec: SectionSpec, place: int, facts: Facts, source: YamlFile, edit: str | None) -> Section:
    text, bounds = _said(spec.text, facts, source, ("sections", place, "text"))
    kept = text if edit is None else edit
    paragraphs = tuple(re.sub(r"\s*\n\s*", "", part).strip() for part in re.split(r"\n\s*\n", kept) if part.strip())
    tables, charts = tables_of(facts, spec.blocks), charts_of(facts, spec.blocks)
    used = bounds if edit is None else tuple(one for one in bounds if one.text in kept)
    return Section(spec.section, spec.title, paragraphs, used, tables, charts, spec.note, spec.beside, edit is not None)


def _said(text: str, facts: Facts, source: YamlFile, place: tuple[str | int, ...]) -> tuple[str, tuple[Bound, ...]]:
    """Return a text with its figures, and those."""
    found: list[Bound] = []

    def noted(value: Any) -> Any:
        if isinstance(value, SignFigure):
            value = value.value
        if isinstance(value, Bound):
            found.append(value)
        return value

    jinja = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=noted)
    jinja.filters["listed"] = lambda values, most=3: facts.words.listed([str(noted(value)) for value in values], most)
    jinja.filters["joined"] = lambda values, by="，": by.join(str(noted(value)) for value in values)
    jinja.filters["names"] = lambda figures, most=3: facts.words.listed([one.name for one in figures], most)
    jinja.filters["places"] = lambda figures: facts.words.say("list.comma").join(one.entity_name for one in figures)
    names = {
        "sign": facts.sign, "signs": facts.signs, "largest": facts.largest, "index": facts.index, "alerts": facts.alerts,
        "beyond": facts.beyond, "not_judged": facts.not_judged, "late_feeds": facts.late_feeds, "headline": facts.headline,
        "judgement": facts.judgement, "on_duty": facts.on_duty, "city": facts.words.name(facts.snapshot.city["name"], ""),
        "evaluation": lambda scheme: evaluation(facts, scheme), "about": facts.about, "it": facts.about.it if facts.about else None,
        "finding": finding(facts.about) if facts.about else [],
        "period": _period(facts), "day": facts.words.day(facts.start), "today": facts.words.day(facts.now), "hour": facts.now.hour,
    }  # fmt: skip
    try:
        return jinja.from_string(text).render(names), tuple(found)
    except (TemplateError, TypeError, KeyError, AttributeError) as error:
        raise DefinitionError([source.problem(place, str(error), "a Jinja text over the facts of docs/briefing.md")]) from error


def _faults(template: Template, facts: Facts) -> Iterable[str]:
    """Yield what the template requires and is not there, in words."""
    names = {row["feed"]: row for row in facts.feeds}
    for feed in template.requires.feeds:
        if feed not in names or names[feed]["state"] in {"late", "missing"}:
            name = facts.words.name(names[feed]) if feed in names else feed
            yield facts.words.say("document.fault.feed", feed=name)
    index: IndexFigure = facts.index
    if template.requires.coverage and (index.row is None or float(index.row["coverage"] or 0) < template.requires.coverage):
        yield facts.words.say(
            "document.fault.coverage", coverage=str(index.coverage) or "0%", least=f"{100 * template.requires.coverage:.0f}%"
        )


def _numbered(template: Template, facts: Facts, ordinal: int) -> str:
    """Return the number of an issue in words; one that runs is given at the desk, until then it is said to have none."""
    if template.number == "running" and not ordinal:
        return facts.words.say("document.unnumbered")
    moment = facts.start if template.grain != "day" else facts.now
    return facts.words.say("document.number", number=ordinal or _number(template, moment))


def _number(template: Template, moment: datetime) -> int:
    match template.number:
        case "day_of_year":
            return moment.timetuple().tm_yday
        case "week_of_year":
            return moment.isocalendar().week
    return moment.month


def _period(facts: Facts) -> str:
    return period_name(facts.words, facts.grain, facts.start)


def _weekday(words: Any, moment: datetime) -> str:
    return str(words.label("document.weekday", moment.isoweekday()))


def _feeds(facts: Facts) -> str:
    codes = [str(row["code"]) for row in facts.feeds]
    return facts.words.say("document.feeds", first=codes[0], last=codes[-1], count=len(codes)) if codes else ""
