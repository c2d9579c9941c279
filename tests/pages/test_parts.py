"""Small promises of the parts that pages share."""

from __future__ import annotations

import pandas as pd

from pages.parts.export import csv_bytes
from pages.parts.filters import Filters, choose, read
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
