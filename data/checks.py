"""Checks the typed rows of a drop against their contract, set by set in SQL: one scan counts, a second one names.

A relation here is any SQL that yields the table's columns and `_spot`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.columns import compiled
from data.contract import Column, Table
from data.expression import parse
from data.landing import RowFault, heading_of
from data.parse import LONGEST_TEXT, SHORT_ENOUGH
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError, RowReason

MOST_FAULTS = 1_000_000  # of a drop: with more of them it is none of what its contract speaks of


@dataclass(frozen=True, slots=True)
class Rule:
    """One check: the SQL condition under which a row fails, the SQL of what was found, and what was wanted.

    Where that SQL counts, `counted` says what. `holds` tells by a whole column, `of`, that no row can fail.
    """

    reason: RowReason
    column: str
    fails: str
    found: str
    wanted: Phrase
    counted: Noun | None = None
    of: str = ""
    holds: Callable[[pa.ChunkedArray], bool] = lambda _: False


def rules(table: Table, arrived_at: datetime) -> list[Rule]:
    """Return every check of a table, for a drop that arrived then (local time)."""
    found: list[Rule] = []
    for name, column in table.columns.items():
        found += _column_rules(name, column, is_key=name in table.key, arrived_at=arrived_at)
    for check in table.checks:
        names = sorted(parse(check.rule).names)
        shown = " || ', ' || ".join(f"'{heading_of(name, table.columns[name])}=' || coalesce(\"{name}\"::VARCHAR, '')" for name in names)
        says = Phrase(Says.RULE, check.says.zh, check.says.en)
        found.append(Rule(RowReason.INCONSISTENT, "", f"NOT ({compiled(check.rule, table)})", shown, says))
    return found


def _column_rules(name: str, column: Column, *, is_key: bool, arrived_at: datetime) -> list[Rule]:
    heading, quoted, shown = heading_of(name, column), f'"{name}"', f'"{name}"::VARCHAR'
    found = []
    if is_key:
        blank = f"{quoted} IS NULL"
        found.append(Rule(RowReason.MISSING_KEY, heading, blank, "''", Phrase(Says.PART_OF_KEY), of=name, holds=_is_full))
    if column.type == "text" and column.allowed:
        members = ", ".join(_literal(text) for text in column.allowed)
        fails, wanted = f"{quoted} NOT IN ({members})", Phrase(Says.ONE_OF, *column.allowed)
        found.append(Rule(RowReason.BAD_VALUE, heading, fails, shown, wanted, of=name, holds=_all_of(column.allowed)))
    elif column.type == "text":
        found.append(
            Rule(
                RowReason.FIELD_TOO_LONG,
                heading,
                f"strlen({quoted}) > {LONGEST_TEXT} AND length({quoted}) > {LONGEST_TEXT}",
                f"length({quoted})::VARCHAR",
                SHORT_ENOUGH,
                Noun.CHARACTERS,
                of=name,
                holds=_is_short,
            )
        )
    if column.type in {"integer", "number", "percent"}:
        low, high = column.range or (0, 100 if column.type == "percent" else None)
        bounds = [f"{quoted} < {low!r}"] * (low is not None) + [f"{quoted} > {high!r}"] * (high is not None)
        if bounds:
            fails, wanted = " OR ".join(bounds), _span(low, high, column)
            found.append(Rule(RowReason.OUT_OF_RANGE, heading, fails, shown, wanted, of=name, holds=_within(low, high)))
    if column.type in {"date", "timestamp"} and column.ahead is not None and not column.derive:
        latest = arrived_at + timedelta(days=column.ahead)
        fails = f"{quoted} > TIMESTAMP '{latest:%Y-%m-%d %H:%M:%S}'"
        wanted, last = Phrase(Says.NO_LATER_THAN, f"{latest:%Y-%m-%dT%H:%M}"), latest if column.type == "timestamp" else latest.date()
        found.append(Rule(RowReason.FUTURE_DATE, heading, fails, shown, wanted, of=name, holds=_within(None, last)))
    return found


def _is_full(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count == 0)


def _is_short(column: pa.ChunkedArray) -> bool:
    return bool((pc.max(pc.binary_length(column)).as_py() or 0) <= LONGEST_TEXT)


def _all_of(allowed: Sequence[str]) -> Callable[[pa.ChunkedArray], bool]:
    return lambda column: {None, *allowed}.issuperset(pc.unique(column).to_pylist())


def _within(low: Any, high: Any) -> Callable[[pa.ChunkedArray], bool]:
    def holds(column: pa.ChunkedArray) -> bool:
        least, most = pc.min_max(column).as_py().values()
        return bool(least is None or ((low is None or least >= low) and (high is None or most <= high)))

    return holds


def _span(low: float | None, high: float | None, column: Column) -> Phrase:
    """Say what may stand in a column; 15 digits, since a bound is never to appear as 1e+07."""
    unit = column.unit or ("%" if column.type == "percent" else "")
    if low is None:
        return Phrase(Says.AT_MOST, f"{high:.15g}", unit)
    return Phrase(Says.AT_LEAST, f"{low:.15g}", unit) if high is None else Phrase(Says.BETWEEN, f"{low:.15g}", f"{high:.15g}", unit)


def open_questions(checks: list[Rule], frame: pa.Table) -> list[Rule]:
    """Return the checks that a look at whole columns does not answer: a look costs far less than a statement."""
    return [rule for rule in checks if not (rule.of and rule.holds(frame[rule.of]))]


def refuse_many(faults: int, most: int) -> None:
    """Raise RefusedError SCHEMA for more faults than a drop may have."""
    if faults > most:
        found, wanted = Phrase(Says.COUNT, faults, Noun.FAULTY_ROWS), Phrase(Says.AT_MOST_COUNT, most, Noun.FAULTY_ROWS)
        raise RefusedError(FileReason.SCHEMA, found, wanted)


def failing_rows(con: duckdb.DuckDBPyConnection, relation: str, checks: list[Rule], most: int = MOST_FAULTS) -> list[RowFault]:
    """Return a fault for every row and check that fails, at most so many; a clean drop costs one scan."""
    if not checks:
        return []
    counts = con.execute(f"SELECT {', '.join(f'count(*) FILTER (WHERE {rule.fails})' for rule in checks)} FROM ({relation})").fetchall()[0]
    refuse_many(sum(counts), most)
    faults = []
    for rule, count in zip(checks, counts, strict=True):
        if count:
            rows = con.execute(f"SELECT _spot, left({rule.found}, 200) FROM ({relation}) WHERE {rule.fails} ORDER BY _spot").fetchall()
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
    heading = " + ".join(heading_of(name, table.columns[name]) for name in table.key)
    wanted = Phrase(Says.ONE_ROW_PER_KEY)
    conflicts = [RowFault(spot, heading, RowReason.DUPLICATE_CONFLICT, said[:200], wanted) for spot, kinds, _, _, said in rows if kinds > 1]
    return conflicts, [spot for spot, kinds, place, _, _ in rows if kinds == 1 and place > 1]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
