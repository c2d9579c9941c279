"""Says which quarantined rows a later drop has put right: those whose key it brought again, accepted.

A row whose key could not be read stays open: nothing says which row would be its correction.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from data.batch import Batch
from data.contract import Table
from data.upsert import FEW, Stored

_OPEN = """
    SELECT q."drop", q."table", q.key FROM quarantine q JOIN ledger l USING ("drop")
    ANTI JOIN cleared c ON c."drop" = q."drop" AND c."table" = q."table" AND c.key = q.key
    WHERE q.feed = ? AND q."table" = ? AND q.key IS NOT NULL AND l.arrived_at <= ?"""

_EVER = 'SELECT key FROM quarantine WHERE feed = ? AND "table" = ? AND key IS NOT NULL'


def fault_keys(con: duckdb.DuckDBPyConnection, batch: Batch, table: Table) -> dict[int, list[str]]:
    """Return the keys of the records that are not kept (table `excluded`), by spot, where every part of it was read."""
    key, parts = _key(table)
    query = f"SELECT _spot, {key} FROM ({batch.records}) WHERE _spot IN (SELECT spot FROM excluded) AND {parts}"
    return dict(con.execute(query).fetchall())


def clear(
    con: duckdb.DuckDBPyConnection, drop: str, feed: str, name: str, table: Table, stored: Stored, arrived_at: datetime
) -> None:  # fmt: skip
    """Note the earlier rows of a table that accepted records put right (drop, table, key, by, at)."""
    key, _ = _key(table)
    # Hardly a drop puts anything right: of a small one a look at the keys says so, for a third of what finding open rows costs.
    if (
        stored.accepted <= FEW
        and not con.execute(f"SELECT 1 FROM ({stored.relation}) WHERE {key} IN ({_EVER}) LIMIT 1", [feed, name]).fetchall()
    ):
        return
    con.execute(f"CREATE OR REPLACE TEMP TABLE unsettled AS SELECT DISTINCT * FROM ({_OPEN})", [feed, name, arrived_at])
    if not con.execute("SELECT 1 FROM unsettled LIMIT 1").fetchall():
        return
    first = f'"{table.key[0]}"::VARCHAR'
    con.execute(
        f"""INSERT INTO cleared SELECT u.*, ?, ? FROM unsettled u SEMI JOIN (
              SELECT {key} AS key FROM ({stored.relation}) WHERE {first} IN (SELECT key[1] FROM unsettled)) r USING (key)""",
        [drop, arrived_at],
    )


def _key(table: Table) -> tuple[str, str]:
    """Return SQL of a record's key as a list of texts, and of whether all of it is there."""
    listed = ", ".join(f'"{name}"::VARCHAR' for name in table.key)
    return f"[{listed}]", " AND ".join(f'"{name}" IS NOT NULL' for name in table.key)
