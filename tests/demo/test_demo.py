"""The demonstration writes the same bytes every time, and its truth agrees with its files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
import yaml

from data.demo import write_demo, write_next_day
from data.demo.feeds import FEEDS
from data.demo.quotients import QUOTIENTS
from data.settings import Settings

ROOT = Path(__file__).parents[2]
START, UNTIL = date(2016, 1, 1), date(2016, 1, 20)
HEADER_ROWS = {"供水": 2, "供电": 2, "燃气": 2, "供热": 3, "排水": 2, "照明": 2, "环卫": 2}
"""Of a sheet, where it is not one."""
NO_ROWS = "填表说明"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The city with the first twenty days of 2016 in its inbox."""
    settings = Settings(ROOT, tmp_path_factory.mktemp("var"))
    write_demo(settings, start=START, until=UNTIL)
    return settings


def read_truth(settings: Settings) -> dict[str, Any]:
    """What the demonstration wrote down as true."""
    truth: dict[str, Any] = json.loads((settings.var_dir / "truth.json").read_text(encoding="utf-8"))
    return truth


def by_day(settings: Settings) -> list[dict[str, Any]]:
    """Return the signs of the feeds that come once a day."""
    return [sign for sign in read_truth(settings)["signs"] if sign["indicator"].startswith(("hotline", "heat", "cg"))]


def hashes(settings: Settings) -> dict[str, str]:
    """Return the hash of every drop in the inbox."""
    files = sorted(settings.inbox.rglob("*.[cx]*"))
    return {str(path.relative_to(settings.inbox)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def count_rows(path: Path) -> int:
    """Count the non-empty rows of a drop after the header of each sheet, the way the ledger does."""
    if path.suffix == ".xls":
        book = python_calamine.CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return sum(sum(any(cell != "" for cell in row) for row in sheet) - 1 for sheet in sheets)
    if path.suffix == ".xlsx":
        with closing(openpyxl.load_workbook(path, read_only=True)) as opened:
            pages = [page for page in opened.worksheets if page.title != NO_ROWS]
            counts = [sum(any(cell is not None for cell in row) for row in page.iter_rows(values_only=True)) for page in pages]
            return sum(counts) - sum(HEADER_ROWS.get(page.title, 1) for page in pages)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return sum(any(row) for row in csv.reader(io.StringIO(text, newline=""))) - 1


def test_same_seed_same_bytes_however_far_one_writes(demo: Settings, tmp_path: Path) -> None:
    """A file's bytes depend on the seed and its day only; one more day leaves the earlier files alone.

    The signs of air are left out: the hourly files of a last morning teach hours that the day's file may lose.
    """
    stepped = Settings(ROOT, tmp_path)
    write_demo(stepped, start=START, until=date(2016, 1, 19))
    before = hashes(stepped)
    write_next_day(stepped)
    after, at_once = hashes(stepped), hashes(demo)

    assert before == {file: after[file] for file in before}
    assert at_once == {file: after[file] for file in at_once}
    assert by_day(demo) == by_day(stepped)


def test_counts_add_up(demo: Settings) -> None:
    """accepted + quarantined + skipped = rows, and rows is what stands in the file."""
    for drop in read_truth(demo)["drops"]:
        if drop["state"] == "taken":
            parts = drop["accepted"] + sum(drop["quarantined"].values()) + drop["skipped"]

            assert drop["rows"] == parts, drop["file"]
            assert drop["rows"] == count_rows(demo.inbox / drop["feed"] / drop["file"]), drop["file"]


def test_manifest_names_every_file(demo: Settings) -> None:
    """Each file of the inbox has its arrival, and the hash told is the hash found."""
    for feed in (one.feed for one in FEEDS):
        folder = demo.inbox / feed
        lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
        told = {drop["file"]: drop for drop in read_truth(demo)["drops"] if drop["feed"] == feed}

        assert {path.name for path in folder.iterdir()} == {"manifest.jsonl", *(line["file"] for line in lines)}
        assert lines == [{"file": file, "arrived_at": drop["arrived_at"]} for file, drop in told.items()]
        for file, drop in told.items():
            assert drop["sha256"] == hashlib.sha256((folder / file).read_bytes()).hexdigest()


def test_mishaps_are_there(demo: Settings) -> None:
    """One drop comes twice, one truncated, one empty, and each of the latter comes again whole."""
    drops = read_truth(demo)["drops"]
    reasons = sorted(drop["reason"] for drop in drops if drop["state"] == "refused")

    assert ["CORRUPT", "EMPTY"] == reasons
    assert 1 == sum(drop["state"] == "duplicate" for drop in drops)
    assert 2 == sum(drop["file"].partition(".")[0].endswith("_补发") for drop in drops)


def test_truth_covers_the_catalogue(demo: Settings) -> None:
    """Every indicator has a figure, and expected values unless its periods or its bulletins are longer than this demonstration."""
    files = sorted((ROOT / "indicators" / "catalogue").glob("*.yaml"))
    said = [one for file in files for one in yaml.safe_load(file.read_text(encoding="utf-8"))["indicators"]]
    indicators = {one["indicator"] for one in said if not one.get("table", "").startswith("desk.")}  # what the desk reports nobody invents
    figures = {figure.indicator: (figure, feed.tables[figure.table]) for feed in FEEDS for figure in feed.figures}
    told = {name for name, (figure, table) in figures.items() if figure.lengths[0] == "day" and table.speaks_until(UNTIL) == UNTIL}

    assert indicators == figures.keys() | {one.indicator for one in QUOTIENTS}
    assert told <= {sign["indicator"] for sign in read_truth(demo)["signs"]}


def test_streets_and_unassigned_sum_to_the_district(demo: Settings) -> None:
    """What lies in no known street is counted under the district's 未归属."""
    for indicator in ("hotline_volume", "cg_case_volume"):
        signs = [sign for sign in read_truth(demo)["signs"] if sign["indicator"] == indicator]
        last = [sign for sign in signs if sign["period"] == str(UNTIL)]
        district, streets = (sum(sign["value"] for sign in last if sign["entity_kind"] == kind) for kind in ("district", "street"))

        assert district == streets > 0
