"""Reads a Parquet file as rows; the line of a row is its place, counted from 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.forms.containers import Meter
from data.forms.records import as_sheet
from data.forms.sheet import Decoded
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError


def decode_parquet(path: Path, max_bytes: int, max_rows: int) -> Decoded:
    """Read a whole file; raises RefusedError CORRUPT or TOO_LARGE, counted batch by batch since its footer may lie."""
    records: list[tuple[int, dict[str, Any]]] = []
    meter = Meter(path.stat().st_size, max_bytes)
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=8192):
                meter.add(batch.nbytes)
                if len(records) + batch.num_rows > max_rows:
                    found, most = (Phrase(says, max_rows, Noun.ROWS) for says in (Says.MORE_THAN_COUNT, Says.AT_MOST_COUNT))
                    raise RefusedError(FileReason.TOO_LARGE, found, most)
                records += enumerate(batch.to_pylist(), start=len(records) + 1)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error
    return Decoded("parquet", [as_sheet("", records)])
