"""Opens the writer's database and keeps its tables. Only a refresh comes here; readers read published parts.

All times are naive local times of the city; knowledge time is `arrived_at`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from data.city import WorkingSpan
from data.columns import sql_type
from data.contract import Contract, Table
from data.places import Places
from data.records import leaf_area
from data.register import Reference
from data.settings import Settings
from data.snapshots import NoSnapshotError

LEDGER = """
CREATE TABLE IF NOT EXISTS ledger (
  "drop" VARCHAR, seq INTEGER, feed VARCHAR, file VARCHAR, sha256 VARCHAR, encoding VARCHAR,
  arrived_at TIMESTAMP, taken_at TIMESTAMP, rows BIGINT, accepted BIGINT, quarantined BIGINT, skipped BIGINT,
  records BIGINT, state VARCHAR, reason VARCHAR, found VARCHAR, wanted VARCHAR,
  covers_from TIMESTAMP, covers_to TIMESTAMP, control VARCHAR, revised BIGINT);
CREATE TABLE IF NOT EXISTS quarantine (
  "drop" VARCHAR, feed VARCHAR, "table" VARCHAR, sheet VARCHAR, line INTEGER, "column" VARCHAR, reason VARCHAR,
  found VARCHAR, wanted VARCHAR, text VARCHAR, key VARCHAR[]);
CREATE TABLE IF NOT EXISTS cleared ("drop" VARCHAR, "table" VARCHAR, key VARCHAR[], cleared_by VARCHAR, cleared_at TIMESTAMP);
CREATE TABLE IF NOT EXISTS coverage (
  feed VARCHAR, "table" VARCHAR, "drop" VARCHAR, covers_from TIMESTAMP, covers_to TIMESTAMP, rows BIGINT, entities VARCHAR[]);
CREATE TABLE IF NOT EXISTS volumes (
  "drop" VARCHAR, feed VARCHAR, "table" VARCHAR, volume VARCHAR, volume_rows BIGINT,
  volume_low DOUBLE, volume_high DOUBLE, volume_n INTEGER);
CREATE TABLE IF NOT EXISTS record_parts (
  feed VARCHAR, "table" VARCHAR, "drop" VARCHAR, seq INTEGER, file VARCHAR, first_line INTEGER, gaps VARCHAR, without VARCHAR);
CREATE TABLE IF NOT EXISTS touched (feed VARCHAR, "table" VARCHAR, "column" VARCHAR, day DATE);
CREATE TABLE IF NOT EXISTS facts (name VARCHAR, value VARCHAR);
CREATE TABLE IF NOT EXISTS watermarks_seen (feed VARCHAR, "table" VARCHAR, watermark TIMESTAMP);
CREATE TABLE IF NOT EXISTS stale ("table" VARCHAR, partition VARCHAR);
CREATE TABLE IF NOT EXISTS published ("table" VARCHAR, partition VARCHAR, file VARCHAR, sha256 VARCHAR, rows BIGINT);
"""


class BusyError(Exception):
    """Raised when another refresh holds the lock."""


@contextmanager
def only_refresh(settings: Settings) -> Iterator[None]:
    """Hold the lock that the one running refresh must have; raises BusyError at once when it is taken."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    with settings.lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = "another refresh is running"
            raise BusyError(msg) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


@contextmanager
def open_warehouse(settings: Settings, reference: Reference, contracts: dict[str, Contract]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database with every table that the contracts need, and the city's own tables for look-ups."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(settings.warehouse))
    try:
        con.execute("SET preserve_insertion_order = true")
        con.execute("SET enable_progress_bar = false")
        con.execute("SET checkpoint_threshold = '256MB'")  # many small drops: their log is poured into the file a few times, not often
        con.execute(f"SET temp_directory = '{settings.var_dir / 'spill'}'")
        _furnish(con, reference, contracts)
        yield con
    finally:
        con.close()


@contextmanager
def look(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database to read what the last refresh left in it; raises NoSnapshotError where there has been none."""
    if not settings.warehouse.is_file():
        raise NoSnapshotError("no refresh yet")
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        yield con


@contextmanager
def in_memory(reference: Reference, contracts: Mapping[str, Contract]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty warehouse that lies nowhere: for questions about another time than now."""
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute("SET checkpoint_threshold = '256MB'")  # many small drops: their log is poured into the file a few times, not often
        _furnish(con, reference, contracts)
        yield con


def _furnish(con: duckdb.DuckDBPyConnection, reference: Reference, contracts: Mapping[str, Contract]) -> None:
    con.execute(LEDGER)
    for contract in contracts.values():
        for name, table in contract.tables.items():
            con.execute(kept_ddl(contract.feed, name, table))
            area = leaf_area(table, reference.root.entity, reference.city.areas)
            kept, current = kept_name(contract.feed, name), current_name(contract.feed, name)
            con.execute(f"CREATE OR REPLACE TEMP VIEW {current} AS SELECT *, {area} AS _area FROM {kept}")
    lay_reference(con, reference)


def forget_if_changed(settings: Settings, reference: Reference, contracts: dict[str, Contract]) -> None:
    """Forget everything that was derived under other contracts: the archive and its journal bring it back.

    The promise of a contract is part of how a row was read, so a changed one has every drop taken in anew.
    """
    digest = hashlib.sha256()
    for feed in sorted(contracts):
        digest.update(contracts[feed].model_dump_json().encode())
    digest.update(repr((reference.entities, reference.aliases, reference.calendar, reference.measures, reference.city.areas,
                        reference.city.working_hours)).encode())  # fmt: skip
    digest.update(LEDGER.encode())
    said, path = digest.hexdigest(), settings.var_dir / "contracts.sha256"
    if settings.warehouse.exists() and (not path.is_file() or path.read_text(encoding="ascii") != said):
        forget(settings)
    path.write_text(said, encoding="ascii")


def forget(settings: Settings) -> None:
    """Forget everything that was derived from drops; snapshots stay for their readers."""
    settings.warehouse.unlink(missing_ok=True)
    settings.warehouse.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    for folder in (settings.records, settings.returns):
        shutil.rmtree(folder, ignore_errors=True)


def current_name(feed: str, table: str) -> str:
    """Return the name of the view of the newest revision of every record, each with the leaf area it lies in (`_area`)."""
    return f"current_{feed}_{table}"


def kept_name(feed: str, table: str) -> str:
    """Return the name of the table behind `current`."""
    return f"kept_{feed}_{table}"


def kept_ddl(feed: str, name: str, table: Table) -> str:
    """Return the definition of the table behind `current`: the contract's columns, and the drop that said them."""
    columns = [f'"{column}" {sql_type(spec)}' for column, spec in table.columns.items()]
    return f"CREATE TABLE IF NOT EXISTS {kept_name(feed, name)} ({', '.join(columns)}, _drop INTEGER)"


def fact(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Return a named fact that the last refresh left, or None."""
    rows = con.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchall()
    return str(rows[0][0]) if rows else None


def keep_fact(con: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Keep a named fact for the next refresh."""
    con.execute("DELETE FROM facts WHERE name = ?", [name])
    con.execute("INSERT INTO facts VALUES (?, ?)", [name, value])


def lay_reference(con: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    """Lay the working calendar, the roll-up of entities and the reference measures into temporary tables."""
    places, known = Places(reference), {entity.entity for entity in reference.entities}
    tables: dict[str, tuple[str, Sequence[tuple[object, ...]]]] = {
        "calendar": ("day DATE, is_workday BOOLEAN, holiday VARCHAR, number INTEGER", _numbered_days(reference)),
        "rollup": (
            "entity_kind VARCHAR, leaf VARCHAR, entity VARCHAR, is_unassigned BOOLEAN, first DATE, last DATE, leaf_from DATE, leaf_to DATE",
            [
                (place.kind, place.leaf, place.entity, place.entity not in known, *places.life(place.entity), *places.life(place.leaf))
                for place in places.rollup()
            ],
        ),
        "measures": (
            "measure VARCHAR, entity VARCHAR, valid_from DATE, value DOUBLE",
            [(m.measure, m.entity, m.valid_from, m.value) for m in reference.measures],
        ),
    }
    for name, (columns, rows) in tables.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        if rows:
            names = [column.split()[0] for column in columns.split(", ")]
            con.register("rows_known", pa.table(list(map(pa.array, zip(*rows, strict=True))), names))
            con.execute(f"INSERT INTO {name} SELECT * FROM rows_known")
            con.unregister("rows_known")
    # The n-th working day after a day: number counts the working days up to and including it.
    con.execute("""
        CREATE OR REPLACE TEMP TABLE workdays AS
        SELECT number, min(day) AS day FROM calendar WHERE is_workday GROUP BY number""")
    con.execute("""
        CREATE OR REPLACE TEMP MACRO add_workdays(moment, days) AS (
          CASE WHEN days = 0 THEN moment ELSE
            (SELECT w.day + (moment - date_trunc('day', moment))
             FROM calendar c JOIN workdays w ON w.number = c.number + days WHERE c.day = moment::DATE) END)""")
    con.execute(_add_workhours(reference.city.working_hours))


def _add_workhours(spans: Sequence[WorkingSpan]) -> str:
    """Return SQL of the macro `add_workhours(moment, hours)`; beyond the calendar there is no answer, as for working days.

    Counted in seconds of work since the calendar begins: those of the working days before, and of the day itself. Every working
    day has the same, so the day is found by an equality of numbers and the time of day by the spans: no row meets every day.
    """
    times = [span.seconds for span in spans]
    whole = sum(end - start for start, end in times)
    worked = " + ".join(f"greatest(0, least(c.clock, {end}) - {start})" for start, end in times)
    clock, before = "", 0
    for start, end in times:
        clock += f" WHEN rest <= {before + end - start} THEN {start - before} + rest"
        before += end - start
    return f"""
        CREATE OR REPLACE TEMP MACRO add_workhours(moment, hours) AS (
          CASE WHEN hours = 0 THEN moment ELSE
            (SELECT w.day + to_seconds(CASE{clock} END)
             FROM (SELECT ceil(total / {whole})::INTEGER AS number, total - {whole} * (ceil(total / {whole})::BIGINT - 1) AS rest FROM (
                     SELECT (c.number - c.is_workday::INTEGER) * {whole} + c.is_workday::INTEGER * ({worked})
                            + round(hours * 3600)::BIGINT AS total
                     FROM (SELECT *, epoch(moment - date_trunc('day', moment))::BIGINT AS clock FROM calendar WHERE day = moment::DATE) c) t
                  ) n JOIN workdays w ON w.number = n.number) END)"""


def _numbered_days(reference: Reference) -> Sequence[tuple[object, ...]]:
    number, rows = 0, []
    for day in reference.calendar:
        number += day.is_workday
        rows.append((day.date, day.is_workday, day.holiday, number))
    return rows
