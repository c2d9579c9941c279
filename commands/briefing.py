"""Verbs about briefings: draft, edit, approve, issue, list, read and verify them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import CityOption, JsonOption, LangOption, SnapshotOption, VarOption, settings_of
from commands.terminal import Exit, Language, Voice, WrongUseError, given, put, speaking

if TYPE_CHECKING:
    from briefing.document.content import Briefing
    from briefing.document.register import Issue
    from data.desk.action import Action
    from data.settings import Settings
    from data.snapshots import Snapshot

app = typer.Typer(add_completion=False)
briefs = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(briefs, name="brief")
WhoOption = Annotated[str, typer.Option("--who", help="Who does it.")]
FormOption = Annotated[str, typer.Option("--form", help="Which forms, of pdf, png, html, docx, pptx.")]
EVERY = "pdf,png,html,docx,pptx"


@briefs.callback()
def brief() -> None:
    """Daily, weekly, monthly and special briefings: composed from one snapshot, approved by a second person, verified for ever."""


@briefs.command()
def make(
    template: Annotated[str, typer.Argument(help="A template of data/briefings, such as daily.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
    form: FormOption = EVERY,
    day: Annotated[str | None, typer.Option(help="As it would have been said on this day (default: at the clock of the snapshot).")] = None,
    snapshot: SnapshotOption = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_text: Annotated[bool, typer.Option("--text", help="Only print what it says.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Compose a briefing and write it, without a number at the desk: to look at."""
    from briefing.document.issuing import write_forms
    from data.snapshots import open_snapshot
    from data.wording import Wording

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice, _told(voice):
        opened = open_snapshot(settings, snapshot)
        made = _composed(settings, opened, template, _moment(opened, day))
        if as_text:
            put([made.text()])
            return
        written = write_forms(out, made, Wording(Language.ZH, settings.city_dir), _forms(form))
        facts = {"template": template, "period": made.period, "code": made.code, "hash": made.hash, "snapshot": made.snapshot}
        voice.report("brief_made", facts | {"folder": str(out), "files": list(written.files)}, as_json=as_json)


@briefs.command()
def draft(
    template: Annotated[str, typer.Argument(help="A template of data/briefings.")],
    who: WhoOption,
    day: Annotated[str | None, typer.Option(help="As it would have been said on this day.")] = None,
    corrects: Annotated[int | None, typer.Option(help="The number of the issue that this one corrects.")] = None,
    snapshot: SnapshotOption = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Draft a briefing at the desk; its snapshot is kept for ever."""
    from briefing.document.issuing import changed
    from briefing.document.register import DRAFT, subject_of
    from data import shelf
    from data.snapshots import open_snapshot

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice, _told(voice):
        opened = open_snapshot(settings, snapshot)
        moment = _moment(opened, day)
        made = _composed(settings, opened, template, moment)
        payload: dict[str, Any] = {"moment": moment.isoformat(), "snapshot": opened.id}
        if corrects is not None:
            old = _issue(settings, corrects)
            before = _again(settings, old)
            payload |= {"corrects": corrects, "changes": list(changed(before, made))}
            made = _composed(settings, opened, template, moment, corrects=before.number, changes=tuple(payload["changes"]))
        shelf.pin(settings, opened.id, subject_of(template, made.period))
        payload |= {"hash": made.hash, "code": made.code}
        action = _write(settings, DRAFT, subject_of(template, made.period), who, payload)
        _report(voice, action, made, as_json=as_json)


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
    with speaking(lang, settings) as voice, _told(voice):
        issue, said = _issue(settings, number), text.read_text(encoding="utf-8").strip()
        edits = {key: value for key, value in {**issue.edits, section: said}.items() if value}
        made = _again(settings, replace(issue, edits=edits))
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
    with speaking(lang, settings) as voice, _told(voice):
        one = _issue(settings, number)
        made = _again(settings, one)
        if made.hash != one.hash:
            voice.say("brief_other", number=number, code=one.code, now=made.code)
            raise typer.Exit(Exit.NOTHING_DONE)
        folder = settings.briefings / f"{one.template}-{one.period}-{number}"
        written = write_forms(folder, made, Wording(Language.ZH, settings.city_dir), _forms(form))
        action = _write(settings, ISSUE, subject_of(one.template, one.period), who, {"issue": number, "forms": written.files})
        _report(voice, action, made, as_json=as_json, folder=str(folder))


@briefs.command("list")
def listed(city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH, *, as_json: JsonOption = False) -> None:
    """List the register: every briefing with its stage, snapshot and code."""
    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        rows = [
            asdict(one) | {"at": one.at.isoformat(), "issued_at": one.issued_at.isoformat() if one.issued_at else None}
            for one in _issues(settings)
        ]
        voice.show("briefs", rows, as_json=as_json)


@briefs.command()
def read(number: int, city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH) -> None:
    """Print what a briefing of the register says."""
    settings = settings_of(city, var)
    with speaking(lang, settings) as voice, _told(voice):
        put([_again(settings, _issue(settings, number)).text()])


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
    with speaking(lang, settings) as voice, _told(voice):
        path = Path(what)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        code = what.strip().upper()
        found = [
            one for one in _issues(settings) if one.stage == "issued" and (one.code == code or (sha256 and sha256 in one.forms.values()))
        ]
        if not found:
            voice.report("brief_unknown", {"what": what, "genuine": False}, as_json=as_json)
            raise typer.Exit(Exit.FINDINGS)
        one = found[-1]
        is_same = _again(settings, one).hash == one.hash
        later = [other.number for other in _issues(settings) if other.corrects == one.number and other.stage == "issued"]
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


def _step(kind: str, number: int, who: str, settings: Settings, lang: Language, *, as_json: bool) -> None:
    from briefing.document.register import subject_of

    with speaking(lang, settings) as voice, _told(voice):
        one = _issue(settings, number)
        action = _write(settings, kind, subject_of(one.template, one.period), who, {"issue": number})
        facts = {"number": action.number, "issue": number, "command": kind, "who": who, "code": one.code}
        voice.report("brief_step", facts, as_json=as_json)


def _report(voice: Voice, action: Action, made: Briefing, *, as_json: bool, folder: str = "") -> None:
    facts = {
        "number": action.number, "issue": action.details.get("issue", action.number), "command": action.kind, "who": action.who,
        "code": made.code, "hash": made.hash, "snapshot": made.snapshot, "folder": folder,
    }  # fmt: skip
    voice.report("brief_step", facts, as_json=as_json)


def _moment(opened: Snapshot, day: str | None) -> datetime:
    """Return when the briefing speaks: the clock of the snapshot, or its hour on an earlier day."""
    clock = opened.as_of.replace(tzinfo=None)
    if day is None:
        return clock
    moment = datetime.combine(given(date.fromisoformat, day, "bad_day"), time(clock.hour, clock.minute))
    if moment > clock:
        raise WrongUseError("not_yet_known", given=day, as_of=opened.as_of.isoformat(), snapshot=opened.id)
    return moment


def _composed(settings: Settings, opened: Snapshot, template: str, moment: datetime, **more: Any) -> Briefing:
    from briefing.document.issuing import NoTemplateError, composed

    try:
        return composed(settings, opened, template, moment, **more)
    except NoTemplateError as error:
        raise WrongUseError("no_template", given=template, known=error.args[0]) from None


def _again(settings: Settings, one: Issue) -> Briefing:
    from briefing.document.issuing import again

    return again(settings, one)


def _issues(settings: Settings) -> list[Issue]:
    from briefing.document.register import issues
    from data.desk.worked import actions_of
    from data.register import load_reference

    return issues(actions_of(settings), load_reference(settings).city.zone)


def _issue(settings: Settings, number: int) -> Issue:
    known = {one.number: one for one in _issues(settings)}
    if number not in known:
        raise WrongUseError("no_issue", given=number, known=", ".join(map(str, known)) or "—")
    return known[number]


def _write(settings: Settings, kind: str, subject: str, who: str, payload: dict[str, Any]) -> Action:
    from briefing.document.register import write
    from data.desk.action import Entry
    from data.desk.store import open_store
    from data.register import load_reference

    now = datetime.now(UTC)
    return write(open_store(settings), Entry(kind, subject, who, "data", load_reference(settings).city.as_of(now), now, "", "", payload))


def _forms(text: str) -> tuple[str, ...]:
    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    if unknown := [one for one in wanted if one not in EVERY.split(",")]:
        raise WrongUseError("no_form", given=unknown[0], known=EVERY)
    return wanted


@contextmanager
def _told(voice: Voice) -> Iterator[None]:
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
