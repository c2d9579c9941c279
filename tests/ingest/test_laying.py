"""What a clerk gives on a page lies whole in the inbox under the name it had, beside what is there already."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data import journal, readings
from data.contract import Contract
from data.contracts import load_contracts
from data.inbox import lay, lay_zero_report
from data.reasons import RefusedError
from data.register import load_reference
from data.settings import Settings
from indicators.refresh import refresh
from tests.ingest.dirty_workbook import BODY, TITLE, workbook, write_city

NOW = datetime(2024, 5, 8, tzinfo=UTC)
CAME = datetime(2024, 5, 8, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST = workbook(TITLE, BODY)


@pytest.fixture
def city(tmp_path: Path) -> tuple[Settings, dict[str, Contract]]:
    """A city that has received nothing."""
    settings = write_city(tmp_path)
    return settings, load_contracts(settings, load_reference(settings))


def test_a_file_is_taken_under_the_name_that_the_clerk_gave_it(city: tuple[Settings, dict[str, Contract]]) -> None:
    """Name, time and bytes are those of the upload, and nothing is left in the inbox but the manifest."""
    settings, contracts = city
    laid = lay(settings, contracts["toilets"], "公厕巡查.xlsx", FIRST, CAME)
    done = refresh(settings, NOW)
    entry = readings.drops(settings, done.snapshot).iloc[0]

    assert (laid.file, laid.sha256, "taken", 5) == (entry["file"], entry["sha256"], entry["state"], entry["accepted"])
    assert entry["arrived_at"] == CAME.replace(tzinfo=None)
    assert [path.name for path in (settings.inbox / "toilets").iterdir()] == ["manifest.jsonl"]


def test_two_files_of_one_name_do_not_overwrite_each_other(city: tuple[Settings, dict[str, Contract]]) -> None:
    """Both become drops, also when they come in the same second."""
    settings, contracts = city
    for given in (FIRST, workbook(TITLE, BODY[:1])):
        lay(settings, contracts["toilets"], "公厕巡查.xlsx", given, CAME)
    claimed = journal.claim(settings, ZoneInfo("Asia/Shanghai"))

    assert ["公厕巡查.xlsx"] * 2 == [arrival.file for arrival in claimed]
    assert len({arrival.sha256 for arrival in claimed}) == 2


@pytest.mark.parametrize(
    ("file", "given", "reason"),
    [
        ("../../etc/passwd", b"x", "BAD_NAME"),
        ("..", b"x", "BAD_NAME"),
        ("a/b.csv", b"x", "BAD_NAME"),
        ("a\\b.csv", b"x", "BAD_NAME"),
        (".hidden.csv", b"x", "BAD_NAME"),
        ("a\x00b.csv", b"x", "BAD_NAME"),
        ("<script>.csv", b"x", "BAD_NAME"),
        ("manifest.jsonl", b"x", "BAD_NAME"),
        ("rows.csv.part", b"x", "BAD_NAME"),
        ("字" * 90 + ".csv", b"x", "BAD_NAME"),
        ("", b"x", "BAD_NAME"),
        ("a.csv", b"", "EMPTY"),
        ("a.csv", b"x" * 2001, "TOO_LARGE"),
    ],
)
def test_what_would_be_refused_is_not_laid(
    city: tuple[Settings, dict[str, Contract]], file: str, given: bytes, reason: str
) -> None:  # fmt: skip
    """Nothing is written, in the inbox or elsewhere, and the clerk is told why at once."""
    settings, contracts = city
    with pytest.raises(RefusedError) as caught:
        lay(settings, contracts["lamps"], file, given, CAME)

    assert caught.value.reason.value == reason
    assert not settings.var_dir.exists()


def test_a_zero_report_is_laid_like_a_file(city: tuple[Settings, dict[str, Contract]]) -> None:
    """The form writes what a clerk could have written by hand, and it is taken as a zero report."""
    settings, contracts = city
    laid = lay_zero_report(settings, contracts["toilets"], "rounds", "2024-05-07", CAME)
    done = refresh(settings, NOW)
    signs = readings.signs(settings, done.snapshot, indicator="toilet_rounds", entity="D1", period="2024-05-07")

    assert "零报告_rounds_2024-05-07.txt" == laid.file
    assert [(0.0, "ok")] == list(zip(signs["value"], signs["state"], strict=True))


@pytest.mark.parametrize(
    ("feed", "table", "period", "reason"),
    [
        ("lamps", "nights", "2024-05-07", "UNSUPPORTED_TYPE"),
        ("toilets", "nights", "2024-05-07", "UNSUPPORTED_TYPE"),
        ("toilets", "rounds", "2024-05-08", "BAD_NAME"),
        ("toilets", "rounds", "../x", "BAD_NAME"),
    ],
)
def test_a_report_that_makes_no_sense_is_not_laid(
    city: tuple[Settings, dict[str, Contract]], feed: str, table: str, period: str, reason: str
) -> None:  # fmt: skip
    """Readings have no zero, and nobody knows of a day that is not over."""
    settings, contracts = city
    with pytest.raises(RefusedError) as caught:
        lay_zero_report(settings, contracts[feed], table, period, CAME)

    assert caught.value.reason.value == reason
    assert not settings.var_dir.exists()
