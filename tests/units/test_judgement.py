"""Level, state and reason of a value: rounding first, then the lines."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.city import Baseline
from data.readings import printed
from indicators.definition import LEVELS, Thresholds
from indicators.judgement import State, half_up, judge_by_baseline, judge_by_thresholds

ONTIME = Thresholds.model_validate({"from": date(2013, 1, 1), "blue": 98, "yellow": 95, "orange": 90, "red": 85})
PM25 = Thresholds.model_validate({"from": date(2013, 1, 1), "blue": 75, "yellow": 115, "orange": 150, "red": 250})
ORDER = ("normal", *LEVELS)


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        (0.5, 0, 1), (1.5, 0, 2), (2.5, 0, 3), (-2.5, 0, -3), (2.4999, 0, 2), (0.4999999, 0, 0), (0.125, 2, 0.13), (1.005, 2, 1.01),
        (2.675, 2, 2.68),
        (0.285, 2, 0.29), (1.115, 2, 1.12), (94.995, 2, 95.0), (94.994999999, 2, 94.99), (99.994, 2, 99.99), (0.0, 2, 0.0),
        (123_456_789.5, 0, 123_456_790),
        (1e-9, 2, 0.0), (12_345_678.905, 2, 12_345_678.91),
    ],
)  # fmt: skip
def test_half_up(value: float, precision: int, expected: float) -> None:
    """A half goes away from zero, the noise of binary floats is no half, and less than a half is less."""
    assert expected == half_up(np.array([value]), precision)[0]


def test_half_up_keeps_what_is_missing() -> None:
    """A missing value is not rounded to anything."""
    assert np.isnan(half_up(np.array([np.nan]), 1)[0])


@given(st.integers(-(10**8), 10**8), st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_what_is_judged_is_what_is_printed(number: int, decimals: int, precision: int) -> None:
    """The judged value is the printed one, so that nobody reads 95.00 below a line of 95."""
    value = number / 10**decimals
    text = printed(value, precision, "")

    assert text is not None
    assert float(text.replace(",", "").strip()) == pytest.approx(half_up(np.array([value]), precision)[0], abs=1e-9)


@pytest.mark.parametrize(
    ("value", "level", "reason"),
    [
        (100, "normal", "within"), (98, "normal", "within"), (97.99, "blue", "threshold:blue:98"), (95, "blue", "threshold:blue:98"),
        (94.99, "yellow", "threshold:yellow:95"), (90, "yellow", "threshold:yellow:95"), (89.99, "orange", "threshold:orange:90"),
        (85, "orange", "threshold:orange:90"), (84.99, "red", "threshold:red:85"), (0, "red", "threshold:red:85"),
    ],
)  # fmt: skip
def test_higher_is_better(value: float, level: str, reason: str) -> None:
    """On the line it is still well; below it, worse."""
    assert (level, reason) == tuple(one[0] for one in judge_by_thresholds(np.array([float(value)]), ONTIME, "higher"))


@pytest.mark.parametrize(
    ("value", "level", "reason"),
    [
        (0, "normal", "within"), (74.9, "normal", "within"), (75, "blue", "threshold:blue:75"), (114.9, "blue", "threshold:blue:75"),
        (115, "yellow", "threshold:yellow:115"), (150, "orange", "threshold:orange:150"), (249.9, "orange", "threshold:orange:150"),
        (250, "red", "threshold:red:250"),
    ],
)  # fmt: skip
def test_lower_is_better(value: float, level: str, reason: str) -> None:
    """At the line it is worse already."""
    assert (level, reason) == tuple(one[0] for one in judge_by_thresholds(np.array([float(value)]), PM25, "lower"))


def test_a_missing_value_has_no_level() -> None:
    """Nothing was judged: the level is null, not normal."""
    assert judge_by_thresholds(np.array([np.nan]), PM25, "lower")[0][0] is None
    assert judge_by_baseline(np.array([np.nan]), Baseline())[0][0] is None


def test_a_level_without_a_line_is_not_reached() -> None:
    """A definition may leave out levels."""
    lines = Thresholds.model_validate({"from": date(2013, 1, 1), "orange": 10})

    assert ["normal", "orange", "orange"] == list(judge_by_thresholds(np.array([9.0, 10.0, 1000.0]), lines, "lower")[0])


@given(st.lists(st.integers(-1000, 1000), min_size=4, max_size=4, unique=True), st.lists(st.integers(-1100, 1100), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_lower_mirrors_higher(marks: list[int], halves: list[int]) -> None:
    """Turned around zero, a sign that is better low is judged as one that is better high (off the lines themselves)."""
    rising = dict(zip(LEVELS, sorted(marks), strict=True))
    falling = {level: -mark for level, mark in rising.items()}
    values = np.array(halves) + 0.5
    day = {"from": date(2013, 1, 1)}
    low, _ = judge_by_thresholds(values, Thresholds.model_validate(day | rising), "lower")
    high, _ = judge_by_thresholds(-values, Thresholds.model_validate(day | falling), "higher")

    assert list(low) == list(high)


@given(st.lists(st.integers(-300, 300), min_size=2, max_size=20))
@settings(max_examples=100, deadline=None)
def test_worse_values_never_get_better_levels(values: list[int]) -> None:
    """Levels run one way with the value."""
    levels = judge_by_thresholds(np.sort(np.array(values, dtype=float)), PM25, "lower")[0]
    places = [ORDER.index(level) for level in levels]

    assert places == sorted(places)


@pytest.mark.parametrize(
    ("z", "level"),
    [
        (0, "normal"), (1.99, "normal"), (1.994, "normal"), (1.995, "blue"), (2.0, "blue"), (-2.0, "blue"), (2.5, "yellow"),
        (-2.99, "yellow"),
        (3.0, "orange"), (3.99, "orange"), (4.0, "red"), (-12.0, "red"),
    ],
)  # fmt: skip
def test_the_lines_of_the_baseline(z: float, level: str) -> None:
    """|z| is judged as it is printed, at two decimals, on both sides alike."""
    found, reason = judge_by_baseline(np.array([float(z)]), Baseline())

    assert (level, f"baseline:{half_up(np.array([float(z)]), 2)[0]:.2f}") == (found[0], reason[0])


def test_the_six_kinds_of_nothing_are_six_words() -> None:
    """Missing, stale, not evaluated, too few, suppressed and zero are six different things."""
    assert 6 == len({State.NO_DATA, State.LATE, State.NOT_EVALUATED, State.SMALL_SAMPLE, State.SUPPRESSED, State.OK})
