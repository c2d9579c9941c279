"""Keeps accepted records: a part for the revisions, `current` for the newest values, and the days that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from data.contract import Table
from data.journal import Arrival
from data.settings import Settings
from data.warehouse import current_name


@dataclass(frozen=True, slots=True)
class Upserted:
    """How many records were accepted, how many of them said something new, and the span of their time axis."""

    accepted: int
    changed: int
    earliest: datetime | None
    latest: datetime | None


def upsert(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    arrival: Arrival,
    feed: str,
    name: str,
    table: Table,
    records: str,
    *,
    excludes: bool,
) -> Upserted:
    """Write the records that are not excluded; touched days are noted for every date column."""
    part = f"{feed}/{arrival.drop}-{name}.parquet"
    path = settings.records / part
    path.parent.mkdir(parents=True, exist_ok=True)
    accepted = f"SELECT * FROM ({records})" + (" WHERE _line NOT IN (SELECT line FROM excluded)" if excludes else "")
    con.execute(f"COPY ({accepted}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    span = con.execute(
        f"SELECT count(*), min(\"{table.time}\")::TIMESTAMP, max(\"{table.time}\")::TIMESTAMP FROM read_parquet('{path}')"
    ).fetchall()[0]
    if not span[0]:
        path.unlink()
        return Upserted(0, 0, None, None)
    con.execute("INSERT INTO record_parts VALUES (?, ?, ?, ?, ?)", [feed, name, arrival.drop, arrival.seq, part])
    changed = _into_current(con, feed, name, table, f"read_parquet('{path}')", arrival.seq)
    return Upserted(span[0], changed, span[1], span[2])


def _into_current(con: duckdb.DuckDBPyConnection, feed: str, name: str, table: Table, fresh: str, seq: int) -> int:
    """Replace the current rows of the keys whose values changed; one look into current finds them all."""
    current = current_name(feed, name)
    columns = [f'"{column}"' for column in table.columns] + ["_area"]
    listed = ", ".join(columns)
    if not con.execute(f"SELECT 1 FROM {current} LIMIT 1").fetchall():
        con.execute(f"INSERT INTO {current} SELECT {listed}, {seq} FROM {fresh}")
        _touch(con, feed, name, table, fresh)
        return int(con.execute(f"SELECT count(*) FROM {fresh}").fetchall()[0][0])
    keys = " AND ".join(f'c."{key}" = f."{key}"' for key in table.key)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE met AS
        SELECT c.rowid AS place, f._line AS line,
               ({', '.join(f'c.{column}' for column in columns)}) IS NOT DISTINCT FROM ({', '.join(f'f.{column}' for column in columns)}) AS same,
               {', '.join(f'c."{column}" AS "{column}"' for column in _time_columns(table))}
        FROM {current} c JOIN {fresh} f ON {keys}""")
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW changed AS
        SELECT * FROM {fresh} WHERE _line NOT IN (SELECT line FROM met WHERE same)""")
    count = int(con.execute("SELECT count(*) FROM changed").fetchall()[0][0])
    if count:
        con.execute(f"DELETE FROM {current} WHERE rowid IN (SELECT place FROM met WHERE NOT same)")
        con.execute(f"INSERT INTO {current} SELECT {listed}, {seq} FROM changed")
        _touch(con, feed, name, table, "changed")
        _touch(con, feed, name, table, "(SELECT * FROM met WHERE NOT same)")
    return count


def _time_columns(table: Table) -> list[str]:
    return [name for name, column in table.columns.items() if column.type in {"date", "timestamp"}]


def _touch(con: duckdb.DuckDBPyConnection, feed: str, name: str, table: Table, relation: str) -> None:
    """Note the days that the changed records speak of, on each time axis."""
    days = ", ".join(f"{{'column': '{column}', 'day': \"{column}\"::DATE}}" for column in _time_columns(table))
    con.execute(
        f"INSERT INTO touched SELECT DISTINCT ?, ?, said.column, said.day FROM (SELECT unnest([{days}]) AS said FROM {relation})"
        " WHERE said.day IS NOT NULL",
        [feed, name],
    )
