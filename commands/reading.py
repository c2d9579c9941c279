"""Verbs that read facts of a snapshot: show them, walk one back to its rows."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import CityOption, JsonOption, KnownOption, LangOption, SnapshotOption, VarOption, settings_of
from commands.terminal import Language, Voice, WrongUseError, given, put, speaking

if TYPE_CHECKING:
    from pandas import DataFrame

    from data.settings import Settings
    from data.snapshots import Snapshot

app = typer.Typer(add_completion=False)


class Facts(StrEnum):
    """What `show` can show."""

    SIGNS = "signs"
    FEEDS = "feeds"
    DROPS = "drops"
    QUARANTINE = "quarantine"
    RESTATEMENTS = "restatements"
    REVISIONS = "revisions"
    INDICATORS = "indicators"
    ANNOTATIONS = "annotations"
    SCORES = "scores"
    MOVES = "moves"
    FORECASTS = "forecasts"
    SENSITIVITY = "sensitivity"
    ALERTS = "alerts"
    TRANSITIONS = "transitions"
    TIMELINE = "timeline"
    RULES = "rules"
    ACTIONS = "actions"
    MEASURES = "measures"
    PROPOSALS = "proposals"
    MESSAGES = "messages"
    DUTY = "duty"
    SILENCES = "silences"


# What is known of alerts, and of what people do.
WORKED = frozenset({
    Facts.ALERTS, Facts.TRANSITIONS, Facts.TIMELINE, Facts.RULES, Facts.ACTIONS, Facts.MEASURES, Facts.PROPOSALS, Facts.MESSAGES,
    Facts.DUTY, Facts.SILENCES,
})  # fmt: skip


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
    scheme: Annotated[str | None, typer.Option(help="With scores and moves: an evaluation scheme.")] = None,
    node: Annotated[str, typer.Option(help="With scores: a node of the scheme, or all.")] = "index",
    alert: Annotated[str | None, typer.Option(help="With transitions: one alert.")] = None,
    since: Annotated[str | None, typer.Option(help="With restatements and revisions: from which knowledge time on.")] = None,
    known: KnownOption = None,
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
    from data.revisions import drops_known
    from data.snapshots import open_snapshot

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice:
        opened = open_snapshot(settings, snapshot)
        then = _set_back(settings, opened, known)
        if known and what not in {Facts.SIGNS, Facts.FEEDS, Facts.DROPS, Facts.QUARANTINE}:
            raise WrongUseError("not_known", what=what)
        if (what in {Facts.RESTATEMENTS, Facts.REVISIONS}) != (since is not None):
            raise WrongUseError("since_with")
        if what is Facts.FORECASTS and not indicator:
            raise WrongUseError("forecast_of")
        if grain and grain not in periods.GRAINS:
            raise WrongUseError("bad_grain", given=grain, known=", ".join(periods.GRAINS))
        if period:
            given(periods.read, period, "bad_period")
        told = Language.ZH if as_json else lang  # facts for programs are the same in both
        if what is Facts.SIGNS:
            first = given(datetime.fromisoformat, start, "bad_day") if start else None
            last = periods.step(given(datetime.fromisoformat, end, "bad_day"), "day") if end else None
            if known:
                then = _recalled(settings, then, indicator, periods.read(period)[0] if period else grain, entity_kind)
            frame = readings.signs(
                settings, then, indicator=indicator, entity_kind=entity_kind, entity=entity, grain=grain, period=period,
                start=first, end=last,
            ).drop(columns=["grain", "start"])  # fmt: skip
        elif known and what is Facts.FEEDS:
            frame = _feeds_known(settings, then)
        elif what is Facts.FORECASTS:
            frame = _forecasts(settings, opened, str(indicator), entity_kind, entity, grain)
        elif since is not None:
            frame = _changes(what, settings, opened, since, feed, indicator)
        else:
            only: dict[str, str | None] = {"start": start, "end": end, "alert": alert, "entity_kind": entity_kind} | {
                "indicator": indicator,
                "entity": entity,
                "feed": feed,
                "drop": drop,
                "scheme": scheme,
                "period": period,
                "node": node,
            }
            frame = _listed(what, settings, opened, told, **only)
        if known and what in {Facts.DROPS, Facts.QUARANTINE}:
            frame = frame[frame["drop"].isin(drops_known(settings, then))]
        zone = opened.as_of.tzinfo
        voice.show(what, [fact(row, zone) for row in frame.to_dict("records")], as_json=as_json)


def _listed(what: Facts, settings: Settings, opened: Snapshot, language: Language, **only: str | None) -> DataFrame:
    """Return what a snapshot lists apart from figures."""
    from data import defined, noted, readings, scored

    feed = only["feed"]
    scheme, entity, period = only["scheme"], only["entity"], only["period"]
    match what:
        case Facts.FEEDS:
            return readings.feeds(settings, opened)
        case Facts.INDICATORS:
            return defined.catalogue(settings, opened, indicator=only["indicator"], feed=feed)
        case Facts.ANNOTATIONS:
            return noted.annotations(settings, opened, indicator=only["indicator"], entity=only["entity"])
        case Facts.SCORES:
            node = None if only["node"] == "all" else only["node"]
            return scored.scores(settings, opened, scheme=scheme, entity=entity, period=period, node=node).drop(columns=["grain", "start"])
        case Facts.MOVES:
            return scored.moves(settings, opened, scheme=scheme, entity=entity, period=period).drop(columns=["grain", "start"])
        case Facts.SENSITIVITY:
            return scored.sensitivity(settings, opened, scheme=scheme).drop(columns=["grain", "start"])
        case one if one in WORKED:
            from commands.alerting import alert_facts

            return alert_facts(what.value, settings, opened, only)
        case Facts.DROPS:
            return readings.drops(settings, opened, feed=feed, language=language)
    return readings.quarantine(settings, opened, feed=feed, drop=only["drop"], language=language)


def _set_back(settings: Settings, opened: Snapshot, moment: str | None) -> Snapshot:
    """Return the snapshot as it was known at the moment given, or as it is."""
    from data.revisions import known_at

    return known_at(settings, opened, _aware(opened, moment)) if moment else opened


def _aware(opened: Snapshot, text: str) -> datetime:
    """Return a moment; without an offset it is the city's own time, a day alone its first moment. None is after the snapshot."""
    moment = given(datetime.fromisoformat, text, "bad_moment")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=opened.as_of.tzinfo)
    if moment > opened.as_of:
        raise WrongUseError("not_yet_known", given=text, as_of=opened.as_of.isoformat(), snapshot=opened.id)
    return moment


def _recalled(settings: Settings, then: Snapshot, indicator: str | None, grain: str | None, entity_kind: str | None) -> Snapshot:
    """Return the snapshot with its signs as they were known then, computed for what is asked only."""
    from indicators.directory import load_in_force
    from indicators.known import recalled

    city = load_in_force(settings, then.as_of.date())
    names = [name for name in city.catalogue.definitions if indicator in {None, name}]
    return recalled(settings, then, city, names, grain=grain, entity_kind=entity_kind, same_lag=True)


def _feeds_known(settings: Settings, then: Snapshot) -> DataFrame:
    """Return how the feeds stood at the moment to which the snapshot was set back."""
    from data import readings
    from indicators.directory import load_in_force
    from indicators.known import feeds_known

    return feeds_known(settings, then, load_in_force(settings, then.as_of.date())).reindex(columns=list(readings.FEED_COLUMNS))


def _forecasts(
    settings: Settings, opened: Snapshot, indicator: str, entity_kind: str | None, entity: str | None, grain: str | None
) -> DataFrame:
    """Return what is expected of the next periods of one sign."""
    from data import readings
    from indicators.outlook import forecasts

    names = list(readings.indicators(settings, opened)["indicator"])
    if indicator not in names:
        raise WrongUseError("no_indicator", given=indicator, known=", ".join(names))
    frame = forecasts(settings, opened, indicator=indicator, entity_kind=entity_kind or "", entity=entity or "", grain=grain or "")
    return frame.drop(columns=["grain", "start"])


def _changes(what: Facts, settings: Settings, opened: Snapshot, since: str, feed: str | None, indicator: str | None) -> DataFrame:
    """Return the figures or the keys that have been said otherwise since."""
    from indicators.directory import load_in_force
    from indicators.restatements import restatements, revisions

    moment, city = _aware(opened, since), load_in_force(settings, opened.as_of.date())
    if what is Facts.REVISIONS:
        return revisions(settings, opened, city, moment, feed=feed)
    return restatements(settings, opened, city, moment, feed=feed, indicator=indicator)


@app.command()
def explain(
    indicator: str,
    entity: str,
    period: str,
    known: KnownOption = None,
    snapshot: SnapshotOption = None,
    rows: Annotated[int, typer.Option(help="How many rows to name.")] = 20,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
    *,
    as_json: JsonOption = False,
) -> None:
    """Walk one figure back to its numerator and denominator, drops, files and rows; the score of a scheme to its signs."""
    from data import periods, readings, scored
    from data.snapshots import open_snapshot
    from indicators.explain import NoFigureError
    from indicators.explain import explain as walk

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice:
        opened = open_snapshot(settings, snapshot)
        given(periods.read, period, "bad_period")
        if indicator in set(scored.schemes(settings, opened)["scheme"]) and not known:
            _explain_score(voice, settings, opened, (indicator, entity, period), as_json=as_json)
            return
        names = list(readings.indicators(settings, opened)["indicator"])
        if indicator not in names:
            raise WrongUseError("no_indicator", given=indicator, known=", ".join(names))
        moment = _aware(opened, known) if known else None
        try:
            found = walk(settings, opened, indicator, entity, period, most=rows, known=moment)
        except NoFigureError as error:
            raise WrongUseError("no_figure", indicator=indicator, entity=entity, period=period) from error
        if as_json:
            put([json.dumps(found, ensure_ascii=False, default=str)])
        else:
            voice.explain(found)


def _explain_score(voice: Voice, settings: Settings, opened: Snapshot, asked: tuple[str, str, str], *, as_json: bool) -> None:
    """Print the score of a scheme, entity and period with the nodes and signs that make it; `explain` goes on from each sign."""
    from briefing.facts import fact
    from data.scoreparts import PART_COLUMNS, explained

    try:
        whole, parts = explained(settings, opened, *asked)
    except LookupError as error:
        raise WrongUseError("no_score", scheme=asked[0], entity=asked[1], period=asked[2]) from error
    whole = fact(whole, opened.as_of.tzinfo)
    if as_json:
        rows = [fact(row, None) for row in parts.to_dict("records")]
        put([json.dumps(whole | {"parts": rows}, ensure_ascii=False, default=str)])
        return
    kept = (
        "scheme",
        "entity",
        "entity_name",
        "period",
        "text",
        "grade",
        "rank",
        "rank_low",
        "rank_high",
        "capped_by",
        "version",
        "snapshot",
    )
    shown = parts.round({"points": 2, "brings": 2, "weight": 4, "counts": 4, "coverage": 2}).astype(object)
    table = shown.where(shown.notna(), None)[[name for name in PART_COLUMNS if name not in {"depth", "indicator", "due"}]]
    voice.explain({name: whole[name] for name in (*kept, "snapshot")} | {"parts": table.to_dict("records")})
