"""Compute every indicator of a large feed from scratch against one hand-written GROUP BY, and a day's refresh with ten times the history.

`python -m benchmarks.computing [--base N]`. The records are laid directly, as taking them in would leave them. The yardstick
of the first makes the same aggregates by the day and sub-district, the finest that the indicators need, and nothing else; the
second compares the product with itself.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import meters
from benchmarks.turns import Clock, Row, figures, take_turns

BASE, RUNS, TIMES = 100_000_000, 3, 10
ROWS_A_DAY = 520 * 24 * 60  # as `meters.rows_of` spreads them
FIRST = datetime(2015, 1, 1)
CATALOGUE = """\
domain: operations
indicators:
"""
INDICATOR = """\
  - indicator: {name}
    name: {{zh: {name}, en: {name}}}
    table: meters.readings
    formula: "{formula}"
    by: taken
    unit: "{unit}"
    precision: 2
    direction: {direction}
    grain: [district, street]
    cadence: day
    owner: [示例]
    weight: 0.1
    since: 2015-01-01
    version: 1
"""
FORMULAS = (
    ("rows_read", "rows()", "条", "watch"),
    ("amount_total", "sum(amount)", "度", "watch"),
    ("amount_mean", "mean(amount)", "度", "watch"),
    ("amount_high", "count(amount > 900)", "条", "watch"),
    ("amount_high_share", "count(amount > 900) / rows()", "%", "lower"),
    ("amount_within", "count(100 <= amount <= 900) / count(amount)", "%", "higher"),
    ("amount_high_mean", "sum(amount if amount > 500 else 0) / count(amount > 500)", "度", "watch"),
    ("notes_first", "count(note == '南湖街道示例社区第1网格')", "条", "watch"),
)
BARE = f"""
    CREATE TABLE bare AS
    SELECT date_trunc('day', taken) AS start, street, count(*) AS n, sum(amount) AS total, count(amount) AS filled,
           count(*) FILTER (amount > 900) AS high, count(*) FILTER (amount >= 100 AND amount <= 900) AS within_,
           sum(CASE WHEN amount > 500 THEN amount ELSE 0 END) AS over_total, count(*) FILTER (amount > 500) AS over_n,
           count(*) FILTER (note = '南湖街道示例社区第1网格') AS first_note
    FROM {meters.KEPT} GROUP BY ALL"""


def measure(base: int = BASE, runs: int = RUNS) -> list[Row]:
    """Return a row for computing from scratch and one for a day more with `TIMES` times the history."""
    days = max(base // ROWS_A_DAY, TIMES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        end = FIRST + timedelta(days=days)
        whole = lay(folder / "whole", days, end)
        tenth = lay(folder / "tenth", days // TIMES, end)
        drop = folder / f"{end:%Y%m%d}.csv"
        first = days * ROWS_A_DAY
        meters.write_csv(drop, meters.rows_of(f"SELECT i + {first} AS i FROM range({ROWS_A_DAY}) r(i)"))
        scratch = take_turns(
            folder, "benchmarks.computing", {"ours": [], "bare": []}, runs,
            lambda _, own: shutil.copytree(whole, own, dirs_exist_ok=True),
        )  # fmt: skip
        known = {side: refreshed(source) for side, source in (("ours", whole), ("bare", tenth))}
        day = take_turns(
            folder, "benchmarks.computing", {"ours": ["day", str(drop)], "bare": ["day", str(drop)]}, runs,
            lambda side, own: shutil.copytree(known[side], own, dirs_exist_ok=True),
        )  # fmt: skip
    return [
        {"what": f"{len(FORMULAS)} indicators of a {days * ROWS_A_DAY:,}-row feed from scratch", "at_most": 1.5} | figures(scratch),
        {"what": f"a day's refresh with {TIMES} times the history ({days} days)", "at_most": 1.3} | figures(day),
    ]


def lay(folder: Path, days: int, end: datetime) -> Path:
    """Write a city whose warehouse holds the records of so many days before `end`, as taken in and not yet computed."""
    from data.contracts import load_contracts
    from data.register import load_reference
    from data.settings import Settings
    from data.warehouse import open_warehouse

    meters.write_city(folder)
    city = folder / "data/city.yaml"
    clock = f"clock: {{fixed: {end + timedelta(days=1, hours=8):%Y-%m-%dT%H:%M}+08:00}}\n"
    city.write_text(city.read_text(encoding="utf-8") + clock, encoding="utf-8")
    told = [INDICATOR.format(name=name, formula=formula, unit=unit, direction=way) for name, formula, unit, way in FORMULAS]
    (folder / "indicators/catalogue/meters.yaml").write_text(CATALOGUE + "".join(told), encoding="utf-8")
    settings = Settings(folder, folder / "var")
    reference = load_reference(settings)
    first = end - timedelta(days=days)
    numbers = f"FROM range({(first - FIRST).days * ROWS_A_DAY}, {(end - FIRST).days * ROWS_A_DAY}) r(i)"
    with open_warehouse(settings, reference, load_contracts(settings, reference)) as con:
        con.execute(f"INSERT INTO {meters.KEPT} SELECT t, area, meter, value, note, 0 FROM ({meters.rows_of(numbers)})")
        con.execute("INSERT INTO coverage VALUES ('meters', 'readings', 'meters-000000', ?, ?, 0, [])", [first, end])
    return folder


def refreshed(folder: Path) -> Path:
    """Refresh a city once, so that the next refresh has only news to compute."""
    from data.settings import Settings
    from indicators.refresh import refresh

    refresh(Settings(folder, folder / "var"), datetime.now(UTC))
    return folder


def ours(folder: Path) -> None:
    """Compute every cell of the warehouse, at each grain and level."""
    import indicators.refresh  # noqa: F401
    from data import warehouse
    from data.settings import Settings
    from indicators.cells import Cells
    from indicators.directory import load

    settings = Settings(folder, folder / "var")
    city = load(settings)
    clock = Clock()
    with warehouse.open_warehouse(settings, city.reference, city.contracts) as con:
        con.execute('CREATE TEMP TABLE newly_covered (feed VARCHAR, "table" VARCHAR, day DATE)')
        Cells(con, city.reference, city.contracts, city.catalogue).compute(city.catalogue.definitions)
        cells = con.execute("SELECT count(*) FROM cells").fetchall()[0][0]
    clock.tell(cells=cells)


def bare(folder: Path) -> None:
    """The yardstick: one GROUP BY over the same records."""
    import duckdb

    clock = Clock()
    with duckdb.connect(str(folder / "var/warehouse.duckdb")) as con:
        con.execute(BARE)
    clock.tell()


def day(folder: Path, drop: Path) -> None:
    """One more day arrives: take it in, compute, judge, publish."""
    from data.settings import Settings
    from indicators.refresh import refresh

    settings = Settings(folder, folder / "var")
    target = settings.inbox / "meters" / drop.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(drop, target)
    arrived = datetime.strptime(drop.stem, "%Y%m%d").replace(tzinfo=UTC) + timedelta(days=1)
    os.utime(target, (arrived.timestamp(),) * 2)
    clock = Clock()
    done = refresh(settings, datetime.now(UTC))
    clock.tell(taken=len(done.taken), accepted=sum(one.accepted for one in done.taken))


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in {"ours", "bare"}:
        side, folder, *more = sys.argv[1:]
        if more:
            day(Path(folder), Path(more[1]))
        else:
            {"ours": ours, "bare": bare}[side](Path(folder))
    else:
        options = argparse.ArgumentParser(description=__doc__)
        options.add_argument("--base", type=int, default=BASE)
        options.add_argument("--runs", type=int, default=RUNS)
        said = options.parse_args()
        for row in measure(said.base, said.runs):
            print(json.dumps(row, ensure_ascii=False))
