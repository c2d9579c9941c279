"""Verbs that read briefings: make one to look at, list the register, read and verify; the steps of one are in `issuing`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import CityOption, JsonOption, LangOption, SnapshotOption, VarOption, settings_of
from commands.terminal import Exit, Language, Voice, WrongUseError, given, put, speaking

if TYPE_CHECKING:
    from briefing.document.content import Briefing
    from briefing.document.register import Issue
    from briefing.document.subject import Subject
    from data.settings import Settings
    from data.snapshots import Snapshot

briefs = typer.Typer(add_completion=False, no_args_is_help=True)
WhoOption = Annotated[str, typer.Option("--who", help="Who does it.")]
FormOption = Annotated[str, typer.Option("--form", help="Which forms, of pdf, png, html, docx, pptx.")]
EVERY = "pdf,png,html,docx,pptx"
IndicatorOption = Annotated[str, typer.Option("--indicator", help="Of a special one: the sign.")]
EntityOption = Annotated[str, typer.Option("--entity", help="Of a special one: whose sign (default: the whole city).")]
GrainOption = Annotated[
    str, typer.Option("--grain", help="Of a special one: hour, day, week, month, quarter or year (default: the sign's own).")
]
AlertOption = Annotated[str, typer.Option("--alert", help="Of a special one: the alert.")]


@briefs.callback()
def brief() -> None:
    """Daily, weekly, monthly and special briefings: composed from one snapshot, approved by a second person, verified for ever."""


@briefs.command()
def make(
    template: Annotated[str, typer.Argument(help="A template of data/briefings, such as daily.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
    form: FormOption = EVERY,
    day: Annotated[str | None, typer.Option(help="As it would have been said on this day (default: at the clock of the snapshot).")] = None,
    indicator: IndicatorOption = "",
    entity: EntityOption = "",
    grain: GrainOption = "",
    alert: AlertOption = "",
    snapshot: SnapshotOption = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_text: Annotated[bool, typer.Option("--text", help="Only print what it says.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Compose a briefing and write it, without a number at the desk: to look at."""
    from briefing.document.issuing import composed, write_forms
    from data.snapshots import open_snapshot
    from data.wording import Wording

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice, refusals_told(voice):
        opened = open_snapshot(settings, snapshot)
        subject = subject_given(indicator, entity, grain, alert)
        with subjects_told():
            made = composed(settings, opened, template, moment_of(opened, day), subject=subject)
        if as_text:
            put([made.text()])
            return
        written = write_forms(out, made, Wording(Language.ZH, settings.city_dir), forms_of(form))
        facts = {"template": template, "period": made.period, "code": made.code, "hash": made.hash, "snapshot": made.snapshot}
        voice.report("brief_made", facts | {"folder": str(out), "files": list(written.files)}, as_json=as_json)


@briefs.command("list")
def listed(city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH, *, as_json: JsonOption = False) -> None:
    """List the register: every briefing with its stage, snapshot and code."""
    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        rows = [
            asdict(one) | {"at": one.at.isoformat(), "issued_at": one.issued_at.isoformat() if one.issued_at else None}
            for one in registered(settings)
        ]
        voice.show("briefs", rows, as_json=as_json)


@briefs.command()
def read(number: int, city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH) -> None:
    """Print what a briefing of the register says."""
    settings = settings_of(city, var)
    with speaking(lang, settings) as voice, refusals_told(voice):
        put([again(settings, one_of(settings, number)).text()])


@briefs.command()
def verify(
    what: Annotated[str, typer.Argument(help="The code that a page carries, or a file.")],
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say whether a page or file is one that was issued, and whether its snapshot still says the same; 10 if not."""
    settings = settings_of(city, var)
    with speaking(lang, settings) as voice, refusals_told(voice):
        path = Path(what)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        code = what.strip().upper()
        found = [
            one for one in registered(settings) if one.stage == "issued" and (one.code == code or (sha256 and sha256 in one.forms.values()))
        ]
        if not found:
            voice.report("brief_unknown", {"what": what, "genuine": False}, as_json=as_json)
            raise typer.Exit(Exit.FINDINGS)
        one = found[-1]
        is_same = again(settings, one).hash == one.hash
        later = [other.number for other in registered(settings) if other.corrects == one.number and other.stage == "issued"]
        facts = {
            "number": one.number, "template": one.template, "period": one.period, "snapshot": one.snapshot, "code": one.code,
            "issued_at": one.issued_at.isoformat() if one.issued_at else None, "by": one.issued_by, "genuine": True, "same": is_same,
            "corrected_by": later,
        }  # fmt: skip
        voice.report("brief_genuine" if is_same else "brief_changed", facts, as_json=as_json)
        if later and not as_json:
            voice.say("brief_corrected", numbers=", ".join(map(str, later)))
        if not is_same or later:
            raise typer.Exit(Exit.FINDINGS)


def moment_of(opened: Snapshot, day: str | None) -> datetime:
    """Return when the briefing speaks: the clock of the snapshot, or its hour on an earlier day."""
    clock = opened.as_of.replace(tzinfo=None)
    if day is None:
        return clock
    moment = datetime.combine(given(date.fromisoformat, day, "bad_day"), time(clock.hour, clock.minute))
    if moment > clock:
        raise WrongUseError("not_yet_known", given=day, as_of=opened.as_of.isoformat(), snapshot=opened.id)
    return moment


def subject_given(indicator: str, entity: str, grain: str, alert: str) -> Subject:
    """Return what a special briefing is to be about, or nothing; raises WrongUseError where two things are named, or half of one."""
    from briefing.document.subject import Subject
    from data.periods import GRAINS

    if alert and (indicator or entity or grain):
        raise WrongUseError("one_subject", given=alert, other=indicator or entity or grain)
    if (entity or grain) and not indicator and not alert:
        raise WrongUseError("no_subject.wanted", given=entity or grain)
    if grain and grain not in GRAINS:
        raise WrongUseError("bad_grain", given=grain, known=", ".join(GRAINS))
    return Subject(alert, indicator, entity, grain)


@contextmanager
def subjects_told() -> Iterator[None]:
    """Make wrong use of a template that the city does not have, or of what a briefing is to be about."""
    from briefing.document.issuing import NoTemplateError
    from briefing.document.subject import NoSubjectError

    try:
        yield
    except NoSubjectError as error:
        raise WrongUseError(f"no_subject.{error.why}", given=error.given) from None
    except NoTemplateError as error:
        raise WrongUseError("no_template", given=error.args[1], known=error.args[0]) from None


def again(settings: Settings, one: Issue) -> Briefing:
    """Return a briefing of the register composed once more."""
    from briefing.document.issuing import again

    return again(settings, one)


def registered(settings: Settings) -> list[Issue]:
    """Return the register."""
    from briefing.document.register import issues
    from data.desk.worked import actions_of
    from data.register import load_reference

    return issues(actions_of(settings), load_reference(settings).city.zone)


def one_of(settings: Settings, number: int) -> Issue:
    """Return a briefing of the register; raises WrongUseError where there is none of that number."""
    known = {one.number: one for one in registered(settings)}
    if number not in known:
        raise WrongUseError("no_issue", given=number, known=", ".join(map(str, known)) or "—")
    return known[number]


def forms_of(text: str) -> tuple[str, ...]:
    """Return the forms that are asked for; raises WrongUseError for one that there is not."""
    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    if unknown := [one for one in wanted if one not in EVERY.split(",")]:
        raise WrongUseError("no_form", given=unknown[0], known=EVERY)
    return wanted


@contextmanager
def refusals_told(voice: Voice) -> Iterator[None]:
    """Say why a briefing was not made, or a step not taken."""
    from briefing.document.composing import RefusedBriefingError
    from data.desk.acting import RefusedError

    try:
        yield
    except RefusedBriefingError as error:
        voice.say("brief_refused", why=voice.words.say("headline.join").join(error.faults))
        raise typer.Exit(Exit.NOTHING_DONE) from None
    except RefusedError as error:
        voice.say(f"refused.{error.why}", **error.facts)
        raise typer.Exit(Exit.NOTHING_DONE) from None
