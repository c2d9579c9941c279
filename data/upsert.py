"""Keeps accepted records: parts for the revisions, `current` for the newest values, and the days that changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.contract import Table
from data.durable import sync
from data.journal import Arrival
from data.recordpart import RecordPart, rows_of
from data.settings import Settings
from data.spot import line_of, line_sql
from data.warehouse import kept_name

FEW = 10_000  # rows
_MANY, _ROWS_A_MB, _THREAD_MB = 1_000_000, 2000, 32


@dataclass(frozen=True, slots=True)
class Stored:
    """A relation of accepted records, their count and time; those of a small drop are at hand as a `frame`."""

    relation: str
    accepted: int
    earliest: datetime | None
    latest: datetime | None
    frame: pa.Table | None = None


def part_path(settings: Settings, arrival: Arrival, feed: str, name: str, label: str = "") -> Path:
    """Return where a part of a drop's records lies."""
    path = settings.records / feed / f"{arrival.drop}-{name}{label}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@dataclass(frozen=True, slots=True)
class Noted:
    """A part to be noted among the revisions.

    `first_line` 0: its rows carry `_line`. Else they are named by their position: `gaps` are lines of the file that are
    not in it, `without` positions that were not kept.
    """

    feed: str
    table: str
    path: Path
    first_line: int = 0
    gaps: Sequence[int] = ()
    without: Sequence[int] = ()

    def insert(self, con: duckdb.DuckDBPyConnection, settings: Settings, arrival: Arrival) -> None:
        """Write the row of `record_parts`."""
        file = str(self.path.relative_to(settings.records))
        gaps, without = json.dumps(list(self.gaps)), json.dumps(list(self.without))
        con.execute(
            "INSERT INTO record_parts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [self.feed, self.table, arrival.drop, arrival.seq, file, self.first_line, gaps, without],
        )


def secure(parts: Sequence[Noted]) -> None:
    """Have parts and their names on the disk: the ledger must not name what a fall of the machine could take away."""
    for path in sorted({part.path for part in parts}) + sorted({part.path.parent for part in parts}):
        sync(path)


def store(con: duckdb.DuckDBPyConnection, path: Path, accepted: str, table: Table) -> Stored:
    """Write accepted records (with `_spot`) as one part; none are no part."""
    con.execute(f"COPY (SELECT *, {line_sql('_spot')} AS _line FROM ({accepted})) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    stored = measured(con, f"SELECT * FROM read_parquet('{path}')", table)
    if not stored.accepted:
        path.unlink()
    return stored


def store_frame(
    con: duckdb.DuckDBPyConnection, path: Path, frame: pa.Table, excluded: Collection[int], name: str, table: Table
) -> Stored:  # fmt: skip
    """Write the accepted records of a frame (with `_spot`) as one part, and have them at hand as `accepted_<name>`."""
    if excluded:
        frame = frame.filter(pc.invert(pc.is_in(frame["_spot"], pa.array(excluded, pa.int64()))))
    if frame.num_rows:
        lines = pa.array(line_of(frame["_spot"].to_numpy()), pa.int32())
        pq.write_table(frame.append_column("_line", lines), path, compression="zstd")
    earliest, latest = (_as_moment(one) for one in pc.min_max(frame[table.time]).as_py().values())
    con.register(f"accepted_{name}", frame)
    return Stored(f"SELECT * FROM accepted_{name}", frame.num_rows, earliest, latest, frame)


def _as_moment(said: date | None) -> datetime | None:
    return said if said is None or isinstance(said, datetime) else datetime.combine(said, time())


def measured(con: duckdb.DuckDBPyConnection, relation: str, table: Table) -> Stored:
    """Return a relation with its count and the span of its time axis."""
    count, earliest, latest = con.execute(
        f'SELECT count(*), min("{table.time}")::TIMESTAMP, max("{table.time}")::TIMESTAMP FROM ({relation})'
    ).fetchall()[0]
    return Stored(relation, count, earliest, latest)


def noted_parts(con: duckdb.DuckDBPyConnection, where: str = "true", values: Sequence[object] = ()) -> list[RecordPart]:
    """Return the parts noted among the revisions, in order; `where` may speak of `record_parts` and of the drop's `ledger` row."""
    return [
        RecordPart(feed, table, drop, file, first_line, tuple(json.loads(gaps)), tuple(json.loads(without)))
        for feed, table, drop, file, first_line, gaps, without in con.execute(
            'SELECT p.feed, p."table", p."drop", p.file, p.first_line, p.gaps, p.without FROM record_parts p'
            f' JOIN ledger l USING ("drop") WHERE {where} ORDER BY p.seq, p.file',
            list(values),
        ).fetchall()
    ]


def unsurpassed(
    con: duckdb.DuckDBPyConnection, settings: Settings, arrival: tuple[datetime, int], feed: str, name: str, table: Table, stored: Stored
) -> Stored:  # fmt: skip
    """Return the rows of a drop that no drop which arrived later (local time, number) has said otherwise already.

    Nearly always all of them: drops are taken in order of arrival. One that turns up afterwards must not undo the later ones.
    """
    later = noted_parts(con, 'p.feed = ? AND p."table" = ? AND (l.arrived_at, l.seq) > (?::TIMESTAMP, ?::INTEGER)', [feed, name, *arrival])
    if not later or not stored.accepted:
        return stored
    keys = ", ".join(f'"{key}"' for key in table.key)
    said = " UNION ALL ".join(f"SELECT {keys} FROM ({rows_of(settings, part)})" for part in later)
    return measured(con, f"SELECT * FROM ({stored.relation}) ANTI JOIN ({said}) USING ({keys})", table)


def into_current(con: duckdb.DuckDBPyConnection, feed: str, name: str, table: Table, stored: Stored, seq: int) -> tuple[int, int]:
    """Replace the current rows of the keys whose values changed; one look into current finds all.

    Returns how many records are new or changed, and how many of them revise one that was known.
    """
    if not stored.accepted:
        return 0, 0
    kept, fresh = kept_name(feed, name), f"({stored.relation})"
    columns = [f'"{column}"' for column in table.columns]
    listed = ", ".join(columns)
    near, keys = _near(kept, fresh, table), " AND ".join(f'c."{key}" = f."{key}"' for key in table.key)
    # Rows of a small drop are mostly new: a look at the keys alone says so, for a third of what comparing all columns costs.
    if stored.accepted <= FEW and not con.execute(f"SELECT 1 FROM {near} c SEMI JOIN {fresh} f ON {keys} LIMIT 1").fetchall():
        con.execute(f"INSERT INTO {kept} SELECT {listed}, {seq} FROM {fresh}")
        _touch(con, feed, name, table, fresh, stored.frame)
        return stored.accepted, 0
    if not con.execute(f"SELECT 1 FROM {kept} LIMIT 1").fetchall():
        # Made anew rather than inserted into: DuckDB writes a new table straight to disk, and an insert to its log first.
        # The order of current is of no account; kept, it would have its row groups merged again at the checkpoint.
        con.execute("SET preserve_insertion_order = false")
        con.execute(f"CREATE OR REPLACE TABLE {kept} AS SELECT {listed}, {seq}::INTEGER AS _drop FROM {fresh}")
        con.execute("SET preserve_insertion_order = true")
        _touch(con, feed, name, table, fresh)
        return stored.accepted, 0
    known, said = (", ".join(f"{side}.{column}" for column in columns) for side in "cf")
    with _frugal(con, stored.accepted):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE met AS
            SELECT c.rowid AS place, f._spot AS spot,
                   ({known}) IS NOT DISTINCT FROM ({said}) AS same,
                   {", ".join(f'c."{column}" AS "{column}"' for column in _time_columns(table))}
            FROM {near} c JOIN {fresh} f ON {keys}""")
    changed = f"(SELECT * FROM {fresh} WHERE _spot NOT IN (SELECT spot FROM met WHERE same))"
    met, same = con.execute("SELECT count(*), count(*) FILTER (WHERE same) FROM met").fetchall()[0]
    count = stored.accepted - int(same)
    if count:
        if met > same:
            con.execute(f"DELETE FROM {kept} WHERE rowid IN (SELECT place FROM met WHERE NOT same)")
            _touch(con, feed, name, table, "(SELECT * FROM met WHERE NOT same)")
        con.execute(f"INSERT INTO {kept} SELECT {listed}, {seq} FROM {changed}")
        _touch(con, feed, name, table, changed)
    return count, int(met) - int(same)


def _near(kept: str, fresh: str, table: Table) -> str:
    """Return SQL of the current rows that a drop may meet: what one column of the key rules out, the others need not look up."""
    if len(table.key) == 1:
        return kept
    first = table.time if table.time in table.key else table.key[0]
    return f'(SELECT rowid, * FROM {kept} WHERE "{first}" IN (SELECT "{first}" FROM {fresh}))'


@contextmanager
def _frugal(con: duckdb.DuckDBPyConnection, rows: int) -> Iterator[None]:
    """Let the memory of a look into current grow with the drop and not with current, of which no more is held than is in use.

    Of no account to the few rows of a small drop; a very large one is spared the disk.
    """
    if not FEW < rows <= _MANY:
        yield
        return
    threads, before, used = con.execute("""
        SELECT current_setting('threads'), current_setting('memory_limit'), sum(memory_usage_bytes) FILTER (WHERE tag <> 'BASE_TABLE')
        FROM duckdb_memory()""").fetchall()[0]
    con.execute(f"SET memory_limit = '{int(used) // 1_000_000 + threads * _THREAD_MB + rows // _ROWS_A_MB}MB'")
    try:
        yield
    finally:
        con.execute(f"SET memory_limit = '{before}'")


def _time_columns(table: Table) -> list[str]:
    return [name for name, column in table.columns.items() if column.type in {"date", "timestamp"}]


def _touch(con: duckdb.DuckDBPyConnection, feed: str, name: str, table: Table, relation: str, frame: pa.Table | None = None) -> None:
    """Note the days that the changed records speak of, on each time axis; of a frame they are found without a statement."""
    names = _time_columns(table)
    if frame is not None:
        found = [(column, day) for column in names for day in pc.unique(frame[column].cast(pa.date32())).to_pylist() if day is not None]
        axes, spoken = [column for column, _ in found], [day for _, day in found]
        con.execute("INSERT INTO touched SELECT ?, ?, unnest(?::VARCHAR[]), unnest(?::DATE[])", [feed, name, axes, spoken])
        return
    days, listed = (", ".join(f'"{column}"{kind}' for column in names) for kind in ("::DATE", ""))
    together = f"SELECT DISTINCT {days} FROM {relation}"  # days that stand in one row: few, however many the rows
    con.execute(
        "INSERT INTO touched SELECT DISTINCT ?, ?, said, day FROM"
        f" (SELECT unnest(?::VARCHAR[]) AS said, unnest([{listed}]) AS day FROM ({together}) days({listed})) WHERE day IS NOT NULL",
        [feed, name, names],
    )
