"""The value that every sign must have, computed from the records known, apart from the product's own engine.

Plain pandas over whole records; nothing here is read from the indicator definitions, so that a slip in either shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd

from data.demo.feed import Feed, Table
from data.demo.feeds import FEEDS
from data.demo.figures import NOTHING, Figure, Slice
from data.demo.periods import Period, complete_periods
from data.demo.world import World
from data.register import Reference

RECENT: dict[str, dict[str, int | None]] = {
    "district": {"day": 60, "week": 12, "month": None, "quarter": None, "year": None},
    "street": {"day": 14, "month": 6},
    "community": {"day": 1, "month": 3},
}
BEGINNING, NEVER = datetime(1900, 1, 1), datetime(9999, 1, 1)
OF_PLACES: dict[str, int | None] = {"day": 14, "month": 6}


def latest(table: Table, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the newest revision of every record; `frames` in order of arrival."""
    if not frames:
        return pd.DataFrame(columns=table.columns)
    return pd.concat(frames, ignore_index=True).drop_duplicates(list(table.key), keep="last", ignore_index=True)


def feed_signs(
    world: World, reference: Reference, start: date, until: date, name: str, known: dict[str, pd.DataFrame]
) -> list[dict[str, object]]:
    """Return every sign of a feed in the recent periods that ended by the end of `until`, those without a value too.

    `known` are its records by table.
    """
    feed = next(one for one in FEEDS if one.feed == name)
    return [
        sign
        for table, records in known.items()
        for sign in _table_signs(
            reference, feed, table, feed.place(world, table, records), complete_periods(start, feed.tables[table].speaks_until(until))
        )
    ]


def _table_signs(reference: Reference, feed: Feed, name: str, placed: pd.DataFrame, periods: list[Period]) -> Iterator[dict[str, object]]:
    """Yield the signs of all figures that rest on one table."""
    known_from, known_until = _known(feed.tables[name], placed)
    periods = [one for one in periods if one.end > known_from]
    for figure in feed.figures:
        if figure.table == name:
            for kind in figure.grain:
                yield from _figure_signs(reference, figure, kind, placed, _recent(periods, kind, figure), known_until)


def _known(table: Table, records: pd.DataFrame) -> tuple[datetime, datetime]:
    """Return from and up to when records of a table that covers their own time speak; others speak for every day."""
    if not table.time:
        return BEGINNING, NEVER
    if records.empty:
        return NEVER, NEVER
    first, last = (pd.Timestamp(moment) for moment in (records[table.time].min(), records[table.time].max()))
    if table.every == "month":
        return first.to_pydatetime(), (last + pd.offsets.MonthBegin(1)).to_pydatetime()
    return first.to_pydatetime(), (last + pd.Timedelta(1, "h" if table.every == "hour" else "D")).to_pydatetime()


def _recent(periods: list[Period], kind: str, figure: Figure) -> Iterator[Period]:
    """Yield the last periods of each length that the figure is published for."""
    for length, count in RECENT.get(kind, OF_PLACES).items():
        ours = [one for one in periods if one.kind == length and length in figure.lengths]
        yield from (one for one in ours[-count if count else 0 :] if figure.in_season(one))


def _figure_signs(
    reference: Reference, figure: Figure, kind: str, records: pd.DataFrame, periods: Iterator[Period], known_until: datetime
) -> Iterator[dict[str, object]]:
    """Yield the signs of one figure in one entity kind."""
    entities = tuple(one.entity for one in reference.of_kind(kind))
    records = records.assign(entity=records[f"{kind}_code"])
    records = records[records["entity"].notna()]
    turns = [records[records[by].notna()].sort_values(by, kind="stable") for by in figure.by]
    for period in periods:
        first = period.start - figure.reach(kind, period.kind)
        since = None if figure.running else first
        found_by = [_between(turn, by, since, period.end) for turn, by in zip(turns, figure.by, strict=True)]
        rows = found_by[0] if len(found_by) == 1 else pd.concat(found_by)
        rows = rows[~rows.index.duplicated()] if len(found_by) > 1 else rows
        cut = Slice(rows, first, period.end, kind, reference)
        found = figure.compute(cut)
        for entity in (*entities, *sorted(set(rows["entity"].unique()) - set(entities))):
            parts = found.loc[entity].to_dict() if entity in found.index else figure.empty(cut, entity)
            parts = parts if period.end <= known_until else NOTHING
            yield {
                "indicator": figure.indicator, "entity_kind": kind, "entity": entity, "period": period.code,
                **{name: _plain(value) for name, value in parts.items()},
            }  # fmt: skip


def _between(records: pd.DataFrame, by: str, first: datetime | None, end: datetime) -> pd.DataFrame:
    """Return the records, sorted by `by`, whose moment lies from `first` on (None: at any time) and before `end`."""
    times = records[by].to_numpy()
    low = 0 if first is None else np.searchsorted(times, np.datetime64(first, "s"))
    return records.iloc[low : np.searchsorted(times, np.datetime64(end, "s"))]


def _plain(value: object) -> float | None:
    number = float(value) if value is not None else float("nan")  # type: ignore[arg-type]
    return None if np.isnan(number) else number
