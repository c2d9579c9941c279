"""Whole refreshes over the same drops in any order: what is known at the end is the same, and what was said differs by what says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data import alerted, readings
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.refresh import refresh
from tests.alerts.test_alerts_of_a_city import plain, tried
from tests.alerts.test_rules import city

NOW = datetime(2024, 5, 9, tzinfo=UTC)
FIRST, DAYS = datetime(2024, 5, 1), 7
LATE = {2: 9, 5: 5}  # days of which more reports come in a file of their own, and how many
OPEN = {3: 6, 4: 1, 6: 9}  # reports of a day that nobody has repaired
HEAD = "报修编号,街道,报修时间,修复时间,费用(元),类别\n"
FILES = [(day, "") for day in range(DAYS)] + [(day, "补") for day in LATE]


def content(day: int, more: str) -> bytes:
    """Return the reports of a day: those of the day itself, or those that came later. No report is in two files."""
    start = FIRST + timedelta(days=day)
    count, still = (LATE[day], 0) if more else (10, OPEN.get(day, 0))
    rows = []
    for place in range(count):
        at = start + timedelta(hours=1, minutes=place)
        done = "" if place < still else f"{at + timedelta(hours=40 if more else 3):%Y-%m-%d %H:%M}"
        rows.append(f"R{day}{more and 'L'}{place:02},{'东街道' if place % 2 else '西街道'},{at:%Y-%m-%d %H:%M},{done},10.00,灭灯")
    return (HEAD + "\n".join(rows) + "\n").encode()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small city without drops, on a running clock, its rule tried on what will come."""
    where = city(tmp_path_factory.mktemp("order"))
    shutil.rmtree(where.inbox)
    text = where.city_file.read_text(encoding="utf-8")
    where.city_file.write_text("\n".join(line for line in text.split("\n") if not line.startswith("clock:")), encoding="utf-8")
    snapshot = arrive(where, [list(FILES)])
    tried(where, snapshot)
    return where


def arrive(where: Settings, groups: Sequence[Sequence[tuple[int, str]]]) -> Snapshot:
    """Lay files group by group, an hour apart, with a refresh after each; the last one is at NOW."""
    snapshot = None
    for place, group in enumerate(groups):
        now = NOW - timedelta(hours=len(groups) - 1 - place)
        folder = where.inbox / "repairs"
        folder.mkdir(parents=True, exist_ok=True)
        for day, more in group:
            file = f"路灯报修_{FIRST + timedelta(days=day):%Y%m%d}{more}.csv"
            (folder / file).write_bytes(content(day, more))
            with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
                lines.write(json.dumps({"file": file, "arrived_at": (now - timedelta(minutes=5)).isoformat()}, ensure_ascii=False) + "\n")
        snapshot = refresh(where, now).snapshot
    assert snapshot
    return snapshot


def told(log: pd.DataFrame) -> set[tuple[object, ...]]:
    """Return what a log says, without when it was said."""
    return set(log[["indicator", "entity", "kind", "start", "level"]].astype(str).itertuples(index=False, name=None))


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(FILES), cuts=st.lists(st.integers(1, len(FILES) - 1), min_size=1, max_size=3, unique=True))
@example(order=FILES[::-1], cuts=[2, 5])  # the late reports first, the first day last
def test_any_order_ends_alike(
    home: Settings, tmp_path_factory: pytest.TempPathFactory, order: list[tuple[int, str]], cuts: list[int]
) -> None:
    """Signs and the timeline are equal; a difference in the log is of a sign of which something was said to be revised or late."""
    edges = [0, *sorted(cuts), len(order)]
    groups = [order[start:stop] for start, stop in pairwise(edges)]
    ordered, other = (Settings(home.city_dir, tmp_path_factory.mktemp(name)) for name in ("ordered", "other"))
    one, two = arrive(ordered, [list(FILES)]), arrive(other, groups)

    frames = [readings.signs(*place, grain="day") for place in ((ordered, one), (other, two))]
    assert plain(frames[0]).equals(plain(frames[1]))
    assert plain(alerted.timeline(ordered, one)).equals(plain(alerted.timeline(other, two)))
    logs = [alerted.transitions(ordered, one), alerted.transitions(other, two)]
    assert (logs[0]["kind"] == "fired").any()
    explained = logs[1].loc[(logs[1]["kind"] == "revised") | logs[1]["is_late"].astype(bool), ["indicator", "entity"]]
    known = set(explained.astype(str).itertuples(index=False, name=None))
    assert {row[:2] for row in told(logs[0]) ^ told(logs[1]) if row[2] != "revised"} <= known
