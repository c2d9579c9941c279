"""Verbs that run the product: write the demonstration, take in and publish (once, watching, all anew), serve."""

from __future__ import annotations

import errno
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from commands.options import HERE, CityOption, JsonOption, LangOption, VarOption, settings_of
from commands.terminal import Exit, Language, Voice, WrongUseError, given, speaking
from data.settings import Settings

FIRST_DAY, LAST_DAY = date(2013, 1, 1), date(2016, 3, 6)
LOOK_EVERY_MS = 3000
TELL_EVERY = 60.0  # seconds: what grows overdue makes no file
app = typer.Typer(add_completion=False)


@app.command()
def demo(
    start: Annotated[str | None, typer.Option("--from", help=f"First day of data, YYYY-MM-DD (default: {FIRST_DAY}).")] = None,
    until: Annotated[str | None, typer.Option(help=f"Last day of data, YYYY-MM-DD (default: {LAST_DAY}).")] = None,
    *,
    next_day: Annotated[bool, typer.Option("--next-day", help="Add what arrives on the day after the last one.")] = False,
    as_people: Annotated[bool, typer.Option("--people", help="After a refresh: have people work the alerts of the last weeks.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 2016,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    as_json: JsonOption = False,
) -> None:
    """Write the demonstration city's drops and truth.json into the inbox; or, after a refresh, what its people did."""
    from data.demo import write_demo, write_next_day
    from data.demo.parcels import GO_LIVE

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        if as_people:
            _people(settings, voice, seed, as_json=as_json)
            return
        if next_day and (start or until):
            raise WrongUseError("next_day_alone")
        if next_day and not (settings.var_dir / "truth.json").is_file():
            raise WrongUseError("no_demo", var=settings.var_dir)
        first = given(date.fromisoformat, start, "bad_day") if start else FIRST_DAY
        last = given(date.fromisoformat, until, "bad_day") if until else LAST_DAY
        if not first < GO_LIVE <= last:
            raise WrongUseError("demo_span", start=first, until=last, live=GO_LIVE)
        with voice.err.status(voice.text("writing_demo")):
            done = write_next_day(settings, seed=seed) if next_day else write_demo(settings, seed=seed, start=first, until=last)
        facts = {"drops": done.drops, "rows": done.rows, "seconds": round(done.seconds, 1), "inbox": str(settings.inbox)}
        voice.report("wrote_demo", facts, as_json=as_json)


def _people(settings: Settings, voice: Voice, seed: int, *, as_json: bool) -> None:
    """Have the people of the demonstration work the alerts of the current snapshot."""
    from data.demo.people import act_as_people
    from data.snapshots import open_snapshot

    with voice.err.status(voice.text("acting_demo")):
        written = act_as_people(settings, open_snapshot(settings), datetime.now(UTC), seed)
    voice.report("acted_demo", {"actions": written}, as_json=as_json)


@app.command()
def refresh(city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH, *, as_json: JsonOption = False) -> None:
    """Take in every waiting drop, compute, judge, publish."""
    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        facts = _refresh(settings, voice, as_json=as_json)
    raise typer.Exit(Exit.FINDINGS if facts["quarantined"] or facts["refused"] else Exit.DONE)


def _refresh(settings: Settings, voice: Voice, *, as_json: bool) -> dict[str, Any]:
    """Refresh once and report it."""
    from data.reasons import DropState
    from indicators.refresh import refresh as run

    with voice.err.status(voice.text("refreshing")) as status:
        done = run(settings, datetime.now(UTC), lambda drop: status.update(f"{drop.arrival.feed}: {drop.arrival.file}"))
    states = [drop.state for drop in done.taken]
    facts = {
        "snapshot": done.snapshot.id, "hash": done.snapshot.hash, "as_of": done.snapshot.as_of.isoformat(), "drops": len(states),
        "taken": states.count(DropState.TAKEN), "duplicate": states.count(DropState.DUPLICATE),
        "refused": states.count(DropState.REFUSED), "rows": sum(drop.rows for drop in done.taken),
        "quarantined": sum(drop.quarantined for drop in done.taken),
    }  # fmt: skip
    voice.report("refreshed", facts, as_json=as_json)
    return facts


@app.command()
def watch(
    every: Annotated[int, typer.Option(min=1, help="Refresh at least every so many minutes, drops or not.")] = 15,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
    of_server: Annotated[bool, typer.Option("--of-server", hidden=True, help="End when standard input does: with the server.")] = False,
) -> None:
    """Refresh whenever a drop is complete, and on schedule, and tell people, until Ctrl-C or SIGTERM."""
    from watchfiles import watch as changes

    from data import journal

    settings, stop = settings_of(city, var), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if of_server:
        threading.Thread(target=_set_at_the_end_of_input, args=(stop,), daemon=True).start()
    with speaking(lang, settings) as voice:
        settings.inbox.mkdir(parents=True, exist_ok=True)
        voice.say("watching", inbox=settings.inbox)
        if not of_server or journal.has_waiting(settings):
            _refresh_or_say(settings, lang, as_json=as_json)
        at, told_at = time.monotonic(), -math.inf
        looks = changes(settings.inbox, stop_event=stop, rust_timeout=LOOK_EVERY_MS, yield_on_timeout=True, raise_interrupt=False)
        for found in looks:
            # A drop that was still being written when it was first seen makes no event any more: it is looked for.
            if found or journal.has_waiting(settings) or time.monotonic() - at >= every * 60:
                _refresh_or_say(settings, lang, as_json=as_json)
                at = time.monotonic()
            if time.monotonic() - told_at >= TELL_EVERY:
                _tell_or_say(settings, lang, as_json=as_json)
                told_at = time.monotonic()


def _set_at_the_end_of_input(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()


def _refresh_or_say(settings: Settings, lang: Language, *, as_json: bool) -> None:
    """Refresh once; what one refresh cannot do, a wrong definition or a busy lock, does not end the watch."""
    with suppress(typer.Exit), speaking(lang, settings) as voice:
        _refresh(settings, voice, as_json=as_json)


def _tell_or_say(settings: Settings, lang: Language, *, as_json: bool) -> None:
    """Tell people once, where a channel has an address; before the first snapshot there is nothing to tell."""
    from commands.telling import can_tell, tell

    with suppress(typer.Exit), speaking(lang, settings) as voice:
        if settings.snapshots.is_dir() and can_tell(settings):
            tell(settings, voice, as_json=as_json)


@app.command()
def rebuild(city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH, *, as_json: JsonOption = False) -> None:
    """Bring everything derived back from the archive; say whether the same figures came out."""
    from indicators.rebuild import rebuild as run

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        with voice.err.status(voice.text("refreshing")) as status:
            done = run(settings, lambda drop: status.update(f"{drop.arrival.feed}: {drop.arrival.file}"))
        said = "rebuilt_same" if done.is_same else "rebuilt_other" if done.comparable else "rebuilt_new"
        facts = {
            "before": done.before.id, "after": done.after.id, "hash": done.after.hash, "drops": done.drops, "same": done.is_same,
            "comparable": done.comparable, "purged": done.purged,
        }  # fmt: skip
        voice.report(said, facts, as_json=as_json)
        if done.purged:
            voice.say("rebuilt_purged", count=len(done.purged), drops=", ".join(done.purged))
    raise typer.Exit(Exit.FINDINGS if said == "rebuilt_other" else Exit.DONE)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    no_watch: Annotated[bool, typer.Option("--no-watch", help="Leave the drops to a watch or a schedule of its own.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look whether the port is free and the city is there.")] = False,
) -> None:
    """Serve the dashboard on this machine, and watch the inbox, until Ctrl-C."""
    from data.register import load_reference

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        if not _is_free(port):
            voice.say("port_taken", port=port, other=port + 1)
            raise typer.Exit(Exit.NOTHING_DONE)
        load_reference(settings)
        if dry_run:
            return
        voice.say("serving", port=port)
        # Many people share the cores: a forecast is small, and threads of linear algebra that wait for each other only take them away.
        environment = {"OPENBLAS_NUM_THREADS": "1"} | os.environ | {"CITY_DIR": str(settings.city_dir), "CITY_VAR": str(settings.var_dir)}
        options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
        os.chdir(HERE)
        if not no_watch:
            _start_watch(settings, lang)
        # This process becomes the server: whatever ends it, SIGTERM or a kill, the watch sees its end, and nothing stays behind.
        os.execve(sys.executable, [sys.executable, "-m", "streamlit", "run", str(HERE / "app.py"), *options], environment)  # noqa: S606


def _start_watch(settings: Settings, lang: Language) -> None:
    """Start a watch that reads from a pipe which this process, whatever it becomes, holds open until its end."""
    reading, held = os.pipe()
    os.set_inheritable(held, True)  # noqa: FBT003
    where = ("--city", str(settings.city_dir), "--var", str(settings.var_dir), "--lang", lang.value)
    subprocess.Popen([sys.executable, str(HERE / "cli.py"), "watch", "--of-server", *where], stdin=reading)
    os.close(reading)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True
