"""What a reader takes away from a page: the figures that it shows, no more than they may see, and nothing that runs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pages.parts.export import latest_rows, xlsx_bytes
from tests.pages.test_pages import EVERYTHING, HOME, FakeSource, Reading, Records, Settings, Wording, text, visit


@pytest.mark.parametrize("page", ["overview", "sign", "area", "hotline", "economy", "alerts", "units", "evaluation"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_of_figures_offers_its_table(tmp_path: Path, page: str, lang: str) -> None:
    """As CSV and as a workbook, with the command of its picture; only where it is asked for."""
    test = visit(tmp_path, page, take="open", lang=lang)

    assert not test.exception
    assert [one.proto.label for one in test.get("download_button")][:2] == ["CSV", "XLSX"]
    said = test.code[0].value
    assert said.startswith(f"python cli.py picture {page} ")
    assert "present=1" in said
    assert "take" not in said
    assert f"--lang {lang}" in said


@pytest.mark.parametrize(("page", "kind"), [("catalogue", "full"), ("overview", "bare"), ("alerts", "away")])
def test_a_page_without_a_table_says_so(tmp_path: Path, page: str, kind: str) -> None:
    """Rather than offering an empty file."""
    test = visit(tmp_path, page, kind, take="open")

    assert not test.exception
    assert "CSV" not in [one.proto.label for one in test.get("download_button")]
    assert "本页没有可取的表" in text(test)


def test_nothing_is_offered_unasked_or_presented(tmp_path: Path) -> None:
    """A page has its link, and a presented page nothing to press."""
    assert "取走本页" in text(visit(tmp_path, "overview"))
    for query in ({}, {"take": "open", "present": "1"}):
        test = visit(tmp_path, "overview", **query)
        assert not test.get("download_button")
        assert not test.code


def test_a_workbook_holds_text_and_its_stamp() -> None:
    """What looks like a formula is text, a gap is empty and not zero, numbers are numbers."""
    frame = pd.DataFrame({"a": ["=cmd|' /C calc'!A0", "@x"], "b": [1.5, None]})

    rows = CalamineWorkbook.from_filelike(BytesIO(xlsx_bytes(frame, "快照 S1"))).get_sheet_by_index(0).to_python(skip_empty_area=False)

    assert rows[0][0] == "快照 S1"
    assert rows[2] == ["a", "b"]
    assert rows[3] == ["=cmd|' /C calc'!A0", 1.5]
    assert rows[4] == ["@x", ""]


def test_what_is_withheld_stays_withheld(tmp_path: Path) -> None:
    """A suppressed sign of the overview's table has no value and no counts, and says why."""
    words, settings = Wording("zh"), Settings(HOME, tmp_path)
    source = FakeSource("full")
    records = Records(Reading(settings, source, source.open_snapshot(settings), EVERYTHING), words)
    hidden = [sign for sign in records.latest if sign["state"] == "suppressed" and sign["indicator"] in records.catalogue]

    told = latest_rows(words, records, hidden[:5])

    assert len(told)
    assert "原值" not in told.columns
    assert set(told["数值"]) == {words.say("value.none")}
    assert set(told["判级依据"]) != {""}
