"""What is remembered of alerts from one refresh to the next: two records and the state between them.

`timeline` says which levels held when, by what is known now, and is recomputed. `transitions` is the log of what was said, with the
time of saying: it only grows, and a warehouse that was forgotten takes it back from the newest snapshot. `standing` holds every
identity that is not at rest on both tracks: `known` goes with the timeline, `said` with the log; they part where a correction took
back what had been said. `judged` says up to which period each sign has been judged under each rule.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data import readings
from data.settings import Settings
from data.snapshots import NoSnapshotError, open_snapshot
from indicators.alerts import Standing
from indicators.observing import KEY, VIEW

IDENTITY = ["digest", *KEY, "grain"]
_KEYS = "rule VARCHAR, digest VARCHAR, indicator VARCHAR, entity_kind VARCHAR, entity VARCHAR, grain VARCHAR"
_STATE = [one.name for one in fields(Standing) if one.name != "judged"]
_TIMES = {"since", "fired", "good_since", "lower_since"}
_SQL_OF = {name: "TIMESTAMP" if name in _TIMES else "BOOLEAN" if name == "unconfirmed" else "BIGINT" for name in _STATE}
TRANSITION_COLUMNS = (
    "number", "alert", "rule", "version", *KEY, "grain", "start", "kind", "level", "was", "since", "said_at", "is_late",
    "value", "coverage", "definition_version", "drop", "reason", "course",
)  # fmt: skip
TIMELINE_COLUMNS = ("rule", "version", *KEY, "grain", "since", "fired", "over", "ending", "level")
STATEFUL = ("rule_versions", "judged", "standing", "transitions")  # what cannot be computed again from the drops
TABLES = f"""
CREATE TABLE IF NOT EXISTS rule_versions (digest VARCHAR, rule VARCHAR, version INTEGER, spec VARCHAR);
CREATE TABLE IF NOT EXISTS judged (rule VARCHAR, digest VARCHAR, indicator VARCHAR, grain VARCHAR, judged TIMESTAMP);
CREATE TABLE IF NOT EXISTS standing (track VARCHAR, {_KEYS}, alert VARCHAR, judged TIMESTAMP,
  {", ".join(f'"{name}" {kind}' for name, kind in _SQL_OF.items())});
CREATE TABLE IF NOT EXISTS timeline (digest VARCHAR, rule VARCHAR, version INTEGER, indicator VARCHAR, entity_kind VARCHAR,
  entity VARCHAR, grain VARCHAR, since TIMESTAMP, fired TIMESTAMP, "over" TIMESTAMP, ending VARCHAR, level BIGINT);
CREATE TABLE IF NOT EXISTS transitions (number BIGINT, alert VARCHAR, rule VARCHAR, version INTEGER, indicator VARCHAR,
  entity_kind VARCHAR, entity VARCHAR, grain VARCHAR, start TIMESTAMP, kind VARCHAR, level BIGINT, was BIGINT, since TIMESTAMP,
  said_at TIMESTAMP, is_late BOOLEAN, value DOUBLE, coverage DOUBLE, definition_version INTEGER, "drop" VARCHAR, reason VARCHAR,
  course VARCHAR);
ALTER TABLE transitions ADD COLUMN IF NOT EXISTS course VARCHAR;
"""
SUPERSEDED = "indicator, entity_kind, entity, grain, start, " + ", ".join(VIEW)


def furnish(con: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Make the tables, and lay aside what signs said before; returns whether the log came back from the newest snapshot.

    `superseded` fills with the signs that a refresh replaces. In a warehouse that knows none it starts with those published last.
    """
    con.execute(TABLES)
    con.execute("CREATE OR REPLACE TEMP TABLE superseded AS SELECT " + _nothing_of_signs())
    con.execute(
        'CREATE OR REPLACE TEMP TABLE newly_taken AS SELECT c.feed, c."drop", c.covers_from, c.covers_to, l.arrived_at'
        ' FROM coverage c ANTI JOIN computed USING ("drop") JOIN ledger l USING ("drop")'
    )
    if con.execute("SELECT (SELECT count(*) FROM judged) + (SELECT count(*) FROM rule_versions)").fetchall()[0][0]:
        return False
    try:
        before = open_snapshot(settings)
    except NoSnapshotError:
        return False
    if not all(readings.files(settings, before, table) for table in STATEFUL):
        return False
    for table in STATEFUL:
        only = "WHERE track = 'said'" if table == "standing" else ""
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM read_parquet(?) {only}", [readings.files(settings, before, table)])
    if signs := readings.files(settings, before, "signs"):
        con.execute(f"INSERT INTO superseded SELECT {SUPERSEDED} FROM read_parquet(?)", [signs])
    con.execute("DELETE FROM newly_taken")  # all that the archive brings back: none of it is news
    return True


def _nothing_of_signs() -> str:
    words = {"indicator", "entity_kind", "entity", "grain", "level", "state", "special", "variation"}
    types = {name: "VARCHAR" if name in words else "TIMESTAMP" if name == "start" else "DOUBLE" for name in SUPERSEDED.split(", ")}
    return ", ".join(f"NULL::{kind} AS {name}" for name, kind in types.items()) + " WHERE false"


def set_aside(con: duckdb.DuckDBPyConnection, where: str, values: list[Any]) -> None:
    """Keep what some signs said before they go: the first word of a refresh is the one that had been said."""
    laid = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'superseded'").fetchall()[0][0]
    if laid:
        con.execute(f"INSERT INTO superseded SELECT {SUPERSEDED} FROM signs WHERE {where}", values)


def alert_id(rule: str, key: tuple[str, ...], since: datetime) -> str:
    """Return the name of an alert: the day of its first period, and eight hexadecimal digits that its identity and that moment give."""
    digest = hashlib.sha256("\0".join((rule, *key, since.isoformat())).encode()).hexdigest()
    return f"{since:%Y%m%d}-{digest[:8]}"


def standing_frame(standing: Standing, places: np.ndarray[Any, Any]) -> pd.DataFrame:
    """Return how some identities stand, a row each."""
    return pd.DataFrame({name: getattr(standing, name)[places] for name in _STATE})


def standing_of(size: int, places: np.ndarray[Any, Any], rows: pd.DataFrame) -> Standing:
    """Return the standing of so many identities, those at `places` as the rows say, the others at rest."""
    new = Standing.new(size)
    columns = {one.name: getattr(new, one.name).copy() for one in fields(Standing)}
    for name in _STATE:
        columns[name][places] = rows[name].to_numpy(dtype=columns[name].dtype)
    return Standing(**columns)


def keep(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Add rows to a table of ours by the names of their columns."""
    if len(frame):
        con.register("kept_rows", frame)
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM kept_rows")
        con.unregister("kept_rows")
