"""Verbs about changes of definitions: propose one, and decide on what somebody else proposed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Exit, Language, Voice, given, speaking

if TYPE_CHECKING:
    from data.desk.action import Action

app = typer.Typer(add_completion=False)


class What(StrEnum):
    """What can be changed at the desk."""

    INDICATOR = "indicator"
    RULE = "rule"


class Decision(StrEnum):
    """What can be done about a proposal."""

    ADOPT = "adopt"
    REJECT = "reject"
    WITHDRAW = "withdraw"


@app.command()
def propose(
    what: What,
    name: Annotated[str, typer.Argument(help="Id of the indicator or of the rule.")],
    changes: Annotated[Path, typer.Argument(help="YAML with the keys that are to be otherwise; null takes one away.")],
    who: Annotated[str, typer.Option(help="Who proposes it.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    effective: Annotated[str | None, typer.Option(help="In force from this day of the city's clock (default: its today).")] = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Propose a change of an indicator or a rule; it is read, checked and tried now, and waits for a second person."""
    from data.desk.action import Entry
    from data.desk.adopting import propose as work
    from data.desk.adopting import subject_of
    from data.desk.store import open_store
    from data.register import load_reference
    from data.snapshots import open_snapshot
    from data.yamlfile import read_yaml
    from indicators.proposed import tried_change

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        snapshot, now = open_snapshot(settings), datetime.now(UTC)
        at = load_reference(settings).city.as_of(now)
        day = given(date.fromisoformat, effective, "bad_day") if effective else at.date()
        said = read_yaml(changes.resolve(), changes.resolve().parent).content

        def work_it() -> Action:
            payload = tried_change(settings, snapshot, what.value, name, said if isinstance(said, dict) else {}, day)
            return work(open_store(settings), Entry("propose", subject_of(what, name), who, "data", at, now, "", reason, payload))

        _told(voice, work_it, as_json=as_json)


@app.command()
def decide(
    number: Annotated[int, typer.Argument(help="Number of the proposal: show proposals.")],
    decision: Decision,
    who: Annotated[str, typer.Option(help="Who decides: somebody else than who proposed it.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Adopt, reject or withdraw a proposed change; what is adopted is in force with the next refresh on or after its day."""
    from data.adopted import told
    from data.desk.acting import RefusedError
    from data.desk.action import Entry
    from data.desk.adopting import decide as work
    from data.desk.adopting import subject_of
    from data.desk.store import open_store
    from data.register import load_reference

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        now = datetime.now(UTC)
        at = load_reference(settings).city.as_of(now)

        def work_it() -> Action:
            one = next((one for one in told(settings) if one.number == number), None)
            if one is None:
                raise RefusedError("no_proposal", {"number": number})
            subject = subject_of(one.what, one.name)
            return work(open_store(settings), Entry(decision.value, subject, who, "data", at, now, "", reason, {"proposal": number}))

        _told(voice, work_it, as_json=as_json)


def _told(voice: Voice, work: Any, *, as_json: bool) -> None:
    """Do it and say what was done, or why it was not."""
    from data.desk.acting import RefusedError

    try:
        action = work()
    except RefusedError as error:
        voice.say(f"refused.{error.why}", **error.facts)
        raise typer.Exit(Exit.NOTHING_DONE) from None
    facts = {"number": action.number, "name": action.subject, "command": action.kind, "who": action.who, "hash": action.hash}
    voice.report("proposed" if action.kind == "propose" else "decided", facts, as_json=as_json)
