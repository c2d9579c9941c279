"""Verbs about telling people: write and send what is to be told, and send again what did not arrive."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Exit, Language, Voice, WrongUseError, speaking

if TYPE_CHECKING:
    from data.settings import Settings

app = typer.Typer(add_completion=False)


@app.command()
def notify(
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    again: Annotated[int | None, typer.Option(help="Send this message again, which failed or may not have arrived.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be told.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell people what happened to alerts and what is due, by the channels of the city; each is told once."""
    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        tell(settings, voice, again=again, dry_run=dry_run, as_json=as_json)


def can_tell(settings: Settings) -> bool:
    """Whether a city says whom to tell, and any of its channels has an address."""
    from data.desk.telling import load_telling
    from data.desk.terms import load_terms

    found = load_telling(settings, load_terms(settings))
    return found is not None and any(os.environ.get(one.url) for one in found[0].channels)


def tell(settings: Settings, voice: Voice, *, again: int | None = None, dry_run: bool = False, as_json: bool = False) -> None:
    """Write what is to be told into the outbox and send what waits there."""
    from briefing.telling.sending import apprise_send, send_waiting
    from briefing.telling.writing import to_tell
    from data.desk.outbox import Outbox
    from data.desk.store import open_store
    from data.desk.telling import load_telling
    from data.desk.worked import work_of
    from data.register import load_reference
    from data.snapshots import open_snapshot
    from data.wording import Wording

    work, reference = work_of(settings), load_reference(settings)
    found = load_telling(settings, work.terms)
    if found is None:
        voice.say("tells_nobody")
        raise typer.Exit(Exit.NOTHING_DONE)
    telling, rota = found
    wall, words = datetime.now().astimezone(), Wording(Language.ZH)
    now = reference.city.as_of(wall).replace(tzinfo=None)
    written = to_tell(settings, open_snapshot(settings), work, telling, rota, words, now)
    if dry_run:
        blank = {"number": None, "state": "waiting", "gone_at": None, "tries": 0, "fault": ""}
        voice.show("messages", [asdict(one) | blank for one in written], as_json=as_json)
        return
    outbox = Outbox(open_store(settings))
    if again is not None and not outbox.again(again, wall):
        raise WrongUseError("not_again", given=again)
    fresh = outbox.write(written, wall)
    addresses = {one.channel: os.environ.get(one.url, "") for one in telling.channels}
    done = send_waiting(outbox, telling, addresses, words, wall, apprise_send)
    facts = {"written": fresh, **asdict(done)}
    voice.report("told", facts, as_json=as_json)
    if done.without:
        names = [f"{one.channel} ({one.url})" for one in telling.channels if one.channel in done.without]
        voice.say("told_without", names=", ".join(names))
    if done.failed or done.without:
        raise typer.Exit(Exit.FINDINGS)
