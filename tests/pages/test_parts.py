"""Small promises of the parts that pages share."""

from __future__ import annotations

import pandas as pd
import pytest

from data.wording import Wording
from pages.parts.export import csv_bytes
from pages.parts.filters import Filters, choose, read
from pages.parts.formula import spoken
from pages.parts.ledger import clipped
from pages.parts.links import destination


def test_only_plain_codes_come_in() -> None:
    """Anything but a code is dropped before it is used."""
    assert read({"indicator": "<script>", "entity": "210102", "grain": "day'", "feed": "a b"}) == Filters(entity="210102")


def test_a_target_leads_back_to_its_filters() -> None:
    """What a link says is what the page gets."""
    page, query = destination(Filters(lang="en").target("sign", indicator="a", entity="b"))

    assert (page, query) == ("sign", {"indicator": "a", "entity": "b", "lang": "en"})
    assert destination(Filters().target("overview"))[0] == "overview"
    assert destination(Filters(view="table").target("sign", indicator="a")) == ("sign", {"indicator": "a", "view": "table"})
    assert destination(Filters(view="table").target("feeds")) == ("feeds", {})


def test_an_unknown_choice_falls_back_and_says_so() -> None:
    """The default, and what was asked for in vain."""
    assert choose("x", ["a", "b"], "a") == ("a", "x")
    assert choose("b", ["a", "b"], "a") == ("b", "")


def test_text_from_outside_is_cut_and_escaped() -> None:
    """Markup becomes text, control characters become spaces, long text ends with an ellipsis."""
    assert clipped("<b>\x00&") == "&lt;b&gt; &amp;"
    assert clipped("a" * 100, 10) == "a" * 9 + "…"


def test_a_spreadsheet_runs_nothing() -> None:
    """Cells that begin like a formula are neutralised; numbers stay numbers."""
    lines = csv_bytes(pd.DataFrame({"a": ["=1+1", "-x", "fine"], "b": [-1.5, 2, 3]})).decode("utf-8-sig").splitlines()

    assert lines[1:] == ["'=1+1,-1.5", "'-x,2.0", "fine,3.0"]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("mean(pm25)", "均值（PM2.5）"),
        ("count_distinct(no, closed_at <= due_at) / count_distinct(no)", "去重计数（编号，closed_at≤due_at） ÷ 去重计数（编号）"),
        ("count(max(pm25) <= 100 and not no, each=day)", "计数（最大值（PM2.5）≤100 且 非编号，逐日）"),
        ("count_distinct(no, theme == '供热')", "去重计数（编号，theme=“供热”）"),
        ("unheard_of(no)", "unheard_of(编号)"),
        ("not a formula (", "not a formula ("),
    ],
)
def test_a_formula_is_said_in_words(formula: str, said: str) -> None:
    """Columns by their headings, functions by what they do; what is unknown stays as it is."""
    assert spoken(Wording("zh"), formula, {"pm25": "PM2.5", "no": "编号"}) == said
