"""The cell by cell policy of numbers, dates, texts and missing values (feeds policy R1-R4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contract import Column
from data.parse import MISSING_TOKENS, Fault, Surroundings, mask_phone, normal, parser
from data.reasons import RowReason

MARCH = Surroundings(date(2016, 3, 1), date(2016, 3, 7))
EIGHT = datetime(2016, 3, 7, 8, 5)


def read(cell: Any, around: Surroundings | None = None, **column: Any) -> Any:
    """Return the value of a cell, or the reason why it has none."""
    value = parser(Column(heading=("x",), **column), around or Surroundings())(cell)
    return value.reason if isinstance(value, Fault) else value


@pytest.mark.parametrize(
    "text",
    [
        "2016-03-07 08:05", "2016-03-07 08:05:00", "2016-03-07T08:05", "2016-03-07T08:05:00", "2016-03-07T08:05:00.000",
        "2016-3-7 8:05", "2016/3/7 8:05", "2016/03/07 08:05:00", "2016.3.7 8:05", "2016.03.07 08:05",
        "2016年3月7日 8:05", "2016年3月7日8时05分", "2016年03月07日 08时5分", "2016年3月7日 8时5分0秒", "20160307 08:05",
        "20160307 8:05:00", " 2016-3-7　8:05 ", "２０１６-３-７ ８：０５", "2016-3-7  8:05",
        "2016-03-07T00:05:00Z", "2016-03-07T08:05:00+08:00", "2016-03-07T08:05+08", "2016-03-07T08:05+0800",
        "2016-03-06T19:05:00-05:00", "2016-03-07 09:05:00+09:00",
    ],
)  # fmt: skip
def test_accepted_moments(text: str) -> None:
    """Every written form of R3 is the same moment; an offset is turned into local time."""
    assert EIGHT == read(text, type="timestamp")


@pytest.mark.parametrize("text", ["2016-03-07", "2016-3-7", "2016/3/7", "2016.3.7", "2016年3月7日", "2016年3月7", "20160307", "２０１６年３月７日"])
def test_accepted_days(text: str) -> None:
    """A day without a time is its midnight, or the day itself."""
    assert (date(2016, 3, 7), datetime(2016, 3, 7)) == (read(text, type="date"), read(text, type="timestamp"))


@pytest.mark.parametrize(
    "text",
    [
        "2016-02-30", "2015-02-29", "2016-13-01", "2016-00-10", "2016-03-00", "2016-04-31",  # impossible
        "3月7日", "3月7日 08时", "03-07", "3/7", "8:05",  # without a year
        "7/3/2016", "07/03/2016 08:05", "7-3-2016", "07.03.2016", "3/7/16",  # d/m/y
        "16-3-7", "16/03/07", "'16年3月7日",  # two-digit years
        "1999-12-31", "1900-01-01", "0001-01-01", "2200-01-01", "9999-12-31",  # outside the years of the policy
        "2016-03-07 25:00", "2016-03-07 24:01", "2016-03-07 24:00:01", "2016-03-07 08:60", "2016-03-07 08:05:61",
        "9999-12-31 24:00", "0001-01-01T00:00:00+09:00", "2016-03-07+08:00", "2016-03-07x08:05",
        "2016年3月", "2016-03", "2016", "明天", "上午", "2016-03-07 上午", "2016-3-7 8:05 或 9:05", "2016-3-7-8", "201637", "2016030",
    ],
)  # fmt: skip
def test_refused_moments(text: str) -> None:
    """What cannot be meant in one way only is a bad date; nothing is guessed and nothing breaks."""
    assert (RowReason.BAD_DATE, RowReason.BAD_DATE) == (read(text, type="timestamp"), read(text, type="date"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (42436, datetime(2016, 3, 7)), (42436.0, datetime(2016, 3, 7)), ("42436", datetime(2016, 3, 7)),
        (42436.5, datetime(2016, 3, 7, 12)), ("42436.25", datetime(2016, 3, 7, 6)), (42436 + 485 / 1440, EIGHT),
        (36526, datetime(2000, 1, 1)), (36525, RowReason.BAD_DATE), (0, RowReason.BAD_DATE), (1e9, RowReason.BAD_DATE),
        (float("nan"), RowReason.BAD_DATE), (float("inf"), RowReason.BAD_DATE), (True, RowReason.BAD_DATE),
        (20160307, datetime(2016, 3, 7)), (20160307.0, datetime(2016, 3, 7)), (20161307, RowReason.BAD_DATE),
        (EIGHT, EIGHT), (date(2016, 3, 7), datetime(2016, 3, 7)), (datetime(2016, 3, 7, 8, 5, 0, 999_000), EIGHT),
    ],
)  # fmt: skip
def test_moments_of_a_workbook(cell: Any, expected: Any) -> None:
    """Serial numbers of the 1900 system, real date cells, and 20160307 typed as a number."""
    assert expected == read(cell, type="timestamp")


def test_serials_of_the_1904_system() -> None:
    """The same day has a serial 1462 smaller there."""
    assert datetime(2016, 3, 7) == read(42436 - 1462, Surroundings(epoch_1904=True), type="timestamp")


def test_twenty_four_oclock_is_the_next_midnight() -> None:
    """24:00 is 00:00 of the next day, over the end of a year too."""
    assert datetime(2016, 1, 1) == read("2015-12-31 24:00", type="timestamp")


@pytest.mark.parametrize(
    ("ending", "text", "expected"),
    [
        ("hour", "2016-03-07 24:00", datetime(2016, 3, 7, 23)), ("hour", "2016-03-07 00:00", datetime(2016, 3, 6, 23)),
        ("hour", "2016-03-07 01:00", datetime(2016, 3, 7)), ("day", "2016-03-08", datetime(2016, 3, 7)), ("", "2016-03-07 01:00", datetime(2016, 3, 7, 1)),
    ],
)  # fmt: skip
def test_a_closing_time_is_stored_as_the_start(ending: str, text: str, expected: datetime) -> None:
    """`ending: hour` says that the time closes its hour: the reading belongs to the hour before."""
    assert expected == read(text, type="timestamp", ending=ending)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月7日 08时", datetime(2016, 3, 7, 8)), ("3月7日", datetime(2016, 3, 7)), ("2月29日 23:59", datetime(2016, 2, 29, 23, 59)),
        ("12月30日", datetime(2015, 12, 30)), ("2月30日", RowReason.BAD_DATE), ("13月1日", RowReason.BAD_DATE),
    ],
)  # fmt: skip
def test_a_date_without_a_year_takes_it_from_the_period(text: str, expected: Any) -> None:
    """Where the contract gives the drop a period, its year is the year; without a period the date is refused."""
    assert expected == read(text, MARCH, type="timestamp")


@pytest.mark.parametrize(("text", "expected"), [("7/3/2016", date(2016, 3, 7)), ("2016-3-7", RowReason.BAD_DATE), ("31/2/2016", RowReason.BAD_DATE)])
def test_a_form_outside_the_policy_is_named_by_the_contract(text: str, expected: Any) -> None:
    """`format: %d/%m/%Y` reads that form and no other."""
    assert expected == read(text, type="date", format="%d/%m/%Y")


@given(st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30)).map(lambda moment: moment.replace(microsecond=0)), st.integers(0, 7))
@settings(max_examples=200, deadline=None)
def test_a_moment_survives_every_way_of_writing_it(moment: datetime, form: int) -> None:
    """Written in any accepted form, a moment is read back as itself."""
    m = moment
    texts = [
        f"{m:%Y-%m-%d %H:%M:%S}", f"{m:%Y-%m-%dT%H:%M:%S}", f"{m.year}-{m.month}-{m.day} {m.hour}:{m.minute:02d}:{m.second:02d}",
        f"{m:%Y/%m/%d %H:%M:%S}", f"{m.year}年{m.month}月{m.day}日 {m.hour}时{m.minute}分{m.second}秒", f"{m:%Y%m%d %H:%M:%S}",
        f"{m - timedelta(hours=8):%Y-%m-%dT%H:%M:%S}Z", f"{m.year}.{m.month}.{m.day} {m.hour}:{m.minute}:{m.second}",
    ]  # fmt: skip

    assert moment == read(texts[form], type="timestamp")


@given(st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | st.none() | st.datetimes() | st.dates())
@settings(max_examples=400, deadline=None)
def test_no_cell_breaks_a_reader(cell: Any) -> None:
    """Whatever stands in a cell, the answer is a value, missing, or a fault: never an exception."""
    for column in (
        {"type": "timestamp"}, {"type": "date"}, {"type": "number"}, {"type": "number", "unit": "万元", "decimals": 2},
        {"type": "integer", "unit": "件"}, {"type": "percent"}, {"type": "boolean"}, {"type": "text", "mask": ("phone",)},
        {"type": "text", "allowed": ("是", "否")}, {"type": "entity", "kind": "street"},
    ):  # fmt: skip
        read(cell, **column)


@pytest.mark.parametrize("token", sorted(MISSING_TOKENS) + [" — ", "　", "ＮＡ", "\u200b", "暂无　"])
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
        ("1234", {}, 1234.0), ("1,234", {}, 1234.0), ("1，234.5", {}, 1234.5), ("９７．８", {}, 97.8), ("－３", {}, -3.0), ("+3", {}, 3.0), (".5", {}, 0.5),
        ("5.", {}, 5.0), ("1e3", {}, 1000.0), ("1.2万", {}, 12_000.0), ("2.3亿", {}, 230_000_000.0), ("1.2万人", {}, 12_000.0),
        ("10件", {"type": "integer"}, 10), ("2.3亿", {"type": "integer"}, 230_000_000), ("1 234", {"type": "integer"}, 1234),
        ("3.0", {"type": "integer"}, 3), (3.0, {"type": "integer"}, 3), (3.0000000000000004, {"type": "integer"}, 3),
        ("12.30", {"decimals": 2}, Decimal("12.30")), (12.3, {"decimals": 1}, Decimal("12.3")), (12.3 * 3, {"decimals": 1}, Decimal("36.9")),
        ("5吨", {"unit": "吨"}, 5.0), ("5万吨", {"unit": "吨"}, 50_000.0), ("12 工作日", {"unit": "工作日"}, 12.0), ("3.5µg/m³", {"unit": "µg/m³"}, 3.5),
        ("350", {"unit": "万元"}, 350.0), ("350万元", {"unit": "万元"}, 350.0), ("350万", {"unit": "万元"}, 350.0), ("2亿", {"unit": "万元"}, 20_000.0),
        ("1.5亿元", {"unit": "万元"}, 15_000.0), ("3500元", {"unit": "万元"}, 0.35), ("2万", {"unit": "亿元"}, 0.0002), ("1.2万元", {"unit": "元"}, 12_000.0),
    ],
)  # fmt: skip
def test_accepted_numbers(cell: Any, column: dict[str, Any], expected: Any) -> None:
    """Separators, full width, 万 and 亿, and a unit in the cell, which is turned into the unit of the column."""
    value = read(cell, **{"type": "number", **column})

    assert (expected, type(expected)) == (value, type(value))


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("约三十", {}), ("三", {}), ("3-5", {}), ("1.2.3", {}), ("--3", {}), ("3 或 4", {}), ("0x10", {}), ("1_000", {}), ("inf", {}), ("nan", {}), ("1e999", {}),
        ("#DIV/0!", {}), ("#REF!", {}), ("同上", {}), ("5kg", {"unit": "吨"}), ("5吨", {}), ("50%", {}), ("12.5", {"type": "integer"}), (12.5, {"type": "integer"}),
        ("1.23456万", {"type": "integer"}), ("12.345", {"decimals": 2}), (12.345, {"decimals": 2}), (True, {}), (float("inf"), {}), (float("nan"), {}),
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
        ("97.8%", "fraction", 97.8), (0.978, "fraction", 97.8), ("0.978", "fraction", 97.8), (1, "fraction", 100.0), ("102.88%", "points", 102.88),
    ],
)  # fmt: skip
def test_percentages_by_the_declared_scale(cell: Any, scale: str, expected: float) -> None:
    """The scale is declared, never guessed; a cell that says % speaks for itself."""
    assert expected == pytest.approx(read(cell, type="percent", scale=scale), abs=1e-12)


@given(st.decimals(min_value=-10**6, max_value=10**6, places=2), st.sampled_from(["plain", "comma", "wan", "wide"]))
@settings(max_examples=200, deadline=None)
def test_an_amount_is_exact_in_every_spelling(amount: Decimal, spelling: str) -> None:
    """With declared decimals an amount is kept exactly, whatever separators, digits or 万 it was written with."""
    texts = {"plain": f"{amount:f}", "comma": f"{amount:,f}", "wan": f"{amount / 10_000:f}万", "wide": f"{amount:f}".translate(_WIDE)}

    assert amount == read(texts[spelling], type="number", decimals=2)


_WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@pytest.mark.parametrize(("cell", "expected"), [("是", True), ("否", False), (True, True), (1, True), ("0", False), ("Y", True), ("No", False), ("也许", RowReason.BAD_VALUE), (2, RowReason.BAD_VALUE)])
def test_booleans(cell: Any, expected: Any) -> None:
    """是 and 否 and their kin; nothing else."""
    assert expected == read(cell, type="boolean")


def test_text_is_verbatim() -> None:
    """Text keeps its punctuation and width; only space around it goes."""
    assert "１２３，甲=1+1" == read("  １２３，甲=1+1　", type="text")


def test_text_has_an_end_and_no_nul() -> None:
    """4000 characters are text, 4001 are too long; a NUL is a bad character."""
    assert ["x" * 4000, RowReason.FIELD_TOO_LONG, RowReason.BAD_CHAR] == [
        read("x" * 4000, type="text"), read("x" * 4001, type="text"), read("a\x00b", type="text"),
    ]  # fmt: skip


@pytest.mark.parametrize(("cell", "expected"), [("已结案", "已结案"), (" 已结案　", "已结案"), ("结案", RowReason.BAD_VALUE), ("已结案。", RowReason.BAD_VALUE)])
def test_allowed_values(cell: str, expected: Any) -> None:
    """A value that the contract does not list is refused, not mapped."""
    assert expected == read(cell, type="text", allowed=("待处置", "已结案"))


def test_whole_numbers_of_a_workbook_are_texts_without_a_point() -> None:
    """A case number that a workbook keeps as 2016030700123.0 is 2016030700123."""
    assert "2016030700123" == read(2016030700123.0, type="text")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678", "电话138****5678"), ("13812345678,15912345678", "138****5678,159****5678"), ("+8613812345678", "+86138****5678"),
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
