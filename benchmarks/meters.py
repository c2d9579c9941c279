"""The city that benchmarks take files into: one feed of readings, its rows made by number, in SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

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
TYPES = "{'t': 'TIMESTAMP', 'area': 'VARCHAR', 'meter': 'VARCHAR', 'value': 'DECIMAL(18,2)', 'note': 'VARCHAR'}"
KEPT = "kept_meters_readings"


def rows_of(numbers: str, revision: str = "0") -> str:
    """Return SQL of the rows of some numbers (`numbers`: SQL with a column i); another revision differs in its values."""
    return f"""
        SELECT TIMESTAMP '2015-01-01' + to_minutes((i // 520)::INTEGER) AS t, 'S' || lpad((i % 13 + 1)::VARCHAR, 3, '0') AS area,
               'm' || (i // 13) % 40 AS meter, round((hash(i + {revision}) % 100000) / 100.0, 2)::DECIMAL(18, 2) AS value,
               '南湖街道示例社区第' || i % 97 || '网格' AS note, i FROM ({numbers})"""


def write_csv(path: Path, rows: str, wrong: str = "''") -> None:
    """Write rows as a CSV (time, area, meter, value, Chinese text); `wrong` is SQL of what is put behind the value."""
    import duckdb

    with duckdb.connect() as con:
        con.execute(f"""COPY (
            SELECT strftime(t, '%Y-%m-%d %H:%M:%S') AS t, area, meter, value::VARCHAR || {wrong} AS value, note FROM ({rows}))
            TO '{path}' (HEADER)""")


def write_city(folder: Path, form: str = "csv") -> None:
    """Write the city that takes such files in."""
    from data.blank import write_blank_city

    write_blank_city(folder)
    (folder / "data/city.yaml").write_text(CITY, encoding="utf-8")
    (folder / "data/feeds/meters.yaml").write_text(CONTRACT.replace("format: csv", f"format: {form}"), encoding="utf-8")
    lines = ["entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note", "district,D,基准,,,2000-01-01,,,,",
             "dept,office,示例,,D,2000-01-01,,,,"]  # fmt: skip
    lines += [f"street,S{number:03d},街道{number},,D,2000-01-01,,,," for number in range(1, 14)]
    (folder / "data/reference/entities.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def take(folder: Path, file: Path) -> None:
    """Take a file in, or a folder of them by feed: decode, check, ledger, revisions, current.

    What a refresh has imported and read by then is no part of it.
    """
    import indicators.refresh  # noqa: F401
    from benchmarks.turns import Clock
    from data import journal, warehouse
    from data.contracts import load_contracts
    from data.ingest import Ingest
    from data.register import load_reference
    from data.settings import Settings
    from data.wording import Wording

    Wording("zh")
    settings = Settings(folder, folder / "var")
    reference = load_reference(settings)
    contracts = load_contracts(settings, reference)
    settings.archive.mkdir(parents=True)
    files = sorted(file.glob("*/*"), key=lambda path: path.name) if file.is_dir() else [file]
    arrivals = []
    for seq, path in enumerate(files, start=1):
        feed = path.parent.name if file.is_dir() else "meters"
        arrivals.append(journal.Arrival(seq, feed, path.name, f"{seq:064d}", datetime(2036, 1, 1, tzinfo=UTC)))
        (settings.archive / arrivals[-1].sha256).symlink_to(path)
    clock = Clock()
    with warehouse.open_warehouse(settings, reference, contracts) as con:
        taken = Ingest(con, settings, reference, contracts).take_all(arrivals, datetime(2036, 1, 1), lambda _: None)
    facts = {name: sum(getattr(drop, name) for drop in taken) for name in ("rows", "accepted", "changed", "quarantined", "skipped")}
    clock.tell(**facts, state="/".join(sorted({drop.state for drop in taken})))
