"""What a row does not say itself: its place and its day by the name of the drop, its date by a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.contract import Column, Relative
from data.moments import Surroundings
from data.parse import parser
from data.problems import DefinitionError
from data.wording import Wording, told
from tests.ingest.test_forms import HEAD, take, workbook

REGISTER = """\
files:
  format: xlsx
  period: {from: name, patterns: ["全区_{year}{month}.xlsx", "{place}_{year}{month}.xlsx"]}
tables:
  register:
    name: {zh: 台账, en: Register}
    kind: states
    key: [street, day]
    time: day
    area: [street]
    covers: period
    valid_for: 62
    columns:
      street: {heading: 街道, optional: true, given: place, type: entity, kind: street}
      day: {heading: 日期, optional: true, given: period, type: date}
      found_on: {heading: 发现日期, type: date}
      due_on: {heading: 整改期限, type: date, ahead: null, relative: {to: found_on, words: {立即: 0, 15日内: 15}}}
"""
HEADINGS = ["街道", "日期", "发现日期", "整改期限"]


@pytest.mark.parametrize(
    ("file", "headings", "row", "kept"),
    [
        ("街道1_201602.xlsx", HEADINGS[2:], ["2016-02-03", "2016-02-09"], ("S001", "2016-02-01", "2016-02-03", "2016-02-09")),
        ("全区_201602.xlsx", HEADINGS, ["街道2", "2016-02-07", "2016-02-03", None], ("S002", "2016-02-07", "2016-02-03", None)),
        ("街道1_201602.xlsx", HEADINGS[:1] + HEADINGS[2:], ["街道2", "2016-02-03", None], ("S002", "2016-02-01", "2016-02-03", None)),
    ],
)
def test_a_cell_goes_before_what_the_name_says(
    tmp_path: Path, file: str, headings: list[str], row: list[Any], kept: tuple[Any, ...]
) -> None:  # fmt: skip
    """A column with a heading and a fact takes the cell where the heading is there, and the fact where it is not."""
    taken, current, _ = take(tmp_path, HEAD + REGISTER, file, workbook({"台账": [headings, row]}))

    assert (1, [kept]) == (taken.accepted, current["register"])


def test_what_neither_says_is_missing(tmp_path: Path) -> None:
    """A pattern without the name and a sheet without the heading leave the key open."""
    taken, _, faults = take(tmp_path, HEAD + REGISTER, "全区_201602.xlsx", workbook({"台账": [HEADINGS[2:], ["2016-02-03", None]]}))

    assert (0, 1) == (taken.accepted, taken.quarantined)
    assert [("台账", 2, "街道", "MISSING_KEY")] == faults


@pytest.mark.parametrize(
    ("found_on", "word", "due_on"),
    [
        ("2016-02-03", "立即", "2016-02-03"), ("2016-02-03", " 15日内", "2016-02-18"), (42403, "１５日内", "2016-02-18"),
        ("2016-02-03", 42436, "2016-03-07"), ("2016-02-03", None, None),
    ],
)  # fmt: skip
def test_a_word_counts_from_another_date(tmp_path: Path, found_on: Any, word: Any, due_on: str | None) -> None:
    """A word of the contract is so many days after the date beside it; a date stays what it is."""
    content = workbook({"台账": [HEADINGS[2:], [found_on, word]]})
    _, current, _ = take(tmp_path, HEAD + REGISTER, "街道1_201602.xlsx", content)

    assert [("S001", "2016-02-01", "2016-02-03", due_on)] == current["register"]


@pytest.mark.parametrize(("found_on", "word"), [("2016-02-03", "30日内"), ("2016-02-03", "尽快"), (None, "立即")])
def test_a_word_that_says_no_date_goes_back(tmp_path: Path, found_on: Any, word: str) -> None:
    """Only the words listed are dates, and only beside the date that they count from."""
    content = workbook({"台账": [HEADINGS[2:], [found_on, word]]})
    _, current, faults = take(tmp_path, HEAD + REGISTER, "街道1_201602.xlsx", content)

    assert [] == current["register"]
    assert [("台账", 2, "整改期限", "BAD_DATE")] == faults


def test_a_clerk_is_told_the_words(tmp_path: Path) -> None:
    """What goes back says which words would have done."""
    column = Column(heading=("整改期限",), type="date", relative=Relative(to="found_on", words={"立即": 0, "15日内": 15}))
    fault = parser(column, Surroundings())("尽快")

    assert "带年份的日期，或 立即 / 15日内" == told(fault.wanted.kept, Wording("zh", tmp_path))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("relative: {to: nowhere, words: {立即: 0}}", "to a column of type date or timestamp"),
        ("relative: {to: street, words: {立即: 0}}", "to a column of type date or timestamp"),
        ("relative: {to: found_on, words: {}}", "at least 1 item"),
    ],
)
def test_a_word_counts_from_a_date_of_the_table(tmp_path: Path, wrong: str, says: str) -> None:
    """What the words count from is a date of the same table, and there is a word."""
    text = REGISTER.replace("relative: {to: found_on, words: {立即: 0, 15日内: 15}}", wrong)

    with pytest.raises(DefinitionError, match=says):
        take(tmp_path, HEAD + text, "街道1_201602.xlsx", workbook({"台账": [HEADINGS, [None] * 4]}))


def test_only_dates_have_words(tmp_path: Path) -> None:
    """A number may not be given by a word."""
    text = REGISTER.replace("{heading: 整改期限, type: date, ahead: null,", "{heading: 整改期限, type: integer,")

    with pytest.raises(DefinitionError, match="relative with type date"):
        take(tmp_path, HEAD + text, "街道1_201602.xlsx", workbook({"台账": [HEADINGS, [None] * 4]}))


@pytest.mark.parametrize(("total", "control"), [(None, ""), ("", ""), (3, ""), (0, "火灾起数: 0 ≠ 3")])
def test_a_sum_that_was_left_out_says_nothing(tmp_path: Path, total: Any, control: str) -> None:
    """Where a blank cell means zero, a blank cell of the 合计 row is still no sum of zero."""
    contract = """\
files: {format: xlsx}
tables:
  fires:
    name: {zh: 火灾, en: Fires}
    kind: readings
    key: [day]
    time: day
    covers: time
    columns:
      day: {heading: 日期, type: date}
      fires: {heading: 火灾起数, type: integer, blank: 0}
"""
    rows = [["日期", "火灾起数"], ["2016-02-01", 3], ["2016-02-02", None], ["合计", total]]
    taken, _, _ = take(tmp_path, HEAD + contract, "火灾.xlsx", workbook({"火灾": rows}))

    assert (2, control) == (taken.accepted, taken.control)
