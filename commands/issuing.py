"""Verbs that take a briefing from draft to issue: each is written down at the desk with who did it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.briefing import (
    EVERY,
    AlertOption,
    EntityOption,
    FormOption,
    GrainOption,
    IndicatorOption,
    WhoOption,
    again,
    briefs,
    forms_of,
    moment_of,
    one_of,
    refusals_told,
    registered,
    subject_given,
    subjects_told,
)
from commands.comparing import compare
from commands.options import CityOption, JsonOption, LangOption, SnapshotOption, VarOption, settings_of
from commands.terminal import Exit, Language, Voice, WrongUseError, speaking

if TYPE_CHECKING:
    from briefing.document.content import Briefing
    from data.desk.action import Action
    from data.settings import Settings

app = typer.Typer(add_completion=False)
app.add_typer(briefs, name="brief")
briefs.command()(compare)


@briefs.command()
def draft(
    template: Annotated[str, typer.Argument(help="A template of data/briefings.")],
    who: WhoOption,
    day: Annotated[str | None, typer.Option(help="As it would have been said on this day.")] = None,
    corrects: Annotated[int | None, typer.Option(help="The number of the issue that this one corrects.")] = None,
    indicator: IndicatorOption = "",
    entity: EntityOption = "",
    grain: GrainOption = "",
    alert: AlertOption = "",
    snapshot: SnapshotOption = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Draft a briefing at the desk; its snapshot is kept for ever."""
    from briefing.document.drafting import draft_of
    from briefing.document.register import DRAFT
    from briefing.document.subject import subject_from
    from data import shelf
    from data.snapshots import open_snapshot

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice, refusals_told(voice):
        opened = open_snapshot(settings, snapshot)
        moment, subject = moment_of(opened, day), subject_given(indicator, entity, grain, alert)
        old = one_of(settings, corrects) if corrects is not None else None
        subject = subject if subject.is_given or old is None else subject_from(old.subject)
        with subjects_told():
            drafted = draft_of(settings, opened, template, moment, subject=subject, known=registered(settings), corrects=old)
        shelf.pin(settings, opened.id, drafted.subject)
        action = _write(settings, DRAFT, drafted.subject, who, drafted.payload)
        _report(voice, action, drafted.made, as_json=as_json)


@briefs.command()
def edit(
    number: int,
    section: Annotated[str, typer.Argument(help="The key of a section of the template, or lead.")],
    text: Annotated[Path, typer.Argument(help="A file with the text; an empty one takes the edit away.")],
    who: WhoOption,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Put a person's text in place of a computed one; it is marked as edited, and kept apart."""
    from dataclasses import replace

    from briefing.document.register import EDIT, subject_of

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice, refusals_told(voice):
        issue, said = one_of(settings, number), text.read_text(encoding="utf-8").strip()
        edits = {key: value for key, value in {**issue.edits, section: said}.items() if value}
        made = again(settings, replace(issue, edits=edits))
        if section not in {"lead", *(one.key for one in made.sections)}:
            raise WrongUseError("no_section", given=section, known=", ".join(["lead", *(one.key for one in made.sections)]))
        payload = {"issue": number, "section": section, "text": said, "hash": made.hash, "code": made.code}
        _report(voice, _write(settings, EDIT, subject_of(issue.template, issue.period), who, payload), made, as_json=as_json)


@briefs.command()
def approve(
    number: int,
    who: WhoOption,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Approve a draft: somebody else than who drafted or edited it."""
    from briefing.document.register import APPROVE

    _step(APPROVE, number, who, settings_of(city, var), lang, as_json=as_json)


@briefs.command()
def drop(
    number: int,
    who: WhoOption,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give up a draft; it stays in the register."""
    from briefing.document.register import DROP

    _step(DROP, number, who, settings_of(city, var), lang, as_json=as_json)


@briefs.command()
def issue(
    number: int,
    who: WhoOption,
    form: FormOption = EVERY,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Issue an approved briefing: composed again, held against its hash, written in every form, kept in the register."""
    from briefing.document.issuing import write_forms
    from briefing.document.register import ISSUE, subject_of
    from data.wording import Wording

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice, refusals_told(voice):
        one = one_of(settings, number)
        made = again(settings, one)
        if made.hash != one.hash:
            voice.say("brief_other", number=number, code=one.code, now=made.code)
            raise typer.Exit(Exit.NOTHING_DONE)
        folder = settings.briefings / f"{made.name}-{number}"
        written = write_forms(folder, made, Wording(Language.ZH, settings.city_dir), forms_of(form))
        action = _write(settings, ISSUE, subject_of(one.template, one.period), who, {"issue": number, "forms": written.files})
        _report(voice, action, made, as_json=as_json, folder=str(folder))


def _step(kind: str, number: int, who: str, settings: Settings, lang: Language, *, as_json: bool) -> None:
    from briefing.document.register import subject_of

    with speaking(lang, settings) as voice, refusals_told(voice):
        one = one_of(settings, number)
        action = _write(settings, kind, subject_of(one.template, one.period), who, {"issue": number})
        facts = {"number": action.number, "issue": number, "command": kind, "who": who, "code": one.code}
        voice.report("brief_step", facts, as_json=as_json)


def _report(voice: Voice, action: Action, made: Briefing, *, as_json: bool, folder: str = "") -> None:
    facts = {
        "number": action.number, "issue": action.details.get("issue", action.number), "command": action.kind, "who": action.who,
        "code": made.code, "hash": made.hash, "snapshot": made.snapshot, "folder": folder,
    }  # fmt: skip
    voice.report("brief_step", facts, as_json=as_json)


def _write(settings: Settings, kind: str, subject: str, who: str, payload: dict[str, Any]) -> Action:
    from briefing.document.register import write
    from data.desk.action import Entry
    from data.desk.store import open_store
    from data.register import load_reference

    now = datetime.now(UTC)
    return write(open_store(settings), Entry(kind, subject, who, "data", load_reference(settings).city.as_of(now), now, "", "", payload))
