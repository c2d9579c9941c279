"""Reads revisions: every accepted row as each drop said it, and what was known of them at a moment.

What was known at a moment is what had arrived by then (`arrived_at`), whenever it was taken in. No figure is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from data import engine, warehouse
from data.columns import sql_type
from data.contract import Contract
from data.readings import files
from data.recordpart import quoted, rows_of
from data.records import leaf_area
from data.register import Reference
from data.settings import Settings
from data.snapshots import Snapshot


def known_at(settings: Settings, snapshot: Snapshot, moment: datetime) -> Snapshot:
    """Return the snapshot with its clock set back to `moment` and without the records that had not arrived by then.

    Its published figures are not those of that moment. Raises ValueError for a moment after the snapshot's own.
    """
    local = moment.astimezone(ZoneInfo(snapshot.city["time_zone"]))
    if local > snapshot.as_of:
        msg = f"{snapshot.id} knows nothing after {snapshot.as_of.isoformat()}"
        raise ValueError(msg)
    back = replace(snapshot, as_of=local)
    drops = drops_known(settings, back)
    return replace(back, records=tuple(part for part in snapshot.records if part.drop in drops))


def drops_known(settings: Settings, snapshot: Snapshot) -> set[str]:
    """Return the names of the drops that had arrived at the snapshot's moment."""
    with engine.reading() as con:
        _ledger(con, settings, snapshot)
        return {row[0] for row in con.execute('SELECT "drop" FROM ledger').fetchall()}


def covered_until(settings: Settings, snapshot: Snapshot, feed: str, table: str) -> datetime | None:
    """Return the end (local time) of what the drops of a table spoke for, None where there were none."""
    with engine.reading() as con:
        _ledger(con, settings, snapshot)
        rows = con.execute(
            'SELECT max(covers_to) FROM (SELECT * FROM read_parquet(?) SEMI JOIN ledger USING ("drop")) WHERE feed = ? AND "table" = ?',
            [files(settings, snapshot, "coverage"), feed, table],
        ).fetchall()
    return rows[0][0] if rows else None


@contextmanager
def evidence(settings: Settings, snapshot: Snapshot, contract: Contract, name: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection with `revisions`, `newest` (of every key) and `ledger` of one table of a snapshot.

    Rows carry `_line`, `_drop`, `_area` (the leaf they lie in) and `_order` (of arrival). The ledger holds what had arrived.
    """
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        _ledger(con, settings, snapshot)
        _revisions(con, settings, snapshot, contract, name)
        yield con


def revised(con: duckdb.DuckDBPyConnection, contract: Contract, name: str, since: datetime) -> int:
    """Lay out in `revised` what drops that arrived after `since` (local time) said otherwise than before; return how many rows.

    A row is one key said by one drop: `_drop`, `_line`, `_area`, `_now` and `_before` (structs of the table's columns;
    `_before` is null for a key that was new), `_moved` (the leaf that the row lay in before). The connection is that of `evidence`.
    """
    table = contract.tables[name]
    keys = ", ".join(f'"{key}"' for key in table.key)
    record = ", ".join(f'"{column}" := "{column}"' for column in table.columns)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE revised AS
        WITH fresh AS (SELECT "drop" AS _drop FROM ledger WHERE arrived_at > $since),
        keys AS (SELECT DISTINCT {keys} FROM revisions SEMI JOIN fresh USING (_drop)),
        said AS (SELECT _drop, _line, _area, struct_pack({record}) AS _now, lag(struct_pack({record})) OVER chain AS _before,
                        lag(_area) OVER chain AS _moved
                 FROM revisions SEMI JOIN keys USING ({keys}) WINDOW chain AS (PARTITION BY {keys} ORDER BY _order, _line))
        SELECT * FROM said SEMI JOIN fresh USING (_drop) WHERE _now IS DISTINCT FROM _before""",
        {"since": since},
    )
    return int(con.execute("SELECT count(*) FROM revised").fetchall()[0][0])


@contextmanager
def remembered(
    settings: Settings, snapshot: Snapshot, reference: Reference, contracts: Mapping[str, Contract]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse in memory that holds what a refresh at the snapshot's moment would have found taken in."""
    with warehouse.in_memory(reference, contracts) as con:
        con.execute("DROP TABLE ledger")
        _ledger(con, settings, snapshot)
        for part, columns in (("coverage", "*"), ("quarantine", "* EXCLUDE (cleared_by, cleared_at)")):
            kept = f'SELECT {columns} FROM read_parquet(?) SEMI JOIN ledger USING ("drop")'
            con.execute(f"INSERT INTO {part} BY NAME {kept}", [files(settings, snapshot, part)])
        for feed, contract in contracts.items():
            for name, table in contract.tables.items():
                _revisions(con, settings, snapshot, contract, name)
                listed = ", ".join(f'"{column}"' for column in table.columns)
                con.execute(f"INSERT INTO {warehouse.kept_name(feed, name)} SELECT {listed}, _order FROM newest")
        yield con


def _ledger(con: duckdb.DuckDBPyConnection, settings: Settings, snapshot: Snapshot) -> None:
    """The drops that had arrived, each with its place in the order of arrival."""
    con.execute(
        "CREATE TEMP TABLE ledger AS SELECT *, row_number() OVER (ORDER BY arrived_at, seq)::INTEGER AS _order"
        " FROM read_parquet(?) WHERE arrived_at <= ?",
        [files(settings, snapshot, "drops"), snapshot.as_of.replace(tzinfo=None)],
    )


def _revisions(con: duckdb.DuckDBPyConnection, settings: Settings, snapshot: Snapshot, contract: Contract, name: str) -> None:
    """The views `revisions` and `newest` over the record parts of one table."""
    table = contract.tables[name]
    keys = ", ".join(f'"{key}"' for key in table.key)
    listed = ", ".join(f'"{column}"' for column in table.columns)
    area = leaf_area(table, snapshot.city["root"], tuple(snapshot.city["areas"]))
    nothing = ", ".join(f'NULL::{sql_type(spec)} AS "{column}"' for column, spec in table.columns.items())
    selects = [f"SELECT {nothing}, 0 AS _line, '' AS _drop WHERE false"]
    parts = [part for part in snapshot.records if (part.feed, part.table) == (contract.feed, name)]
    if plain := {str(settings.records / part.file): part.drop for part in parts if not part.first_line}:  # one scan for all of them
        con.execute("CREATE OR REPLACE TEMP TABLE part_drops AS SELECT unnest(?::VARCHAR[]) AS filename, unnest(?::VARCHAR[]) AS _drop",
                    [list(plain), list(plain.values())])  # fmt: skip
        said = ", ".join(f"'{quoted(path)}'" for path in plain)
        selects.append(f"SELECT {listed}, _line, _drop FROM read_parquet([{said}], filename = true) JOIN part_drops USING (filename)")
    selects += [f"SELECT {listed}, _line, '{part.drop}' AS _drop FROM ({rows_of(settings, part)})" for part in parts if part.first_line]
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW revisions AS SELECT r.*, l._order, {area} AS _area FROM ({' UNION ALL '.join(selects)}) r"
        ' JOIN ledger l ON l."drop" = r._drop'
    )
    con.execute(
        "CREATE OR REPLACE TEMP VIEW newest AS SELECT * FROM revisions"
        f" QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _order DESC) = 1"
    )
