"""Small promises of the parts that pages share."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from data.wording import Wording
from pages.parts.export import csv_bytes
from pages.parts.filters import Filters, choose, read
from pages.parts.formula import spoken
from pages.parts.history import SPANS, earliest
from pages.parts.ledger import clipped
from pages.parts.links import destination
from pages.parts.periods import period_name
from pages.parts.picker import grains_of


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


def test_a_sign_by_the_hour_has_its_own_grain_and_span() -> None:
    """Its finest grain comes first, three days of it are shown, and an hour is named with its day."""
    indicator = {"grains": "hour;day;week", "cadence": "hour"}
    reading = SimpleNamespace(as_of=datetime(2024, 5, 9, 8))

    assert grains_of(indicator) == ["hour", "day", "week"]
    assert earliest(reading, "hour", SPANS["hour"]) == datetime(2024, 5, 6)  # type: ignore[arg-type]
    assert period_name(Wording("zh"), "hour", datetime(2024, 5, 8, 20)) == "5月8日20时"
    assert period_name(Wording("en"), "hour", datetime(2024, 5, 8, 20)) == "8 May, 20:00"
