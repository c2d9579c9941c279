"""Promises that hold for every drop: nothing is lost, nothing counts twice, order is irrelevant, parts make the whole."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import readings
from data.blank import write_blank_city
from data.settings import Settings
from indicators.refresh import Refreshed, refresh
from tests.ingest.dirty_workbook import drop

NOW = datetime(2024, 5, 8, tzinfo=UTC)
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
HEADINGS = ("单号", "街道", "社区", "时间", "数量", "备注")
FEED = """\
feed: jobs
code: X01
name: {zh: 作业, en: Jobs}
department: office
owner: 作业处
class: 一般
grade: 1
share: unconditional
since: 2024-01-01
version: 1
cadence: {every: day}
files: {format: csv, period: {from: name, patterns: ["作业{year}{month}{day}-{to_month}{to_day}*.csv"]}}
tables:
  jobs:
    name: {zh: 作业}
    kind: events
    key: [no]
    time: at
    area: [community, street]
    covers: period
    columns:
      no: {heading: 单号, type: text}
      street: {heading: 街道, type: entity, kind: street}
      community: {heading: 社区, type: entity, kind: community, within: street}
      at: {heading: 时间, type: timestamp}
      amount: {heading: 数量, type: number, unit: 吨, decimals: 2, range: [0, 1000]}
      note: {heading: 备注, type: text, optional: true}
"""
INDICATORS = (("job_count", "rows()", "件"), ("job_amount", "sum(amount)", "吨"), ("job_middle", "median(amount)", "吨"))
ADDED = "丙街道"
STREETS, COMMUNITIES = ("甲街道", "乙街道"), ("一社区", "二社区")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of two streets with two communities each, one feed and three indicators."""
    directory = tmp_path_factory.mktemp("properties")
    write_blank_city(directory)
    where = Settings(directory, directory)
    text = where.city_file.read_text(encoding="utf-8").replace("areas: [district, street]", "areas: [district, street, community]")
    where.city_file.write_text(text + "clock: {fixed: 2024-05-08T08:00+08:00}\n", encoding="utf-8")
    rows = [
        "entity_kind,entity,name_zh,name_en,parent,valid_from,valid_to,row,col,note",
        "district,D,区,D,,2000-01-01,,,,",
        "dept,office,处,O,D,2000-01-01,,,,",
    ]
    for number, street in enumerate(STREETS, start=1):
        rows.append(f"street,D{number},{street},S,D,2000-01-01,,,,")
        rows += [f"community,D{number}{place},{name},C,D{number},2000-01-01,,,," for place, name in enumerate(COMMUNITIES, start=1)]
    (directory / "data" / "reference" / "entities.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (directory / "data" / "reference" / "calendar.csv").write_text(
        "date,is_workday,holiday\n2024-05-01,1,\n", encoding="utf-8"
    )  # short: it is read often
    (where.feeds_dir / "jobs.yaml").write_text(FEED, encoding="utf-8")
    entries = "".join(
        f"  - indicator: {name}\n    name: {{zh: {name}}}\n    table: jobs.jobs\n    formula: {formula}\n    by: at\n    unit: {unit}\n"
        "    precision: 2\n    direction: watch\n    grain: [district, street, community]\n    cadence: day\n    owner: [o]\n"
        "    weight: 0.3\n    since: 2024-01-01\n    version: 1\n"
        for name, formula, unit in INDICATORS
    )
    (where.catalogue_dir / "operations.yaml").write_text(f"domain: operations\nindicators:\n{entries}", encoding="utf-8")
    return directory


@pytest.fixture(scope="module")
def wider(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same city with one street and one community more."""
    directory = tmp_path_factory.mktemp("wider")
    shutil.copytree(city, directory, dirs_exist_ok=True)
    with (directory / "data" / "reference" / "entities.csv").open("a", encoding="utf-8") as register:
        register.write(f"street,D3,{ADDED},S,D,2000-01-01,,,,\ncommunity,D31,一社区,C,D3,2000-01-01,,,,\n")
    return directory


GOOD = st.tuples(
    st.sampled_from(("", *STREETS)),
    st.sampled_from(("", *COMMUNITIES, "没有的社区")),
    st.sampled_from(("2024-05-01 08:00", "2024-5-2 9:30", "2024年5月3日", "20240503")),
    st.sampled_from(("1", "2.50", "３", "0", "—", "1,000", "4吨")),
    st.sampled_from(("清扫", "清运", "")),
)
DIRT = st.sampled_from(
    (
        "",
        "—",
        "x",
        "合计",
        "-5",
        "9999999",
        "2024-13-01",
        "2030-01-01",
        "火星街道",
        "1.234",
        "\x00",
        "注：",
        "a,b",
        "行\n行",
        '"',
        "１",
        "inf",
        "12:00",
    )
)


@st.composite
def clean_rows(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """Rows that are all accepted, each with a key of its own."""
    return [(f"N{place}", *row) for place, row in enumerate(draw(st.lists(GOOD, min_size=1, max_size=50)))]


@st.composite
def dirty_rows(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """Rows with any cell spoiled, keys that repeat, cells too many or too few."""
    rows = []
    for row in draw(st.lists(GOOD, min_size=1, max_size=50)):
        cells = [draw(st.sampled_from(["A", "B", "C", "D", "E", ""])), *row]
        for _ in range(draw(st.integers(0, 2))):
            cells[draw(st.integers(0, len(cells) - 1))] = draw(DIRT)
        rows.append(tuple(cells[: draw(st.sampled_from((6, 6, 6, 6, 5, 1)))] + ["+"] * draw(st.sampled_from((0, 0, 0, 0, 1)))))
    return rows


def text_of(rows: list[tuple[str, ...]]) -> bytes:
    """Return rows as a department's CSV."""
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADINGS, *rows])
    return stream.getvalue().encode("utf-8-sig")


@contextmanager
def taken(city: Path, *drops: list[tuple[str, ...]]) -> Iterator[tuple[Settings, Refreshed]]:
    """Take drops in, one after the other, into a run-time directory of their own."""
    with tempfile.TemporaryDirectory() as folder:
        where = Settings(city, Path(folder))
        done = None
        for place, rows in enumerate(drops):
            drop(where, "jobs", f"作业20240501-0503-{place}.csv", text_of(rows), f"2024-05-04T08:0{place}:00+08:00")
            done = refresh(where, NOW)
        assert done is not None
        yield where, done


def figures(where: Settings, done: Refreshed) -> pd.DataFrame:
    """Return every figure without what names the publication."""
    return readings.signs(where, done.snapshot).drop(columns=["snapshot"])


@given(dirty_rows())
@FEW
def test_no_row_is_lost(city: Path, rows: list[tuple[str, ...]]) -> None:
    """accepted + quarantined + skipped = rows, whatever the dirt; a quarantined row has a line and a reason."""
    with taken(city, rows) as (where, done):
        ledger = done.taken[0]
        faults = readings.quarantine(where, done.snapshot)
        counted = (
            figures(where, done)
            .query("indicator == 'job_count' and entity == 'D' and period in ['2024-05-01', '2024-05-02', '2024-05-03']")["value"]
            .sum()
        )

    physical = [row for row in csv.reader(io.StringIO(text_of(rows).decode("utf-8-sig"))) if any(cell.strip() for cell in row)]
    assert ledger.rows == len(physical) - 1
    assert ledger.rows == ledger.accepted + ledger.quarantined + ledger.skipped
    assert faults["line"].nunique() == ledger.quarantined
    assert counted <= ledger.accepted


@given(clean_rows())
@FEW
def test_the_parts_and_the_unassigned_make_the_whole(city: Path, rows: list[tuple[str, ...]]) -> None:
    """What adds up over areas adds up exactly: communities, unassigned and streets to the district."""
    with taken(city, rows) as (where, done):
        frame = figures(where, done)
    for indicator in ("job_count", "job_amount"):
        found = frame[(frame["indicator"] == indicator) & (frame["grain"] == "day")].fillna({"value": 0})
        whole = found[found["entity_kind"] == "district"].set_index("period")["value"]
        for kind in ("street", "community"):
            parts = found[found["entity_kind"] == kind].groupby("period")["value"].sum()
            pd.testing.assert_series_equal(parts, whole, check_names=False, rtol=1e-12)
    assert done.taken[0].accepted == len({row[0] for row in rows})


@given(dirty_rows())
@FEW
def test_a_drop_twice_is_the_drop_once(city: Path, rows: list[tuple[str, ...]]) -> None:
    """The same bytes again leave every figure and every quarantined row as they were."""
    with taken(city, rows) as (where, done):
        once, faults = figures(where, done), readings.quarantine(where, done.snapshot)
        drop(where, "jobs", "作业20240501-0503-9.csv", text_of(rows), "2024-05-04T09:00:00+08:00")
        again = refresh(where, NOW)

        assert "duplicate" == again.taken[0].state.value
        pd.testing.assert_frame_equal(once, figures(where, again))
        pd.testing.assert_frame_equal(faults, readings.quarantine(where, again.snapshot))


@given(clean_rows(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_is_irrelevant(city: Path, rows: list[tuple[str, ...]], dice: Any) -> None:
    """Shuffled, a drop gives the same figures."""
    shuffled = rows[:]
    dice.shuffle(shuffled)
    with taken(city, rows) as one, taken(city, shuffled) as other:
        pd.testing.assert_frame_equal(figures(*one), figures(*other))


@given(clean_rows(), st.integers(0, 40))
@FEW
def test_a_drop_in_two_pieces_is_the_whole_drop(city: Path, rows: list[tuple[str, ...]], cut: int) -> None:
    """Rows that come in two files of one period are the rows of one."""
    head, tail = rows[:cut], rows[cut:]
    pieces = [piece for piece in (head, tail) if piece]
    with taken(city, rows) as one, taken(city, *pieces) as other:
        pd.testing.assert_frame_equal(figures(*one), figures(*other))


@given(clean_rows(), clean_rows())
@FEW
def test_an_area_that_is_added_leaves_the_others_alone(
    city: Path, wider: Path, rows: list[tuple[str, ...]], more: list[tuple[str, ...]]
) -> None:
    """With it in the register nothing changes; rows of it change its own figures and those of the whole, and of no sibling."""
    own = [(f"W{no}", ADDED, *rest) for no, _, *rest in more]
    with taken(city, rows) as before, taken(wider, rows) as registered, taken(wider, rows + own) as counted:
        old, new, filled = (figures(*one).reset_index(drop=True) for one in (before, registered, counted))
    added = {"D3", "D31", "D3U"}
    same, others = new[~new["entity"].isin(added)].reset_index(drop=True), filled[~filled["entity"].isin(added)]

    pd.testing.assert_frame_equal(old, same)
    pd.testing.assert_frame_equal(old[old["entity"] != "D"].reset_index(drop=True), others[others["entity"] != "D"].reset_index(drop=True))
    counts = filled[(filled["indicator"] == "job_count") & (filled["grain"] == "day") & (filled["entity"] == "D3")]
    assert len(own) == counts["value"].sum()
