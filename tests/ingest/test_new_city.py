"""A feed that no Python file names comes into an empty city: a contract, an indicator file and a dirty workbook are enough."""

from __future__ import annotations

import fcntl
import json
import math
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from data import readings
from data.settings import Settings
from data.snapshots import Snapshot, open_snapshot
from indicators.refresh import Refreshed, refresh
from tests.ingest.dirty_workbook import BODY, TITLE, drop, lamps_workbook, without_a_heading, workbook, write_city

ROOT = Path(__file__).parents[2]
NOW = datetime(2024, 5, 8, tzinfo=UTC)
NOTHING = float("nan")
ENGLISH = re.compile(r"(?<![\w./-])[a-z]{3,}(?![\w/-])")  # a word of prose, not an id or an ending of a file
FIRST = workbook(TITLE, BODY)  # made once: a workbook carries the time of its making
GOOD = (9, "WC-21", "西园街道", "2024-05-06 07:00", 10, 1, 10, 90, "正常", None, None)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Refreshed]:
    """The new city after its first dirty drop; tests that go on take a copy."""
    settings = write_city(tmp_path_factory.mktemp("new"))
    drop(settings, "toilets", "公厕巡查.xlsx", FIRST)
    return settings, refresh(settings, NOW)


@pytest.fixture
def city(first: tuple[Settings, Refreshed], tmp_path: Path) -> Settings:
    """A copy of the new city after its first drop."""
    settings = Settings(first[0].city_dir, tmp_path / "var")
    shutil.copytree(first[0].var_dir, settings.var_dir)
    return settings


def figures(settings: Settings, snapshot: Snapshot, indicator: str, day: str) -> dict[str, float]:
    """Return the figures of a day by entity."""
    frame = readings.signs(settings, snapshot, indicator=indicator, period=day)
    return dict(zip(frame["entity"], frame["value"], strict=True))


def facts(snapshot: Snapshot) -> set[tuple[str, str, str]]:
    """Return the published parts that speak of the city: everything but the ledger and what is counted from it."""
    return {
        (part.table, part.partition, part.sha256)
        for part in snapshot.parts
        if part.table not in {"drops", "takings", "feeds", "feed_tables", "deliveries", "quality", "conduct"}
    }


def cli(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "cli.py", *words, "--city", str(settings.city_dir), "--var", str(settings.var_dir)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("indicator", "day", "expected"),
    [
        ("toilet_rounds", "2024-05-06", {"D1": 3, "D1001": 2, "D1002": 1, "D1003": 0}),
        ("toilet_rounds", "2024-05-07", {"D1": 1, "D1001": 0, "D1002": 0, "D1003": 0, "D1U": 1}),
        ("toilet_visits", "2024-05-06", {"D1": 16_354, "D1001": 1_354, "D1002": 15_000, "D1003": 0}),
        ("toilet_visits", "2024-05-07", {"D1": 60, "D1001": 0, "D1002": 0, "D1003": 0, "D1U": 60}),
        ("toilet_water", "2024-05-06", {"D1": 4.25, "D1001": 4.25, "D1002": NOTHING, "D1003": NOTHING}),
        ("toilet_cost", "2024-05-06", {"D1": 14_850, "D1001": 12_350, "D1002": 2_500, "D1003": 0}),
        ("toilet_clean", "2024-05-06", {"D1": (97.8 + 98.6 + 88.4) / 3, "D1001": 98.2, "D1002": 88.4, "D1003": NOTHING}),
        ("toilet_open", "2024-05-06", {"D1": 200 / 3, "D1001": 100, "D1002": 0, "D1003": NOTHING}),
        ("toilet_places", "2024-05-06", {"D1": 2, "D1001": 1, "D1002": 1, "D1003": 0}),
    ],
)
def test_the_right_figures_come_out(first: tuple[Settings, Refreshed], indicator: str, day: str, expected: dict[str, float]) -> None:
    """Full-width digits, 万, thousands separators, units and missing tokens are read; nothing else is counted."""
    found = figures(first[0], first[1].snapshot, indicator, day)

    assert {entity: found[entity] for entity in expected} == pytest.approx(expected, nan_ok=True)
    assert all(math.isnan(found[entity]) or found[entity] == 0 for entity in found.keys() - expected.keys())


def test_the_ledger_counts_every_row(first: tuple[Settings, Refreshed]) -> None:
    """Rows = accepted + quarantined + skipped: title, repeats, 合计 and 填报人 are skipped; header and blank line are no rows."""
    ledger = readings.drops(first[0], first[1].snapshot).iloc[0]

    assert (22, 5, 12, 5) == (ledger["rows"], ledger["accepted"], ledger["quarantined"], ledger["skipped"])
    assert (5, "taken") == (ledger["records"], ledger["state"])
    assert ledger["rows"] == ledger["accepted"] + ledger["quarantined"] + ledger["skipped"]


def test_the_total_row_is_a_control(first: tuple[Settings, Refreshed]) -> None:
    """A 合计 that is not the sum of its rows is said in the ledger and changes nothing."""
    control = readings.drops(first[0], first[1].snapshot).iloc[0]["control"]

    assert "使用人次: 19414" in control


def test_each_quarantined_row_says_line_column_and_reason(first: tuple[Settings, Refreshed]) -> None:
    """The line is the one that a spreadsheet shows; a row with two faults has both."""
    frame = readings.quarantine(first[0], first[1].snapshot)
    found = list(zip(frame["line"], frame["column"], frame["reason"], strict=True))

    assert found == [
        (9, "使用人次", "BAD_NUMBER"),
        (10, "使用人次", "BAD_NUMBER"),
        (11, "检查时间", "BAD_DATE"),
        (12, "检查时间", "FUTURE_DATE"),
        (13, "所属街道", "UNKNOWN_UNIT"),
        (14, "合格率", "OUT_OF_RANGE"),
        (15, "状况", "BAD_VALUE"),
        (16, "", "INCONSISTENT"),
        (17, "公厕编号", "MISSING_KEY"),
        (18, "公厕编号 + 检查时间", "DUPLICATE_CONFLICT"),
        (19, "公厕编号 + 检查时间", "DUPLICATE_CONFLICT"),
        (23, "使用人次", "BAD_NUMBER"),
        (23, "检查时间", "BAD_DATE"),
    ]


def test_a_quarantined_row_keeps_its_text_but_no_phone_number(first: tuple[Settings, Refreshed]) -> None:
    """Found and wanted help the clerk; what the contract masks is masked there too."""
    frame = readings.quarantine(first[0], first[1].snapshot).set_index("line")

    assert ("半停用", "正常 / 停用") == (frame.loc[15, "found"], frame.loc[15, "wanted"])
    assert ("不晚于 2024年5月8日 07:10", "代码表中的街道") == (frame.loc[12, "wanted"], frame.loc[13, "wanted"])
    assert "139****5678" in str(frame.loc[15, "text"])
    assert not frame["text"].str.contains("13912345678").any()


def test_what_was_wanted_is_told_in_the_language_of_the_reader(first: tuple[Settings, Refreshed]) -> None:
    """Every fault is told in Chinese without an English word, and in English where that is asked for."""
    zh = readings.quarantine(first[0], first[1].snapshot)
    en = readings.quarantine(first[0], first[1].snapshot, language="en")

    assert zh["wanted"].map(bool).all()
    assert [text for text in zh["wanted"] if ENGLISH.search(text)] == []
    assert {"a date with its year and a time", "sub-district of the register"} <= set(en["wanted"])
    assert zh.drop(columns=["found", "wanted"]).equals(en.drop(columns=["found", "wanted"]))


def test_no_python_file_of_the_product_names_the_feed() -> None:
    """A new feed is a matter of contracts alone."""
    word = re.compile(r"toilet|公厕|\blamps\b")
    folders = ("data", "indicators", "charts", "briefing", "pages")
    files = [ROOT / "app.py", ROOT / "cli.py", *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]

    assert [path.name for path in files if "demo" not in path.parts and word.search(path.read_text(encoding="utf-8"))] == []


def test_a_refresh_with_nothing_new_gives_the_same_hash(city: Settings) -> None:
    """The hash speaks of facts only, and there are no new ones."""
    before = open_snapshot(city)
    after = refresh(city, NOW).snapshot

    assert (before.id, before.hash) == (after.id, after.hash)


def test_the_same_drop_twice_changes_nothing(city: Settings) -> None:
    """The ledger gets a row with state duplicate; no figure, no record, no quarantined row is added."""
    before = open_snapshot(city)
    drop(city, "toilets", "又来一次.xlsx", FIRST, "2024-05-08T07:30:00+08:00")
    done = refresh(city, NOW)
    ledger = readings.drops(city, done.snapshot)

    assert facts(before) == facts(done.snapshot)
    assert [one.file for one in before.records] == [one.file for one in done.snapshot.records]
    assert ["duplicate", "taken"] == list(ledger["state"])
    assert ledger.iloc[0]["reason"] == "DUPLICATE_FILE"


def test_a_duplicate_is_no_finding_of_the_command_line(city: Settings) -> None:
    """Exit code 0: the department sent the same file twice, and nobody has to do anything."""
    drop(city, "toilets", "又来一次.xlsx", FIRST, "2024-05-08T07:30:00+08:00")
    said = cli(city, "refresh", "--json")

    assert (0, 1) == (said.returncode, json.loads(said.stdout)["duplicate"])


def test_a_correction_makes_a_revision_and_changes_the_figure(city: Settings) -> None:
    """The newest arrival is current, the older value stays among the records, untouched keys are unchanged."""
    row = BODY[0]
    assert row is not None
    drop(city, "toilets", "更正.xlsx", workbook(TITLE, [(*row[:4], 500, *row[5:])]), "2024-05-08T07:40:00+08:00")
    done = refresh(city, NOW)

    assert figures(city, done.snapshot, "toilet_visits", "2024-05-06")["D1"] == 16_354 - 120 + 500
    assert figures(city, done.snapshot, "toilet_rounds", "2024-05-06")["D1"] == 3
    assert len(done.snapshot.records) == 2


def test_what_happened_without_its_number_is_no_zero(city: Settings) -> None:
    """The sum of rounds that were not made is zero; of a round whose visits nobody counted there is none."""
    drop(city, "toilets", "补报.xlsx", workbook(TITLE, [(*GOOD[:2], "南门街道", GOOD[3], "—", *GOOD[5:])]), "2024-05-08T07:40:00+08:00")
    done = refresh(city, NOW)

    assert math.isnan(figures(city, done.snapshot, "toilet_visits", "2024-05-06")["D1003"])
    assert figures(city, done.snapshot, "toilet_rounds", "2024-05-06")["D1003"] == 1


def test_an_older_file_that_comes_again_restates_its_values(city: Settings) -> None:
    """A, B, A restates A: bytes of a superseded drop are a correction, not a duplicate."""
    row = BODY[0]
    assert row is not None
    drop(city, "toilets", "更正.xlsx", workbook(TITLE, [(*row[:4], 500, *row[5:])]), "2024-05-08T07:40:00+08:00")
    refresh(city, NOW)
    drop(city, "toilets", "公厕巡查.xlsx", FIRST, "2024-05-08T07:50:00+08:00")
    done = refresh(city, NOW)

    assert ["taken"] == [one.state.value for one in done.taken]
    assert figures(city, done.snapshot, "toilet_visits", "2024-05-06")["D1"] == 16_354


def test_refused_drops_leave_a_reason_and_change_nothing(city: Settings) -> None:
    """Every kind of file that cannot be taken in is refused in its own words; figures and records stay."""
    before = open_snapshot(city)
    whole = workbook(TITLE, [GOOD])
    lamps = "灯杆号,夜次,亮灯数,总灯数\nL1,2024-05-06,9,10\n"
    drop(city, "toilets", "01空.xlsx", b"")
    drop(city, "toilets", "02坏.xlsx", whole[: len(whole) // 2])
    drop(city, "toilets", "03不是表.xlsx", b"%PDF-1.4 nothing")
    drop(city, "toilets", "04别家.xlsx", lamps_workbook())
    drop(city, "toilets", "05缺列.xlsx", without_a_heading(whole))
    drop(city, "toilets", "06;rm.xlsx", whole)
    drop(city, "toilets", "07无期.xlsx", workbook("公厕巡查日报", [GOOD]))
    drop(city, "nowhere", "08什么.xlsx", whole)
    drop(city, "lamps", "09乱码.csv", lamps.encode() + b"\xff\xff\xff,,\n")
    drop(city, "lamps", "10大.csv", (lamps + "L2,2024-05-06,9,10\n" * 200).encode())
    done = refresh(city, NOW)
    reasons = {one.arrival.file[:2]: one.reason for one in done.taken}

    assert reasons == {
        "01": "EMPTY", "02": "CORRUPT", "03": "UNSUPPORTED_TYPE", "04": "WRONG_FEED", "05": "SCHEMA", "06": "BAD_NAME", "07": "BAD_NAME",
        "08": "UNKNOWN_FEED", "09": "ENCODING", "10": "TOO_LARGE",
    }  # fmt: skip
    assert {"refused"} == {one.state.value for one in done.taken}
    assert {(0, 0, 0, 0)} == {(one.rows, one.accepted, one.quarantined, one.skipped) for one in done.taken}
    assert facts(before) == facts(done.snapshot)
    assert [one.file for one in before.records] == [one.file for one in done.snapshot.records]
    ledger = readings.drops(city, done.snapshot).set_index("drop")
    for one in done.taken:
        note = city.refused / one.arrival.feed / f"{one.arrival.drop}.txt"
        file, sha256, why = note.read_text(encoding="utf-8").splitlines()
        assert (file, sha256) == (one.arrival.file, one.arrival.sha256)
        assert f"（{one.reason}）。实际：" in why
        assert not ENGLISH.search(why.replace(one.reason, "").replace(one.arrival.feed, "")), why
        assert why.endswith(f"应为：{ledger.loc[one.arrival.drop, 'wanted']}")


def test_a_reader_works_while_a_refresh_runs(city: Settings) -> None:
    """Each reading sees one whole snapshot, the old one or the new one, and never waits for the writer."""
    body = [(n, f"WC-{n:05d}", "西园街道", "2024-05-06 07:00", 1, 1, 1, 90, "正常", None, None) for n in range(100, 12_100)]
    drop(city, "toilets", "大.xlsx", workbook(TITLE, body), "2024-05-08T07:40:00+08:00")
    old = open_snapshot(city)
    command = [sys.executable, "cli.py", "refresh", "--city", str(city.city_dir), "--var", str(city.var_dir)]
    writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen: list[float] = []
    while writer.poll() is None:
        seen.append(figures(city, open_snapshot(city), "toilet_rounds", "2024-05-06")["D1"])
        assert figures(city, old, "toilet_rounds", "2024-05-06")["D1"] == 3
    seen.append(figures(city, open_snapshot(city), "toilet_rounds", "2024-05-06")["D1"])

    assert writer.returncode in {0, 10}
    assert len(seen) > 10
    assert set(seen) <= {3, 12_003}
    assert seen == sorted(seen)
    assert seen[-1] == 12_003


def test_a_second_refresh_at_the_same_time_says_so(city: Settings) -> None:
    """Exit code 5 in one sentence; the drop waits in the inbox and the next refresh takes it."""
    drop(city, "toilets", "等.xlsx", workbook(TITLE, [GOOD]), "2024-05-08T07:40:00+08:00")
    with city.lock.open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        busy = cli(city, "refresh")
        waiting = (city.inbox / "toilets" / "等.xlsx").is_file()
    after = cli(city, "refresh", "--json")

    assert 5 == busy.returncode
    assert "另一个刷新正在进行" in busy.stderr
    assert "Traceback" not in busy.stderr
    assert waiting
    assert (0, 1) == (after.returncode, json.loads(after.stdout)["taken"])


def test_a_row_of_the_whole_is_the_sum_of_its_parts(first: tuple[Settings, Refreshed]) -> None:
    """Streets and the unassigned add up to the district, every day."""
    frame = readings.signs(first[0], first[1].snapshot, indicator="toilet_rounds", grain="day")
    parts = frame[frame["entity_kind"] == "street"].groupby("period")["value"].sum()
    whole = frame[frame["entity_kind"] == "district"].set_index("period")["value"]

    pd.testing.assert_series_equal(parts, whole, check_names=False)
