"""Take in a workbook with all checks, ledger, revisions and current, against python-calamine reading it into a frame."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import meters
from benchmarks.turns import Clock, Row, figures, take_turns

ROWS, RUNS = 100_000, 3


def write_workbook(path: Path, rows: int) -> None:
    """Write the rows of the feed as a clerk's workbook holds them: dates, numbers, texts."""
    import duckdb
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    moment, sheet = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}), book.add_worksheet("读数")
    sheet.write_row(0, 0, ["t", "area", "meter", "value", "note"])
    with duckdb.connect() as con:
        made = con.execute(f"SELECT t, area, meter, value::DOUBLE, note FROM ({meters.rows_of(f'FROM range({rows}) r(i)')})").fetchall()
    for line, (taken, *cells) in enumerate(made, start=1):
        sheet.write_datetime(line, 0, taken, moment)
        sheet.write_row(line, 1, cells)
    book.close()


def bare(_: Path, file: Path) -> None:
    """The yardstick: the first sheet, as it stands."""
    import pandas as pd
    from python_calamine import CalamineWorkbook

    clock = Clock()
    head, *body = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    frame = pd.DataFrame(body, columns=[str(heading) for heading in head])
    clock.tell(rows=len(frame))


def measure(rows: int = ROWS, runs: int = RUNS) -> list[Row]:
    """Return one row: both times and peaks and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "readings.xlsx"
        write_workbook(file, rows)
        sides = {"ours": [str(file)], "bare": [str(file)]}
        done = take_turns(Path(name), "benchmarks.workbook", sides, runs, lambda _, folder: meters.write_city(folder, "xlsx"))
    return [{"what": f"take in a workbook of {rows:,} rows", "at_most": 2.0} | figures(done)]


if __name__ == "__main__":
    {"ours": meters.take, "bare": bare}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
