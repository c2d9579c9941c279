"""A page as it is shown to a meeting: nothing to navigate with, and at its foot what a later reader holds it against."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.parts.present import code_of
from tests.pages.test_pages import text, visit
from tests.pages.test_past import PAGES


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_presented_with_its_stamp(tmp_path: Path, page: str) -> None:
    """No way elsewhere and nobody's name; as-of, snapshot, marking, invention and code at the foot, and the way back."""
    said = text(visit(tmp_path, page, present="1"))

    assert 'aria-label="主要页面"' not in said
    assert "未启用登录" not in said
    stamp = said[said.rindex('<div class="stamp">') :]
    for fact in ("数据截至 ", "快照 S", "核对码 ", "内部", "演示数据"):
        assert fact in stamp
    assert "退出汇报" in stamp


@pytest.mark.parametrize("page", PAGES)
def test_every_page_leads_to_its_presentation(tmp_path: Path, page: str) -> None:
    """By one link at its foot, which keeps what is chosen."""
    said = text(visit(tmp_path, page, entity="210102001", lang="en"))

    place = "./" if page == "overview" else page
    assert 'class="stamp"' not in said
    assert f'href="{place}?' in said[: said.index(">Present<")].rpartition("<a ")[2]
    assert "present=1" in said[: said.index(">Present<")].rpartition("<a ")[2]


@pytest.mark.parametrize("kind", ["none", "away", "hostile", "bare"])
def test_a_presented_page_has_every_face(tmp_path: Path, kind: str) -> None:
    """Without a snapshot or a desk, too, it is stamped with what there is."""
    test = visit(tmp_path, "alerts", kind, present="1")

    assert not test.exception
    assert 'class="stamp"' in text(test)


def test_the_code_is_the_head_of_the_hash() -> None:
    """In groups that can be said by word of mouth."""
    assert code_of("e8120f6a96dea8af2d95") == "E812-0F6A-96DE"
