"""Reads a Parquet file as rows; the line of a row is its place, counted from 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.forms.containers import Meter
from data.forms.records import as_sheet
from data.forms.sheet import MOST_CELLS, Decoded
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError

_NAMELESS = (pa.types.is_binary, pa.types.is_large_binary)


def decode_parquet(path: Path, max_bytes: int, max_rows: int) -> Decoded:
    """Read a whole file; raises RefusedError CORRUPT, SCHEMA (a name twice) or TOO_LARGE, counted batch by batch as well."""
    with path.open("rb") as stream:
        if stream.read(4) != b"PAR1":
            raise RefusedError(FileReason.UNSUPPORTED_TYPE, Phrase(Says.NO_PARQUET), Phrase(Says.PARQUET))
    records: list[tuple[int, dict[str, Any]]] = []
    meter = Meter(path.stat().st_size, max_bytes)
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise RefusedError(FileReason.SCHEMA, Phrase(Says.HEADING_TWICE, twice), Phrase(Says.HEADING_ONCE, twice))
            _refuse_large(file.metadata.num_rows, len(names), max_rows)
            for batch in file.iter_batches(batch_size=8192):
                meter.add(batch.nbytes)
                _refuse_large(len(records) + batch.num_rows, len(names), max_rows)
                plain = pa.RecordBatch.from_arrays([_plain(column) for column in batch.columns], names=names)
                records += enumerate(plain.to_pylist(), start=len(records) + 1)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error
    return Decoded("parquet", [as_sheet("", records, names=names)])


def _refuse_large(rows: int, columns: int, max_rows: int) -> None:
    """Nulls weigh nothing in a file and much in memory, so that rows and cells are bounded, not bytes alone."""
    most = min(max_rows, MOST_CELLS // max(columns, 1))
    if rows > most:
        raise RefusedError(FileReason.TOO_LARGE, Phrase(Says.COUNT, rows, Noun.ROWS), Phrase(Says.AT_MOST_COUNT, most, Noun.ROWS))


def _plain(column: pa.Array) -> pa.Array:
    """Return a column as people would write it: 0.1 kept in 32 bits is 0.1, bytes are text, times beyond all years are text."""
    if pa.types.is_float32(column.type) or pa.types.is_float16(column.type):
        return pc.cast(column, pa.string())
    if any(is_so(column.type) for is_so in _NAMELESS):
        return pc.cast(column, pa.string())
    if pa.types.is_timestamp(column.type) and len(column) and (lowest := pc.min(column).value) is not None:
        units = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[column.type.unit]
        if lowest < -62_000_000_000 * units or pc.max(column).value > 253_000_000_000 * units:
            return pc.cast(column.cast(pa.timestamp(column.type.unit)), pa.string())
    return column
