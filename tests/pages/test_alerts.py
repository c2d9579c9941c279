"""The page of alerts: the queue in order, one life with its clocks, and what can be done about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.desk.store import open_store
from data.settings import Settings
from tests.pages.fake_alerts import FEED, NEW, OVER, WORKED
from tests.pages.test_pages import text, visit


def test_the_queue_begins_with_what_is_most_urgent(tmp_path: Path) -> None:
    """Red and overdue first; what was closed is in a view of its own; drafts are named."""
    said = text(visit(tmp_path, "alerts"))

    order = [said.index(f'data-go="alerts?alert={alert}') for alert in (WORKED, NEW, FEED)]
    assert order == sorted(order)
    assert f"alert={OVER}" not in said
    assert f"{OVER} 结案后又起" in said, "the same sign came back within a week"
    assert "在办" in said
    assert "3条" in said
    assert "超0:46" in said, "red: four hours from the dispatch"
    assert "草案，未经试算不发预警：草拟规则" in said
    assert f"alert={OVER}" in text(visit(tmp_path, "alerts", view="closed"))


def test_one_life_says_when_who_and_until_when(tmp_path: Path) -> None:
    """Each stage with its time and its limit, the ladder, what was done and the rule."""
    said = text(visit(tmp_path, "alerts", alert=WORKED))

    for words in ("用10分，限10分", "用4分，限10分", "进行中", "限07:14前", "提级督办", "签收", "已联系", "体征越限", "报出4/5", "83.94%"):
        assert words in said, words
    assert "区供热办" in said
    assert "来源未到" in text(visit(tmp_path, "alerts", alert=FEED))
    assert "这条预警不依据体征数值" in text(visit(tmp_path, "alerts", alert=FEED))


@pytest.mark.parametrize(("kind", "words"), [("calm", "当前没有在办预警"), ("away", "处置台连不上"), ("none", "安装")])
def test_every_face(tmp_path: Path, kind: str, words: str) -> None:
    """No alert, no desk, no snapshot: each says what is so."""
    said = text(visit(tmp_path, "alerts", kind))

    assert words in said or kind == "none"
    assert "Traceback" not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, lang: str) -> None:
    """Reasons, names and rules that hold markup are shown as they are."""
    said = text(visit(tmp_path, "alerts", "hostile", alert=WORKED, lang=lang))

    assert "<script>" not in said
    assert "&lt;script&gt;" in said


def test_a_person_acts_and_is_told(tmp_path: Path) -> None:
    """A command that the stage and the role allow is written at the desk; one without a name is refused in a sentence."""
    page = visit(tmp_path, "alerts", alert=NEW)
    confirm = next(one for one in page.text_input if one.key == "who_confirm")
    confirm.set_value("演示甲")
    next(one for one in page.button if one.form_id == "form_confirm").click()
    page.run()

    (action,) = open_store(Settings(tmp_path, tmp_path)).actions()
    assert (action.kind, action.who, action.role, action.subject) == ("confirm", "演示甲", "chief", NEW)
    assert "已记入第1条：确认" in text(page)
    again = visit(tmp_path, "alerts", alert=NEW)
    next(one for one in again.button if one.form_id == "form_confirm").click()
    again.run()
    assert "没有办成" in text(again)


def test_a_line_can_be_moved_and_the_year_is_seen_again(tmp_path: Path) -> None:
    """Folded it is a link; open it shows the present line among others; an alert on a feed has no line to move."""
    assert "移动这条限值" in text(visit(tmp_path, "alerts", alert=WORKED))
    said = text(visit(tmp_path, "alerts", alert=WORKED, trial="open"))

    assert "试改限值" in said
    assert "85% 现行" in said
    assert said.count('class="fires"') == 5
    assert "移动这条限值" not in text(visit(tmp_path, "alerts", alert=FEED))
