"""The sentence of the morning says what the signs say, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from briefing.headline import headline
from briefing.phrases import change, reason, tone, with_unit
from data.wording import Wording

WORDS = Wording("en")


def indicator(code: str, **given: Any) -> dict[str, Any]:
    """Return an indicator's record."""
    return {"indicator": code, "name_zh": code, "name_en": code.upper(), "unit": "%", "precision": 2, "direction": "higher"} | given


def sign(code: str, level: str | None = "normal", **given: Any) -> dict[str, Any]:
    """Return a sign's record."""
    return {
        "indicator": code, "entity_name": "Here", "level": level, "state": "ok", "value": 90.0, "text": "90.00%", "reason": "within",
        "change_prev": None, "change_week": None, "change_year": None, "change_unit": "points", "change_reason": None,
        "change_week_reason": None, "change_year_reason": None, "change_basis": None, "change_week_basis": None, "change_year_basis": None,
        "difference_prev": None, "difference_week": None, "difference_year": None, "vintage": "final", "change_year_vintage": None,
        "grain": "day", "start": None,
    } | given  # fmt: skip


CATALOGUE = {code: indicator(code) for code in "abcdef"}


def test_all_within_limits() -> None:
    """A calm morning counts what could be judged."""
    said = headline(WORDS, [sign("a"), sign("b")], [], CATALOGUE)

    assert said == "2 of 2 signs could be judged, all within limits."


def test_the_worst_comes_first() -> None:
    """The worst sign opens, others follow by level."""
    said = headline(WORDS, [sign("a", "blue"), sign("b", "orange"), sign("c", "yellow")], [], CATALOGUE, room=400)

    assert said == "District: B 90.00% (orange · serious); C yellow; A blue."


def test_a_worse_area_opens() -> None:
    """An area that is worse than the whole city is named."""
    said = headline(WORDS, [sign("a", "blue")], [sign("b", "red")], CATALOGUE, room=400)

    assert said.startswith("Here: B 90.00% (red · critical); A blue")


def test_missing_data_are_said() -> None:
    """A late sign is named as late, and its old value is not in the sentence."""
    said = headline(WORDS, [sign("a"), sign("b", None, state="late", value=None, text=None)], [], CATALOGUE)

    assert said == "1 of 2 signs could be judged, all within limits; B: data not here."


def test_nothing_judged_is_said() -> None:
    """Without any level nothing is called normal."""
    said = headline(WORDS, [sign("a", None, state="not_evaluated")], [], CATALOGUE)

    assert said == "none of 1 signs could be judged today."


def test_what_is_not_named_is_counted() -> None:
    """In a short line the rest is a number, never dropped."""
    said = headline(WORDS, [sign(code, "blue") for code in "abcdef"], [], CATALOGUE, room=10)

    assert "5 more" in said


@pytest.mark.parametrize(
    ("size", "direction", "wanted"),
    [(1, "higher", "better"), (-1, "higher", "worse"), (-1, "lower", "better"), (1, "watch", ""), (0, "lower", "")],
)
def test_good_and_bad_live_in_one_place(size: float, direction: str, wanted: str) -> None:
    """Direction alone says whether a move is good; watch signs have no good or bad."""
    assert tone(size, direction) == wanted


def test_rates_change_in_points() -> None:
    """A rate's change is in points at its precision, with a true minus."""
    moved = change(WORDS, sign("a", change_week=-2.854, difference_week=-2.854), CATALOGUE["a"], "change_week")

    assert (moved.text, moved.tone) == ("\N{MINUS SIGN}2.85 points", "worse")


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("threshold:yellow:95", "below 95%"), ("baseline:-2.44", "2.4x off its usual"), ("n:8:30", "n=8, below 30"),
     ("feed_late:f", "F9 not here"), ("unheard:f", "F9 not sent for this period"),
     ("not_due:f", "F9 not due yet"), ("few_periods", "too little history"), ("base_missing", "no base"), ("season", "out of season")],
)  # fmt: skip
def test_reasons_are_worded(code: str, wanted: str) -> None:
    """Each reason code has its words."""
    assert reason(WORDS, sign("a", "blue", reason=code), CATALOGUE["a"], {"f": "F9"}) == wanted


def test_limits_keep_their_decimals() -> None:
    """A whole limit has no decimals, another has those of its sign."""
    assert with_unit(95.0, CATALOGUE["a"]) == "95%"
    assert with_unit(2.5, CATALOGUE["a"]) == "2.50%"
