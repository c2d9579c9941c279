"""The closed scalar language: what it accepts, what it refuses in which words, and what it computes."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import duckdb
import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.expression import ExpressionError, parse

SCHEMA = {"a": "float64", "b": "float64", "s": "string", "t": "timestamp", "u": "timestamp", "yes": "boolean"}
ROW = {"a": 7.0, "b": 2.0, "s": "市容环境", "t": datetime(2016, 3, 7, 8), "u": datetime(2016, 3, 8, 20), "yes": True}


def value(text: str, **cells: Any) -> Any:
    """Compute an expression over one row, the way the product does: compiled by Ibis, run by DuckDB."""
    row = ROW | cells
    rows = ibis.table(SCHEMA, name="rows_")
    query = ibis.to_sql(rows.select(result=parse(text).compile({name: rows[name] for name in SCHEMA})), dialect="duckdb")
    types = {"float64": "DOUBLE", "string": "VARCHAR", "timestamp": "TIMESTAMP", "boolean": "BOOLEAN"}
    columns = ", ".join(f"?::{types[kind]} AS {name}" for name, kind in SCHEMA.items())
    with duckdb.connect() as con:
        return con.execute(f"WITH rows_ AS (SELECT {columns}) {query}", [row[name] for name in SCHEMA]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 2", 11.0), ("(a - b) / b", 2.5), ("-a", -7.0), ("abs(b - a)", 5.0), ("a / b", 3.5), ("a if yes else b", 7.0),
        ("a if a < b else b", 2.0),
        ("a > b", True), ("b <= 2 <= a", True), ("0 < a < b", False), ("a == 7 and not b == 7", True), ("a == 1 or b == 2", True),
        ("a != 7", False),
        ("s in ('市容环境', '街面秩序')", True), ("s not in ('市容环境',)", False), ("s == '市容环境'", True),
        ("starts_with(s, '市容')", True), ("contains(s, '环境')", True),
        ("contains(s, '%')", False), ("is_missing(a)", False), ("not yes", False), ("hour_of(t)", 8), ("days_between(t, u)", 1.5),
        ("hours_between(t, u)", 36.0),
        ("minutes_between(t, u)", 2160.0), ("hours_between(u, t)", -36.0), ("t < u", True),
    ],
)  # fmt: skip
def test_what_it_computes(text: str, expected: Any) -> None:
    """Arithmetic, comparisons, lists, conditions and the few functions mean what they say."""
    assert expected == value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", None), ("a > b", None), ("is_missing(a)", True), ("not a > b", True), ("a > b or b == 2", True),
        ("a > b and b == 2", None),
        ("a if a > b else b", 2.0), ("days_between(t, u) + a", None), ("a in (1, 2)", None),
    ],
)  # fmt: skip
def test_a_missing_value_is_neither_true_nor_false(text: str, expected: Any) -> None:
    """What rests on a missing value is missing; its contrary is true, since nothing was found to hold."""
    assert expected == value(text, a=None)


@pytest.mark.parametrize("text", ["a / 0", "a / (b - 2)", "0 / 0"])
def test_a_division_by_zero_is_no_value(text: str) -> None:
    """n/0 is neither 0 nor infinity."""
    assert value(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "a +", "a b", "1 +* 2", "a = 1", "a; b", "import os", "lambda: 1",  # no expression
        "a ** 2", "a % 2", "a // 2", "a & b", "~a", "a is None", "a @ b",  # other operators
        "[a, b]", "(a, b)", "{a}", "{'a': 1}", "a[0]", "a.b", "[x for x in a]", "(a for a in b)", "f'{a}'", "*a", "await a",  # other forms
        "open('x')", "eval('1')", "__import__('os')", "a.__class__", "sum(a)", "count(a)", "abs(a, key=b)", "abs(*a)", "getattr(a, 'b')",
        "None", "b'x'", "...", "1j", "(a := 1)",
    ],
)  # fmt: skip
def test_what_it_refuses(text: str) -> None:
    """Anything outside the white list is an error of the author, never run and never pasted into SQL."""
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a ** 2", "'a ** 2' is outside the language; allowed are columns, constants"),
        ("abs(a, b)", "abs takes 1 arguments, not 2"),
        ("days_between(a)", "days_between takes 2 arguments, not 1"),
        ("a in b", "after in stands a list in brackets, not 'b'"),
        ("a in (b, 1)", "after in stands a list in brackets"),
        ("a +", "'a +' is not an expression"),
    ],
)
def test_a_refusal_says_what_was_found_and_what_may_stand_there(text: str, said: str) -> None:
    """One sentence that the author of a contract can use."""
    with pytest.raises(ExpressionError) as caught:
        parse(text)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "names"),
    [("a + b * 2", {"a", "b"}), ("1 < 2", set()), ("starts_with(s, 'x') and not is_missing(t)", {"s", "t"}), ("a in (1, 2)", {"a"})],
)
def test_names_are_columns(text: str, names: set[str]) -> None:
    """Functions and constants are no columns."""
    assert names == parse(text).names


@pytest.mark.parametrize("text", ["'; DROP TABLE rows_; --'", "'\\' OR 1=1 --'", "'\"'"])
def test_a_text_constant_is_only_text(text: str) -> None:
    """Quotes and semicolons in a constant stay in it."""
    assert value(f"s == {text}") is False


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    """No author can bring the reader down."""
    with suppress(ExpressionError):
        parse(text)


@given(
    st.recursive(
        st.sampled_from(["a", "b", "1", "2.5"]),
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        max_leaves=8,
    )
)
@settings(max_examples=25, deadline=None)
def test_arithmetic_is_that_of_python(text: str) -> None:
    """A nest of sums and products has the value that it has anywhere else."""
    assert value(text) == pytest.approx(eval(text, {}, {"a": 7.0, "b": 2.0}))
