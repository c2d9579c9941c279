"""The engine in memory with which published parts are read, one for the whole process.

Starting one takes longer than most questions that are put to it, and a page puts a dozen of them.
"""

from __future__ import annotations

import os
from functools import cache

import duckdb


def reading() -> duckdb.DuckDBPyConnection:
    """Return a connection of one's own, to be closed after use; only what is TEMP in it, or registered, is nobody else's."""
    return _engine(os.getpid()).cursor()


@cache
def _engine(_process: int) -> duckdb.DuckDBPyConnection:
    """The threads of an engine do not follow a fork: each process has its own. No file is kept in memory, since snapshots come and go."""
    return duckdb.connect(config={"enable_external_file_cache": False})
