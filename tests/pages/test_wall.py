"""The wall: both faces, and nothing that could be pressed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.test_pages import text, visit


@pytest.mark.parametrize("kind", ["full", "calm", "bare", "away"])
def test_every_face_of_the_wall(tmp_path: Path, kind: str) -> None:
    """Sentence, levels, map, feeds and heartbeat; no controls; no page breaks whatever there is to show."""
    page = visit(tmp_path, "overview", kind, wall="1")
    said = text(page)

    assert "心跳" in said
    assert "Traceback" not in said
    assert "已记录编号" not in said
    assert not page.selectbox
    assert not page.button


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, lang: str) -> None:
    """Names are what a city wrote."""
    said = text(visit(tmp_path, "overview", "hostile", wall="1", lang=lang))

    assert "<script>" not in said


def test_without_data_a_wall_says_how_to_begin(tmp_path: Path) -> None:
    """The first run has no picture to guard."""
    assert "心跳" not in text(visit(tmp_path, "overview", "none", wall="1"))
