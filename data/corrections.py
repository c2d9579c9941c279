"""Finds the rows that would change a known record after the time within which its contract lets it be corrected."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from data.contract import Table
from data.landing import RowFault, heading_of
from data.phrase import Phrase, Says
from data.reasons import RowReason
from data.warehouse import kept_name


def too_late(
    con: duckdb.DuckDBPyConnection, feed: str, name: str, table: Table, relation: str, arrived_at: datetime
) -> list[RowFault]:  # fmt: skip
    """Return a conflict for each row of `relation` that says other values of a record whose time lies too far back."""
    if table.corrections is None:
        return []
    earliest = datetime.combine(arrived_at.date() - timedelta(days=table.corrections), datetime.min.time())
    keys = " AND ".join(f'c."{key}" = f."{key}"' for key in table.key)
    said, known = (", ".join(f'{side}."{column}"' for column in table.columns) for side in "fc")
    shown = ", ".join(f'f."{key}"' for key in table.key)
    rows = con.execute(
        f"""SELECT f._spot, left(concat_ws(' / ', {shown}), 200) FROM ({relation}) f JOIN {kept_name(feed, name)} c ON {keys}
        WHERE ({said}) IS DISTINCT FROM ({known}) AND c."{table.time}" < ? ORDER BY ALL""",
        [earliest],
    ).fetchall()
    heading = " + ".join(heading_of(key, table.columns[key]) for key in table.key)
    wanted = Phrase(Says.CORRECTED_WITHIN, table.corrections)
    return [RowFault(spot, heading, RowReason.DUPLICATE_CONFLICT, found, wanted) for spot, found in rows]
