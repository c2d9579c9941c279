"""Take in many small drops, as text and as workbooks of several tables, against bare reading, writing and inserting of the same rows.

What counts is the time per drop and table: a morning brings hundreds of them.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import meters
from benchmarks.turns import Clock, Row, figures, take_turns

DROPS, ROWS, SHEETS, RUNS = 200, 100, 3, 3
HEADINGS = ("t", "area", "meter", "value", "note")
START = datetime(2015, 1, 1)


def write_drops(folder: Path, drops: int) -> None:
    """Write drops by feed, every other one a workbook of several tables; in every tenth one a row of each table is wrong."""
    import xlsxwriter

    for feed in ("meters", "books"):
        (folder / feed).mkdir(parents=True)
    for drop in range(drops):
        tables = [[HEADINGS, *(_row(drop, sheet, row) for row in range(ROWS))] for sheet in range(SHEETS)]
        if drop % 2 == 0:
            text = "\n".join(map(",".join, tables[0])) + "\n"
            (folder / "meters" / f"{drop:05d}.csv").write_text(text, encoding="utf-8")
            continue
        with xlsxwriter.Workbook(str(folder / "books" / f"{drop:05d}.xlsx"), {"constant_memory": True}) as book:
            for number, rows in enumerate(tables):
                sheet = book.add_worksheet(f"s{number}")
                for place, cells in enumerate(rows):
                    sheet.write_row(place, 0, cells)


def _row(drop: int, sheet: int, row: int) -> tuple[str, ...]:
    taken = START + timedelta(hours=drop, minutes=row // 10)
    value = "x" if drop % 10 > 7 and row == 50 else f"{(drop * 7 + row * 13) % 10000 / 100:.2f}"
    return f"{taken:%Y-%m-%d %H:%M:%S}", f"S{row % 13 + 1:03d}", f"m{sheet}-{row}", value, f"示例社区第{row % 97}网格"


def write_city(folder: Path) -> None:
    """Write a city with a feed of text and one of workbooks, whose tables are sheets."""
    meters.write_city(folder)
    head, table = meters.CONTRACT.split("tables:\n")
    sheets = [table.replace("  readings:", f"  s{number}:\n    sheet: s{number}") for number in range(SHEETS)]
    head = head.replace("feed: meters", "feed: books").replace("B01", "B02").replace("format: csv", "format: xlsx")
    (folder / "data/feeds/books.yaml").write_text(f"{head}tables:\n{''.join(sheets)}", encoding="utf-8")


def bare(folder: Path, drops: Path) -> None:
    """The yardstick: read, write a part, insert, a transaction a drop; nothing is checked."""
    import csv

    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq
    from python_calamine import CalamineWorkbook

    def tables_of(path: Path) -> dict[str, Sequence[Sequence[Any]]]:
        if path.suffix == ".csv":
            return {"readings": list(csv.reader(path.read_text(encoding="utf-8").splitlines()))}
        book = CalamineWorkbook.from_path(str(path))
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    clock = Clock()
    with duckdb.connect(str(folder / "bare.duckdb")) as con:
        for name in ("readings", *(f"s{number}" for number in range(SHEETS))):
            con.execute(f"CREATE TABLE {name} (t TIMESTAMP, area VARCHAR, meter VARCHAR, value DECIMAL(18, 2), note VARCHAR)")
        for path in sorted(drops.glob("*/*"), key=lambda path: path.name):
            con.execute("BEGIN")
            for name, rows in tables_of(path).items():
                columns = zip(*rows[1:], strict=True)
                frame = pa.table(dict(zip(HEADINGS, map(pa.array, columns), strict=True)))
                pq.write_table(frame, folder / f"{path.stem}-{name}.parquet", compression="zstd")
                con.register("frame", frame)
                con.execute(f"INSERT INTO {name} SELECT t::TIMESTAMP, area, meter, try_cast(value AS DECIMAL(18, 2)), note FROM frame")
                con.unregister("frame")
            con.execute("COMMIT")
    clock.tell()


def measure(drops: int = DROPS, runs: int = RUNS) -> list[Row]:
    """Return one row: both sides in all, and in milliseconds per drop and table."""
    with tempfile.TemporaryDirectory() as name:
        files, tables = Path(name) / "drops", drops // 2 * (1 + SHEETS)
        write_drops(files, drops)
        sides = {"ours": [str(files)], "bare": [str(files)]}
        done = take_turns(Path(name), "benchmarks.small", sides, runs, lambda _, folder: write_city(folder))
    row = figures(done)
    each = {f"{side}_ms": round(float(str(row[f"{side}_s"])) * 1000 / tables, 1) for side in sides}
    return [{"what": f"take in {drops} small drops ({tables} tables of {ROWS} rows; ms per drop and table)"} | each | row]


if __name__ == "__main__":
    {"ours": meters.take, "bare": bare}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
