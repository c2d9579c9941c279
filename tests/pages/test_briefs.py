"""The page of briefings: what would go out, the register, and every step of one, each by somebody."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefing.document.register import issues
from data.desk.store import open_store
from data.settings import Settings
from pages.parts import steps
from tests.pages.test_pages import text, visit


def test_the_page_shows_what_would_be_printed(tmp_path: Path) -> None:
    """The kinds of the city in order of their span, the page itself beside an empty register."""
    page = visit(tmp_path, "briefs")
    said = text(page)

    places = [said.index(word) for word in ("日报</a>", "周报</a>", "月报</a>")]
    assert places == sorted(places)
    assert "还没有起草过" in said
    assert len(page.get("iframe")) == 1
    assert "全区运行总体平稳" in page.get("iframe")[0].proto.srcdoc


@pytest.mark.parametrize(
    ("kind", "words"), [("bare", "还没有简报模板"), ("calm", "不予出刊：来源未到：热线"), ("away", "处置台连不上"), ("none", "安装")]
)
def test_every_face(tmp_path: Path, kind: str, words: str) -> None:
    """No template, refused, no desk, no snapshot: each says what is so."""
    said = text(visit(tmp_path, "briefs", kind))

    assert words in said or kind == "none"
    assert "Traceback" not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, lang: str) -> None:
    """Also inside the page to be printed."""
    page = visit(tmp_path, "briefs", "hostile", lang=lang)

    assert "<script>" not in text(page)
    assert "<script>" not in page.get("iframe")[0].proto.srcdoc
    assert "&lt;script&gt;" in page.get("iframe")[0].proto.srcdoc


def test_one_person_drafts_another_approves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is at the desk; who drafted is told that somebody else approves."""
    monkeypatch.setattr(steps.kept, "pin", lambda *_: None)  # the invented snapshot lies nowhere
    page = visit(tmp_path, "briefs")
    next(one for one in page.text_input if one.key == "who_brief_draft").set_value("张三")
    next(one for one in page.button if one.form_id == "form_brief_draft").click()
    page.run()
    assert "已记入第1条：起草简报" in text(page)
    for who, words in (("张三", "须由另一人批准"), ("李四", "已记入第2条：批准简报")):
        page = visit(tmp_path, "briefs", issue="1")
        next(one for one in page.text_input if one.key == "who_brief_approve").set_value(who)
        next(one for one in page.button if one.form_id == "form_brief_approve").click()
        page.run()
        assert words in text(page)
    (one,) = issues(open_store(Settings(tmp_path, tmp_path)).actions())
    assert (one.stage, one.who, one.approved_by, one.template) == ("approved", "张三", "李四", "daily")
    assert "已批准" in text(visit(tmp_path, "briefs", issue="1"))


def test_a_special_one_is_picked_or_asked_for(tmp_path: Path) -> None:
    """Without a subject some are offered, each leading to its own; with one its page is there, and its draft keeps what it is about."""
    page = visit(tmp_path, "briefs", view="special")
    said = text(page)
    assert "选一条预警或一项体征写专报" in said
    assert "view=special" in said
    assert not page.get("iframe")
    page = visit(tmp_path, "briefs", view="special", indicator="heat_temp_ok_rate")
    assert len(page.get("iframe")) == 1


def test_a_draft_keeps_its_subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the register says what it is about."""
    monkeypatch.setattr(steps.kept, "pin", lambda *_: None)
    page = visit(tmp_path, "briefs", view="special", indicator="heat_temp_ok_rate", entity="210102001")
    next(one for one in page.text_input if one.key == "who_brief_draft").set_value("张三")
    next(one for one in page.button if one.form_id == "form_brief_draft").click()
    page.run()
    (one,) = issues(open_store(Settings(tmp_path, tmp_path)).actions())
    assert one.subject == {"indicator": "heat_temp_ok_rate", "entity": "210102001"}
    assert "专报：" in text(visit(tmp_path, "briefs", issue=str(one.number)))


def test_two_issues_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the register of the one that is looked at; of another kind there is no way to it, and an address says why not."""
    monkeypatch.setattr(steps.kept, "pin", lambda *_: None)
    for view in ("daily", "daily", "weekly"):
        page = visit(tmp_path, "briefs", view=view)
        next(one for one in page.text_input if one.key == "who_brief_draft").set_value("张三")
        next(one for one in page.button if one.form_id == "form_brief_draft").click()
        page.run()
    said = text(visit(tmp_path, "briefs", issue="2"))
    assert "against=1" in said
    assert "against=3" not in said
    page = visit(tmp_path, "briefs", issue="2", against="1")
    assert "两期的数都相同" in text(page)
    assert "文字相同" in text(page)
    assert not page.get("iframe")
    assert "不是同一种简报" in text(visit(tmp_path, "briefs", issue="2", against="3"))


def test_a_sign_and_an_alert_lead_to_a_special_one(tmp_path: Path) -> None:
    """From where they are looked at."""
    assert "briefs?" in text(visit(tmp_path, "sign", indicator="heat_temp_ok_rate"))
    said = text(visit(tmp_path, "alerts"))
    assert "写专报" in said
    assert "写专报" not in text(visit(tmp_path, "alerts", "bare"))
