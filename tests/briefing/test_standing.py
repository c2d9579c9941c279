"""A sign without a level says why, what is known all the same, and when there will be one; a control chart is put into words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from briefing.standing import standing, wilson
from briefing.variation import assurance_note, basis_note, marked, since, tone, variation_note
from data.readings import SIGN_COLUMNS
from data.wording import LANGUAGES, Wording

FIRST = datetime(2024, 5, 1)
WORDS = Wording("zh")
SHARE: dict[str, Any] = {
    "indicator": "rate", "unit": "%", "precision": 1, "direction": "higher", "min_n": 30, "blue": 95, "target": 98,
    "active_from": "11-01", "active_to": "03-31", "feed": "repairs", "yellow": 90, "orange": None, "red": None,
}  # fmt: skip


def sign(place: int = 0, **known: Any) -> dict[str, Any]:
    """Return a record of a day."""
    start = FIRST + timedelta(days=place)
    plain = dict.fromkeys(SIGN_COLUMNS) | {
        "grain": "day", "start": start, "period": f"{start:%Y-%m-%d}", "unit": "%", "state": "ok", "level": "normal", "reason": "within",
        "indicator": "rate", "value": 96.0, "text": "96.0%", "entity_name": "东街",
    }  # fmt: skip
    return plain | known


def run(values: list[float | None], special: str | None = None, **last: Any) -> list[dict[str, Any]]:
    """Return days around a centre of 10 with limits 4 and 16, the last with a special cause."""
    rows = [
        sign(place, value=value, control_centre=10.0, control_low=4.0, control_high=16.0, reason="within" if value is not None else "empty")
        for place, value in enumerate(values)
    ]
    rows[-1] |= {
        "special": special,
        "variation": "concern_high" if special else "common_cause",
        "control_basis": "xmr:2024-04-01:2024-04-30:30",
    } | last
    return rows


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(7, 8, 0.529, 0.978), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366)]
)
def test_intervals_of_shares(part: float, whole: float, low: float, high: float) -> None:
    """The published interval of 81 of 263 (Newcombe 1998, method 3), and the ends: none and all."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-4)


def test_a_judged_sign_needs_no_face() -> None:
    """Its level says how it stands."""
    assert standing(WORDS, [sign()], SHARE, {}) is None


@pytest.mark.parametrize(
    ("last", "known", "later"),
    [
        (
            {"state": "small_sample", "value": 87.5, "numerator": 7, "denominator": 8, "n": 8, "level": None, "reason": "n:8:30"},
            "52.9",
            "30",
        ),
        ({"state": "out_of_season", "value": None, "level": None, "reason": "season"}, "11月1日", "11月1日"),
        ({"state": "late", "value": None, "level": None, "reason": "feed_late:repairs"}, "96.0%", ""),
        ({"state": "not_evaluated", "value": None, "level": None, "reason": "empty"}, "96.0%", ""),
    ],
)
def test_each_state_has_its_own_face(last: dict[str, Any], known: str, later: str) -> None:
    """Too few, out of season, late and nothing to rate: other headlines; an older value is named with its period."""
    found = standing(WORDS, [sign(), sign(1, **last)], SHARE, {"repairs": "报修"}, "非供热期")

    assert found
    assert known in found.known
    assert later in found.next
    if last["state"] in {"late", "not_evaluated"}:
        assert "5月1日" in found.known


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_states_share_a_headline(language: str) -> None:
    """Missing, late, too few, not evaluated, suppressed and out of season are told apart in each language."""
    words = Wording(language)
    states = ("no_data", "late", "small_sample", "not_evaluated", "suppressed", "out_of_season", "error")
    rows = [[sign(value=None, state=state, level=None, reason="no_rows", n=1, numerator=None, denominator=None)] for state in states]
    heads = [found.head for own in rows if (found := standing(words, own, SHARE, {}))]

    assert len(set(heads)) == len(states)


def test_all_points_of_a_run_are_marked_and_dated() -> None:
    """Eight above the centre: the run began with the first of them, whatever was empty in between."""
    rows = run([9, 12, 12, 13, None, 12, 14, 12, 13, 12], "run_high")

    assert [place for place, (kind, _) in enumerate(marked(rows)) if kind] == [1, 2, 3, 5, 6, 7, 8, 9]
    assert since(rows) == (1, 8)
    assert variation_note(WORDS, rows) == WORDS.say("control.note.run_high", day="5月2日", count=8)


def test_a_point_outside_stands_alone() -> None:
    """Beyond a limit is a matter of one point."""
    rows = run([9, 11, 17], "outside_high")

    assert [bool(kind) for kind, _ in marked(rows)] == [False, False, True]
    assert marked(rows)[-1][1] == tone(rows[-1]) == "worse"


def test_what_is_usual_says_so_and_nothing_says_nothing() -> None:
    """Common cause, no limits yet, and no value: three sentences."""
    usual = variation_note(WORDS, run([9, 11, 10]))
    few = variation_note(WORDS, run([9, 11, 10], variation=None, control_basis="few_points:5:13"))
    missing = variation_note(WORDS, run([9, 11, None], variation=None))

    assert usual == WORDS.say("control.common")
    assert "5" in few
    assert "13" in few
    assert len({usual, few, missing}) == 3


def test_whether_the_standard_is_kept() -> None:
    """Said with the line; a band or watch sign and a sign without a line say why nothing is said."""
    assert "95%" in assurance_note(WORDS, sign(assurance="hit_or_miss"), SHARE)
    assert assurance_note(WORDS, sign(), SHARE | {"direction": "watch"}) == WORDS.say("control.assured.neutral")
    assert assurance_note(WORDS, sign(), SHARE | {"blue": None, "target": None}) == WORDS.say("control.assured.no_line")
    assert "30" in basis_note(WORDS, run([9, 11, 10])[-1])
