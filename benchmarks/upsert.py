"""Take in a drop of a feed that is large already, against a bare DELETE..USING + INSERT of the same rows into the same table.

The drop holds nine parts of new keys and one of corrections, which are spread over the whole feed. The large feed is made
directly, as `current` would hold it; both sides start from a copy of that file and end with its checkpoint.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import meters
from benchmarks.turns import Clock, Row, figures, take_turns

BASE, DROP, RUNS = 100_000_000, 100_000, 3
TIMES = 10  # how much larger the warehouse of the comparison of memory is


def make_base(folder: Path, rows: int) -> Path:
    """Write the warehouse of a feed with so many rows; return its file."""
    from data.contracts import load_contracts
    from data.register import load_reference
    from data.settings import Settings
    from data.warehouse import open_warehouse

    settings = Settings(folder, folder / f"var-{rows}")
    reference = load_reference(settings)
    with open_warehouse(settings, reference, load_contracts(settings, reference)) as con:
        con.execute(f"INSERT INTO {meters.KEPT} SELECT t, area, meter, value, note, 0 FROM ({meters.rows_of(f'FROM range({rows}) r(i)')})")
    return settings.warehouse


def write_drop(path: Path, base: int, rows: int) -> None:
    """Write a drop for feeds of at least `base` rows: a tenth of it corrects them, the rest is new even to one `TIMES` as large."""
    old, new = rows // 10, rows - rows // 10
    numbers = f"SELECT i * {base // old} AS i FROM range({old}) r(i) UNION ALL SELECT i + {base * TIMES} FROM range({new}) r(i)"
    meters.write_csv(path, meters.rows_of(numbers, "1"))


def bare(folder: Path, file: Path) -> None:
    """The yardstick: the rows, typed, in a temporary table; then one DELETE and one INSERT."""
    import duckdb

    clock = Clock()
    with duckdb.connect(str(folder / "var/warehouse.duckdb")) as con:
        con.execute(f"CREATE TEMP TABLE said AS SELECT * FROM read_csv('{file}', header = true, columns = {meters.TYPES})")
        con.execute("BEGIN")
        con.execute(f"DELETE FROM {meters.KEPT} USING said s WHERE taken = s.t AND street = s.area AND {meters.KEPT}.meter = s.meter")
        con.execute(f"INSERT INTO {meters.KEPT} SELECT *, 1 FROM said")
        con.execute("COMMIT")
        con.execute("CHECKPOINT")
    clock.tell()


def measure(base: int = BASE, runs: int = RUNS, drop: int = DROP) -> list[Row]:
    """Return a row of time against the yardstick, and one of memory against a feed of a tenth of the size."""
    with tempfile.TemporaryDirectory() as name:
        folder, file = Path(name), Path(name) / "readings.csv"
        meters.write_city(folder / "city")
        small, large = make_base(folder / "city", base // TIMES), make_base(folder / "city", base)
        write_drop(file, base // TIMES, drop)

        def prepare(side: str, own: Path) -> None:
            meters.write_city(own)
            (own / "var").mkdir()
            shutil.copyfile(small if side == "tenth" else large, own / "var/warehouse.duckdb")

        done = take_turns(folder, "benchmarks.upsert", {side: [str(file)] for side in ("ours", "bare", "tenth")}, runs, prepare)
    whole, tenth = figures(done), figures(done, "ours", "tenth")
    return [
        {"what": f"take in a {drop:,}-row drop of a {base:,}-row feed", "at_most": 1.5} | whole,
        {"what": f"memory for a {drop:,}-row drop with {TIMES} times the warehouse ({base:,} rows)", "at_most": 1.1}
        | {name: tenth[name] for name in ("ours_mb", "tenth_mb", "memory_ratio")},
    ]


if __name__ == "__main__":
    {"ours": meters.take, "tenth": meters.take, "bare": bare}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
