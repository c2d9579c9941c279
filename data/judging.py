"""Judges the records of a batch: which are kept, which are quarantined and why, which are passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from data.batch import Batch
from data.checks import MOST_FAULTS, failing_rows, open_questions, refuse_many, repeated_keys, rules
from data.columns import compiled
from data.contract import Table
from data.corrections import too_late
from data.keys import is_each_key_once
from data.landing import RowFault
from data.phrase import kept
from data.reasons import RowReason
from data.spot import sheet_of

_LONGEST_TEXT = 2000
_PRECEDENCE = {reason: place for place, reason in enumerate(RowReason)}


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of the rows of a batch; `excluded` are the spots of records that are not kept (also a table of that name)."""

    excluded: set[int]
    faults: list[RowFault]
    quarantined: int
    skipped: int


def judge(
    con: duckdb.DuckDBPyConnection, feed: str, batch: Batch, table: Table, arrived_at: datetime, most_faults: int = MOST_FAULTS
) -> Judged:  # fmt: skip
    """Check every record of a batch, for a drop that arrived then (local time).

    Raises RefusedError SCHEMA for a drop with more than `most_faults`: it is not what the contract speaks of.
    """
    faulty = {fault.spot for fault in batch.faults}
    judged, passed, denied = batch.records, set(), set()
    if table.where:
        condition = compiled(table.where, table)
        judged = f"SELECT * FROM ({batch.records}) WHERE ({condition}) IS TRUE"
        others = con.execute(f"SELECT _spot, ({condition}) IS FALSE FROM ({batch.records}) WHERE ({condition}) IS NOT TRUE").fetchall()
        denied = {spot for spot, is_false in others if is_false}
        passed = {spot for spot, is_false in others if is_false or spot not in faulty}
    faults = [fault for fault in batch.faults if fault.spot not in denied]
    bad_cells = {(fault.spot, fault.column) for fault in faults}
    checks = rules(table, arrived_at) if batch.frame is None else open_questions(rules(table, arrived_at), batch.frame)
    faults += [fault for fault in failing_rows(con, judged, checks, most_faults) if (fault.spot, fault.column) not in bad_cells]
    is_once = batch.frame is not None and is_each_key_once(batch.frame, table)
    conflicts, repeats = ([], []) if is_once else repeated_keys(con, judged, table)
    faults += conflicts + too_late(con, feed, batch.table, table, judged, arrived_at)
    refuse_many(len(faults), most_faults)
    bad = {fault.spot for fault in faults}
    passed |= set(repeats) - bad
    _exclude(con, bad | passed)
    bad_lines = {_row(batch, spot) for spot in bad}
    out_of_line = Counter(_row(batch, spot) for spot in passed)
    skipped = sum(1 for row, count in out_of_line.items() if count >= batch.in_a_row and row not in bad_lines)
    return Judged(bad | passed, faults, len(bad_lines), skipped)


def quarantine_rows(drop: str, feed: str, batch: Batch, faults: list[RowFault], keys: Mapping[int, list[str]]) -> pa.Table:
    """Return the rows of the table `quarantine` for some faults, in file order; `keys` are those of the records, where known."""
    ordered = sorted(faults, key=lambda fault: (*_row(batch, fault.spot), _PRECEDENCE[fault.reason], fault.column))
    said = batch.cells([fault.spot for fault in ordered])
    return pa.table(
        {
            "drop": [drop] * len(ordered),
            "feed": [feed] * len(ordered),
            "table": [batch.table] * len(ordered),
            "sheet": [batch.sheet(fault.spot) for fault in ordered],
            "line": pa.array([batch.line(fault.spot) for fault in ordered], pa.int32()),
            "column": [fault.column for fault in ordered],
            "reason": [fault.reason.value for fault in ordered],
            "found": [kept(fault.found) for fault in ordered],
            "wanted": [fault.wanted.kept for fault in ordered],
            "text": [" | ".join(said[fault.spot])[:_LONGEST_TEXT] for fault in ordered],
            "key": pa.array([keys.get(fault.spot) for fault in ordered], pa.list_(pa.string())),
        }
    )


def _row(batch: Batch, spot: int) -> tuple[int, int]:
    return sheet_of(abs(spot)), batch.line(spot)


def _exclude(con: duckdb.DuckDBPyConnection, spots: set[int]) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE excluded (spot BIGINT)")
    if spots:
        con.register("spots", pa.table({"spot": pa.array(sorted(spots), pa.int64())}))
        con.execute("INSERT INTO excluded SELECT spot FROM spots")
        con.unregister("spots")
