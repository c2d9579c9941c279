"""Draws what stands in the place of a page: nothing published yet, or something went wrong."""

from __future__ import annotations

from charts.marks import mark_image
from charts.markup import esc, link
from data.contract import Contract
from data.desk.store import DeskUnavailableError
from data.problems import CityMissingError, DefinitionError
from data.validation import validate
from data.wording import Wording
from data.yamlfile import read_yaml
from pages.parts.context import Context
from pages.parts.masthead import foot, masthead, show, style, title
from pages.parts.tables import section

STEPS = ("catalogue", "drop", "refresh", "look")
BOXES = ("signs", "map", "trend", "feeds")


def empty(context: Context, page: str) -> None:
    """Say that it is installed, and what to do now."""
    words = context.words
    contracts, problem = _contracts(context)
    sources = _sources(context, contracts) if contracts else ""
    warning = f'<p class="panel worse">{esc(words.say("empty.problem"))}</p>' if problem else ""
    boxes = "".join(
        f'<div class="dashed"><b>{mark_image("not_evaluated", context.colours, words.label("state", "not_evaluated"))} '
        f'{esc(words.say(f"empty.box.{box}.name"))}</b><span class="note">{esc(words.say(f"empty.box.{box}.note"))}</span></div>'
        for box in BOXES
    )
    steps = section(words.say("empty.steps"), words.say("empty.steps_note"), _steps(context, contracts))
    later = section(words.say("empty.later"), words.say("empty.later_note"), f'<div class="boxes">{boxes}</div>')
    show(
        masthead(context, page)
        + f'<div style="padding:12px 0 16px"><div class="note">{esc(words.say("empty.note", title=title(context)))}</div>'
        f'<p class="serif b" style="font-size:var(--t-head)">{esc(words.say("empty.title"))}</p></div>{warning}'
        f'<div class="start">{steps}{sources}</div><div style="margin-top:20px">{later}</div>'
        + f'<p class="note"><b>{esc(words.say("empty.refused"))}</b>　{esc(words.say("empty.refused_note"))}</p>'
        + foot(context, "", "")
    )


def error(words: Wording, code: str) -> None:
    """Say in one sentence that something went wrong, with the id under which it was logged."""
    back = link("./", esc(words.say("error.back")), "b")
    show(
        f'{style()}<div class="oops"><p class="serif b" style="font-size:var(--t-head)">{esc(words.say("error.title", id=code))}</p>'
        f'<p class="note" style="margin-top:12px">{esc(words.say("error.note"))} {back}</p></div>'
    )


def away(context: Context, error: DeskUnavailableError) -> str:
    """Return what to say while the desk cannot be reached: nobody can act, and nothing is shown as if nobody had."""
    words = context.words
    told = f'<b>{esc(words.say("alerts.away"))}</b><span class="note">{esc(error.strerror or "")}</span>'
    return f'<div class="dashed" style="height:240px;margin:24px 0">{told}</div>'


def gone(words: Wording, snapshot: str) -> None:
    """Say that a snapshot that was asked for is not kept any more, or never was."""
    back = link("./", esc(words.say("masthead.newest")), "b")
    show(
        f'{style()}<div class="oops"><p class="serif b" style="font-size:var(--t-head)">{esc(words.say("error.gone", id=snapshot))}</p>'
        f'<p class="note" style="margin-top:12px">{esc(words.say("error.gone_note"))} {back}</p></div>'
    )


def closed(words: Wording) -> None:
    """Say that nobody may look from here while there is no sign-in."""
    show(f'{style()}<div class="oops"><p class="serif b" style="font-size:var(--t-head)">{esc(words.say("gate.closed"))}</p></div>')


def _contracts(context: Context) -> tuple[list[Contract], bool]:
    settings = context.settings
    try:
        paths = sorted(settings.feeds_dir.glob("*.yaml"))
        found = [validate(Contract, read_yaml(path, settings.city_dir)) for path in paths]
    except (DefinitionError, CityMissingError, OSError):
        return [], True
    return sorted(found, key=lambda contract: contract.code), False


def _steps(context: Context, contracts: list[Contract]) -> str:
    words = context.words
    count = 0
    for path in sorted(context.settings.catalogue_dir.glob("*.yaml")):
        content = read_yaml(path, context.settings.city_dir).content
        count += len(content.get("indicators", [])) if isinstance(content, dict) else 0
    rows = []
    for place, step in enumerate(STEPS):
        note = words.say(f"empty.step.{step}.note", feeds=len(contracts), indicators=count, inbox=context.settings.inbox)
        state = words.say("empty.done") if place == 0 else words.say("empty.now") if place == 1 else words.say("empty.after", n=place)
        look = "now" if place == 1 else ""
        tone = "worse b" if place == 1 else "note"
        badge = "mark solid" if place == 0 else "mark demo" if place == 1 else "mark quiet"
        rows.append(
            f'<tr class="l {look}"><td style="width:56px;padding-left:8px"><span class="{badge}">{place + 1}</span></td>'
            f'<td class="wrap"><b>{esc(words.say(f"empty.step.{step}.name"))}</b><div class="note">{esc(note)}</div></td>'
            f'<td class="r s {tone}">{esc(state)}</td></tr>'
        )
    return f"<table>{''.join(rows)}</table>"


def _sources(context: Context, contracts: list[Contract]) -> str:
    words = context.words
    heads = "".join(f"<th>{esc(words.say(f'empty.head.{key}'))}</th>" for key in ("feed", "department", "due", "columns", "state"))
    rows = []
    for contract in contracts:
        needed = [
            column.heading[0]
            for table in contract.tables.values()
            for column in table.columns.values()
            if column.heading and not column.optional
        ]
        due = words.say("due", every=words.label("every", contract.cadence.every), time=contract.cadence.due)
        rows.append(
            f'<tr class="l"><td><span class="note">{esc(contract.code)}</span> {esc(words.name(contract.name.model_dump(), ""))}</td>'
            f'<td class="s note">{esc(contract.owner)}</td><td class="s">{esc(due)}</td>'
            f'<td class="s note">{esc(words.listed(needed, 4))}</td>'
            f'<td class="s quiet">{esc(words.say("empty.waiting"))}</td></tr>'
        )
    body = f'<table class="src"><tr class="h">{heads}</tr>{"".join(rows)}</table>'
    return section(words.say("empty.feeds", count=len(contracts)), words.say("empty.feeds_note"), body)
