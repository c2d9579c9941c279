"""Verbs that keep the run-time directory within bounds."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from commands.options import CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Language, WrongUseError, given, speaking

app = typer.Typer(add_completion=False)


@app.command()
def purge(
    feed: Annotated[str | None, typer.Option(help="Default: every feed for which city.yaml has a retention.")] = None,
    before: Annotated[str | None, typer.Option(help="Day: what arrived before it goes. With --feed only.")] = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it; this cannot be undone.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove the bytes of drops that were kept long enough; hash, ledger, journal and records stay, and every figure."""
    from data import purge as purging
    from indicators.directory import load

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        found, now = load(settings), datetime.now(UTC)
        if (feed is None) != (before is None):
            raise WrongUseError("purge_what")
        if feed is not None and feed not in found.contracts:
            raise WrongUseError("no_feed", given=feed, known=", ".join(sorted(found.contracts)))
        if feed is not None and before is not None:
            day = given(date.fromisoformat, before, "bad_day")
            limits = {feed: purging.first_moment(day, found.reference)}
        else:
            limits = purging.due(found.reference, found.contracts, found.reference.city.as_of(now))
        if not limits:
            raise WrongUseError("purge_what")
        done = purging.purge(settings, limits, now, _who(), dry_run=dry_run or not yes)
        facts = {
            "drops": len(done.drops), "files": len(done.files), "size": done.size, "shared": len(done.shared),
            "removed": yes and not dry_run,
            "before": {name: moment.isoformat() for name, moment in limits.items()}, "names": done.drops,
        }  # fmt: skip
        voice.report("purged" if facts["removed"] else "would_purge", facts, as_json=as_json)
        if not yes and not dry_run:
            raise WrongUseError("purge_unsure")


@app.command()
def pin(
    snapshot: str,
    why: Annotated[str, typer.Option(help="What names it: a briefing, an alert, a link.")],
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Keep a snapshot for ever, since something names it."""
    from data import shelf

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice:
        shelf.pin(settings, snapshot, why)
        voice.report("pinned", {"snapshot": snapshot, "why": shelf.pins(settings)[snapshot]}, as_json=as_json)


def _who() -> str:
    """Return the name of whoever runs this, for the journal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return f"uid {os.getuid()}"
