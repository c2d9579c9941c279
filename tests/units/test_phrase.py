"""What was found and wanted: a closed list of codes, each with a sentence in both languages, never prose in logic."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.checks import rules
from data.contract import Column, Table
from data.moments import Surroundings
from data.parse import LONGEST_TEXT, Fault, parser
from data.phrase import MANY, Noun, Phrase, Says, kept, read_phrase
from data.reasons import RowReason
from data.wording import LANGUAGES, Wording, told

ROOT = Path(__file__).parents[2]
ENGLISH = re.compile(r"[A-Za-z]{2,}")
ZH, EN = Wording("zh"), Wording("en")
VALUES = {"n": "4000", "noun": "cells", "moment": "2016-03-07T08:00", "day": "2018-12-31", "kind": "street", "row": "1", "column": "2"}
PRODUCT = [path for folder in ("data", "indicators", "pages", "briefing") for path in sorted((ROOT / folder).rglob("*.py"))]


def whole(code: Says) -> Phrase:
    """Return a phrase with a value in every slot."""
    return Phrase(code, "甲", "one") if "says" in code.slots else Phrase(code, *(VALUES.get(slot, "甲") for slot in code.slots))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Says)
def test_every_code_has_a_sentence_with_its_slots(code: Says, language: str) -> None:
    """The sentence names exactly the slots of its code, in both languages, and fills them."""
    sentence = Wording(language).words[f"wanted.phrase.{code}"]

    assert set(code.slots) == set(re.findall(r"\{(\w+)\}", sentence))
    assert "{" not in told(whole(code).kept, Wording(language))


def test_no_sentence_is_left_over() -> None:
    """A sentence without a code, or a noun that nobody counts, would never be read."""
    for words in (ZH, EN):
        assert {key for key in words.words if key.startswith("wanted.phrase.")} == {f"wanted.phrase.{code}" for code in Says}
        assert {key for key in words.words if key.startswith("wanted.noun.")} == {f"wanted.noun.{noun}" for noun in Noun}


def test_no_code_is_unused() -> None:
    """The list is no longer than what the product says."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in PRODUCT)

    assert [code.name for code in Says if not re.search(rf"\bSays\.{code.name}\b", source)] == []
    assert [noun.name for noun in Noun if not re.search(rf"\bNoun\.{noun.name}\b", source)] == []


@pytest.mark.parametrize(
    "wrong", [("a plain phrase",), ("nonsense", 1), (Says.NUMBER, "mm"), (Says.BETWEEN, 1, 2), (Says.RULE, "只有中文")]
)
def test_what_is_outside_the_list_fails(wrong: tuple[Any, ...]) -> None:
    """Neither prose nor an unknown code nor the wrong values make a phrase."""
    with pytest.raises(ValueError, match=r"is not a valid Says|takes"):
        Phrase(*wrong)


@given(st.sampled_from(Says), st.lists(st.text(max_size=9), max_size=4))
def test_a_phrase_reads_back_as_itself(code: Says, values: list[str]) -> None:
    """What is kept loses nothing, whatever the values hold."""
    fits = [*values, "", "", "", ""][: 2 if "says" in code.slots else len(code.slots)]
    phrase = Phrase(code, *(values if MANY.intersection(code.slots) - {"says"} else fits))

    assert phrase == read_phrase(phrase.kept)


@given(st.text() | st.builds('["{}"]'.format, st.sampled_from(Says)) | st.builds('["{}'.format, st.text()))
def test_text_of_a_file_is_never_taken_for_a_phrase(text: str) -> None:
    """A cell that looks like a phrase is shown as it stood there."""
    assert text.strip() == told(kept(text), ZH).strip()


def test_an_older_text_is_shown_as_it_is() -> None:
    """A snapshot of another version has other texts; they are seen, not lost."""
    assert [told(text, ZH) for text in ("a number", '["nonsense"]', "")] == ["a number", '["nonsense"]', ""]


@pytest.mark.parametrize(
    ("column", "cell", "zh", "en"),
    [
        ({"type": "number"}, "x", "数", "a number"),
        ({"type": "number", "unit": "µg/m³"}, "x", "数（单位 µg/m³）", "a number in µg/m³"),
        ({"type": "number", "decimals": 2}, "1.005", "至多2位小数的数", "a number, decimal places: at most 2"),
        (
            {"type": "number", "decimals": 1, "unit": "元"},
            "0.55",
            "至多1位小数的数（单位 元）",
            "a number in 元, decimal places: at most 1",
        ),
        ({"type": "number"}, 10**400, "数", "a number"),
        ({"type": "integer"}, "1.5", "整数", "a whole number"),
        ({"type": "integer", "unit": "件"}, "x", "整数（单位 件）", "a whole number in 件"),
        ({"type": "percent"}, "x", "数", "a number"),
        ({"type": "date"}, "x", "带年份的日期", "a date with its year"),
        ({"type": "timestamp"}, "x", "带年份的日期和时刻", "a date with its year and a time"),
        ({"type": "boolean"}, "x", "是 / 否", "是 / 否"),
        ({"type": "text", "allowed": ("正常", "停用")}, "x", "正常 / 停用", "正常 / 停用"),
        ({"type": "text"}, "a\ufffdb", "不含空字符和乱码的文字", "text without NUL or garbled signs"),
        ({"type": "text"}, "a" * (LONGEST_TEXT + 1), "不超过4,000个字符", "at most 4,000 characters"),
    ],
)
def test_each_fault_of_a_cell_is_told(column: dict[str, Any], cell: Any, zh: str, en: str) -> None:
    """Each kind of fault says in each language what was wanted, and in Chinese without an English word."""
    fault = parser(Column(heading=("x",), **column), Surroundings())(cell)

    assert isinstance(fault, Fault)
    assert (zh, en) == (told(fault.wanted.kept, ZH), told(fault.wanted.kept, EN))
    assert not ENGLISH.search(zh.replace(column.get("unit", "mm"), ""))


def test_a_text_that_is_too_long_says_how_long() -> None:
    """Its first letters would not show what is wrong."""
    fault = parser(Column(heading=("x",), type="text"), Surroundings())("a" * 5000)

    assert (RowReason.FIELD_TOO_LONG, "5,000个字符") == (fault.reason, told(fault.found.kept, ZH))


@pytest.mark.parametrize(
    ("column", "zh", "en"),
    [
        ({"type": "number", "range": (0, 500), "unit": "mm"}, "0 至 500 mm", "0 to 500 mm"),
        ({"type": "number", "range": (-50, None), "unit": "℃"}, "不小于 -50 ℃", "at least -50 ℃"),
        ({"type": "integer", "range": (None, 10_000_000)}, "不大于 10000000", "at most 10000000"),
        ({"type": "percent"}, "0 至 100 %", "0 to 100 %"),
        ({"type": "date"}, "不晚于 2016年3月7日 08:00", "no later than 7 Mar 2016, 08:00"),
        ({"type": "text", "allowed": ("好", "坏")}, "好 / 坏", "好 / 坏"),
        ({"type": "text"}, "不超过4,000个字符", "at most 4,000 characters"),
    ],
)
def test_each_check_of_a_row_is_told(column: dict[str, Any], zh: str, en: str) -> None:
    """Ranges, moments and lengths are worded; a bound never appears as a power of ten."""
    rule = rules(table(x={"heading": "甲"} | column), datetime(2016, 3, 7, 8, 0))[-1]

    assert (zh, en) == (told(rule.wanted.kept, ZH), told(rule.wanted.kept, EN))


def table(**columns: dict[str, Any]) -> Table:
    """Return a table with a key and the columns."""
    day = {"heading": "日", "type": "date", "ahead": None}
    body = {"name": {"zh": "表"}, "kind": "events", "key": ["t"], "time": "t", "covers": "time", "columns": {"t": day, **columns}}
    return Table.model_validate(body)


def test_a_rule_of_the_contract_speaks_both_languages() -> None:
    """English falls back to Chinese where the contract has none."""
    both, one = Phrase(Says.RULE, "办结不早于来电", "closed no earlier than received"), Phrase(Says.RULE, "办结不早于来电", "")

    assert [told(phrase.kept, ZH) for phrase in (both, one)] == ["办结不早于来电"] * 2
    assert [told(phrase.kept, EN) for phrase in (both, one)] == ["closed no earlier than received", "办结不早于来电"]


def test_a_clerk_reads_what_a_name_is_like() -> None:
    """The tokens of a pattern are worded; the literal text around them stays."""
    phrase = Phrase(Says.NAMED_LIKE, "案件_{year}{month}{day}.csv")

    assert ("案件_[年][月][日].csv", "案件_[year][month][day].csv") == (told(phrase.kept, ZH), told(phrase.kept, EN))
