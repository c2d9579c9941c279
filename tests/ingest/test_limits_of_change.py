"""What a drop may change: a contract bounds how long a record may be corrected, and a drop full of faults changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from benchmarks.meters import CONTRACT, write_city
from data import journal, warehouse
from data.contracts import load_contracts
from data.ingest import Ingest, Taken
from data.register import load_reference
from data.settings import Settings

ALWAYS, NEVER = 0, 10**12
HEAD = "t,area,meter,value,note\n"
TWO_TABLES = (
    CONTRACT.replace("format: csv", "format: xlsx").replace("    time: taken", "    time: taken\n    sheet: 读数")
    + """\
  repairs:
    name: {zh: 维修, en: Repairs}
    kind: events
    key: [number]
    time: mended
    sheet: 维修
    covers: time
    columns:
      number: {heading: 编号, type: text}
      mended: {heading: 日期, type: date}
"""
)


class City:
    """A city of one feed that takes drops one after the other."""

    def __init__(self, folder: Path, contract: str = CONTRACT) -> None:
        """Write it."""
        write_city(folder)
        (folder / "data/feeds/meters.yaml").write_text(contract, encoding="utf-8")
        self.settings, self.seq = Settings(folder, folder / "var"), 0
        self.settings.archive.mkdir(parents=True)

    def take(self, content: bytes, file: str = "a.csv", *, day: int = 1, wide_from: int = NEVER, most_faults: int = 1000) -> Taken:
        """Take a drop that comes on a day of February 2016."""
        self.seq += 1
        (self.settings.archive / f"{self.seq}").write_bytes(content)
        arrival = journal.Arrival(self.seq, "meters", file, f"{self.seq}", datetime(2016, 2, day, tzinfo=UTC))
        reference = load_reference(self.settings)
        contracts = load_contracts(self.settings, reference)
        with warehouse.open_warehouse(self.settings, reference, contracts) as con:
            ingest = Ingest(con, self.settings, reference, contracts, wide_from, most_faults)
            return ingest.take_all([arrival], datetime(2016, 3, 1), lambda _: None)[0]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return what the warehouse says."""
        reference = load_reference(self.settings)
        with warehouse.open_warehouse(self.settings, reference, load_contracts(self.settings, reference)) as con:
            return con.execute(query).fetchall()


def readings(*rows: str) -> bytes:
    """Return a CSV of readings."""
    return (HEAD + "\n".join(rows) + "\n").encode()


@pytest.mark.parametrize("wide_from", [ALWAYS, NEVER], ids=["wide", "exact"])
def test_a_record_is_corrected_only_so_long(tmp_path: Path, wide_from: int) -> None:
    """Within its days a newer value counts; after them the row comes back, and the record and all other rows stand."""
    city = City(tmp_path, CONTRACT.replace("    covers: time\n", "    covers: time\n    corrections: 7\n"))
    city.take(readings("2016-01-20 00:00:00,S001,m1,1,x", "2016-01-28 00:00:00,S001,m1,2,x"), wide_from=wide_from)
    again = readings("2016-01-20 00:00:00,S001,m1,8,x", "2016-01-28 00:00:00,S001,m1,9,x", "2016-01-21 00:00:00,S002,m1,3,x")
    late = city.take(again, "b.csv", day=2, wide_from=wide_from)
    [fault] = city.rows('SELECT line, "column", reason, wanted FROM quarantine')

    assert [1, 2, 3] == [late.quarantined, late.accepted, late.rows]
    assert fault == (2, "t + area + meter", "DUPLICATE_CONFLICT", '["corrected_within","7"]')
    assert city.rows("SELECT amount::INTEGER FROM current_meters_readings ORDER BY ALL") == [(1,), (3,), (9,)]


def test_the_same_value_again_is_no_correction(tmp_path: Path) -> None:
    """A department may send what is known as often as it likes."""
    city = City(tmp_path, CONTRACT.replace("    covers: time\n", "    covers: time\n    corrections: 0\n"))
    city.take(readings("2016-01-20 00:00:00,S001,m1,1,x"))
    again = city.take(readings("2016-01-20 00:00:00,S001,m1,1.00,x", "2016-01-31 00:00:00,S001,m1,2,x"), "b.csv", day=9)

    assert (0, 2) == (again.quarantined, again.accepted)


@pytest.mark.parametrize("wide_from", [ALWAYS, NEVER], ids=["wide", "exact"])
def test_a_drop_full_of_faults_is_none_of_ours(tmp_path: Path, wide_from: int) -> None:
    """With more faults than a drop may have it is refused whole: none of its rows counts, and none is half counted."""
    city = City(tmp_path)
    good = [f"2016-01-20 {hour:02d}:00:00,S001,m1,1,x" for hour in range(12)]
    bad = [f"2016-01-21 {hour:02d}:00:00,S001,m1,-5,x" for hour in range(6)]
    taken = city.take(readings(*good, *bad), wide_from=wide_from, most_faults=5)

    assert ("refused", "SCHEMA", '["count","6","faulty_rows"]') == (taken.state, taken.reason, taken.found)
    assert [0] * 5 == [taken.rows, taken.accepted, taken.quarantined, taken.skipped, taken.records]
    assert city.rows("SELECT count(*) FROM current_meters_readings") == [(0,)]
    assert list((city.settings.records / "meters").glob("*.parquet")) == []
    assert city.take(readings(*good, *bad), wide_from=wide_from, most_faults=6).accepted == 12


def test_a_refusal_at_the_last_table_takes_back_the_first(tmp_path: Path) -> None:
    """Several tables of a drop are taken together or not at all."""
    city = City(tmp_path, TWO_TABLES)
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("读数")
        for place, row in enumerate([HEAD.strip().split(","), ["2016-01-20 00:00:00", "S001", "m1", 1, "x"]]):
            sheet.write_row(place, 0, row)
        sheet = book.add_worksheet("维修")
        for place, row in enumerate([["编号", "日期"], *(["r1", "改日"], ["r2", "改日"], ["r3", "改日"])]):
            sheet.write_row(place, 0, row)
    refused = city.take(path.read_bytes(), "two.xlsx", most_faults=2)

    assert ("refused", 0) == (refused.state, refused.records)
    assert city.rows("SELECT count(*) FROM current_meters_readings") == [(0,)]
    assert city.take(path.read_bytes(), "two.xlsx", most_faults=3).accepted == 1
    assert city.rows("SELECT count(*) FROM current_meters_readings") == [(1,)]
