"""The formula language of indicators: atoms, what adds up, units, and refusals that say what was wanted."""

from __future__ import annotations

import ast
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contract import Table
from data.expression import ExpressionError
from indicators.aggregates import check_types
from indicators.formula import Formula, parse_formula

TABLE = Table.model_validate({
    "name": {"zh": "表"}, "kind": "events", "key": ["no"], "time": "opened_at", "area": ["street"], "covers": "time",
    "columns": {
        "no": {"heading": "号", "type": "text"}, "street": {"heading": "街", "type": "entity", "kind": "street"},
        "opened_at": {"heading": "开", "type": "timestamp"}, "closed_at": {"heading": "结", "type": "timestamp"},
        "due_on": {"heading": "限", "type": "date"},
        "amount": {"heading": "额", "type": "number", "unit": "元"}, "budget": {"heading": "算", "type": "number", "unit": "元"},
        "visits": {"heading": "次", "type": "integer", "unit": "人次"}, "rate": {"heading": "率", "type": "percent", "unit": "%"},
        "status": {"heading": "态", "type": "text"}, "urgent": {"heading": "急", "type": "boolean"},
    },
})  # fmt: skip
KNOWN = frozenset({"orders", "heat_orders"})


def parsed(text: str, unit: str = "件") -> Formula:
    """Parse over the table."""
    return parse_formula(text, TABLE, KNOWN, unit)


def kinds(formula: Formula) -> list[str]:
    """Return how each atom rolls up."""
    return [atom.kind for atom in formula.atoms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rows()", ["sum"]), ("count(closed_at)", ["sum"]), ("count(closed_at <= due_on)", ["sum"]),
        ("count(is_missing(closed_at))", ["sum"]), ("count(not urgent)", ["sum"]),
        ("sum(amount)", ["sum", "sum"]), ("sum(amount, status == '办结')", ["sum", "sum"]), ("sum(amount + budget)", ["sum", "sum"]),
        ("max(amount)", ["max", "sum"]),
        ("min(visits)", ["min", "sum"]), ("mean(amount)", ["sum", "sum"]),
        ("mean(hours_between(opened_at, closed_at))", ["sum", "sum"]), ("mean(amount, urgent)", ["sum", "sum"]),
        ("median(amount)", ["records", "sum"]), ("quantile(hours_between(opened_at, closed_at), 0.9)", ["records", "sum"]),
        ("quantile(amount, 0.9, urgent)", ["records", "sum"]),
        ("count_distinct(no)", ["records"]), ("count_distinct(no, urgent)", ["records"]), ("backlog(opened_at, closed_at)", ["backlog"]),
        ("backlog(due_on, closed_at, not urgent)", ["backlog"]), ("rows() / expected()", ["sum", "expected"]),
        ("count(mean(amount) > 150, each=street)", ["nested", "sum"]),
        ("count(max(visits) <= 100 and count(visits) >= 20, each=day)", ["nested", "sum"]), ("rows() - count(closed_at)", ["sum", "sum"]),
        ("100 * count(closed_at) / rows()", ["sum", "sum"]), ("-sum(amount)", ["sum", "sum"]),
    ],
)  # fmt: skip
def test_accepted_formulas(text: str, expected: list[str]) -> None:
    """Sums, counts, extremes add up; medians, quantiles, distinct counts come from records; the rest has its own way."""
    assert expected == kinds(parsed(text))


def test_the_same_aggregate_is_one_atom() -> None:
    """What stands twice is computed once."""
    assert 2 == len(parsed("(count(closed_at) + rows()) / (count(closed_at) + rows())").atoms)


def test_a_mean_is_a_sum_over_a_count() -> None:
    """So that coarser figures come from numerators and denominators, never from averages."""
    formula = parsed("mean(amount)", "元")

    assert ["sum(amount)", "count(amount)"] == [ast.unparse(atom.call) for atom in formula.atoms if atom.call]
    assert formula.denominator is not None


def test_the_mean_of_a_condition_counts_only_what_is_there() -> None:
    """Rows without a value do not count in the denominator."""
    counted = parsed("mean(amount, urgent)", "元").atoms[1].call

    assert counted is not None
    assert "count(urgent and (not is_missing(amount)))" == ast.unparse(counted)


@pytest.mark.parametrize(
    ("text", "unit", "is_ratio", "is_count"),
    [
        ("count(closed_at) / rows()", "%", True, False), ("rows()", "件", False, True), ("sum(amount) / sum(budget)", "%", True, False),
        ("mean(rate)", "%", False, False),
        ("mean(rate, urgent)", "%", False, False), ("max(rate)", "%", False, False), ("count_distinct(no) / rows()", "%", True, False),
        ("count(rows() > 3, each=day)", "天", False, False),
    ],
)  # fmt: skip
def test_what_is_a_ratio(text: str, unit: str, is_ratio: bool, is_count: bool) -> None:
    """A ratio with unit % is shown times 100; the mean of a percent column is in per cent already."""
    formula = parsed(text, unit)

    assert (is_ratio, is_count and not is_ratio) == (formula.is_ratio, formula.is_count)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("rows(no)", "件", "rows with 0 to 0 arguments, not 1"), ("count()", "件", "count with 1 to 1 arguments, not 0"),
        ("quantile(amount)", "元", "quantile with 2 to 3 arguments, not 1"),
        ("sum(nothing)", "元", "columns of the table"), ("count(nothing > 3)", "件", "not nothing"),
        ("sum(status)", "元", "a number inside sum; status is of type text"),
        ("max(opened_at)", "元", "a number inside max; opened_at is of type timestamp"),
        ("quantile(amount, 2)", "元", "a constant between 0 and 1"),
        ("quantile(amount, amount)", "元", "a constant between 0 and 1"),
        ("backlog(amount, closed_at)", "件", "backlog(date of opening, date of closing[, condition])"),
        ("quantile(amount, 'x')", "元", "a constant between 0 and 1"),
        ("backlog(opened_at, closed_at) / rows()", "%", "backlog alone"),
        ("backlog(opened_at, closed_at) + backlog(due_on, closed_at)", "件", "backlog alone"),
        ("count(amount + 1)", "件", "count(column) or count(condition)"), ("sum(amount) + rows()", "元", "like added to like"),
        ("rows() + count(closed_at) / rows()", "件", "like added to like"),
        ("sum(amount) - sum(visits)", "元", "like added to like"), ("rows()", "%", "a ratio, since the unit is %"),
        ("3 + 4", "件", "at least one aggregate"),
        ("count(amount, by=street)", "件", "no keywords but each="),
        ("sum(amount, each=nowhere)", "元", "each= a column or one of day, hour, month, week"),
        ("count(amount > 3, each=day)", "天", "aggregates"), ("median(amount, each=day)", "元", "aggregates"),
        ("count(count(rows() > 1, each=day) > 2, each=street)", "件", "one level of each="),
        ("quantile(amount, 0.5, each=day)", "元", "no keywords but each="),
        ("amount", "元", "aggregates (rows, count"), ("orders / heat_orders", "%", "aggregates (rows, count"),
        ("abs(amount)", "元", "aggregates (rows, count"),
        ("sum(amount) ** 2", "元", "is neither"), ("rows() if 1 else rows()", "件", "is neither"), ("[rows()]", "件", "is neither"),
        ("rows(", "件", "is not an expression"),
        ("sum(open('x'))", "元", "outside the language"), ("sum(amount.real)", "元", "outside the language"),
    ],
)  # fmt: skip
def test_refused_formulas(text: str, unit: str, said: str) -> None:
    """Each refusal names what was wanted."""
    with pytest.raises(ExpressionError) as caught:
        parsed(text, unit)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "count(amount > 'x')", "count(status > 5)", "sum(status + 1)", "count(urgent > 3)", "sum(amount, status)", "sum(amount, 1)",
        "count(not amount)",
        "count(contains(amount, 'x'))", "sum(1)", "sum(amount if urgent else 'x')", "backlog(opened_at, closed_at, 5)",
        "count_distinct(no, 5)",
    ],
)  # fmt: skip
def test_unlike_things_are_not_compared(text: str) -> None:
    """A text beside a number is the author's mistake, found before any row is read."""
    with pytest.raises(ExpressionError, match="types that go together"):
        check_types(parsed(text, "元"), TABLE)


@pytest.mark.parametrize(
    "text",
    [
        "count(closed_at <= due_on)", "count(mean(amount) > 150 and rows() > 2, each=street)", "backlog(due_on, closed_at, not urgent)",
        "rows() / expected()",
        "quantile(hours_between(opened_at, closed_at), 0.9, urgent)", "mean(mean(amount), each=street)", "count(status in ('a', 'b'))",
        "count_distinct(no, closed_at <= due_on)",
    ],
)  # fmt: skip
def test_like_things_are(text: str) -> None:
    """A date beside a moment, a condition beside a condition."""
    check_types(parsed(text, "元"), TABLE)


def test_a_derived_formula_names_indicators() -> None:
    """Without a table, names are other indicators, each once."""
    formula = parse_formula("heat_orders / (orders + heat_orders)", None, KNOWN, "%")

    assert (KNOWN, True) == (formula.inputs, formula.is_ratio)
    assert ["input", "input"] == kinds(formula)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing / orders", "nothing is no indicator"),
        ("rows() / orders", "indicators joined by + - * /"),
        ("1 + 2", "at least one aggregate"),
    ],
)
def test_refused_derivations(text: str, said: str) -> None:
    """An unknown indicator, or an aggregate without a table."""
    with pytest.raises(ExpressionError) as caught:
        parse_formula(text, None, KNOWN, "件")

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(closed_at) / rows()", "rows()"), ("rows()", "rows()"), ("sum(amount)", "count(amount)"),
        ("max(visits)", "count(visits)"), ("median(amount)", "count(amount)"),
        ("mean(amount)", "count(amount)"), ("count_distinct(no)", "count_distinct(no)"),
        ("quantile(hours_between(opened_at, closed_at), 0.9)", "count(not is_missing(hours_between(opened_at, closed_at)))"),
        ("quantile(amount, 0.9, urgent)", "count(urgent and (not is_missing(amount)))"),
        ("median(amount, visits > 3)", "count(visits > 3 and (not is_missing(amount)))"),
        ("mean(amount, visits > 3)", "count(visits > 3 and (not is_missing(amount)))"),
        ("sum(amount, urgent)", "count(urgent and (not is_missing(amount)))"),
        ("sum(amount, urgent) / sum(budget)", "count(budget)"), ("count(urgent and visits > 3) / count(urgent)", "count(urgent)"),
        ("median(amount) / 60", "count(amount)"), ("1 - count(closed_at) / count(due_on)", "count(due_on)"),
        ("count(max(amount) > 3, each=day) / count(max(amount), each=day)", "count()"), ("max(sum(amount), each=day)", "rows()"),
    ],
)  # fmt: skip
def test_what_n_counts(text: str, expected: str) -> None:
    """The sample is the denominator where that counts, else the rows whose value stands in the figure: those of its condition."""
    formula = parsed(text, "元")
    assert isinstance(formula.n, ast.Name)
    atom = next(atom for atom in formula.atoms if atom.name == formula.n.id)

    assert atom.call is not None
    assert expected == ast.unparse(atom.call)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_formula_or_an_expression_error(text: str) -> None:
    """No author can bring `check` down."""
    for table in (TABLE, None):
        with suppress(ExpressionError):
            parse_formula(text, table, KNOWN, "件")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_nest_of_calls_is_a_formula_or_an_expression_error(data: Any) -> None:
    """The same for texts that look like formulas."""
    names = [*TABLE.columns, "1", "0.5", "'x'", "True", "None", "orders"]
    words = [
        "rows",
        "count",
        "sum",
        "mean",
        "median",
        "count_distinct",
        "quantile",
        "backlog",
        "expected",
        "is_missing",
        "days_between",
        "not ",
    ]
    leaf = st.sampled_from(names)
    nest = st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(words), st.lists(inner, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
            st.tuples(inner, st.sampled_from(["+", "-", "*", "/", ">", "and", "in"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            st.tuples(inner, st.sampled_from(["day", "street", "nowhere"])).map(lambda t: f"count({t[0]}, each={t[1]})"),
        ),
        max_leaves=6,
    )
    text = data.draw(nest)
    with suppress(ExpressionError):
        parsed(text)
