"""Growth and the year so far are explained and restated by every period that they use, and by the drops of each."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from data.settings import Settings
from data.snapshots import Snapshot
from indicators.directory import load
from indicators.explain import explain
from indicators.refresh import refresh
from indicators.restatements import restatements
from tests.golden.small_city import HEAD, write_small_city
from tests.ingest.dirty_workbook import drop

CATALOGUE = """
  - indicator: reports
    name: {zh: 报修数}
    table: repairs.reports
    formula: rows()
    by: reported_at
    unit: 件
    precision: 0
    direction: watch
    grain: [district]
    cadence: day
    owner: [市政处]
    weight: 0
    since: 2023-01-01
    version: 1
"""
DERIVED = """
  - indicator: {name}
    name: {{zh: {name}}}
    formula: {formula}
    unit: "{unit}"
    precision: 1
    direction: watch
    grain: [district]
    cadence: day
    owner: [市政处]
    weight: 0
    since: 2023-01-01
    version: 1
"""
SINCE = datetime(2024, 1, 4, tzinfo=UTC)


def reports(day: str, *numbers: int) -> bytes:
    """Return a drop with so many reports of a day."""
    rows = "".join(f"L-{number},东街道,{day} 08:10,{day} 17:40,120,灭灯,\n" for number in numbers)
    return (HEAD + rows).encode("utf-8-sig")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """Two days of 2024, the same day of 2023, and two reports more of 1 January and of 2 January 2023 that came on the fifth."""
    settings = write_small_city(tmp_path_factory.mktemp("periods"))
    for path in (settings.inbox / "repairs").glob("路灯*"):
        path.unlink()
    (settings.inbox / "repairs" / "manifest.jsonl").unlink()
    contract = settings.feeds_dir / "repairs.yaml"
    contract.write_text(contract.read_text(encoding="utf-8").replace("since: 2024-01-01", "since: 2023-01-01"), encoding="utf-8")
    catalogue = settings.catalogue_dir / "operations.yaml"
    more = CATALOGUE + DERIVED.format(name="so_far", formula="year_to_date(reports)", unit="件")
    more += DERIVED.format(name="more_than_before", formula="growth(reports)", unit="%")
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + more, encoding="utf-8")
    drop(settings, "repairs", "路灯报修_20230102.csv", reports("2023-01-02", 1, 2), "2023-01-03T07:10:00+08:00")
    drop(settings, "repairs", "路灯报修_20240101.csv", reports("2024-01-01", 11, 12, 13), "2024-01-02T07:10:00+08:00")
    drop(settings, "repairs", "路灯报修_20240102.csv", reports("2024-01-02", 21), "2024-01-03T07:10:00+08:00")
    drop(settings, "repairs", "路灯报修_20240101 更正.csv", reports("2024-01-01", 14, 15), "2024-01-05T07:10:00+08:00")
    drop(settings, "repairs", "路灯报修_20230102 更正.csv", reports("2023-01-02", 3, 4), "2024-01-05T07:20:00+08:00")
    return settings, refresh(settings, datetime(2024, 5, 9, 0, 30, tzinfo=UTC)).snapshot


def test_explain_lists_all_periods(corrected: tuple[Settings, Snapshot]) -> None:
    """The year so far has a line for each day of it, growth one for each of the two years."""
    settings, snapshot = corrected
    so_far = explain(settings, snapshot, "so_far", "G1", "2024-01-02")
    growth = explain(settings, snapshot, "more_than_before", "G1", "2024-01-01")

    assert 6 == so_far["value"]
    assert [("2024-01-01", 5), ("2024-01-02", 1)] == [(row["period"], row["value"]) for row in so_far["inputs"]]
    assert 25 == growth["value"]
    assert [("2024-01-01", 5, None), ("2023-01-02", 4, "year_before")] == [
        (row["period"], row["value"], row["how"]) for row in growth["inputs"]
    ]


def test_restatements_name_the_drops_of_all_periods(corrected: tuple[Settings, Snapshot]) -> None:
    """The second of January was restated by the correction of the first, and growth by that of last year as well."""
    settings, snapshot = corrected
    found = restatements(settings, snapshot, load(settings), SINCE).set_index(["indicator", "period"])
    named = {key: drops for key, drops in found["drops"].items() if key[0] in {"so_far", "more_than_before", "reports"}}

    by_first = named["reports", "2024-01-01"]
    by_last_year = named["reports", "2023-01-02"]
    assert 1 == len(by_first) == len(by_last_year)
    assert by_first == named["so_far", "2024-01-02"]
    assert sorted(by_first + by_last_year) == named["more_than_before", "2024-01-01"]
    assert (50, 25) == tuple(found.loc[("more_than_before", "2024-01-01"), ["value_then", "value"]])
    assert not pd.isna(found.loc[("so_far", "2024-01-02"), "value_then"])
