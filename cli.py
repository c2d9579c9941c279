"""The command line: every verb, and nothing but the wiring of verbs to the packages below.

The only module besides `app.py` that reads the clock, the environment and the arguments.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console

from briefing.facts import fact, print_rows
from data.problems import CityMissingError, DefinitionError
from data.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="CitySigns: city operation signs.")
out, err = Console(), Console(stderr=True)


class Exit(IntEnum):
    """What a caller may rely on. 1 is left to a crash and is a defect."""

    DONE = 0
    WRONG_USE = 2
    DEFINITIONS_WRONG = 3
    NOTHING_DONE = 4
    BUSY = 5
    FINDINGS = 10


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
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def settings_of(city: Path | None, var: Path | None) -> Settings:
    """Return the two directories: the option, else the environment, else the default."""
    here = Path(__file__).resolve().parent
    return Settings(
        (city or Path(os.environ.get("CITY_DIR") or here)).resolve(), (var or Path(os.environ.get("CITY_VAR") or "var")).resolve()
    )


@contextmanager
def plain_errors() -> Iterator[None]:
    """Say each foreseen error in one sentence with its exit code."""
    from data.snapshots import NoSnapshotError
    from data.warehouse import BusyError

    try:
        yield
    except DefinitionError as error:
        for problem in error.problems:
            err.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        err.print(f"{len(error.problems)} problems in the definitions; nothing was changed")
        raise typer.Exit(Exit.DEFINITIONS_WRONG) from error
    except (CityMissingError, NoSnapshotError) as error:
        _say(str(error))
        raise typer.Exit(Exit.NOTHING_DONE) from error
    except BusyError as error:
        _say(f"{error}; this one changed nothing, drops stay in the inbox for the next one")
        raise typer.Exit(Exit.BUSY) from error
    except ValueError as error:
        _say(str(error))
        raise typer.Exit(Exit.WRONG_USE) from error
    except OSError as error:
        _say(f"{error.strerror or error}: {error.filename or ''}")
        raise typer.Exit(Exit.NOTHING_DONE) from error


def _say(text: str) -> None:
    err.print(text, markup=False, highlight=False, soft_wrap=True)


@app.command()
def demo(
    until: Annotated[str, typer.Option(help="Last day of data, YYYY-MM-DD.")] = "2016-03-06",
    *,
    next_day: Annotated[bool, typer.Option("--next-day", help="Add what arrives on the day after the last one.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 2016,
    city: CityOption = None,
    var: VarOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the demonstration city's drops and truth.json into the inbox."""
    from data.demo import write_demo, write_next_day

    with plain_errors():
        settings = settings_of(city, var)
        with err.status("writing the demonstration's drops"):
            done = write_next_day(settings, seed=seed) if next_day else write_demo(settings, seed=seed, until=date.fromisoformat(until))
        _report({"drops": done.drops, "rows": done.rows, "seconds": round(done.seconds, 1), "inbox": str(settings.inbox)}, as_json=as_json)


@app.command()
def refresh(city: CityOption = None, var: VarOption = None, *, as_json: JsonOption = False) -> None:
    """Take in every waiting drop, compute, judge, publish."""
    from data.reasons import DropState
    from indicators.refresh import refresh as run

    with plain_errors():
        with err.status("taking in drops") as status:
            done = run(settings_of(city, var), datetime.now(UTC), lambda drop: status.update(f"{drop.arrival.feed}: {drop.arrival.file}"))
        states = [drop.state for drop in done.taken]
        findings = sum(drop.quarantined for drop in done.taken) + states.count(DropState.REFUSED)
        _report(
            {
                "snapshot": done.snapshot.id, "hash": done.snapshot.hash, "as_of": done.snapshot.as_of.isoformat(), "drops": len(states),
                "taken": states.count(DropState.TAKEN), "duplicate": states.count(DropState.DUPLICATE),
                "refused": states.count(DropState.REFUSED), "rows": sum(drop.rows for drop in done.taken),
                "quarantined": sum(drop.quarantined for drop in done.taken),
            },
            as_json=as_json,
        )  # fmt: skip
    raise typer.Exit(Exit.FINDINGS if findings else Exit.DONE)


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
    snapshot: Annotated[str | None, typer.Option(help="Default: the current one.")] = None,
    city: CityOption = None,
    var: VarOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print facts of a snapshot."""
    from data import periods, readings
    from data.snapshots import open_snapshot

    with plain_errors():
        settings = settings_of(city, var)
        opened = open_snapshot(settings, snapshot)
        if grain and grain not in periods.GRAINS:
            msg = f"{grain!r} is no grain; wanted one of {', '.join(periods.GRAINS)}"
            raise ValueError(msg)
        if what is Facts.SIGNS:
            first = datetime.fromisoformat(start) if start else None
            last = periods.step(datetime.fromisoformat(end), "day") if end else None
            frame = readings.signs(
                settings,
                opened,
                indicator=indicator,
                entity_kind=entity_kind,
                entity=entity,
                grain=grain,
                period=period,
                start=first,
                end=last,
            ).drop(columns=["grain", "start"])
        elif what is Facts.FEEDS:
            frame = readings.feeds(settings, opened)
        elif what is Facts.DROPS:
            frame = readings.drops(settings, opened, feed=feed)
        else:
            frame = readings.quarantine(settings, opened, feed=feed, drop=drop)
        zone = opened.as_of.tzinfo
        print_rows(out, [fact(row, zone) for row in frame.to_dict("records")], as_json=as_json)


@app.command()
def check(city: CityOption = None, var: VarOption = None, *, as_json: JsonOption = False) -> None:
    """Validate a whole city directory; print every problem with file and line."""
    from indicators.refresh import load

    with plain_errors():
        found = load(settings_of(city, var))
        _report(
            {
                "city": found.reference.city.city, "entities": len(found.reference.entities), "feeds": len(found.contracts),
                "indicators": len(found.catalogue.definitions), "definitions": found.fingerprint[:12],
            },
            as_json=as_json,
        )  # fmt: skip


@app.command()
def schema(what: Schema) -> None:
    """Print the JSON Schema that an editor can check a definition file with."""
    from data.city import City
    from data.contract import Contract
    from indicators.definition import CatalogueFile

    models: dict[Schema, type[BaseModel]] = {Schema.FEED: Contract, Schema.INDICATOR: CatalogueFile, Schema.CITY: City}
    print(json.dumps(models[what].model_json_schema(), ensure_ascii=False, indent=2))


@app.command()
def init(directory: Path) -> None:
    """Make an empty valid city directory."""
    from data.blank import write_blank_city

    with plain_errors():
        if directory.exists() and any(directory.iterdir()):
            msg = f"{directory} is not empty"
            raise ValueError(msg)
        written = write_blank_city(directory)
        _say("\n".join(str(path.relative_to(directory)) for path in written))


@app.command()
def explain(
    indicator: str,
    entity: str,
    period: str,
    snapshot: Annotated[str | None, typer.Option(help="Default: the current one.")] = None,
    rows: Annotated[int, typer.Option(help="How many rows to name.")] = 20,
    city: CityOption = None,
    var: VarOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Walk one figure back to its numerator and denominator, drops, files and rows."""
    from data.snapshots import open_snapshot
    from indicators.explain import explain as walk

    with plain_errors():
        settings = settings_of(city, var)
        found = walk(settings, open_snapshot(settings, snapshot), indicator, entity, period, most=rows)
        if as_json:
            print(json.dumps(found, ensure_ascii=False, default=str))
            return
        for key, value in found.items():
            if isinstance(value, list):
                out.print(f"\n{key}", style="bold")
                print_rows(out, value, as_json=False)
            else:
                out.print(f"{key}: {value}", markup=False, highlight=False)


@app.command()
def serve(port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8501, city: CityOption = None, var: VarOption = None) -> None:
    """Serve the dashboard on this machine until Ctrl-C."""
    import socket
    import subprocess

    with plain_errors():
        settings = settings_of(city, var)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                _say(f"port {port} is in use; choose another one, for example: make run PORT={port + 1}")
                raise typer.Exit(Exit.NOTHING_DONE) from error
        from data.register import load_reference

        load_reference(settings)
        _say(f"CitySigns: http://localhost:{port}  (Ctrl-C ends it)")
        environment = os.environ | {"CITY_DIR": str(settings.city_dir), "CITY_VAR": str(settings.var_dir)}
        here = Path(__file__).resolve().parent
        options = ("--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true")
        command = [sys.executable, "-m", "streamlit", "run", str(here / "app.py"), *options]
        with subprocess.Popen(command, env=environment, cwd=here) as child, suppress(KeyboardInterrupt):
            child.wait()


def _report(facts: dict[str, Any], *, as_json: bool) -> None:
    print(json.dumps(facts, ensure_ascii=False)) if as_json else _say("  ".join(f"{key}={value}" for key, value in facts.items()))


if __name__ == "__main__":
    app()
