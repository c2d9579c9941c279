"""Readers that share the engine in memory do not see each other's work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pandas as pd
import pytest

from data import engine


def read(number: int) -> list[tuple[int, int]]:
    """Put a frame, a relation and a table of one's own beside each other and read them."""
    with engine.reading() as con:
        con.register("source", pd.DataFrame({"one": [number]}))
        con.register("same", con.sql(f"SELECT {number} AS one"))
        con.execute("CREATE TEMP TABLE ledger AS SELECT ? AS two", [number])
        return con.execute("SELECT one, two FROM source JOIN same USING (one) CROSS JOIN ledger").fetchall()


def test_readers_at_once_have_names_of_their_own() -> None:
    """What is registered or TEMP under the same name by sixteen threads stays with each, and is gone after use."""
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(read, range(200)))

    assert found == [[(number, number)] for number in range(200)]
    with engine.reading() as con, pytest.raises(duckdb.CatalogException):
        con.execute("SELECT * FROM ledger")
