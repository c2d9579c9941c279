"""What departments might drop, one case a file: each is taken exactly or sent back with its reason, and harms nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.reasons import DropState, FileReason, RowReason
from tests.corpus.case import Case, on
from tests.corpus.city import write_city
from tests.corpus.corpus import BAD, CASES, DAYS, FIRST, LAST, SEQS, STANDING, drops

ROOT = Path(__file__).parents[2]
NEVER, ALWAYS = 10**12, 0
MOST_SECONDS, MOST_MB, LONGEST_DROP, MOST_ENDS = 60, 1500, 10, 9
TEXT_FEEDS = {"texts", "small", "named"}
PRECEDENCE = list(RowReason)


@dataclass(frozen=True, slots=True)
class Told:
    """What a run said of all drops."""

    ledger: dict[int, dict[str, str]]
    faults: dict[int, dict[str, list[str]]]
    current: dict[str, list[dict[str, str | None]]]
    passed: dict[int, float | str]
    facts: dict[str, Any]


def run(folder: Path, cases: list[Case], wide_from: int) -> Told:
    """Take the drops of some cases in one refresh, in a process of its own; one that ends it is noted and left out."""
    write_city(folder)
    archive = folder / "var/archive"
    archive.mkdir(parents=True)
    waiting = list(drops(cases, archive))
    passed: dict[int, float | str] = {}
    for _ in range(MOST_ENDS):
        left = [drop for drop in waiting if drop.seq not in passed]
        (folder / "drops.json").write_text(json.dumps(left), encoding="utf-8")
        command = [sys.executable, "-m", "tests.corpus.taking", str(folder), str(wide_from)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=800)
        passed |= dict(json.loads(line) for line in done.stdout.splitlines())
        if done.returncode == 0:
            break
        passed[next(drop.seq for drop in waiting if drop.seq not in passed)] = f"ended by {done.returncode}: {done.stderr[:300]}"
    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    faults: dict[int, dict[str, list[str]]] = {}
    for row in told["quarantine"]:
        place = f"{row['sheet']}:{row['line']}"
        faults.setdefault(int(row["drop"].rpartition("-")[2]), {}).setdefault(place, []).append(row["reason"])
    return Told({int(row["seq"]): row for row in told["ledger"]}, faults, told["current"], passed, told)


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """All cases, taken by the lane that reads cell by cell."""
    return run(tmp_path_factory.mktemp("exact"), list(CASES), NEVER)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The cases of delimited text, by the lane of large files wherever it takes them."""
    return run(tmp_path_factory.mktemp("wide"), [case for case in CASES if case.good_feed in TEXT_FEEDS], ALWAYS)


def check_ledger(told: Told, case: Case) -> None:
    """The ledger says what the policy does, and every row is accounted for."""
    assert isinstance(told.passed[SEQS[case.name, BAD]], float)
    row = told.ledger[SEQS[case.name, BAD]]
    counts = {name: int(row[name]) for name in ("rows", "accepted", "quarantined", "skipped")}
    code = row["reason"].partition(":")[0]
    reason = code if code in case.reason.split("|") else case.reason
    wanted = {"rows": case.rows, "accepted": case.accepted, "quarantined": len(case.faults), "skipped": case.skipped}

    assert {"state": row["state"], "reason": code, **counts} == {"state": case.state, "reason": reason, **wanted}
    assert counts["accepted"] + counts["quarantined"] + counts["skipped"] == counts["rows"]
    assert case.state != DropState.REFUSED or code in FileReason.__members__
    assert case.control in (row["control"] or "")


def check_quarantine(told: Told, case: Case) -> None:
    """Each quarantined row has a reason of the closed list; with several it counts under the first."""
    found = told.faults.get(SEQS[case.name, BAD], {})

    assert {reason for reasons in found.values() for reason in reasons} <= set(RowReason.__members__)
    assert Counter(min(reasons, key=PRECEDENCE.index) for reasons in found.values()) == Counter(map(str, case.faults))


def check_values(told: Told, case: Case) -> None:
    """The good drops stand as they were sent; of the bad one only what was accepted is there, as the policy reads it."""
    day = DAYS[case.name]
    good = {
        row["taken"]: row["amount"]
        for row in told.current[case.good_feed]
        if row["meter"] == "good" and (row["taken"] or "")[:10] == f"{day}"
    }
    own = {
        row["meter"]: row for row in told.current[case.good_feed] if row["_drop"] == str(SEQS[case.name, BAD]) and row["meter"] != "good"
    }
    wanted = {meter: {key: on(day, value) if value else value for key, value in columns.items()} for meter, columns in case.kept.items()}

    assert good == {f"{day} {hour}:00": amount for hour, amount in STANDING.items()}
    assert {told.ledger[SEQS[case.name, part]]["state"] for part in (FIRST, LAST)} == {"taken"}
    assert {meter: {key: own.get(meter, {}).get(key, "?") for key in columns} for meter, columns in wanted.items()} == wanted
    assert sum(row["_drop"] == str(SEQS[case.name, BAD]) for row in told.current[case.good_feed]) == (
        case.accepted if case.fresh < 0 else case.fresh
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_file_is_taken_exactly_or_sent_back(exact: Told, case: Case) -> None:
    """Ledger, quarantine and current say of a case what the policy says."""
    check_ledger(exact, case)
    check_quarantine(exact, case)
    check_values(exact, case)


@pytest.mark.parametrize("case", [case for case in CASES if case.good_feed in TEXT_FEEDS], ids=lambda case: case.name)
def test_the_lane_of_large_files_agrees(wide: Told, case: Case) -> None:
    """The size of a text file does not decide what becomes of it."""
    check_ledger(wide, case)
    check_quarantine(wide, case)
    check_values(wide, case)


def test_the_corpus_is_large_and_named_once() -> None:
    """Every case has a name of its own, and with it a day of its own before any drop arrives."""
    names = [case.name for case in CASES]

    assert len(set(names)) == len(names) >= 150
    assert max(DAYS.values()) + timedelta(days=1) < date(2020, 1, 1)


@pytest.mark.parametrize("lane", ["exact", "wide"])
def test_nothing_is_left_and_nothing_is_slow(lane: str, request: pytest.FixtureRequest) -> None:
    """No drop stops the others; all of them together take bounded time and memory, and leave no scratch behind."""
    told = request.getfixturevalue(lane)
    names = {SEQS[case.name, BAD]: case.name for case in CASES}
    odd = {names.get(seq, "a good drop"): said for seq, said in told.passed.items() if isinstance(said, str) or said > LONGEST_DROP}
    facts = told.facts

    assert odd == {}
    assert facts["scratch"] == []
    assert facts["elapsed"] < MOST_SECONDS
    assert facts["peak_mb"] < MOST_MB
