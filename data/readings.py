"""Reads the facts of one snapshot as frames. The only door for pages, briefings and the command line.

Every function takes the snapshot and the reader's scope, so that screens, exports and documents obey one rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pandas as pd

from data import engine, periods
from data.settings import Settings
from data.snapshots import Part, Recalled, Snapshot
from data.wording import LANGUAGES, Wording, told

SIGN_COLUMNS = (
    "indicator", "entity_kind", "entity", "entity_name", "period", "value", "text", "numerator", "denominator", "n",
    "unit", "level", "state", "vintage", "reason", "method", "baseline", "baseline_low", "baseline_high",
    "change_prev", "change_week", "change_year", "change_unit", "change_reason", "change_week_reason", "change_year_reason",
    "difference_prev", "difference_week", "difference_year", "change_basis", "change_week_basis", "change_year_basis",
    "change_year_vintage", "value_to_date", "change_to_date", "coverage", "control_centre", "control_low", "control_high", "special",
    "variation", "assurance", "control_basis", "as_of", "definition_version", "provenance", "snapshot", "grain", "start",
)  # fmt: skip
DROP_COLUMNS = (
    "drop", "feed", "file", "sha256", "encoding", "arrived_at", "taken_at", "rows", "accepted", "quarantined",
    "skipped", "records", "state", "reason", "found", "wanted", "covers_from", "covers_to", "control",
    "cleared", "revised", "is_correction",
    "volume", "volume_rows", "volume_low", "volume_high",
)  # fmt: skip
QUARANTINE_COLUMNS = ("drop", "feed", "table", "sheet", "line", "column", "reason", "found", "wanted", "text", "cleared_by", "cleared_at")
FEED_COLUMNS = (
    "feed", "code", "name_zh", "name_en", "department", "department_name", "owner", "system", "every", "state", "due_at",
    "came_at", "late_min", "came", "expected", "missing", "next_due_at", "data_until", "arrived_at", "drops", "rows",
    "accepted", "quarantined", "quality", "stars", "quality_coverage", "class", "grade", "share", "indicators",
)  # fmt: skip
FEED_TABLE_COLUMNS = (
    "feed", "table", "name_zh", "name_en", "kind", "every", "each", "state", "due_at", "came_at", "late_min", "came", "expected",
    "missing", "next_due_at", "data_until", "arrived_at",
)  # fmt: skip
DELIVERY_COLUMNS = (
    "feed", "table", "due_on", "due_at", "state", "arrived_at", "late_min", "came", "expected", "missing", "drops", "rows", "quarantined",
)  # fmt: skip
VOLUME_COLUMNS = ("drop", "feed", "table", "volume", "volume_rows", "volume_low", "volume_high", "volume_n")
CONDUCT_COLUMNS = (
    "month", "department", "feed", "due", "on_time", "on_time_pct", "rows", "accepted", "accepted_pct", "errors", "repeated",
    "repeated_pct",
)  # fmt: skip
QUALITY_COLUMNS = (
    "feed", "span", "start", "end", "dimension", "score", "stars", "coverage", "weight", "rows_good", "rows_n", "deliveries_good",
    "deliveries_n", "files_good", "files_n",
)  # fmt: skip
ENTITY_COLUMNS = ("entity_kind", "entity", "name_zh", "name_en", "parent", "row", "col", "note")
DOMAIN_COLUMNS = ("domain", "letter", "name_zh", "name_en", "weight")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reader may see. `entities` empty = every area; `grade` = the highest grade of data."""

    entities: frozenset[str] = frozenset()
    grade: int = 4


EVERYTHING = Scope()


def signs(
    settings: Settings,
    snapshot: Snapshot,
    scope: Scope = EVERYTHING,
    *,
    indicator: str | Sequence[str] | None = None,
    entity_kind: str | None = None,
    entity: str | Sequence[str] | None = None,
    grain: str | None = None,
    period: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> pd.DataFrame:
    """Return signs (SIGN_COLUMNS) ordered by indicator, entity kind, entity, start; `start <= period start < end`.

    Raises ValueError for a period that is none.
    """
    if period:
        grain, start = periods.read(period)
        end = periods.step(start, grain)
    conditions, values = _conditions({"indicator": indicator, "entity_kind": entity_kind, "entity": entity, "grain": grain})
    if start is not None:
        conditions.append("start >= ?")
        values.append(start)
    if end is not None:
        conditions.append("start < ?")
        values.append(end)
    parts = files(settings, snapshot, "signs", lambda part: overlaps(part, grain, start, end))
    source = snapshot.signs if isinstance(snapshot, Recalled) else parts
    return _sign_frame(settings, snapshot, scope, source, conditions, values)


def latest_signs(settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, grain: str = "day") -> pd.DataFrame:
    """Return, per indicator and entity, the sign of the last complete period at `as_of` (SIGN_COLUMNS).

    Indicators whose finest cadence is coarser than `grain` come with their own cadence. A period whose data have not
    come is there with state `late` or `no_data`; an older value never stands in for it.
    """
    frames = []
    wanted = indicators(settings, snapshot)
    for one in periods.GRAINS[periods.GRAINS.index(grain) :]:
        names = [str(row.indicator) for row in wanted.itertuples() if one == max(row.cadence, grain, key=periods.GRAINS.index)]
        if names:
            last = periods.step(periods.floor(snapshot.as_of.replace(tzinfo=None), one), one, -1)
            frames.append(signs(settings, snapshot, scope, indicator=names, grain=one, start=last, end=periods.step(last, one)))
    if not frames:
        return pd.DataFrame(columns=list(SIGN_COLUMNS))
    return pd.concat([frame for frame in frames if not frame.empty] or frames[:1], ignore_index=True)


def indicators(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the catalogue in force at the snapshot (INDICATOR_COLUMNS of `data.defined`), in catalogue order."""
    return published(settings, snapshot, "indicators")


def entities(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the register (ENTITY_COLUMNS) with the unassigned pseudo-entities (`note` = unassigned)."""
    return published(settings, snapshot, "entities")


def domains(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the domains (DOMAIN_COLUMNS) in order."""
    return published(settings, snapshot, "domains")


def feeds(settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """Return one row per feed at `as_of` (FEED_COLUMNS); `quality` and `stars` are those of the last 28 days."""
    frame = published(settings, snapshot, "feeds")
    return frame[frame["grade"] <= scope.grade] if len(frame) else frame


def feed_tables(settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """Return one row per table of a feed at `as_of` (FEED_TABLE_COLUMNS): the feed stands as the worst of them."""
    return _of_feeds(settings, snapshot, scope, published(settings, snapshot, "feed_tables"), None)


def deliveries(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, days: int = 28, by_table: bool = False
) -> pd.DataFrame:
    """Return feed x day of the last `days` (DELIVERY_COLUMNS); `by_table`: table x day instead.

    `state` on_time, late, missing, partial, unexpected, due, refused or not_due. The counts of rows are those of the feed.
    """
    frame = published(settings, snapshot, "deliveries")
    if frame.empty:
        return frame
    first = pd.Timestamp(snapshot.as_of.replace(tzinfo=None)).normalize() - pd.Timedelta(days=days - 1)
    allowed = feeds(settings, snapshot, scope)["feed"]
    kept = (pd.to_datetime(frame["due_on"]) >= first) & frame["feed"].isin(allowed) & (frame["table"].ne("") == by_table)
    return frame[kept].reset_index(drop=True)


def quality(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, feed: str | None = None, span: str = "28d"
) -> pd.DataFrame:
    """Return the rating of each feed by dimension, `overall` first (QUALITY_COLUMNS), of a span: 28d, 28d_before or a month."""
    frame = _of_feeds(settings, snapshot, scope, published(settings, snapshot, "quality"), feed)
    return frame[frame["span"] == span].reset_index(drop=True)


def conduct(settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, feed: str | None = None) -> pd.DataFrame:
    """Return how departments and their feeds kept their promises, by month (CONDUCT_COLUMNS); `feed` empty: the department."""
    return _of_feeds(settings, snapshot, scope, published(settings, snapshot, "conduct"), feed).reset_index(drop=True)


def volumes(settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, feed: str | None = None) -> pd.DataFrame:
    """Return the volume of each drop by table beside what was expected of it (VOLUME_COLUMNS); `volume_n` drops taught that."""
    return _of_feeds(settings, snapshot, scope, published(settings, snapshot, "volumes"), feed).reset_index(drop=True)


def drops(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, feed: str | None = None, language: str = LANGUAGES[0]
) -> pd.DataFrame:
    """Return the ledger (DROP_COLUMNS), newest arrival first; why a drop was refused is told in `language`.

    `cleared` of the quarantined rows came right with a later drop; the others are still open. `revised` records replaced
    what was known; `is_correction`: and the drop spoke for no time that was not spoken for before. `volume`
    is low, usual or high beside the range expected, of the table that is furthest from it; null where nothing was expected.
    """
    frame = published(settings, snapshot, "drops").merge(published(settings, snapshot, "takings"), on="drop", how="left")
    frame = _of_feeds(settings, snapshot, scope, frame, feed)
    frame = frame.sort_values(["arrived_at", "seq"], ascending=False, ignore_index=True)
    # A snapshot that an older version published says why in one text, until the next refresh.
    return _told(frame.reindex(columns=list(DROP_COLUMNS)), Wording(language, settings.city_dir))


def quarantine(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *, feed: str | None = None, drop: str | None = None,
    language: str = LANGUAGES[0],
) -> pd.DataFrame:  # fmt: skip
    """Return quarantined rows (QUARANTINE_COLUMNS), one row per fault, in file order, told in `language`.

    `cleared_by` is the later drop that brought the same key again and was accepted, `cleared_at` its arrival; null: open.
    """
    frame = _of_feeds(settings, snapshot, scope, published(settings, snapshot, "quarantine"), feed).reindex(
        columns=list(QUARANTINE_COLUMNS)
    )
    return _told(frame[frame["drop"] == drop] if drop else frame, Wording(language, settings.city_dir))


def _told(frame: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """Put what was found and wanted into words, each phrase once."""
    worded = {}
    for column in ("found", "wanted"):
        sentences = {text: told(text, words) for text in frame[column].dropna().unique()}
        worded[column] = frame[column].map(sentences)
    return frame.assign(**worded)


def _of_feeds(settings: Settings, snapshot: Snapshot, scope: Scope, frame: pd.DataFrame, feed: str | None) -> pd.DataFrame:
    """Keep the feeds that the scope may see (a drop of no known feed is shown to all), or the one asked for."""
    hidden = set(published(settings, snapshot, "feeds")["feed"]) - set(feeds(settings, snapshot, scope)["feed"])
    frame = frame[~frame["feed"].isin(hidden)]
    return frame[frame["feed"] == feed] if feed else frame


def _conditions(wanted: Mapping[str, str | Sequence[str] | None]) -> tuple[list[str], list[Any]]:
    conditions, values = [], []
    for column, value in wanted.items():
        if value is None:
            continue
        several = [value] if isinstance(value, str) else list(value)
        conditions.append(f"list_contains(?::VARCHAR[], {column})")
        values.append(several)
    return conditions, values


def overlaps(part: Part, grain: str | None, start: datetime | None, end: datetime | None) -> bool:
    """Whether a part of the signs can hold what is asked for, by its name `<grain>/<year>[-<month>]`."""
    of, _, label = part.partition.partition("/")
    if grain and of != grain:
        return False
    length = "month" if "-" in label else "year"
    first = periods.read(label)[1]
    return (start is None or periods.step(first, length) > start) and (end is None or first < end)


def files(settings: Settings, snapshot: Snapshot, table: str, keep: Callable[[Part], bool] = lambda _: True) -> list[str]:
    """Return where the parts of a published table lie."""
    return [str(settings.parts / part.file) for part in snapshot.parts if part.table == table and keep(part)]


def published(settings: Settings, snapshot: Snapshot, table: str) -> pd.DataFrame:
    """Return a published table of one part as it is."""
    with engine.reading() as con:
        return con.execute("SELECT * FROM read_parquet(?)", [files(settings, snapshot, table)]).df()


def _sign_frame(
    settings: Settings, snapshot: Snapshot, scope: Scope, source: list[str] | pd.DataFrame, conditions: list[str], values: list[Any]
) -> pd.DataFrame:
    if not len(source):
        return pd.DataFrame(columns=list(SIGN_COLUMNS))
    if scope.entities:
        conditions.append("list_contains(?::VARCHAR[], entity)")
        values.append(sorted(scope.entities))
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    with engine.reading() as con:
        con.register("source", con.read_parquet(source) if isinstance(source, list) else source)
        frame = con.execute(
            "SELECT s.*, e.name_zh AS entity_name, i.unit, i.precision FROM source s"
            f" LEFT JOIN (SELECT DISTINCT ON (entity) entity, name_zh FROM read_parquet(?)) e USING (entity)"
            f" LEFT JOIN (SELECT indicator, unit, precision FROM read_parquet(?)) i USING (indicator)"
            f" {where} ORDER BY indicator, entity_kind, entity, start",
            [files(settings, snapshot, "entities"), files(settings, snapshot, "indicators"), *values],
        ).df()
    frame["text"] = [printed(*row) for row in zip(frame["value"], frame["precision"], frame["unit"], strict=True)]
    frame["as_of"], frame["provenance"], frame["snapshot"] = snapshot.as_of.isoformat(), snapshot.city["provenance"], snapshot.id
    return frame.reindex(columns=list(SIGN_COLUMNS))  # a snapshot that an older version published lacks the newer ones


def printed(value: float | None, precision: int, unit: str) -> str | None:
    """Return a value as people read it: half up at its precision, with its unit; None where there is none."""
    if value is None or math.isnan(value):
        return None
    with localcontext() as context:
        context.prec = 40
        exact = Decimal(f"{value:.12g}").quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP)
    number = f"{exact:,f}" if abs(exact) >= 10_000 else f"{exact:f}"
    number = number.removeprefix("-") if not exact else number
    if not unit or unit == "%":
        return number + unit
    return f"{number} {unit}" if unit[:1].isascii() or unit.startswith("µ") else f"{number}{unit}"
