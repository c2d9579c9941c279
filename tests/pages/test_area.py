"""The page of one area: its own signs beside the city's, how it scores, what is open there, and the areas inside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.test_pages import text, visit


def test_the_page_opens_with_the_area_that_is_worst_off(tmp_path: Path) -> None:
    """Its name in the sentence, its signs beside the whole city's, and every part that a reader expects."""
    said = text(visit(tmp_path, "area"))

    for words in ("街道 ›", "项体征", "全区", "得分与位次", "在办预警", "来源"):
        assert words in said, words


def test_an_address_names_the_area(tmp_path: Path) -> None:
    """A pasted link opens the area; one that does not exist says so and shows another."""
    page = visit(tmp_path, "area")
    options = page.selectbox[0].options
    assert len(options) >= 2

    said = text(visit(tmp_path, "area", entity="nowhere"))
    assert "nowhere" in said
    assert any(name in said for name in options)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, lang: str) -> None:
    """Names of signs and areas are what a city wrote."""
    said = text(visit(tmp_path, "area", "hostile", lang=lang))

    assert "<script>" not in said
    assert "&lt;script&gt;" in said


@pytest.mark.parametrize("kind", ["calm", "bare", "none", "away"])
def test_every_face(tmp_path: Path, kind: str) -> None:
    """Nothing wrong, no signs, no snapshot, and no desk to ask."""
    said = text(visit(tmp_path, "area", kind))

    assert "Traceback" not in said
    assert "已记录编号" not in said
