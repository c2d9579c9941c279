"""Words: both catalogues say the same things, a city may override, numbers round half up."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from data.reasons import DropState, FileReason, RowReason
from data.wording import Wording, number

MOMENT = datetime(2016, 3, 7, 8, 0)


def test_both_languages_have_the_same_keys() -> None:
    """What can be said in one can be said in the other."""
    assert set(Wording("zh").words) == set(Wording("en").words)


def test_both_languages_fill_in_the_same_values() -> None:
    """A text uses no value that its sister does not know, except for how a date is written."""

    def slots(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    zh, en = Wording("zh").words, Wording("en").words
    assert [key for key in zh if not key.startswith("date.") and slots(zh[key]) != slots(en[key])] == []


def test_every_code_has_a_word() -> None:
    """A reason of the closed lists is never shown as a bare code."""
    for language in ("zh", "en"):
        words = Wording(language)
        assert [reason for reason in (*FileReason, *RowReason) if not words.has(f"fault.{reason}")] == []
        assert [state for state in DropState if not words.has(f"drop_state.{state}")] == []


def test_dates_are_chinese() -> None:
    """Dates carry no leading zeros."""
    words = Wording("zh")

    assert words.moment(MOMENT) == "2016年3月7日 08:00"
    assert words.day(MOMENT) == "3月7日"


def test_a_city_overrides_single_words(tmp_path: Path) -> None:
    """One key changes, the rest stays."""
    own = tmp_path / "data" / "wording"
    own.mkdir(parents=True)
    (own / "zh.yaml").write_text("nav: {overview: A}\n", encoding="utf-8")
    words = Wording("zh", tmp_path)

    assert words.label("nav", "overview") == "A"
    assert words.label("nav", "sign") == Wording("zh").label("nav", "sign")


def test_an_unknown_language_is_chinese() -> None:
    """A made-up language does no harm."""
    assert Wording("xx").language == "zh"


def test_numbers_round_half_up() -> None:
    """Half goes away from zero, a rounded zero has no sign, minus is a true minus."""
    assert number(2.675, 2) == "2.68"
    assert number(-0.5) == "\N{MINUS SIGN}1"
    assert number(-0.004, 2, signed=True) == "0.00"
    assert number(1234.5, 1, signed=True) == "+1,234.5"
