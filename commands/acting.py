"""Verbs about what people do: where it is kept, and whether the record of it is whole."""

from __future__ import annotations

from dataclasses import asdict
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
