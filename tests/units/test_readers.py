"""Promises of reading whole columns: nothing is read differently because it is read fast, or because it was read before."""

from __future__ import annotations

import sys
import unicodedata
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contract import Column
from data.moments import Surroundings, plain_moment, read_moment
from data.parse import MISSING_TOKENS, Fault, parser
from data.readers import Reader
from data.text import Nested, normal, one_of

TOKENS = MISSING_TOKENS | {"-99", "未 测"}
SIGNS = "无空暂未报测NAUL/-9 \t\u3000\u200b\ufeffＮＡ／\u0301e株℃"
AROUND = (st.text(SIGNS, max_size=3), st.sampled_from(sorted(TOKENS)), st.text(SIGNS))
NEAR = st.tuples(*AROUND).map("".join)
WRITTEN = ("{y}{s}{m:02}{s}{d:02}", "{y}{s}{m}{s}{d}")
CLOCKS = ("", " {h}:{n:02}", " {h:02}:{n:02}:{n:02}", " {h}:{n}")


@given(st.one_of(NEAR, st.text(SIGNS), st.text()))
def test_a_token_is_told_by_the_first_signs_of_a_text(text: str) -> None:
    """Whether a text means missing does not depend on how much of it is looked at."""
    assert (normal(text) in TOKENS) == one_of(TOKENS)(text)


def test_no_sign_that_can_be_seen_is_lost_in_normal_form() -> None:
    """Each printable sign but a space makes at least one sign that is none: on this rests that first signs are enough."""
    seen = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isprintable() and chr(code) != " "]

    assert [] == [sign for sign in seen if not unicodedata.normalize("NFKC", sign).strip()]


def test_a_composed_token_is_found() -> None:
    """A token that signs compose to is found in both spellings."""
    is_token = one_of(frozenset({"é"}))

    assert (True, True, False) == (is_token("é"), is_token("e\u0301"), is_token("e"))


@given(
    st.integers(1990, 2210), st.sampled_from("-/."), st.integers(0, 13), st.integers(0, 32), st.integers(0, 25), st.integers(0, 61),
    st.sampled_from(WRITTEN), st.sampled_from(CLOCKS),
)  # fmt: skip
def test_a_plain_time_is_what_care_makes_of_it(
    year: int, mark: str, month: int, day: int, hour: int, minute: int, form: str, clock: str
) -> None:  # fmt: skip
    """A time that is read by halves is the one that reading it as a whole gives."""
    text = (form + clock).format(y=year, s=mark, m=month, d=day, h=hour, n=minute)
    moment = plain_moment(text)

    assert moment is None or moment == read_moment(text, Surroundings())


def test_common_times_are_plain() -> None:
    """The forms that departments write most are read by halves."""
    texts = ("2016-03-07", "2016/3/7 8:05", "2016-03-07 08:05:09")

    assert [datetime(2016, 3, 7), datetime(2016, 3, 7, 8, 5), datetime(2016, 3, 7, 8, 5, 9)] == list(map(plain_moment, texts))


@pytest.mark.parametrize("kind", ["text", "integer", "number", "boolean"])
def test_equal_cells_of_other_kinds_are_not_the_same_cell(kind: str) -> None:
    """What 1, 1.0, True and a nested list mean does not depend on which of them came first, in this drop or an earlier one."""
    column = Column(heading="列", type=kind)
    cells: list[Any] = [1, True, 1.0, "1", Nested("1"), None, "[]", Nested("[]")]
    parse, reader = parser(column, Surroundings()), Reader(parser(column, Surroundings()))
    wanted = [(value.__class__, value) for value in map(parse, cells)]
    for one in (cells[:1], cells[1:2], cells[2:3], cells[3:4]):
        reader.values(one)

    assert wanted == [(value.__class__, value) for value in reader.values(cells)]


def test_a_reader_remembers_its_faults() -> None:
    """A cell that was a fault in one drop is one in the next."""
    reader = Reader(parser(Column(heading="列", type="integer"), Surroundings()))
    first, again = reader.values(["x", "1"]), reader.values(["1", "x"])

    assert (Fault, 1, True) == (first[0].__class__, again[0], reader.has_faults)
    assert first[0] == again[1]
