"""Where columns stand, which rows are body, and what period a name or title states (feeds policy F2, F4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.contract import Contract
from data.filesource import PeriodSource
from data.forms.sheet import Sheet
from data.header import find_header, heading, headings_of
from data.layout import DropPeriod, drop_period, odd_roles, read_period, row_role
from data.patterns import pattern_regex
from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError
from data.text import Nested


def contract(**columns: Any) -> Contract:
    """A feed with one table of these columns besides its day."""
    table = {
        "name": {"zh": "表"}, "kind": "readings", "key": ["day"], "time": "day", "covers": "time",
        "columns": {"day": {"heading": "日期", "type": "date"}} | columns,
    }  # fmt: skip
    return Contract.model_validate({
        "feed": "thing", "code": "T", "name": {"zh": "事"}, "department": "d", "class": "一般", "grade": 1, "share": "unconditional",
        "owner": "o", "since": "2016-01-01", "version": 1, "cadence": {"every": "day"}, "files": {"format": "csv"},
        "tables": {"rows": table},
    })  # fmt: skip


PLAIN = contract(visits={"heading": ["人次", "使用人次"], "type": "integer"}, note={"heading": "说明", "type": "text", "optional": True})


def sheet(*rows: list[Any], merged: tuple[Any, ...] = ()) -> Sheet:
    """Number the rows as a spreadsheet does."""
    return Sheet("", [(line, list(cells)) for line, cells in enumerate(rows, start=1) if any(cells)], merged)


def refusal(of: Contract, *rows: list[Any], others: dict[str, frozenset[str]] | None = None) -> FileReason:
    """Return why a sheet is refused."""
    with pytest.raises(RefusedError) as caught:
        find_header(sheet(*rows), of, others or {})
    return caught.value.reason


def test_columns_are_found_by_name_in_any_order() -> None:
    """Order is free, extra columns are ignored, an alias is as good as the heading."""
    header = find_header(sheet(["序号", "使用人次", "日期"], [1, 5, "2016-03-07"]), PLAIN, {})

    assert {"day": 2, "visits": 1} == header.cells


@pytest.mark.parametrize("text", [" 日 期 ", "日\n期", "日　期", "\u200b日期"])
def test_headings_are_compared_without_space(text: str) -> None:
    """Line breaks, full-width and invisible space inside a heading make no difference."""
    assert heading("日期") == heading(text)


def test_full_width_brackets_are_brackets() -> None:
    """（吨） and (吨) are one heading."""
    assert heading("用水量(吨)") == heading("用水量（吨）")


@pytest.mark.parametrize("titles", [0, 1, 5, 11])
def test_the_header_is_within_the_first_twelve_rows(titles: int) -> None:
    """Titles may stand above it; its line is the one that a spreadsheet shows."""
    header = find_header(sheet(*[[f"标题{n}", None] for n in range(titles)], ["日期", "人次"], ["2016-03-07", 1]), PLAIN, {})

    assert (titles + 1, titles + 1) == (header.line, header.body)


def test_a_header_far_below_is_none() -> None:
    """Rows beyond the twelfth are not searched (the second row of a merged header may be the thirteenth)."""
    assert FileReason.SCHEMA == refusal(PLAIN, *[["标题", None]] * 13, ["日期", "人次"], ["2016-03-07", 1])


def test_blank_rows_above_the_header_keep_their_line_numbers() -> None:
    """The row number is the spreadsheet's, blank rows included."""
    header = find_header(sheet(["标题"], [None], [None], ["日期", "人次"], ["2016-03-07", 1]), PLAIN, {})

    assert (4, 2) == (header.line, header.body)


def test_a_merged_header_of_two_rows() -> None:
    """The lower heading wins, and where there is none the upper one is filled forward."""
    rows: list[list[Any]] = [["日期", "运行", None], [None, "使用人次", "说明"], ["2016-03-07", 1, "x"]]
    header = find_header(sheet(*rows, merged=(((0, 0), (1, 0)), ((0, 1), (0, 2)))), PLAIN, {})

    assert ({"day": 0, "visits": 1, "note": 2}, 1, 2) == (header.cells, header.line, header.body)


def test_one_row_is_preferred_to_two() -> None:
    """A body row whose cells happen to be there is no second header row."""
    assert 1 == find_header(sheet(["日期", "人次"], ["", 7]), PLAIN, {}).body


def test_a_required_heading_that_is_missing_is_named() -> None:
    """SCHEMA says what was wanted; an optional heading may be absent."""
    with pytest.raises(RefusedError) as caught:
        find_header(sheet(["日期", "说明"], ["2016-03-07", "x"]), PLAIN, {})

    assert (FileReason.SCHEMA, Phrase(Says.HEADINGS, "人次")) == (caught.value.reason, caught.value.wanted)


@pytest.mark.parametrize("header", [["日期", "人次", "人次"], ["日期", "人次", "使用人次"], ["日期", "日 期", "人次"]])
def test_a_heading_twice_is_refused(header: list[str]) -> None:
    """Two columns of one meaning cannot be told apart, under an alias neither."""
    assert FileReason.SCHEMA == refusal(PLAIN, header, ["2016-03-07", 1, 2])


def test_headings_of_another_feed_are_said_so() -> None:
    """A file in the wrong folder is WRONG_FEED and names the feed whose headings it has."""
    others = {"lamps": frozenset({"灯杆号", "夜次", "亮灯数"})}

    assert FileReason.WRONG_FEED == refusal(PLAIN, ["灯杆号", "夜次", "亮灯数"], ["L1", "2016-03-07", 3], others=others)


def test_no_headings_at_all() -> None:
    """A file without a header is refused, not read by position."""
    assert FileReason.SCHEMA == refusal(PLAIN, ["2016-03-07", 1], ["2016-03-08", 2])


def test_the_split_parts_of_a_moment_are_headings() -> None:
    """year, month, day and hour are each wanted."""
    split = contract(at={"type": "timestamp", "parts": {"year": "year", "month": "month", "day": "day", "hour": "hour"}})
    header = find_header(sheet(["日期", "year", "month", "day", "hour"], ["2016-03-07", 2016, 3, 7, 0]), split, {})

    assert {"day": 0, "at/year": 1, "at/month": 2, "at/day": 3, "at/hour": 4} == header.cells
    assert {"日期", "year", "month", "day", "hour"} == headings_of(split)


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        (["合计", 3], "control"), ([None, "总计", 3], "control"), (["小计", 3], "total"), (["全区", 3], "total"),
        (["合 计：", 3], "control"),
        (["填报人：张三"], "footer"), (["制表人"], "footer"), (["审核人: 李四"], "footer"), (["注：数据为快报"], "footer"),
        (["备注:无"], "footer"),
        (["合计处", 3], "body"), (["全区通报", 3], "body"), (["注册登记", 3], "body"), (["填报人员", 3], "body"), ([1, "合计"], "control"),
        (["2016-03-07", "合计"], "control"), (["2016-03-07", "全区"], "body"), ([1, 2, 3, "合计"], "body"),
        ([None, None], "body"), (["南湖街道", 3], "body"),
    ],
)  # fmt: skip
def test_the_role_of_a_row(cells: list[Any], role: str) -> None:
    """Totals, footers and notes are told by their first word; a place whose name begins so is a body row."""
    assert role == row_role(cells)


SUMS = ("合计", "合 计:", "小计", "全区", Nested("合计"))
CELLS = st.sampled_from([None, "", " ", "\u3000", "：", *SUMS, "填报人：甲", "注", "南湖街道", "a", 1, 0.0])


@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_the_roles_of_many_rows_are_those_of_each(rows: list[list[Any]]) -> None:
    """A look at what differs in the first columns misses no title, total or footer."""
    roles = {place: role for place, cells in enumerate(rows) if (role := row_role(cells)) != "body"}

    assert roles == odd_roles(rows)


def period(text: str, *patterns: str) -> DropPeriod | None:
    """Read the period of a name by patterns."""
    return read_period(PeriodSource.model_validate({"from": "name", "patterns": patterns}), text)


@pytest.mark.parametrize(
    ("text", "pattern", "start", "end"),
    [
        ("城管案件_20160307.csv", "城管案件_{year}{month}{day}.csv", date(2016, 3, 7), date(2016, 3, 7)),
        ("城管案件_201602.csv", "城管案件_{year}{month}.csv", date(2016, 2, 1), date(2016, 2, 29)),
        ("重点楼宇2016Q1.xls", "重点楼宇{year}Q{quarter}.xls", date(2016, 1, 1), date(2016, 3, 31)),
        ("重点楼宇2016Q4.xls", "重点楼宇{year}Q{quarter}.xls", date(2016, 10, 1), date(2016, 12, 31)),
        ("年报2015.xls", "年报{year}.xls", date(2015, 1, 1), date(2015, 12, 31)),
        ("工单(2016年3月1日-3月7日)", "*({year}年{month}月{day}日-{to_month}月{to_day}日)", date(2016, 3, 1), date(2016, 3, 7)),
        ("工单（２０１６年３月１日－３月７日）", "*({year}年{month}月{day}日-{to_month}月{to_day}日)", date(2016, 3, 1), date(2016, 3, 7)),
        ("工单(2015年12月28日-1月3日)", "*({year}年{month}月{day}日-{to_month}月{to_day}日)", date(2015, 12, 28), date(2016, 1, 3)),
        ("工单(2016年3月1日-7日)", "*({year}年{month}月{day}日-{to_day}日)", date(2016, 3, 1), date(2016, 3, 7)),
        ("月报2016年1-2月", "月报{year}年{month}-{to_month}月", date(2016, 1, 1), date(2016, 2, 29)),
    ],
)  # fmt: skip
def test_the_period_of_a_name(text: str, pattern: str, start: date, end: date) -> None:
    """Days, spans, months, quarters and years, over the end of a year too; both ends included."""
    assert DropPeriod(start, end) == period(text, pattern)


@pytest.mark.parametrize(
    "text",
    [
        "城管案件_20161307.csv",
        "城管案件_20160230.csv",
        "城管案件_2016037.csv",
        "城管案件.csv",
        "x城管案件_20160307.csv",
        "城管案件_20160307.csv.bak",
    ],
)
def test_a_name_that_states_no_period(text: str) -> None:
    """An impossible day, a missing digit or further text: no period is read."""
    assert period(text, "城管案件_{year}{month}{day}.csv") is None


def test_patterns_are_tried_in_order() -> None:
    """The first pattern that fits is meant."""
    assert DropPeriod(date(2016, 2, 1), date(2016, 2, 29)) == period("a_201602.csv", "a_{year}{month}{day}.csv", "a_{year}{month}.csv")


def test_a_pattern_is_literal_but_for_its_tokens() -> None:
    """Dots and brackets of a pattern mean themselves."""
    assert pattern_regex("a.b({year})").fullmatch("axb(2016)") is None


def test_a_drop_without_its_period_is_badly_named() -> None:
    """BAD_NAME says what forms a name may have."""
    text = PLAIN.model_dump(by_alias=True) | {
        "files": {"format": "csv", "period": {"from": "name", "patterns": ["a_{year}{month}{day}.csv"]}}
    }
    of = Contract.model_validate(text)

    with pytest.raises(RefusedError) as caught:
        drop_period(of, "b.csv", [], "")

    assert (FileReason.BAD_NAME, "b.csv") == (caught.value.reason, caught.value.found)
    assert Phrase(Says.NAMED_LIKE, "a_{year}{month}{day}.csv") == caught.value.wanted


def test_a_feed_that_needs_no_period_has_none() -> None:
    """Where the contract asks for none, the name is not looked at."""
    assert drop_period(PLAIN, "anything.csv", [], "") is None
