"""A city in memory: a register of a district, streets, departments and stations, one table, and cells computed from its records."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

from data import periods, warehouse
from data.blank import write_blank_city
from data.contract import Contract
from data.contracts import load_contracts
from data.register import Reference, load_reference
from data.settings import Settings
from indicators.cataloguing import load_catalogue
from indicators.cells import Cells
from indicators.definition import Catalogue

ENTITIES = """\
entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note
district,D,区,D,,2000-01-01,,,,
street,D1,甲街道,A,D,2000-01-01,,,,
street,D2,乙街道,B,D,2000-01-01,,,,
dept,water,水务局,W,D,2000-01-01,,,,
dept,roads,道路处,R,D,2000-01-01,,,,
dept,office,办公室,O,D,2000-01-01,,,,
station,S1,一号站,S1,D1,2000-01-01,,,,
station,S2,二号站,S2,D2,2000-01-01,,,,
"""
MEASURES = """\
measure,entity,valid_from,value,source
residents,D,2000-01-01,1000,册
residents,D1,2000-01-01,400,册
night_limit,S1,2000-01-01,50,区划
night_limit,S1,2019-06-01,45,区划
night_limit,S2,2000-01-01,55,区划
"""
CONTRACT: dict[str, Any] = {
    "feed": "cases", "code": "X01", "name": {"zh": "案件", "en": "Cases"}, "department": "office", "owner": "处", "class": "一般",
    "grade": 1,
    "share": "unconditional", "since": date(2015, 1, 1), "version": 1, "cadence": {"every": "day"},
    "files": {"format": "csv", "period": {"from": "name", "patterns": ["{year}{month}{day}.csv"]}},
}  # fmt: skip
SPEC: dict[str, Any] = {
    "name": {"zh": "体征"}, "table": "cases.cases", "by": "opened_at", "unit": "件", "precision": 2, "direction": "watch",
    "grain": ["district"], "cadence": "day", "owner": ["处"], "weight": 0, "since": date(2015, 1, 1), "version": 1,
}  # fmt: skip
CASES: dict[str, Any] = {
    "name": {"zh": "案件"}, "kind": "events", "key": ["no"], "time": "opened_at", "area": ["street"], "covers": "period",
    "columns": {
        "no": {"heading": "号", "type": "integer"}, "street": {"heading": "街道", "type": "entity", "kind": "street"},
        "handler": {"heading": "处置部门", "type": "entity", "kind": "dept"},
        "opened_at": {"heading": "立案", "type": "timestamp"}, "closed_at": {"heading": "结案", "type": "timestamp"},
        "due_at": {"heading": "截止", "type": "timestamp"}, "rework": {"heading": "返工", "type": "integer"},
        "amount": {"heading": "额", "type": "number", "unit": "元"},
    },
}  # fmt: skip


@cache
def written(weights: str) -> Settings:
    """Return the directory of the city, whose feeds and catalogue are written by each bench."""
    where = Settings(Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp()))
    write_blank_city(where.city_dir)
    text = where.city_file.read_text(encoding="utf-8").replace(
        "measures: {}", "measures: {residents: {name: {zh: 人口}, unit: 人}, night_limit: {name: {zh: 夜间限值}, unit: dB}}"
    )
    where.city_file.write_text(text, encoding="utf-8")
    folder = where.city_dir / "data" / "reference"
    (folder / "entities.csv").write_text(ENTITIES, encoding="utf-8")
    (folder / "measures.csv").write_text(MEASURES, encoding="utf-8")
    if weights:
        where.city_file.write_text(
            text.replace("  measures: reference", "  weights: reference/weights.csv\n  measures: reference"), encoding="utf-8"
        )
        (folder / "weights.csv").write_text(weights, encoding="utf-8")
    return where


class Bench:
    """One table, its definitions, and the cells that its records give."""

    def __init__(self, con: duckdb.DuckDBPyConnection, reference: Reference, contracts: dict[str, Contract], catalogue: Catalogue) -> None:
        """Start with no record, and every definition new."""
        self.con, self.reference, self.contracts, self.catalogue = con, reference, contracts, catalogue
        self.cells = Cells(con, reference, contracts, catalogue)
        self.renewed = set(catalogue.definitions)

    def lay(self, rows: Sequence[Mapping[str, Any]], first: str, end: str, table: str = "cases") -> None:
        """Take in records (by their key, the newest counts) that speak for the days from `first` to before `end`."""
        spec = self.contracts["cases"].tables[table]
        kept = warehouse.kept_name("cases", table)
        for row in rows:
            keys = " AND ".join(f'"{name}" = ?' for name in spec.key)
            old = self.con.execute(f"SELECT * FROM {kept} WHERE {keys}", [row[name] for name in spec.key]).df()
            self.con.execute(f"DELETE FROM {kept} WHERE {keys}", [row[name] for name in spec.key])
            names = ", ".join(f'"{name}"' for name in row)
            self.con.execute(f"INSERT INTO {kept} ({names}) VALUES ({', '.join('?' for _ in row)})", list(row.values()))
            for axis in (name for name, column in spec.columns.items() if column.type in {"date", "timestamp"}):
                for moment in (row.get(axis), *old.get(axis, [])):
                    if moment is not None and not pd.isna(moment):
                        self.con.execute("INSERT INTO touched VALUES ('cases', ?, ?, ?::TIMESTAMP::DATE)", [table, axis, str(moment)])
        self.con.execute("INSERT INTO coverage VALUES ('cases', ?, 'd', ?, ?, 1, [])", [table, first, end])
        self.con.execute(
            "INSERT INTO newly_covered SELECT 'cases', ?, unnest(generate_series(?::DATE, ?::DATE - INTERVAL 1 DAY, INTERVAL 1 DAY))::DATE",
            [table, first, end],
        )

    def compute(self) -> None:
        """Compute what was touched."""
        self.cells.compute(self.renewed)
        self.renewed = set()
        self.con.execute("DELETE FROM touched")
        self.con.execute("DELETE FROM newly_covered")

    def cell(self, indicator: str, period: str, entity: str = "D") -> dict[str, Any]:
        """Return a cell; empty where there is none."""
        grain, start = periods.read(period)
        names = ("numerator", "denominator", "n", "value", "coverage", "reason")
        where = "indicator = ? AND entity = ? AND grain = ? AND start = ?"
        found = self.con.execute(f"SELECT {', '.join(names)} FROM cells WHERE {where}", [indicator, entity, grain, start]).fetchall()
        assert len(found) <= 1
        return dict(zip(names, found[0], strict=True)) if found else {}

    def value(self, indicator: str, period: str, entity: str = "D") -> float | None:
        """Return the value of a cell, at ten digits."""
        value = self.cell(indicator, period, entity).get("value")
        return None if value is None else float(f"{value:.10g}")

    def all_cells(self) -> pd.DataFrame:
        """Return every cell, in order."""
        order = "indicator, entity_kind, entity, grain, start"
        return self.con.execute(f"SELECT * EXCLUDE (definition_version) FROM cells ORDER BY {order}").df()


@contextmanager
def bench(*specs: dict[str, Any], weights: str = "", **tables: dict[str, Any]) -> Iterator[Bench]:
    """Open a bench of the definitions (over SPEC) and tables (default: CASES)."""
    where = written(weights)
    contract = CONTRACT | {"tables": tables or {"cases": CASES}}
    entries = [{name: value for name, value in (SPEC | spec).items() if value is not None} for spec in specs]
    (where.feeds_dir / "cases.yaml").write_text(yaml.safe_dump(contract, allow_unicode=True), encoding="utf-8")
    catalogue = {"domain": "operations", "indicators": entries}
    (where.catalogue_dir / "operations.yaml").write_text(yaml.safe_dump(catalogue, allow_unicode=True), encoding="utf-8")
    reference = load_reference(where)
    contracts = load_contracts(where, reference)
    loaded = load_catalogue(where, reference, contracts)
    with warehouse.in_memory(reference, contracts) as con:
        con.execute('CREATE TEMP TABLE newly_covered (feed VARCHAR, "table" VARCHAR, day DATE)')
        yield Bench(con, reference, contracts, loaded)


def days(first: str, count: int) -> list[datetime]:
    """Return the midnights of so many days."""
    return [datetime.fromisoformat(first) + timedelta(days=place) for place in range(count)]
