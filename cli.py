"""The command line: every verb, and nothing but the wiring of verbs to the packages below.

The only module besides `app.py` that reads the clock, the environment and the arguments.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from data.settings import Settings
from terminal import Exit, Language, WrongUseError, given, put, speaking

HERE = Path(__file__).resolve().parent
FIRST_DAY, LAST_DAY = date(2013, 1, 1), date(2016, 3, 6)
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="CitySigns: city operation signs.")


class Facts(StrEnum):
    """What `show` can show."""

    SIGNS = "signs"
    FEEDS = "feeds"
    DROPS = "drops"
    QUARANTINE = "quarantine"


class Schema(StrEnum):
    """What `schema` can print."""

    FEED = "feed"
    INDICATOR = "indicator"
    CITY = "city"


CityOption = Annotated[Path | None, typer.Option("--city", help="City directory (default: $CITY_DIR, else this folder).")]
VarOption = Annotated[Path | None, typer.Option("--var", help="Run-time directory (default: $CITY_VAR, else ./var).")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line, with every column.")]
LangOption = Annotated[Language, typer.Option("--lang", envvar="CITY_LANG", help="Language of what is said.")]
SnapshotOption = Annotated[str | None, typer.Option(help="Default: the current one.")]


def settings_of(city: Path | None, var: Path | None) -> Settings:
    """Return the two directories: the option, else the environment, else the default."""
    return Settings(
        (city or Path(os.environ.get("CITY_DIR") or HERE)).resolve(), (var or Path(os.environ.get("CITY_VAR") or "var")).resolve()
    )


@app.command()
def demo(
    start: Annotated[str | None, typer.Option("--from", help=f"First day of data, YYYY-MM-DD (default: {FIRST_DAY}).")] = None,
    until: Annotated[str | None, typer.Option(help=f"Last day of data, YYYY-MM-DD (default: {LAST_DAY}).")] = None,
    *,
    next_day: Annotated[bool, typer.Option("--next-day", help="Add what arrives on the day after the last one.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 2016,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    as_json: JsonOption = False,
) -> None:
    """Write the demonstration city's drops and truth.json into the inbox."""
    from data.demo import write_demo, write_next_day
    from data.demo.parcels import GO_LIVE

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
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


@app.command()
def refresh(city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH, *, as_json: JsonOption = False) -> None:
    """Take in every waiting drop, compute, judge, publish."""
    from data.reasons import DropState
    from indicators.refresh import refresh as run

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
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
    raise typer.Exit(Exit.FINDINGS if facts["quarantined"] or facts["refused"] else Exit.DONE)


@app.command()
def show(
    what: Facts,
    indicator: Annotated[str | None, typer.Option()] = None,
    entity_kind: Annotated[str | None, typer.Option()] = None,
    entity: Annotated[str | None, typer.Option(help="Code of the entity.")] = None,
    grain: Annotated[str | None, typer.Option(help="hour, day, week, month, quarter or year.")] = None,
    period: Annotated[str | None, typer.Option(help="2015, 2015-Q4, 2015-11, 2015-W48, 2015-11-30.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day.")] = None,
    feed: Annotated[str | None, typer.Option()] = None,
    drop: Annotated[str | None, typer.Option()] = None,
    snapshot: SnapshotOption = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print facts of a snapshot: a table with the columns that a person needs, or all of them as JSON."""
    from briefing.facts import fact
    from data import periods, readings
    from data.snapshots import open_snapshot

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice:
        opened = open_snapshot(settings, snapshot)
        if grain and grain not in periods.GRAINS:
            raise WrongUseError("bad_grain", given=grain, known=", ".join(periods.GRAINS))
        if period:
            given(periods.read, period, "bad_period")
        told = Language.ZH if as_json else lang  # facts for programs are the same in both
        if what is Facts.SIGNS:
            first = given(datetime.fromisoformat, start, "bad_day") if start else None
            last = periods.step(given(datetime.fromisoformat, end, "bad_day"), "day") if end else None
            frame = readings.signs(
                settings, opened, indicator=indicator, entity_kind=entity_kind, entity=entity, grain=grain, period=period,
                start=first, end=last,
            ).drop(columns=["grain", "start"])  # fmt: skip
        elif what is Facts.FEEDS:
            frame = readings.feeds(settings, opened)
        elif what is Facts.DROPS:
            frame = readings.drops(settings, opened, feed=feed, language=told)
        else:
            frame = readings.quarantine(settings, opened, feed=feed, drop=drop, language=told)
        zone = opened.as_of.tzinfo
        voice.show(what, [fact(row, zone) for row in frame.to_dict("records")], as_json=as_json)


@app.command()
def check(city: CityOption = None, var: VarOption = None, lang: LangOption = Language.ZH, *, as_json: JsonOption = False) -> None:
    """Validate a whole city directory; print every problem with file and line."""
    from indicators.refresh import load

    settings = settings_of(city, var)
    with speaking(lang, settings) as voice:
        found = load(settings)
        facts = {
            "city": found.reference.city.city, "entities": len(found.reference.entities), "feeds": len(found.contracts),
            "indicators": len(found.catalogue.definitions), "definitions": found.fingerprint[:12],
        }  # fmt: skip
        voice.report("checked", facts, as_json=as_json)


@app.command()
def schema(what: Schema) -> None:
    """Print the JSON Schema that an editor can check a definition file with."""
    from data.city import City
    from data.contract import Contract
    from indicators.definition import CatalogueFile

    models: dict[Schema, type[BaseModel]] = {Schema.FEED: Contract, Schema.INDICATOR: CatalogueFile, Schema.CITY: City}
    with speaking(Language.ZH, settings_of(None, None)):
        put([json.dumps(models[what].model_json_schema(), ensure_ascii=False, indent=2)])


@app.command()
def init(directory: Path, lang: LangOption = Language.ZH) -> None:
    """Make an empty valid city directory."""
    from data.blank import write_blank_city

    with speaking(lang, settings_of(directory, None)) as voice:
        if directory.exists() and any(directory.iterdir()):
            raise WrongUseError("not_empty", directory=directory)
        written = write_blank_city(directory)
        voice.write("\n".join(str(path.relative_to(directory)) for path in written))


@app.command()
def explain(
    indicator: str,
    entity: str,
    period: str,
    snapshot: SnapshotOption = None,
    rows: Annotated[int, typer.Option(help="How many rows to name.")] = 20,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Walk one figure back to its numerator and denominator, drops, files and rows."""
    from data import periods, readings
    from data.snapshots import open_snapshot
    from indicators.explain import explain as walk

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice:
        opened = open_snapshot(settings, snapshot)
        given(periods.read, period, "bad_period")
        known = list(readings.indicators(settings, opened)["indicator"])
        if indicator not in known:
            raise WrongUseError("no_indicator", given=indicator, known=", ".join(known))
        if readings.signs(settings, opened, indicator=indicator, entity=entity, period=period).empty:
            raise WrongUseError("no_figure", indicator=indicator, entity=entity, period=period)
        found = walk(settings, opened, indicator, entity, period, most=rows)
        if as_json:
            put([json.dumps(found, ensure_ascii=False, default=str)])
        else:
            voice.explain(found)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look whether the port is free and the city is there.")] = False,
) -> None:
    """Serve the dashboard on this machine until Ctrl-C."""
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
        environment = os.environ | {"CITY_DIR": str(settings.city_dir), "CITY_VAR": str(settings.var_dir)}
        options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
        os.chdir(HERE)
        # This process becomes the server and has no child: whatever ends it, SIGTERM or a kill, nothing stays behind.
        os.execve(sys.executable, [sys.executable, "-m", "streamlit", "run", str(HERE / "app.py"), *options], environment)  # noqa: S606


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


if __name__ == "__main__":
    app()
