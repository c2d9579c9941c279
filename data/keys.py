"""The keys of records: whether each is there once."""

from __future__ import annotations

import pyarrow as pa

from data.contract import Table


def is_each_key_once(frame: pa.Table, table: Table) -> bool:
    """Whether no two rows have the same key, or what the frame holds of it; False also where a number with a point leaves that open."""
    key = [name for name in table.key if name in frame.column_names]
    if not key or any(pa.types.is_floating(frame[name].type) for name in key):
        return False
    # One thread: of small drops, which are most, several cost three times as much.
    return bool(frame.select(key).group_by(key, use_threads=False).aggregate([]).num_rows == frame.num_rows)
