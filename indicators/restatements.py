"""Says what has been restated since a moment: the figures that changed, by how much, and the drops and keys that did it.

Two knowledge times are compared: what had arrived by the moment, and what the snapshot knows. A figure that had not been
given then is not restated by being given now.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd

from data import periods, readings
from data.contract import Table
from data.places import Places
from data.records import leaf_area
from data.revisions import covered_until, evidence, known_at, revised
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.comparison import change_unit
from indicators.counting import counts
from indicators.definition import Definition
from indicators.directory import City
from indicators.known import only, recalled
from indicators.placing import leaf_of
from indicators.tracing import rests_on

RESTATEMENT_COLUMNS = (
    "indicator", "entity_kind", "entity", "entity_name", "period", "value_then", "value", "text_then", "text", "change", "change_unit",
    "level_then", "level", "state_then", "state", "drops", "known_at", "snapshot",
)  # fmt: skip
REVISION_COLUMNS = ("feed", "table", "key", "how", "then", "now", "drop", "file", "line", "arrived_at", "snapshot")
_ADDRESS = ["indicator", "entity_kind", "entity", "grain", "period"]


def restatements(
    settings: Settings, snapshot: Snapshot, city: City, since: datetime, *, feed: str | None = None, indicator: str | None = None
) -> pd.DataFrame:
    """Return the figures whose value or level differs from what `since` (aware) knew (RESTATEMENT_COLUMNS).

    `change` is now minus then; `drops` names what revised a row of the figure's entity and period, and is empty where only its
    baseline moved. Raises ValueError for a moment after the snapshot.
    """
    then = known_at(settings, snapshot, since)
    tables = _revised_tables(snapshot, then, city, feed)
    names = [name for name in city.catalogue.definitions if indicator in {None, name} and _read(city, name) & tables]
    if not names:
        return pd.DataFrame(columns=list(RESTATEMENT_COLUMNS))
    before = readings.signs(settings, recalled(settings, then, city, names), indicator=names)
    now = readings.signs(settings, snapshot, indicator=names)
    both = now.merge(before[[*_ADDRESS, "value", "text", "level", "state"]], on=_ADDRESS, suffixes=("", "_then"))
    said = both["value_then"].notna()
    moved = (both["value"] != both["value_then"]) | (both["level"].fillna("") != both["level_then"].fillna(""))
    found = both[said & moved].reset_index(drop=True)
    found["change"] = [float(f"{change:.10g}") for change in found["value"] - found["value_then"]]
    found["change_unit"] = found["unit"].map(lambda unit: "points" if change_unit(unit) == "points" else unit)
    found["drops"] = _drops(settings, snapshot, then, city, found, tables)
    found["known_at"] = then.as_of.isoformat()
    return found[list(RESTATEMENT_COLUMNS)]


def revisions(settings: Settings, snapshot: Snapshot, city: City, since: datetime, *, feed: str | None = None) -> pd.DataFrame:
    """Return the keys that drops after `since` (aware) said otherwise, or added to a time already covered (REVISION_COLUMNS).

    `then` and `now` hold the columns that differ; of an added row, `now` holds all. Of a personal table
    they only name them. Raises ValueError as `restatements`.
    """
    then = known_at(settings, snapshot, since)
    rows: list[dict[str, Any]] = []
    for name, table in sorted(_revised_tables(snapshot, then, city, feed)):
        promised = city.contracts[name].tables[table]
        with evidence(settings, snapshot, city.contracts[name], table) as con:
            revised(con, city.contracts[name], table, then.as_of.replace(tzinfo=None))
            covered = covered_until(settings, then, name, table)
            found = con.execute(
                'SELECT r._before, r._now, r._drop AS "drop", l.file, r._line AS line, l.arrived_at FROM revised r'
                ' JOIN ledger l ON l."drop" = r._drop ORDER BY l.arrived_at, l.seq, r._line'
            ).fetchall()
        for old, new, *where in found:
            if old or (covered and _moment(new[promised.time]) < covered):
                named = dict(zip(("drop", "file", "line", "arrived_at"), where, strict=True))
                rows.append({"feed": name, "table": table} | _difference(promised, old, new) | named | {"snapshot": snapshot.id})
    return pd.DataFrame(rows, columns=list(REVISION_COLUMNS))


def _revised_tables(snapshot: Snapshot, then: Snapshot, city: City, feed: str | None) -> set[tuple[str, str]]:
    """Return the tables that drops which came after the moment have records of."""
    new = {(part.feed, part.table) for part in set(snapshot.records) - set(then.records)}
    return {(one, table) for one, table in new if feed in {None, one} and one in city.contracts and table in city.contracts[one].tables}


def _read(city: City, indicator: str) -> set[tuple[str, str]]:
    """Return the tables that an indicator rests on."""
    return {one.spec.feed_table for one in only(city, [indicator]).catalogue.definitions.values() if one.spec.table}


def _difference(table: Table, old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """Return the key of a row and what was said of it, then and now."""
    differing = [name for name in table.columns if old is None or old[name] != new[name]]
    # Of a personal table it is told that something was said otherwise, not what: it may count few persons.
    seen = table.key if table.personal else tuple(table.columns)

    def said(row: dict[str, Any]) -> dict[str, Any]:
        return {name: _plain(row[name]) if name in seen else None for name in differing}

    return {
        "key": {name: _plain(new[name]) for name in table.key}, "how": "changed" if old else "added",
        "then": said(old) if old else None, "now": said(new),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value as JSON takes it."""
    return value.isoformat() if isinstance(value, date) else value if value is None or isinstance(value, bool | int | float) else str(value)


def _moment(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def _drops(
    settings: Settings, snapshot: Snapshot, then: Snapshot, city: City, found: pd.DataFrame, tables: set[tuple[str, str]]
) -> list[list[str]]:
    """Return, for each figure, the drops that revised a row which counts in it or counted in it before."""
    drops: list[set[str]] = [set() for _ in range(len(found))]
    rests = _rests(found, city)
    register = Places(city.reference)
    places = pd.DataFrame([(p.kind, p.entity, p.leaf) for p in register.rollup()], columns=["entity_kind", "entity", "leaf"])
    for feed, name in sorted(tables):
        table = city.contracts[feed].tables[name]
        area = leaf_area(table, city.reference.root.entity, city.reference.city.areas)
        with evidence(settings, snapshot, city.contracts[feed], name) as con:
            revised(con, city.contracts[feed], name, then.as_of.replace(tzinfo=None))
            con.register("places", places)
            con.execute(
                "CREATE TEMP VIEW sides AS SELECT _drop, _now.*, _area FROM revised UNION ALL"
                f" SELECT *, {area} AS _area FROM (SELECT _drop, _before.* FROM revised WHERE _before IS NOT NULL)"
            )
            for one in city.catalogue.of_table(feed, name):
                figures = _figures(found, rests, one)
                con.register("figures", figures)
                for kind in figures["entity_kind"].unique():
                    leaf = leaf_of(table, kind, register, city.reference.city.areas)
                    query = f"""
                        SELECT DISTINCT f.place, r._drop FROM figures f JOIN places p USING (entity_kind, entity)
                        JOIN sides r ON {leaf} = p.leaf AND {counts(one, "r", "f")} WHERE f.entity_kind = ?"""
                    for place, drop in con.execute(query, [kind]).fetchall():
                        drops[place].add(drop)
                con.unregister("figures")
    return [sorted(names) for names in drops]


Record = tuple[str, str, datetime]  # an indicator over records, with grain and start of a period


def _rests(found: pd.DataFrame, city: City) -> list[set[Record]]:
    """Return for each figure the ones over records that it rests on: growth on last year's too, a year so far on each of its periods."""
    known: dict[Record, set[Record]] = {}
    rests = []
    for name, grain, start in zip(found["indicator"], found["grain"], found["start"], strict=True):
        one = (str(name), str(grain), start.to_pydatetime())
        if one not in known:
            known[one] = rests_on(city.catalogue, *one)
        rests.append(known[one])
    return rests


def _figures(found: pd.DataFrame, rests: list[set[Record]], one: Definition) -> pd.DataFrame:
    """Return place, entity_kind, entity, low and finish: between which moments rows count in each figure that rests on `one`."""
    rows = []
    for place, (kind, entity) in enumerate(zip(found["entity_kind"], found["entity"], strict=True)):
        for indicator, grain, start in rests[place]:
            if indicator == one.name:
                rows.append((place, kind, entity, one.counts_from(start, grain, kind), periods.step(start, grain)))
    return pd.DataFrame(rows, columns=["place", "entity_kind", "entity", "low", "finish"])
