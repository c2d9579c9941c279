"""The cell by cell policy of numbers, texts and missing values (feeds policy R1, R2, R4, R8)."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contract import Column
from data.moments import Surroundings
from data.parse import MISSING_TOKENS, Fault, parser
from data.reasons import RowReason
from data.text import mask_phone, normal


def read(cell: Any, **column: Any) -> Any:
    """Return the value of a cell, or the reason why it has none."""
    value = parser(Column(heading=("x",), **column), Surroundings())(cell)
    return value.reason if isinstance(value, Fault) else value


@given(st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | st.none() | st.datetimes() | st.dates())
@settings(max_examples=400, deadline=None)
def test_no_cell_breaks_a_reader(cell: Any) -> None:
    """Whatever stands in a cell, the answer is a value, missing, or a fault: never an exception."""
    for column in (
        {"type": "timestamp"}, {"type": "date"}, {"type": "number"}, {"type": "number", "unit": "万元", "decimals": 2},
        {"type": "integer", "unit": "件"}, {"type": "percent"}, {"type": "boolean"}, {"type": "text", "mask": ("phone",)},
        {"type": "text", "allowed": ("是", "否")}, {"type": "entity", "kind": "street"}, {"type": "number", "format": "mm:ss"},
    ):  # fmt: skip
        read(cell, **column)


@pytest.mark.parametrize("token", [*sorted(MISSING_TOKENS), " — ", "　", "ＮＡ", "\u200b", "暂无　"])
@pytest.mark.parametrize("kind", ["number", "integer", "percent", "date", "timestamp", "text", "boolean"])
def test_missing_tokens_are_missing(token: str, kind: str) -> None:
    """A missing token is no value in every type, in full width and with spaces too; it is never 0."""
    assert read(token, type=kind) is None


def test_zero_is_a_value() -> None:
    """0 is a number, as text and as a number."""
    assert [0, 0, 0.0] == [read("0", type="integer"), read(0, type="integer"), read("0.0", type="number")]


@pytest.mark.parametrize(("cell", "expected"), [(None, 0), ("", 0), ("  ", 0), ("—", None), ("NA", None), ("3", 3)])
def test_blank_means_zero_only_where_the_contract_says_so(cell: Any, expected: int | None) -> None:
    """`blank: 0` is about blank cells; a dash still means missing."""
    assert expected == read(cell, type="integer", blank=0)


@pytest.mark.parametrize("cell", ["-99", -99, -99.0, "－99"])
def test_a_sentinel_is_missing_only_in_its_column(cell: Any) -> None:
    """-99 is missing where the contract names it, and a number elsewhere."""
    assert (None, -99.0) == (read(cell, type="number", missing=("-99",)), read(cell, type="number"))


@pytest.mark.parametrize(
    ("cell", "column", "expected"),
    [
        ("1234", {}, 1234.0), ("1,234", {}, 1234.0), ("1，234.5", {}, 1234.5), ("９７．８", {}, 97.8), ("－３", {}, -3.0),
        ("+3", {}, 3.0), (".5", {}, 0.5),
        ("5.", {}, 5.0), ("1e3", {}, 1000.0), ("1.2万", {}, 12_000.0), ("2.3亿", {}, 230_000_000.0), ("1.2万人", {}, 12_000.0),
        ("10件", {"type": "integer"}, 10), ("2.3亿", {"type": "integer"}, 230_000_000), ("1 234", {"type": "integer"}, 1234),
        ("3.0", {"type": "integer"}, 3), (3.0, {"type": "integer"}, 3), (3.0000000000000004, {"type": "integer"}, 3),
        ("12.30", {"decimals": 2}, Decimal("12.30")), (12.3, {"decimals": 1}, Decimal("12.3")),
        (12.3 * 3, {"decimals": 1}, Decimal("36.9")),
        ("5吨", {"unit": "吨"}, 5.0), ("5万吨", {"unit": "吨"}, 50_000.0), ("12 工作日", {"unit": "工作日"}, 12.0),
        ("3.5µg/m³", {"unit": "µg/m³"}, 3.5),
        ("350", {"unit": "万元"}, 350.0), ("350万元", {"unit": "万元"}, 350.0), ("350万", {"unit": "万元"}, 350.0),
        ("2亿", {"unit": "万元"}, 20_000.0),
        ("1.5亿元", {"unit": "万元"}, 15_000.0), ("3500元", {"unit": "万元"}, 0.35), ("2万", {"unit": "亿元"}, 0.0002),
        ("1.2万元", {"unit": "元"}, 12_000.0),
    ],
)  # fmt: skip
def test_accepted_numbers(cell: Any, column: dict[str, Any], expected: Any) -> None:
    """Separators, full width, 万 and 亿, and a unit in the cell, which is turned into the unit of the column."""
    value = read(cell, **{"type": "number", **column})

    assert (expected, type(expected)) == (value, type(value))


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("约三十", {}), ("三", {}), ("3-5", {}), ("1.2.3", {}), ("--3", {}), ("3 或 4", {}), ("0x10", {}), ("1_000", {}), ("inf", {}),
        ("nan", {}), ("1e999", {}),
        ("#DIV/0!", {}), ("#REF!", {}), ("同上", {}), ("5kg", {"unit": "吨"}), ("5吨", {}), ("50%", {}), ("12.5", {"type": "integer"}),
        (12.5, {"type": "integer"}),
        ("1.23456万", {"type": "integer"}), ("12.345", {"decimals": 2}), (12.345, {"decimals": 2}), (True, {}), (float("inf"), {}),
        (float("nan"), {}),
        (date(2016, 3, 7), {}), (datetime(2016, 3, 7), {"type": "integer"}), ("1e16", {"type": "integer"}),
    ],
)  # fmt: skip
def test_refused_numbers(cell: Any, column: dict[str, Any]) -> None:
    """Text, fractional counts, infinities, Excel errors and foreign units are no numbers."""
    assert RowReason.BAD_NUMBER == read(cell, **{"type": "number", **column})


@pytest.mark.parametrize(
    ("cell", "scale", "expected"),
    [
        ("97.8%", "points", 97.8), ("９７．８％", "points", 97.8), (97.8, "points", 97.8), ("0.978", "points", 0.978), (1, "points", 1.0),
        ("97.8%", "fraction", 97.8), (0.978, "fraction", 97.8), ("0.978", "fraction", 97.8), (1, "fraction", 100.0),
        ("102.88%", "points", 102.88),
    ],
)  # fmt: skip
def test_percentages_by_the_declared_scale(cell: Any, scale: str, expected: float) -> None:
    """The scale is declared, never guessed; a cell that says % speaks for itself."""
    assert expected == pytest.approx(read(cell, type="percent", scale=scale), abs=1e-12)


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=2), st.sampled_from(["plain", "comma", "wan", "wide"]))
@settings(max_examples=200, deadline=None)
def test_an_amount_is_exact_in_every_spelling(amount: Decimal, spelling: str) -> None:
    """With declared decimals an amount is kept exactly, whatever separators, digits or 万 it was written with."""
    texts = {"plain": f"{amount:f}", "comma": f"{amount:,f}", "wan": f"{amount / 10_000:f}万", "wide": f"{amount:f}".translate(_WIDE)}

    assert amount == read(texts[spelling], type="number", decimals=2)


_WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("是", True),
        ("否", False),
        (True, True),
        (1, True),
        ("0", False),
        ("Y", True),
        ("No", False),
        ("也许", RowReason.BAD_VALUE),
        (2, RowReason.BAD_VALUE),
    ],
)
def test_booleans(cell: Any, expected: Any) -> None:
    """是 and 否 and their kin; nothing else."""
    assert expected == read(cell, type="boolean")


def test_text_is_verbatim() -> None:
    """Text keeps its punctuation and width; only space around it goes."""
    assert "１２３，甲=1+1" == read("  １２３，甲=1+1　", type="text")


def test_text_has_an_end_and_no_nul() -> None:
    """4000 characters are text, 4001 are too long; a sign that was garbled is a bad character, and so is a NUL in a key."""
    assert ["x" * 4000, RowReason.FIELD_TOO_LONG, RowReason.BAD_CHAR, "a\x00b"] == [
        read("x" * 4000, type="text"), read("x" * 4001, type="text"), read("a\ufffdb", type="text"), read("a\x00b", type="text"),
    ]  # fmt: skip
    in_key = parser(Column(heading="列", type="text"), Surroundings(), is_key=True)("a\x00b")
    assert in_key.reason is RowReason.BAD_CHAR


@pytest.mark.parametrize(
    ("cell", "expected"), [("已结案", "已结案"), (" 已结案　", "已结案"), ("结案", RowReason.BAD_VALUE), ("已结案。", RowReason.BAD_VALUE)]
)
def test_allowed_values(cell: str, expected: Any) -> None:
    """A value that the contract does not list is refused, not mapped."""
    assert expected == read(cell, type="text", allowed=("待处置", "已结案"))


def test_whole_numbers_of_a_workbook_are_texts_without_a_point() -> None:
    """A case number that a workbook keeps as 2016030700123.0 is 2016030700123."""
    assert "2016030700123" == read(2016030700123.0, type="text")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678", "电话138****5678"), ("13812345678,15912345678", "138****5678,159****5678"),
        ("+8613812345678", "+86138****5678"),
        ("024-12345678", "024-*******"), ("02412345678", "0241*******"), ("任务2016030700123", "任务2016030700123"), ("12345", "12345"),
        ("138123456789", "138123456789"),
    ],
)  # fmt: skip
def test_phone_numbers_are_masked(text: str, expected: str) -> None:
    """The middle of a phone number goes; longer numbers, such as case numbers, stay."""
    assert expected == mask_phone(text)


def test_normal_form_drops_what_cannot_be_seen() -> None:
    """Zero-width characters, byte order marks and full-width spaces make no difference."""
    assert "南湖街道" == normal("\ufeff南湖\u200b街道　")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("5′32″", 5 + 32 / 60), ("5'32\"", 5 + 32 / 60), ("05:32", 5 + 32 / 60), ("５：３２", 5 + 32 / 60), ("1:05:32", 65 + 32 / 60),
     ("5分32秒", 5 + 32 / 60),
     ("5分钟", 5), ("5.53", 5.53), (5.53, 5.53), ("5.53分钟", 5.53), (time(0, 5, 32), 5 + 32 / 60), (timedelta(minutes=7), 7),
     ("—", None),
     ("5:75", RowReason.BAD_NUMBER), ("较快", RowReason.BAD_NUMBER), ("1:75:00", RowReason.BAD_NUMBER)],
)  # fmt: skip
def test_a_length_of_time_is_minutes(cell: Any, expected: Any) -> None:
    """Minutes and seconds come out as minutes however they are written; what is no length is no number."""
    assert expected == read(cell, type="number", unit="分钟", format="mm:ss")


SQUARE = [[116.0, 40.0], [116.01, 40.0], [116.01, 40.01], [116.0, 40.01], [116.0, 40.0]]
HOLE = [[116.0, 40.0], [116.005, 40.0], [116.005, 40.01], [116.0, 40.01], [116.0, 40.0]]


def outline(kind: str, *coordinates: Any) -> str:
    """Return an outline of GeoJSON."""
    return json.dumps({"type": kind, "coordinates": coordinates})


def test_the_area_of_an_outline() -> None:
    """An eighth of the earth is an eighth of its area; holes are taken off, parts add up, either way round."""
    eighth = read(outline("Polygon", [[0, 0], [90, 0], [0, 90], [0, 0]]), type="number", unit="km²", format="geojson")
    whole = read(outline("Polygon", SQUARE), type="number", unit="km²", format="geojson")

    assert eighth == pytest.approx(510_065_621.724088 / 8, abs=1e-3)
    assert read(outline("Polygon", SQUARE[::-1]), type="number", unit="公顷", format="geojson") == pytest.approx(whole * 100)
    assert read(outline("Polygon", SQUARE, HOLE), type="number", unit="km²", format="geojson") == pytest.approx(whole / 2)
    assert read(outline("MultiPolygon", [SQUARE], [SQUARE]), type="number", unit="km²", format="geojson") == pytest.approx(whole * 2)
    assert read(outline("Polygon", SQUARE), type="number", unit="km²", decimals=2, format="geojson") == Decimal("0.95")


@pytest.mark.parametrize(
    "cell",
    [
        "x",
        "{}",
        outline("Point", 116, 40),
        outline("Polygon", SQUARE[:3]),
        outline("Polygon", SQUARE[:-1]),
        outline("Polygon", [[1e9, 0]] * 4),
    ],
)
def test_what_is_no_outline_is_sent_back(cell: str) -> None:
    """A point, a ring that is open or a place that is not on the earth has no area: it is not 0."""
    assert read(cell, type="number", unit="km²", format="geojson") == RowReason.BAD_VALUE


@pytest.mark.parametrize(
    ("cell", "expected"), [("5.2万㎡", Decimal("5.2")), ("12500㎡", Decimal("1.25")), ("5.2", Decimal("5.2")), (5.2, Decimal("5.2"))]
)
def test_a_cell_may_repeat_the_column_s_unit_or_name_another(cell: Any, expected: Decimal) -> None:
    """万㎡ is the unit of the column and no number of ㎡, though ㎡ is one character there and two when it is compared."""
    assert expected == read(cell, type="number", unit="万㎡", decimals=4, units={"㎡": 0.0001})
