"""On the page of a definition a change is tried, proposed by one person, and decided by another."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from data.desk.adopting import proposals
from data.desk.store import open_store
from data.settings import Settings
from tests.pages.test_pages import text, visit

SIGN = "hotline_connect"


def stands(tmp_path: Path) -> list[tuple[str, str, str]]:
    """Return stage and people of every proposal."""
    return [(one.stage, one.who, one.decided_by) for one in proposals(open_store(Settings(tmp_path, tmp_path)).actions(), UTC)]


def proposes(tmp_path: Path, changes: str, button: str) -> str:
    """Fill the form in and press one of its two buttons; return what the page says."""
    page = visit(tmp_path, "catalogue", indicator=SIGN)
    for key, value in (("changes", changes), ("why_propose", "试点"), ("who_propose", "张三")):
        next(one for one in [*page.text_area, *page.text_input] if one.key == key).set_value(value)
    next(one for one in page.button if one.form_id == "form_propose" and one.label == button).click()
    return text(page.run())


def test_one_person_proposes_another_decides(tmp_path: Path) -> None:
    """It stands in the list with its reason; whoever proposed it cannot adopt it."""
    assert "没有对这项定义的修改建议" in text(visit(tmp_path, "catalogue", indicator=SIGN))
    assert "已记入第1条：提出修改" in proposes(tmp_path, "unit: 次", "提交")
    for who, words in (("张三", "不能审定自己提出的修改"), ("李四", "已记入第2条：采纳")):
        page = visit(tmp_path, "catalogue", indicator=SIGN)
        assert "待审定" in text(page)
        next(one for one in page.text_area if one.key == "why_decide").set_value("同意")
        next(one for one in page.text_input if one.key == "who_decide").set_value(who)
        next(one for one in page.button if one.form_id == "form_decide").click()
        assert words in text(page.run())
    assert stands(tmp_path) == [("adopted", "张三", "李四")]


def test_a_trial_shows_a_year_and_proposes_nothing(tmp_path: Path) -> None:
    """What would change by indicator, kind and grain."""
    said = proposes(tmp_path, "unit: 次", "试算一年")

    assert "试算结果" in said
    assert "normal&gt;blue 3" in said
    assert stands(tmp_path) == []


CANNOT = [("", "没有写明要改"), ("- 1", "没有写明要改"), ("a: [", "没有写明要改"), ("wrong: 1", "没有办成")]


@pytest.mark.parametrize(("changes", "words"), CANNOT)
def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path, changes: str, words: str) -> None:
    """No key, no mapping, broken YAML, and what the grammar does not know."""
    assert words in proposes(tmp_path, changes, "提交")
    assert stands(tmp_path) == []


def test_while_the_desk_is_away_that_is_said(tmp_path: Path) -> None:
    """And nothing can be proposed."""
    page = visit(tmp_path, "catalogue", "away", indicator=SIGN)

    assert "处置台连不上" in text(page)
    assert not page.text_area
