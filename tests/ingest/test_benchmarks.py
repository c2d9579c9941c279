"""The benchmarks of taking in run, and what they time is the whole of the work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb

from benchmarks import computing, ingest, upsert, workbook

RATIOS = {"time_ratio", "cpu_ratio", "memory_ratio"}


def test_a_large_file_is_taken_whole() -> None:
    """Every row is accepted or, where a bad cell was planted, quarantined."""
    clean, dirty = ingest.measure(252_500, 1)

    assert (252_500, 252_500, 0) == (clean["rows"], clean["accepted"], clean["quarantined"])
    assert (252_500, 252_399, 101) == (dirty["rows"], dirty["accepted"], dirty["quarantined"])
    assert clean.keys() >= RATIOS


def test_a_drop_changes_a_large_feed() -> None:
    """New rows and corrections all count as changes, and memory is compared with a smaller feed."""
    against_bare, against_small = upsert.measure(120_000, 1, 12_000)

    assert (12_000, 12_000, 0) == (against_bare["accepted"], against_bare["changed"], against_bare["quarantined"])
    assert against_small.keys() >= {"whole_mb", "tenth_mb", "memory_ratio"}


def test_a_workbook_is_taken_whole() -> None:
    """Dates, numbers and texts of its cells are all plain."""
    (row,) = workbook.measure(1_000, 1)

    assert (1_000, 1_000, 0) == (row["rows"], row["accepted"], row["quarantined"])
    assert row.keys() >= RATIOS


def test_both_sides_of_the_computing_count_the_same(tmp_path: Path) -> None:
    """The hand-written statement makes the same sums that the indicators are made of, and the cells are all there."""
    folder = computing.lay(tmp_path / "city", 1, computing.FIRST + timedelta(days=1))
    computing.ours(folder)
    computing.bare(folder)

    with duckdb.connect(str(folder / "var/warehouse.duckdb"), read_only=True) as con:
        bare = con.execute("SELECT sum(n), sum(high), round(sum(total)) FROM bare").fetchall()[0]
        cells = "SELECT sum(value) FILTER (indicator = '{}') FROM cells WHERE entity_kind = 'district' AND grain = 'day'"
        ours = [con.execute(cells.format(name)).fetchall()[0][0] for name in ("rows_read", "amount_high", "amount_total")]
        told = con.execute("SELECT count(DISTINCT indicator), count(DISTINCT entity) FROM cells WHERE grain = 'day'").fetchall()[0]

    assert (ours[0], ours[1], round(ours[2])) == bare
    assert told == (len(computing.FORMULAS), 14)
