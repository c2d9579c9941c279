"""Verbs about what people do: where it is kept, and whether the record of it is whole."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from commands.options import CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Exit, Language, speaking

app = typer.Typer(add_completion=False)
audits = typer.Typer(add_completion=False, no_args_is_help=True)
app.add_typer(audits, name="audit")


@audits.callback()
def audit() -> None:
    """Hold what people did against its chain of hashes."""


@audits.command()
def verify(
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Find a changed row, a removed row and a cut tail of the actions, beside what snapshots and journal noted; 10 if there is one."""
    from data.desk.audit import NoDeskError
    from data.desk.audit import audit as work

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        try:
            found = work(settings)
        except NoDeskError:
            voice.say("no_desk")
            raise typer.Exit(Exit.NOTHING_DONE) from None
        faults = [asdict(one) for one in found.breaks]
        facts = {"actions": found.actions, "number": found.head.number, "head": found.head.hash, "notes": found.notes, "whole": not faults}
        if not as_json and faults:
            voice.show("breaks", faults, as_json=False)
        voice.report("audit_broken" if faults else "audit_whole", facts | {"breaks": faults, "count": len(faults)}, as_json=as_json)
        if faults:
            raise typer.Exit(Exit.FINDINGS)


@app.command()
def act(
    alert: Annotated[str, typer.Argument(help="The alert; of `open`: -, it opens one.")],
    command: str,
    who: Annotated[str, typer.Option(help="Who does it.")],
    role: Annotated[str, typer.Option(help="In which role: see docs/desk.md.")],
    unit: Annotated[str, typer.Option(help="For which department.")] = "",
    reason: Annotated[str, typer.Option(help="Why, or what was found.")] = "",
    said: Annotated[list[str] | None, typer.Option("--set", help="What the command wants: unit=heating, until=2016-03-09T12:00.")] = None,
    seen: Annotated[int | None, typer.Option(help="The last action that this person had seen; refused if there is a later one.")] = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Do something about an alert: confirm, dispatch, acknowledge, finish, close ... Kept at the desk with who, when and why."""
    from data import alerted
    from data.desk.acting import RefusedError
    from data.desk.action import Entry
    from data.desk.worked import work_of
    from data.register import load_reference
    from data.snapshots import open_snapshot

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        snapshot, now = open_snapshot(settings), datetime.now().astimezone()
        work, at = work_of(settings), load_reference(settings).city.as_of(now)
        payload = dict(pair.partition("=")[::2] for pair in said or [])
        given = {name: int(value) if name == "to" and value.isdecimal() else value for name, value in payload.items()}
        subject = "" if command == "open" else alert
        rows = alerted.alerts(settings, snapshot)
        known = rows[(rows["alert"] == subject) & rows["fired_at"].notna()].to_dict("records")
        entry = Entry(command, subject, who, role, at, now, unit, reason, given, seen)
        try:
            action = work.desk(settings).act(entry, {str(key): value for key, value in known[0].items()} if known else None)
        except RefusedError as error:
            voice.say(f"refused.{error.why}", **error.facts)
            raise typer.Exit(Exit.NOTHING_DONE) from None
        facts = {"number": action.number, "alert": action.subject, "command": action.kind, "who": action.who, "hash": action.hash}
        voice.report("acted", facts, as_json=as_json)


@app.command()
def silence(
    who: Annotated[str, typer.Option(help="Who says so.")],
    role: Annotated[str, typer.Option(help="In which role: one that may silence.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    rule: Annotated[str, typer.Option(help="Alerts of this rule.")] = "",
    indicator: Annotated[str, typer.Option(help="Alerts on this sign.")] = "",
    entity_kind: Annotated[str, typer.Option(help="Alerts on entities of this kind.")] = "",
    entity: Annotated[str, typer.Option(help="Alerts on this entity.")] = "",
    until: Annotated[str, typer.Option(help="Until this local moment: 2016-03-09T12:00.")] = "",
    end: Annotated[int | None, typer.Option(help="End the silence of this number now (show silences).")] = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Tell nobody of alerts of a rule, a sign or an entity for a while, even of those to come; they are seen and counted as ever."""
    from data.desk import silences
    from data.desk.acting import RefusedError
    from data.desk.action import Entry
    from data.desk.store import open_store
    from data.desk.worked import work_of
    from data.register import load_reference

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        work, now = work_of(settings), datetime.now().astimezone()
        at = load_reference(settings).city.as_of(now)
        meant = {"rule": rule, "indicator": indicator, "entity_kind": entity_kind, "entity": entity, "until": until}
        payload = {"silence": end} if end is not None else {name: value for name, value in meant.items() if value}
        entry = Entry(silences.SILENCE, silences.SUBJECT, who, role, at, now, "", reason, payload)
        say = silences.end if end is not None else silences.silence
        try:
            action = say(open_store(settings), work.terms, entry, work.zone)
        except RefusedError as error:
            voice.say(f"refused.{error.why}", **error.facts)
            raise typer.Exit(Exit.NOTHING_DONE) from None
        facts = {"number": action.number, "alert": action.subject, "command": action.kind, "who": action.who, "hash": action.hash}
        voice.report("acted", facts, as_json=as_json)


@app.command()
def desk(
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    backed_up: Annotated[
        bool, typer.Option("--backed-up", help="A PostgreSQL desk of an older version was dumped; bring it forward.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say where what people do is kept and how far it has come; makes it where there is none, and brings an older one forward."""
    from data.desk.schema import DeskNewerError
    from data.desk.store import BackupNeededError, open_store

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        try:
            store = open_store(settings, backed_up=backed_up)
        except BackupNeededError:
            voice.say("desk_backup")
            raise typer.Exit(Exit.NOTHING_DONE) from None
        except DeskNewerError as error:
            voice.say("desk_newer", found=error.found, known=error.known)
            raise typer.Exit(Exit.NOTHING_DONE) from None
        head = store.head()
        voice.report("desk_is", {"desk": store.url, "number": head.number, "head": head.hash}, as_json=as_json)
