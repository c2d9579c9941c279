"""Verbs that read facts of a snapshot: show them, walk one back to its rows."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from commands.options import CityOption, JsonOption, LangOption, SnapshotOption, VarOption, settings_of
from commands.terminal import Language, WrongUseError, given, put, speaking

app = typer.Typer(add_completion=False)


class Facts(StrEnum):
    """What `show` can show."""

    SIGNS = "signs"
    FEEDS = "feeds"
    DROPS = "drops"
    QUARANTINE = "quarantine"


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
