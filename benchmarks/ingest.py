"""Take in a large CSV drop with all checks, ledger, revisions and current, against a bare typed CREATE TABLE AS.

Each side runs in a process of its own, in turn; the ratio of the medians counts.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROWS, DIRTY_ROWS, RUNS = 10_000_000, 101, 3
CITY = """\
city: bench
name: {zh: 基准, en: Bench}
title: {zh: 基准, en: Bench}
provenance: real
marking: {zh: 内部, en: Internal}
time_zone: Asia/Shanghai
areas: [district, street]
unassigned: {zh: 未归属, en: Unassigned}
reference:
  entities: reference/entities.csv
  aliases: reference/aliases.csv
  calendar: reference/calendar.csv
  measures: reference/measures.csv
domains: [{domain: operations, letter: A, name: {zh: 运行, en: Operations}, weight: 1}]
"""
CONTRACT = """\
feed: meters
code: B01
name: {zh: 表计, en: Meters}
department: office
class: 一般
grade: 1
share: unconditional
owner: 示例
since: 2015-01-01
version: 1
cadence: {every: day}
files: {format: csv}
tables:
  readings:
    name: {zh: 读数, en: Readings}
    kind: readings
    key: [taken, street, meter]
    time: taken
    area: [street]
    covers: time
    every: hour
    columns:
      taken: {heading: t, type: timestamp}
      street: {heading: area, type: entity, kind: street}
      meter: {heading: meter, type: text}
      amount: {heading: value, type: number, decimals: 2, range: [0, 100000]}
      note: {heading: note, type: text}
"""
BARE = "{'t': 'TIMESTAMP', 'area': 'VARCHAR', 'meter': 'VARCHAR', 'value': 'DECIMAL(18,2)', 'note': 'VARCHAR'}"


def make(folder: Path, rows: int, *, dirty: bool) -> Path:
    """Write the CSV (time, area, meter, value, Chinese text), with planted bad lines or without."""
    import duckdb

    path = folder / f"readings-{rows}-{'dirty' if dirty else 'clean'}.csv"
    wrong = f"CASE WHEN i % {max(rows // DIRTY_ROWS, 1)} = 7 THEN 'x' ELSE '' END" if dirty else "''"
    with duckdb.connect() as con:
        con.execute(f"""COPY (
            SELECT strftime(TIMESTAMP '2015-01-01' + to_minutes((i // 520)::INTEGER), '%Y-%m-%d %H:%M:%S') AS t,
                   'S' || lpad((i % 13 + 1)::VARCHAR, 3, '0') AS area, 'm' || (i // 13) % 40 AS meter,
                   round((hash(i) % 100000) / 100.0, 2)::DECIMAL(18, 2)::VARCHAR || {wrong} AS value,
                   '南湖街道示例社区第' || i % 97 || '网格' AS note FROM range({rows}) r(i)) TO '{path}' (HEADER)""")
    return path


def write_city(folder: Path) -> None:
    """Write the city that takes the file in."""
    from data.blank import write_blank_city

    write_blank_city(folder)
    (folder / "data/city.yaml").write_text(CITY, encoding="utf-8")
    (folder / "data/feeds/meters.yaml").write_text(CONTRACT, encoding="utf-8")
    lines = ["entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note", "district,D,基准,,,2000-01-01,,,,",
             "dept,office,示例,,D,2000-01-01,,,,"]  # fmt: skip
    lines += [f"street,S{number:03d},街道{number},,D,2000-01-01,,,," for number in range(1, 14)]
    (folder / "data/reference/entities.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def ours(folder: Path, file: Path) -> None:
    """Take the file in: decode, check, ledger, revisions, current; what the command line imports is imported before."""
    import cli  # noqa: F401
    from data import journal, warehouse
    from data.contracts import load_contracts
    from data.ingest import Ingest
    from data.register import load_reference
    from data.settings import Settings

    settings = Settings(folder, folder / "var")
    reference = load_reference(settings)
    contracts = load_contracts(settings, reference)
    arrival = journal.Arrival(1, "meters", file.name, "0" * 64, datetime(2036, 1, 1, tzinfo=UTC))
    settings.archive.mkdir(parents=True)
    (settings.archive / arrival.sha256).symlink_to(file)
    started = time.perf_counter()
    with warehouse.open_warehouse(settings, reference, contracts) as con:
        taken = Ingest(con, settings, reference, contracts).take_all([arrival], datetime(2036, 1, 1), lambda _: None)[0]
    _tell(started, rows=taken.rows, accepted=taken.accepted, quarantined=taken.quarantined, skipped=taken.skipped, state=taken.state)


def bare(folder: Path, file: Path) -> None:
    """The yardstick: typed columns, one statement."""
    import duckdb

    started = time.perf_counter()
    with duckdb.connect(str(folder / "bare.duckdb")) as con:
        con.execute(f"CREATE TABLE x AS SELECT * FROM read_csv('{file}', header = true, columns = {BARE}, ignore_errors = true)")
    _tell(started)


def _tell(started: float, **facts: object) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - started, "peak_mb": peak} | facts))


def measure(rows: int = ROWS, runs: int = RUNS) -> list[dict[str, object]]:
    """Return one row per kind of file: both times and peaks and their ratios."""
    table: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        for dirty in (False, True):
            file = make(Path(name), rows, dirty=dirty)
            sides: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
            for run in range(runs):
                for side, told in sides.items():
                    folder = Path(name) / f"{side}-{dirty}-{run}"
                    folder.mkdir()
                    if side == "ours":
                        write_city(folder)
                    command = [sys.executable, "-m", "benchmarks.ingest", side, str(folder), str(file)]
                    done = subprocess.run(command, check=True, capture_output=True, text=True)
                    told.append(json.loads(done.stdout.splitlines()[-1]))
            seconds = {side: statistics.median(one["seconds"] for one in told) for side, told in sides.items()}
            peaks = {side: statistics.median(one["peak_mb"] for one in told) for side, told in sides.items()}
            facts = {key: value for key, value in sides["ours"][-1].items() if key not in {"seconds", "peak_mb"}}
            told = "with bad lines" if dirty else "clean"
            figures = {f"{side}_s": round(seconds[side], 2) for side in sides} | {f"{side}_mb": round(peaks[side]) for side in sides}
            ratios = {name: round(one["ours"] / one["bare"], 2) for name, one in (("time_ratio", seconds), ("memory_ratio", peaks))}
            table.append({"what": f"take in a {rows:,}-row CSV ({told})", "at_most": 2.0} | figures | ratios | facts)
            file.unlink()
    return table


if __name__ == "__main__":
    {"ours": ours, "bare": bare}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
