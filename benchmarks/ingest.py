"""Take in a large CSV drop with all checks, ledger, revisions and current, against a bare typed CREATE TABLE AS."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import meters
from benchmarks.turns import Clock, Row, figures, take_turns

ROWS, DIRTY_ROWS, RUNS = 10_000_000, 101, 3


def bare(folder: Path, file: Path) -> None:
    """The yardstick: typed columns, one statement."""
    import duckdb

    clock = Clock()
    with duckdb.connect(str(folder / "bare.duckdb")) as con:
        con.execute(f"CREATE TABLE x AS SELECT * FROM read_csv('{file}', header = true, columns = {meters.TYPES}, ignore_errors = true)")
    clock.tell()


def measure(rows: int = ROWS, runs: int = RUNS) -> list[Row]:
    """Return one row per kind of file: both times and peaks and their ratios."""
    table: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        for told, wrong in (("clean", "''"), ("with bad lines", f"if(i % {max(rows // DIRTY_ROWS, 1)} = 7, 'x', '')")):
            file = Path(name) / "readings.csv"
            meters.write_csv(file, meters.rows_of(f"FROM range({rows}) r(i)"), wrong)
            sides = {"ours": [str(file)], "bare": [str(file)]}
            done = take_turns(Path(name), "benchmarks.ingest", sides, runs, lambda _, folder: meters.write_city(folder))
            table.append({"what": f"take in a {rows:,}-row CSV ({told})", "at_most": 2.0} | figures(done))
    return table


if __name__ == "__main__":
    {"ours": meters.take, "bare": bare}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
