"""Turns cells into signs: level, state, reason, baseline and changes of every period; missing periods included.

Columns of `signs`: indicator, entity_kind, entity, grain, start, period, value, numerator, denominator, n, level,
state, vintage, reason, method, baseline, baseline_low, baseline_high, coverage, definition_version, and those of
`comparison` and `control`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data import periods
from data.register import Reference
from indicators.baselines import Array
from indicators.calculation import needed_from
from indicators.comparison import COLUMNS, NUMBERS, changes
from indicators.control import COLUMNS as CONTROL
from indicators.control import LIMITS, Series, control, plan
from indicators.definition import Definition
from indicators.judgement import State
from indicators.judging import judge
from indicators.left_out import left_out
from indicators.suppression import withheld
from indicators.usual import needed

SIGNS = (
    """
CREATE TABLE IF NOT EXISTS signs (
  indicator VARCHAR, entity_kind VARCHAR, entity VARCHAR, grain VARCHAR, start TIMESTAMP, period VARCHAR, value DOUBLE,
  numerator DOUBLE, denominator DOUBLE, n DOUBLE, level VARCHAR, state VARCHAR, vintage VARCHAR, reason VARCHAR,
  method VARCHAR, baseline DOUBLE, baseline_low DOUBLE, baseline_high DOUBLE, coverage DOUBLE,
  definition_version INTEGER, """
    + ", ".join(f"{name} {'DOUBLE' if name in {*NUMBERS, *LIMITS} else 'VARCHAR'}" for name in (*COLUMNS, *CONTROL))
    + ");"
)
PROVISIONAL_DAYS = 7
_FIELDS = ("value", "numerator", "denominator", "n", "coverage")


@dataclass(frozen=True, slots=True)
class Span:
    """From where to judge again, up to where data reach, and the clock."""

    since: datetime
    watermark: datetime
    as_of: datetime


def signs_of(
    con: duckdb.DuckDBPyConnection, one: Definition, grain: str, span: Span, reference: Reference, late: Callable[[datetime], str]
) -> pd.DataFrame:
    """Return the signs of one indicator and grain from `span.since` on.

    `late` gives the reason why a complete period after the watermark has no data: `feed_late:..` or `not_due:..`.
    """
    begins = con.execute("SELECT min(start) FROM cells WHERE indicator = ? AND grain = ?", [one.name, grain]).fetchall()[0][0]
    if begins is None:
        return pd.DataFrame()
    end = max(span.watermark, span.as_of.replace(tzinfo=None))
    settings = plan(one, grain, reference.city.spc, begins, periods.step(periods.floor(end, grain), grain))
    past = needed(grain, span.since, reference.city.baseline)
    past = min(past, needed_from(settings, grain, span.since))
    cells = con.execute(
        "SELECT entity_kind, entity, start, value, numerator, denominator, n, coverage, reason FROM cells"
        " WHERE indicator = ? AND grain = ? AND start >= ?",
        [one.name, grain, past],
    ).df()
    if cells.empty:
        return pd.DataFrame()
    starts = periods.spine(cells["start"].min().to_pydatetime(), end, grain)
    entities = cells[["entity_kind", "entity"]].drop_duplicates().sort_values(["entity_kind", "entity"], ignore_index=True)
    rows, places = _cells_at(cells, entities, starts)
    fields = _matrices(cells, rows, places, (len(entities), len(starts)))
    unusual = left_out(one, grain, starts, entities["entity"].tolist(), reference)
    hidden = withheld(con, one, grain, fields, entities, starts, reference)
    columns = judge(one, grain, fields, entities, starts, unusual, reference, withheld=hidden)
    _say_why(cells, rows, places, columns)
    vintages = _vintages(starts, grain, span)
    columns |= changes(one, grain, starts, columns, vintages, reference) | {"vintage": np.broadcast_to(vintages, columns["value"].shape)}
    _mark_late(one, columns, starts, grain, span, late)
    if grain == "day":
        unusual = unusual | _holidays(reference, starts)
    columns |= control(Series(one, grain, starts, entities, columns, unusual), settings, reference.city.spc)
    first = next((place for place, start in enumerate(starts) if start >= span.since), len(starts))
    told = _alive(con, entities, starts, grain) & (np.arange(len(starts)) >= first)
    told &= _unassigned_where_any(con, entities, rows, places, told.shape)
    return _long(one, grain, columns, entities, starts, told)


def _alive(
    con: duckdb.DuckDBPyConnection, entities: pd.DataFrame, starts: list[datetime], grain: str
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each entity is there in each period (entities x periods): of what is no more nothing is told, not even that it lacks."""
    lives = {code: life for code, *life in con.execute("SELECT DISTINCT entity, first, last FROM rollup").fetchall()}
    days = [(start.date(), (periods.step(start, grain) - timedelta(seconds=1)).date()) for start in starts]
    cached: dict[tuple[Any, ...], list[bool]] = {}
    rows = []
    for code in entities["entity"]:
        first, last = life = tuple(lives[code])
        if life not in cached:
            cached[life] = [start <= last and end >= first for start, end in days]
        rows.append(cached[life])
    return np.array(rows, dtype=bool)


Places = np.ndarray[Any, np.dtype[np.int64]]


def _cells_at(cells: pd.DataFrame, entities: pd.DataFrame, starts: list[datetime]) -> tuple[Places, Places]:
    """Return the place of each cell among entities and periods; -1 for a period that is not asked for."""
    rows = cells.merge(entities.reset_index(names="row"), on=["entity_kind", "entity"])["row"].to_numpy()
    spine, moments = np.array(starts, dtype="datetime64[us]"), cells["start"].to_numpy(dtype="datetime64[us]")
    index = np.searchsorted(spine, moments).clip(max=len(spine) - 1)
    return rows, np.where(spine[index] == moments, index, -1)


def _matrices(cells: pd.DataFrame, rows: Places, places: Places, shape: tuple[int, int]) -> dict[str, Array]:
    """Lay the cells out as one array (entities x periods) per field."""
    kept, fields = places >= 0, {}
    for name in _FIELDS:
        fields[name] = np.full(shape, np.nan)
        fields[name][rows[kept], places[kept]] = cells[name].to_numpy(dtype=float, na_value=np.nan)[kept]
    return fields


def _say_why(cells: pd.DataFrame, rows: Places, places: Places, columns: dict[str, Any]) -> None:
    """Put the reason that a cell gives for having no value where the sign says that it has none."""
    told = (places >= 0) & cells["reason"].notna().to_numpy()
    at = rows[told], places[told]
    empty = np.isin(columns["reason"][at], ["no_rows", "empty"])
    columns["reason"][at] = np.where(empty, cells["reason"][told].to_numpy(), columns["reason"][at])


def _unassigned_where_any(
    con: duckdb.DuckDBPyConnection, entities: pd.DataFrame, rows: Places, places: Places, shape: tuple[int, int]
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether a sign is told: of what lies in no entity only where something does, of the others always (entities x periods)."""
    pseudo = {code for (code,) in con.execute("SELECT DISTINCT entity FROM rollup WHERE is_unassigned").fetchall()}
    told = np.tile(~entities["entity"].isin(pseudo).to_numpy()[:, None], shape[1])
    told[rows[places >= 0], places[places >= 0]] = True
    return told


def _holidays(reference: Reference, starts: list[datetime]) -> Any:
    """Public holidays teach nothing about ordinary days."""
    off = {day.date for day in reference.calendar if day.holiday and not day.is_workday}
    return np.array([start.date() in off for start in starts])


def _vintages(starts: list[datetime], grain: str, span: Span) -> Any:
    """Corrections still come for some days after a period: until then a figure is provisional."""
    return np.array(
        ["provisional" if periods.step(start, grain) > span.watermark - timedelta(days=PROVISIONAL_DAYS) else "final" for start in starts],
        dtype=object,
    )


def _mark_late(
    one: Definition, columns: dict[str, Any], starts: list[datetime], grain: str, span: Span, late: Callable[[datetime], str]
) -> None:
    """A period that is over at `as_of` but not yet covered has no figure, and says whose fault that is."""
    for place, start in enumerate(starts):
        end = periods.step(start, grain)
        if end > span.watermark and (one.spec.active is None or one.spec.active.holds(start.date())):
            reason = late(end)
            columns["state"][:, place] = State.LATE if reason.startswith("feed_late") else State.NO_DATA
            columns["reason"][:, place], columns["level"][:, place] = reason, None
            for name in (*_FIELDS, *NUMBERS):
                columns[name][:, place] = np.nan


def _long(one: Definition, grain: str, columns: dict[str, Any], entities: pd.DataFrame, starts: list[datetime], told: Any) -> pd.DataFrame:
    """Return as rows what is `told` of entities and periods."""
    rows, places = np.nonzero(told)
    codes = [periods.code(start, grain) for start in starts]
    frame: dict[str, Any] = {
        "indicator": one.name,
        "entity_kind": entities["entity_kind"].to_numpy()[rows],
        "entity": entities["entity"].to_numpy()[rows],
        "grain": grain,
        "start": np.array(starts, dtype="datetime64[us]")[places],
        "period": np.array(codes, dtype=object)[places],
    }
    names = ("value", "numerator", "denominator", "n", "level", "state", "vintage", "reason", "method", "baseline",
             "baseline_low", "baseline_high", "coverage", *COLUMNS, *CONTROL)  # fmt: skip
    for name in names:
        frame[name] = columns[name][rows, places]
    frame["definition_version"] = one.spec.version
    return pd.DataFrame(frame)
