"""How a contract's column is kept: its type in DuckDB, Arrow and Ibis, and a rule over columns as SQL."""

from __future__ import annotations

from functools import lru_cache

import ibis
import pyarrow as pa

from data.contract import Column, Table
from data.expression import parse


def sql_type(column: Column) -> str:
    """Return the DuckDB type of a column; amounts with declared decimals are exact."""
    if column.type in {"number", "percent"}:
        return "DOUBLE" if column.decimals is None else f"DECIMAL(18, {column.decimals})"
    return {
        "text": "VARCHAR", "entity": "VARCHAR", "integer": "BIGINT", "date": "DATE", "timestamp": "TIMESTAMP",
        "boolean": "BOOLEAN",
    }[column.type]  # fmt: skip


def arrow_type(column: Column) -> pa.DataType:
    """Return the Arrow type in which a column is kept."""
    if column.type in {"number", "percent"}:
        return pa.float64() if column.decimals is None else pa.decimal128(18, column.decimals)
    return {
        "text": pa.string(),
        "entity": pa.string(),
        "integer": pa.int64(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
        "boolean": pa.bool_(),
    }[column.type]


def compiled(text: str, table: Table) -> str:
    """Compile a scalar expression of a contract to SQL over the table's columns."""
    return _compile_once(text, tuple((name, ibis_type(column)) for name, column in table.columns.items()))


@lru_cache(maxsize=1024)
def _compile_once(text: str, schema: tuple[tuple[str, str], ...]) -> str:
    rows = ibis.table(dict(schema), name="rows_")
    query = ibis.to_sql(rows.select(result=parse(text).compile({name: rows[name] for name, _ in schema})), dialect="duckdb")
    return str(query).split("SELECT", 1)[1].split('AS "result"', 1)[0].strip().replace('"t0".', "")


def ibis_type(column: Column) -> str:
    """Return the Ibis type of a column."""
    if column.type in {"number", "percent"}:
        return "float64" if column.decimals is None else f"decimal(18, {column.decimals})"
    return {"text": "string", "entity": "string", "integer": "int64", "date": "date", "timestamp": "timestamp", "boolean": "boolean"}[
        column.type
    ]
