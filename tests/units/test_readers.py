"""Promises of reading whole columns: nothing is read differently because it is read fast, or because it was read before."""

from __future__ import annotations

import gc
import sys
import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.amounts import amounts
from data.collector import resting
from data.columns import arrow_type
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


AMOUNTS = st.one_of(
    st.integers(-(10**7), 10**7).map(lambda cents: cents / 100),
    st.integers(-(10**17), 10**17).map(float),
    st.floats(),
    st.sampled_from([-0.0, 36.900000000000006, 0.1 + 0.2, 999999999999999.0, 1e15, 9999999999999.99, 5e-324, -99.0]),
)


@settings(deadline=None)  # the first look at numbers loads what reads them
@given(
    st.lists(AMOUNTS, min_size=1, max_size=4),
    st.sampled_from([("integer", None), ("number", 0), ("number", 2), ("percent", 1), ("number", 9)]),
    st.sampled_from([(), ("-99", "无")]),
)
def test_amounts_read_at_once_are_those_read_one_by_one(cells: list[float], kind: tuple[str, int | None], missing: tuple[str, ...]) -> None:
    """A column of floats holds the same amounts, however it is read; none is taken for exact that is not."""
    column = Column(heading="列", type=kind[0], decimals=kind[1], missing=missing)
    read = amounts(column, "")
    assert read is not None
    together, one_by_one = read(cells), list(map(parser(column, Surroundings()), cells))

    assert together is None or one_by_one == together.to_pylist()
    assert together is None or together.type == arrow_type(column)


def test_plain_amounts_are_read_at_once() -> None:
    """What a workbook holds of amounts in hundredths takes the quick way."""
    read = amounts(Column(heading="列", type="number", decimals=2), "")

    assert read is not None
    assert [Decimal("583.52"), Decimal("-0.01"), Decimal(0), Decimal("1e7")] == read([583.52, -0.01, 0.0, 1e7]).to_pylist()


@pytest.mark.parametrize(
    "said",
    [
        {"type": "text"}, {"type": "number"}, {"type": "percent", "decimals": 1, "scale": "fraction"},
    ],
)  # fmt: skip
def test_what_is_no_plain_amount_is_read_one_by_one(said: dict[str, Any]) -> None:
    """Texts, floats that are kept as they are, fractions and amounts in another unit have no quick way."""
    assert amounts(Column(heading="列", **said), "") is None
    assert amounts(Column(heading="列", type="number", decimals=2, units={"万": 10000}), "万") is None


def test_the_collector_rests_and_is_at_work_again() -> None:
    """Python's collector rests within, and works afterwards."""
    before = gc.isenabled()
    with resting():
        within = gc.isenabled()

    assert (True, False, True) == (before, within, gc.isenabled())
