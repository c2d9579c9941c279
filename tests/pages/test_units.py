"""The page of units: how each works what it was given, beside its own past."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.parts.units import Units
from tests.pages.test_pages import text, visit


def test_the_page_says_who_does_what_was_assigned(tmp_path: Path) -> None:
    """Units with what is due and overdue, all of them in the last row, and beside them the one that is looked at."""
    said = text(visit(tmp_path, "units"))

    for words in ("个责任单位", "按期处置率", "派遣准确率", "合计", "在办预警", "数据按期"):
        assert words in said, words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_from_outside_stays_text(tmp_path: Path, lang: str) -> None:
    """Names of units are what a city wrote."""
    assert "<script>" not in text(visit(tmp_path, "units", "hostile", lang=lang))


@pytest.mark.parametrize("kind", ["calm", "bare", "none", "away"])
def test_every_face(tmp_path: Path, kind: str) -> None:
    """Nothing to do, no signs, no snapshot, and no desk to ask."""
    said = text(visit(tmp_path, "units", kind))

    assert "Traceback" not in said
    assert "已记录编号" not in said


@pytest.mark.parametrize(
    ("now", "then", "moved"), [((8, 10), (9, 10), -10.0), ((4, 4), (9, 10), None), ((8, 10), None, None), (None, None, None)]
)
def test_a_share_is_compared_with_enough_on_both_sides(
    now: tuple[int, int] | None, then: tuple[int, int] | None, moved: float | None
) -> None:
    """Of fewer than five nothing is said; an interval is there as soon as one was due."""
    of = Units.__new__(Units)
    vars(of).update(now=measured(now), before=measured(then))

    assert of.moved("A") == (pytest.approx(moved) if moved is not None else None)
    ends = of.interval("A")
    assert (ends is None) == (now is None)
    if ends and now:
        assert 0 <= ends[0] <= 100 * now[0] / now[1] <= ends[1] <= 100


def measured(share: tuple[int, int] | None) -> dict[str, dict[str, dict[str, object]]]:
    """Return the share of one unit as `Units` reads it."""
    if share is None:
        return {}
    return {"A": {"handle_ontime": {"numerator": share[0], "denominator": share[1], "value": share[0] / share[1]}}}
