"""The wall: both faces, and nothing that could be pressed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from pages.parts.wall import has_stopped
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
    page = visit(tmp_path, "overview", "hostile", wall="1", lang=lang)
    assert "<script>" not in text(page)

    page.session_state["wall_turn"] = 1
    said = text(page.run())
    assert "<script>" not in said
    assert "&lt;script&gt;" in said, "the queue names what a city wrote"


@pytest.mark.parametrize(
    ("worked_out", "came", "stopped"), [(1, [2, 40], False), (1, [40, 50], True), (30, [1], True), (1, [], False), (26, [26], False)]
)
def test_feeds_that_all_stop_are_told(worked_out: int, came: list[int], *, stopped: bool) -> None:
    """Hours ago: figures that are worked out anew every quarter of an hour say nothing while nobody delivers."""
    zone = timezone(timedelta(hours=8))
    now = datetime(2024, 5, 9, 8, tzinfo=zone)
    arrived = [(now - timedelta(hours=hours)).replace(tzinfo=None) for hours in came]

    assert has_stopped(now, now - timedelta(hours=worked_out), arrived) is stopped


def test_without_data_a_wall_says_how_to_begin(tmp_path: Path) -> None:
    """The first run has no picture to guard."""
    assert "心跳" not in text(visit(tmp_path, "overview", "none", wall="1"))
