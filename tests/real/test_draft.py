"""Real files come in by the contract that `draft` proposes for them: 95 % of their rows, without a hand laid on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.test_draft import drafted, empty_city, taken
from tests.real.real_city import BIKES, COVID, DIVISIONS, HOLIDAYS, LOAD, MESSAGES, METRO

SAMPLES = [
    (MESSAGES, "messages_replies.csv"),
    (LOAD, "附件2-行业日负荷数据.csv"),
    (LOAD, "附件3-气象数据.csv"),
    (COVID, "liaoning_daily_2020.csv"),
    (HOLIDAYS, "2016.json"),
    (METRO, "inflow_10min.csv"),
    (BIKES, "SeoulBikeData.csv"),
]


@pytest.mark.parametrize(("dataset", "file"), SAMPLES)
def test_a_real_file_comes_in_by_its_draft(folder: Path, tmp_path: Path, dataset: str, file: str) -> None:
    """Rows = accepted + quarantined + skipped, and of those that are no repeats 95 % are accepted."""
    _, rows = taken(empty_city(tmp_path), folder / dataset / file)

    assert rows["rows"] == rows["accepted"] + rows["quarantined"] + rows["skipped"]
    assert rows["accepted"] >= 0.95 * (rows["rows"] - rows["skipped"])
    assert rows["accepted"] > 0


def test_a_register_without_any_time_says_what_it_lacks(folder: Path, tmp_path: Path) -> None:
    """A list of streets has no date, nor has its name: the draft asks the department for one."""
    said = drafted(empty_city(tmp_path), folder / DIVISIONS / "streets_2101.csv")

    assert "请让部门在文件名里写明" in said
    assert "streets_2101_{year}{month}{day}.csv" in said
