"""The two lanes of ingest say the same of the same file, and a correction in the same refresh is safe."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.meters import write_city
from data import journal, warehouse
from data.contracts import load_contracts
from data.forms.sheet import Sheet
from data.header import find_header
from data.ingest import Ingest
from data.plain import is_plain_table
from data.register import load_reference
from data.settings import Settings
from data.taken import Taken

HEAD = "t,area,meter,value,note\n"
NEVER = 10**12
CELLS = {
    "t": ["2015-01-01 00:00:00", "2015-01-01 01:00:00", "2015-1-1 2:05", "2015-01-01 24:00", "2015年1月1日 8时",
          "31/12/2015", "", "2015-01-01T00:00:00Z"],
    "area": ["S001", "街道2", "S003 ", " S004", "无此街道", "", "合计"],
    "meter": ["m1", "m2", " m3", "ｍ４", "", "—"],
    "value": ["1.5", "1,000", "1_000", "0x1A", "７", "1.005", "-3", "2万", "inf", "1e3", "", "NA", "x", "99999999"],
    "note": ["文字", " 前后空格 ", '"引号,逗号"', "", "a" * 4100],
}  # fmt: skip


def take(folder: Path, text: bytes, wide_from: int, more: str = "") -> tuple[Taken, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return the drop, its current records and its faults, taken by one lane; `more` is a further column of the contract."""
    folder.mkdir(parents=True)
    write_city(folder)
    where = Settings(folder, folder / "var")
    if more:
        path = where.feeds_dir / "meters.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("    columns:\n", f"    columns:\n      {more}\n"), encoding="utf-8")
    where.archive.mkdir(parents=True)
    (where.archive / "drop").write_bytes(text)
    reference = load_reference(where)
    contracts = load_contracts(where, reference)
    arrival = journal.Arrival(1, "meters", "readings.csv", "drop", datetime(2016, 1, 1, tzinfo=UTC))
    with warehouse.open_warehouse(where, reference, contracts) as con:
        taken = Ingest(con, where, reference, contracts, wide_from).take_all([arrival], datetime(2016, 1, 1), lambda _: None)[0]
        current = con.execute("SELECT * FROM current_meters_readings ORDER BY ALL").fetchall()
        faults = con.execute('SELECT line, "column", reason, found FROM quarantine ORDER BY ALL').fetchall()
    return taken, current, faults


def told(taken: Taken) -> tuple[object, ...]:
    """What the ledger says of a drop."""
    return taken.state, taken.rows, taken.accepted, taken.quarantined, taken.skipped, taken.covers


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())), min_size=1, max_size=12))
def test_both_lanes_say_the_same(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]) -> None:
    """Whatever stands in the cells, ledger, records and faulty lines agree."""
    plain = [f"2015-02-{day:02d} 00:00:00,S001,m1,{day}.25,平常" for day in range(1, 29) for _ in range(3)][::3] * 2
    lines = [line.replace("m1", f"m{number}") for number, line in enumerate(plain)] + [",".join(row) for row in rows]
    text = (HEAD + "\n".join(lines) + "\n").encode()
    folder = tmp_path_factory.mktemp("lanes")

    exact, exact_rows, exact_faults = take(folder / "exact", text, NEVER)
    wide, wide_rows, wide_faults = take(folder / "wide", text, 0)

    assert told(exact) == told(wide)
    assert exact_rows == wide_rows
    assert [fault[:3] for fault in exact_faults] == [fault[:3] for fault in wide_faults]


def test_a_name_that_the_register_does_not_know_may_be_unassigned(tmp_path: Path) -> None:
    """Where the contract says so the row is kept without an entity, in either lane; beside it the text as it was sent."""
    lines = [f"2015-02-{day:02d} 00:00:00,S001,m1,{day}.25,街道2\n" for day in range(1, 29)]
    lines += ["2015-03-01 00:00:00,S001,m1,1,火星街道\n", "2015-03-02 00:00:00,S001,m1,1,\n", "2015-03-03 00:00:00,S001,m1,1,街道２\n"]
    text = (HEAD + "".join(lines)).encode()
    column = "sent_to: {heading: note, type: entity, kind: street, unknown: unassigned}"
    exact, rows, faults = take(tmp_path / "exact", text, NEVER, column)
    wide, wide_rows, _ = take(tmp_path / "wide", text, 0, column)
    strict, _, refused = take(tmp_path / "strict", text, 0, column.replace("unassigned", "fault"))

    assert (31, 0, []) == (exact.accepted, exact.quarantined, faults)
    assert (told(exact), rows) == (told(wide), wide_rows)
    said = sorted((str(row[1]), row[0], row[5]) for row in rows)[-4:]
    assert [("S002", "街道2"), (None, "火星街道"), (None, None), ("S002", "街道２")] == [pair[1:] for pair in said]
    assert (30, 1) == (strict.accepted, strict.quarantined)
    assert [(30, "note", "UNKNOWN_UNIT", "火星街道")] == refused


def test_a_clean_file_does_take_the_wide_lane(tmp_path: Path) -> None:
    """The comparison above would mean nothing if both files went the same way."""
    text = (HEAD + "".join(f"2015-02-01 {hour:02d}:00:00,S001,m1,{hour}.5,好\n" for hour in range(24))).encode()

    take(tmp_path / "wide", text, 0)

    parts = [path.name for path in (tmp_path / "wide/var/records/meters").glob("*.parquet")]
    assert ["meters-000001-readings-wide.parquet"] == parts


def test_a_correction_in_the_same_refresh_is_safe(tmp_path: Path) -> None:
    """A file and its correction, taken one after the other, leave exactly the corrected values."""
    write_city(tmp_path)
    where = Settings(tmp_path, tmp_path / "var")
    where.archive.mkdir(parents=True)
    reference = load_reference(where)
    contracts = load_contracts(where, reference)
    for drop in range(30):
        body = "".join(f"2015-02-01 {hour:02d}:00:00,S001,m{meter},{drop}.5,第{drop}次\n" for hour in range(24) for meter in range(20))
        (where.archive / f"d{drop}").write_text(HEAD + body, encoding="utf-8")
    arrivals = [journal.Arrival(n + 1, "meters", f"{n}.csv", f"d{n}", datetime(2016, 1, 1, n % 24, n, tzinfo=UTC)) for n in range(24)]

    with warehouse.open_warehouse(where, reference, contracts) as con:
        Ingest(con, where, reference, contracts).take_all(arrivals, datetime(2016, 1, 2), lambda _: None)
        con.execute("CHECKPOINT")
    with warehouse.open_warehouse(where, reference, contracts) as con:
        values = con.execute("SELECT count(*), min(amount)::DOUBLE, max(amount)::DOUBLE, min(note) FROM current_meters_readings").fetchall()

    assert [(480, 23.5, 23.5, "第23次")] == values


@pytest.mark.parametrize(("derive", "is_plain"), [("add_workdays(taken, 3)", False), ("minutes_after(taken, 3)", True)])
def test_what_asks_the_calendar_goes_the_exact_lane(tmp_path: Path, derive: str, is_plain: bool) -> None:
    """The calendar is joined, a join shuffles rows, and the wide lane names rows by their place: it must not see such a table."""
    write_city(tmp_path)
    path = tmp_path / "data/feeds/meters.yaml"
    due = f"      due: {{type: timestamp, derive: '{derive}', ahead: null}}\n"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + due, encoding="utf-8")
    where = Settings(tmp_path, tmp_path / "var")
    contract = load_contracts(where, load_reference(where))["meters"]
    first = ["2015-01-01 00:00:00", "S001", "m1", "1.5", "x"]
    header = find_header(Sheet("", [(1, HEAD.strip().split(",")), (2, first)]), contract, {})

    assert is_plain_table(contract.tables["readings"], header, first) is is_plain
