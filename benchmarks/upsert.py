"""Take in a drop of a feed that is large already, against a bare DELETE..USING + INSERT of the same rows into the same table.

The drop holds nine parts of new keys and one of corrections. The large feed is made directly, as `current` would hold it; every
run starts from a copy of that file and ends with its checkpoint. For time the corrections are spread over the whole feed; for
memory, which is compared with a feed that holds only the newest tenth, over that tenth.
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


def make_base(folder: Path, first: int, end: int) -> Path:
    """Write the warehouse of a feed that holds the rows from number `first` to before `end`; return its file."""
    from data.contracts import load_contracts
    from data.register import load_reference
    from data.settings import Settings
    from data.warehouse import open_warehouse

    settings = Settings(folder, folder / f"var-{first}")
    reference = load_reference(settings)
    with open_warehouse(settings, reference, load_contracts(settings, reference)) as con:
        made = meters.rows_of(f"FROM range({first}, {end}) r(i)")
        con.execute(f"INSERT INTO {meters.KEPT} SELECT t, area, meter, value, note, 0 FROM ({made})")
    return settings.warehouse


def write_drop(path: Path, first: int, end: int, rows: int) -> Path:
    """Write a drop: a tenth of its rows corrects ones from number `first` to before `end`, the rest is new."""
    old, new = rows // 10, rows - rows // 10
    numbers = f"SELECT {first} + i * {(end - first) // old} AS i FROM range({old}) r(i) UNION ALL SELECT i + {end} FROM range({new}) r(i)"
    meters.write_csv(path, meters.rows_of(numbers, "1"))
    return path


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
        folder, newest = Path(name), base - base // TIMES
        meters.write_city(folder / "city")
        whole, tenth = make_base(folder / "city", 0, base), make_base(folder / "city", newest, base)
        spread, recent = write_drop(folder / "spread.csv", 0, base, drop), write_drop(folder / "recent.csv", newest, base, drop)

        def prepare(side: str, own: Path) -> None:
            meters.write_city(own)
            (own / "var").mkdir()
            shutil.copyfile(tenth if side == "tenth" else whole, own / "var/warehouse.duckdb")

        sides = {"ours": [str(spread)], "bare": [str(spread)], "whole": [str(recent)], "tenth": [str(recent)]}
        done = take_turns(folder, "benchmarks.upsert", sides, runs, prepare)
    memory = figures(done, "whole", "tenth")
    return [
        {"what": f"take in a {drop:,}-row drop of a {base:,}-row feed", "at_most": 1.5} | figures(done),
        {"what": f"memory for a {drop:,}-row drop with {TIMES} times the warehouse ({base:,} rows)", "at_most": 1.1}
        | {name: memory[name] for name in ("whole_mb", "tenth_mb", "memory_ratio")},
    ]


if __name__ == "__main__":
    sides = {"ours": meters.take, "whole": meters.take, "tenth": meters.take, "bare": bare}
    sides[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
