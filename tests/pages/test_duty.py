"""The page of a shift: what is due next, what was left, who is on duty, what was done and who was told."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from charts.agenda import WIDE, Due, agenda, spread, stacked
from charts.palette import LIGHT
from tests.pages.test_pages import text, visit

START = datetime(2016, 3, 7, 8)


def drawn(said: str) -> str:
    """Return the words of every picture of a page."""
    return "".join(base64.b64decode(code).decode() for code in re.findall(r"svg\+xml;base64,([A-Za-z0-9+/=]+)", said))


def test_a_shift_reads_what_to_do_first(tmp_path: Path) -> None:
    """Overdue first, then what is due next; the rota, the change of shift, messages that failed, the log."""
    said = text(visit(tmp_path, "duty"))

    for words in ("先办超期1条", "超0:46", "演示值班员甲", "至3月7日 12:00", "已发1、未发成1", "班志", "签收"):
        assert words in unescape(said), words
    assert "12:00 交班" in drawn(said)
    assert "演示值班长甲" not in said, "whose shift is over"


@pytest.mark.parametrize(("kind", "words"), [("calm", "没有值班表"), ("away", "处置台连不上"), ("none", "安装")])
def test_every_face(tmp_path: Path, kind: str, words: str) -> None:
    """No rota, no desk, no snapshot."""
    said = text(visit(tmp_path, "duty", kind))

    assert words in said or kind == "none"
    assert "Traceback" not in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, lang: str) -> None:
    """Names of the rota, reasons of the desk."""
    said = text(visit(tmp_path, "duty", "hostile", lang=lang))

    assert "<script>" not in said + drawn(said)
    assert "&lt;script&gt;" in said


def test_words_never_meet() -> None:
    """Sixty things are stacked; what is near the end of the axis is set to the left of its mark."""
    dues = [Due(START + timedelta(minutes=7 * number), f"第{number}件很长的事项名称", "red") for number in range(60)]
    rows = stacked([(140 + number * 28.0, due) for number, due in enumerate(dues)])
    for row in rows:
        spans = [spread(at, due) for at, due in row]
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
        assert all(end <= WIDE for _, end in spans)
    assert sum(map(len, rows)) == 60
    assert agenda([("预警", dues), ("数据", [])], START, 8, LIGHT).count("很长的事项") == 60
