"""Checks the typed rows of a drop against their contract, set by set in SQL: one scan counts, a second one names.

A relation here is any SQL that yields the table's columns and `_spot`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import numpy as np

from data.columns import compiled
from data.contract import Column, Table
from data.expression import parse
from data.landing import RowFault
from data.parse import LONGEST_TEXT, SHORT_ENOUGH
from data.phrase import Noun, Phrase, Says
from data.reasons import RowReason

_MOST_FAULTS_NAMED = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: the SQL condition under which a row fails, the SQL of what was found, and what was wanted.

    Where that SQL counts, `counted` says what.
    """

    reason: RowReason
    column: str
    fails: str
    found: str
    wanted: Phrase
    counted: Noun | None = None


def rules(table: Table, arrived_at: datetime) -> list[Rule]:
    """Return every check of a table, for a drop that arrived then (local time)."""
    found: list[Rule] = []
    for name, column in table.columns.items():
        found += _column_rules(name, column, is_key=name in table.key, arrived_at=arrived_at)
    for check in table.checks:
        names = sorted(parse(check.rule).names)
        shown = " || ', ' || ".join(f"'{_heading(table.columns[name], name)}=' || coalesce(\"{name}\"::VARCHAR, '')" for name in names)
        says = Phrase(Says.RULE, check.says.zh, check.says.en)
        found.append(Rule(RowReason.INCONSISTENT, "", f"NOT ({compiled(check.rule, table)})", shown, says))
    return found


def _column_rules(name: str, column: Column, *, is_key: bool, arrived_at: datetime) -> list[Rule]:
    heading, quoted, shown = _heading(column, name), f'"{name}"', f'"{name}"::VARCHAR'
    found = []
    if is_key:
        found.append(Rule(RowReason.MISSING_KEY, heading, f"{quoted} IS NULL", "''", Phrase(Says.PART_OF_KEY)))
    if column.type == "text" and column.allowed:
        members = ", ".join(_literal(text) for text in column.allowed)
        found.append(Rule(RowReason.BAD_VALUE, heading, f"{quoted} NOT IN ({members})", shown, Phrase(Says.ONE_OF, *column.allowed)))
    elif column.type == "text":
        found.append(
            Rule(
                RowReason.FIELD_TOO_LONG,
                heading,
                f"strlen({quoted}) > {LONGEST_TEXT} AND length({quoted}) > {LONGEST_TEXT}",
                f"length({quoted})::VARCHAR",
                SHORT_ENOUGH,
                Noun.CHARACTERS,
            )
        )
    if column.type in {"integer", "number", "percent"}:
        low, high = column.range or (0, 100 if column.type == "percent" else None)
        bounds = [f"{quoted} < {low!r}"] * (low is not None) + [f"{quoted} > {high!r}"] * (high is not None)
        if bounds:
            found.append(Rule(RowReason.OUT_OF_RANGE, heading, " OR ".join(bounds), shown, _span(low, high, column)))
    if column.type in {"date", "timestamp"} and column.ahead is not None and not column.derive:
        latest = arrived_at + timedelta(days=column.ahead)
        fails = f"{quoted} > TIMESTAMP '{latest:%Y-%m-%d %H:%M:%S}'"
        found.append(Rule(RowReason.FUTURE_DATE, heading, fails, shown, Phrase(Says.NO_LATER_THAN, f"{latest:%Y-%m-%dT%H:%M}")))
    return found


def _span(low: float | None, high: float | None, column: Column) -> Phrase:
    """Say what may stand in a column; 15 digits, since a bound is never to appear as 1e+07."""
    unit = column.unit or ("%" if column.type == "percent" else "")
    if low is None:
        return Phrase(Says.AT_MOST, f"{high:.15g}", unit)
    return Phrase(Says.AT_LEAST, f"{low:.15g}", unit) if high is None else Phrase(Says.BETWEEN, f"{low:.15g}", f"{high:.15g}", unit)


def failing_rows(con: duckdb.DuckDBPyConnection, relation: str, checks: list[Rule]) -> list[RowFault]:
    """Return a fault for every row and check that fails; a clean drop costs one scan."""
    if not checks:
        return []
    counts = con.execute(f"SELECT {', '.join(f'count(*) FILTER (WHERE {rule.fails})' for rule in checks)} FROM ({relation})").fetchall()[0]
    faults = []
    for rule, count in zip(checks, counts, strict=True):
        if count:
            rows = con.execute(
                f"SELECT _spot, left({rule.found}, 200) FROM ({relation}) WHERE {rule.fails} ORDER BY _spot LIMIT {_MOST_FAULTS_NAMED}"
            ).fetchall()
            faults += [RowFault(spot, rule.column, rule.reason, _found(rule, found), rule.wanted) for spot, found in rows]
    return faults


def _found(rule: Rule, found: str | None) -> Phrase | str:
    return Phrase(Says.COUNT, found, rule.counted) if rule.counted else found or ""


def repeated_keys(con: duckdb.DuckDBPyConnection, relation: str, table: Table) -> tuple[list[RowFault], list[int]]:
    """Return a conflict for each row whose key stands there with other values, and the spots of mere repetitions.

    Keys are compared by a 64-bit hash first, sorted in memory of 8 bytes a row; only colliding ones are looked at.
    """
    keys = ", ".join(f'"{name}"' for name in table.key)
    hashes = np.ma.getdata(con.execute(f"SELECT hash({keys}) AS h FROM ({relation})").fetchnumpy()["h"])
    hashes.sort()
    doubled = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(doubled):
        return [], []
    columns = [name for name, column in table.columns.items() if not column.derive]
    values = ", ".join(f'"{name}"' for name in columns)
    con.execute("CREATE OR REPLACE TEMP TABLE doubled (h UBIGINT)")
    con.execute("INSERT INTO doubled SELECT unnest(?::UBIGINT[])", [doubled.tolist()])
    rows = con.execute(f"""
        SELECT _spot, count(DISTINCT hash({values})) OVER key AS kinds, row_number() OVER (key ORDER BY _spot) AS place,
               first_value(_spot) OVER (key ORDER BY _spot) AS first, concat_ws(' / ', {keys}) AS said
        FROM ({relation}) WHERE hash({keys}) IN (SELECT h FROM doubled) AND ({" AND ".join(f'"{name}" IS NOT NULL' for name in table.key)})
        WINDOW key AS (PARTITION BY {keys}) ORDER BY _spot""").fetchall()
    heading = " + ".join(_heading(table.columns[name], name) for name in table.key)
    wanted = Phrase(Says.ONE_ROW_PER_KEY)
    conflicts = [RowFault(spot, heading, RowReason.DUPLICATE_CONFLICT, said[:200], wanted) for spot, kinds, _, _, said in rows if kinds > 1]
    return conflicts, [spot for spot, kinds, place, _, _ in rows if kinds == 1 and place > 1]


def _heading(column: Column, name: str) -> str:
    return column.heading[0] if column.heading else name


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
