"""What is usual for a series, against a plain reference in plain Python, and how often pure noise is called unusual."""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from indicators.baselines import MAD_TO_SIGMA, Array, at_least_poisson, robust_z, usual_periods, usual_weekday

WEEKS, POOL, LEAST, PERIODS = 8, 56, 4, 12
NAN = float("nan")


def mad(values: list[float]) -> float:
    """The median absolute deviation about the median, as a standard deviation."""
    middle = statistics.median(values)
    return MAD_TO_SIGMA * statistics.median(abs(value - middle) for value in values)


def plain_weekday(series: list[float], holidays: list[bool]) -> list[tuple[float, float]]:
    """The same by loops: reference 1.9, word for word."""
    teachers = [NAN if off else value for value, off in zip(series, holidays, strict=True)]
    centres, residuals = [], []
    for day in range(len(series)):
        past = [teachers[day - 7 * week] for week in range(1, WEEKS + 1) if day >= 7 * week]
        past = [value for value in past if not math.isnan(value)]
        centres.append(statistics.median(past) if len(past) >= LEAST else NAN)
        residuals.append(teachers[day] - centres[day])
    scales = []
    for day in range(len(series)):
        pool = [value for value in residuals[max(0, day - POOL) : day] if not math.isnan(value)]
        scales.append(mad(pool) if len(pool) >= 2 * LEAST else NAN)
    return list(zip(centres, scales, strict=True))


def plain_periods(series: list[float]) -> list[tuple[float, float]]:
    """Median and MAD of the last 12 periods, by loops."""
    found = []
    for place in range(len(series)):
        past = [value for value in series[max(0, place - PERIODS) : place] if not math.isnan(value)]
        found.append((statistics.median(past), mad(past)) if len(past) >= LEAST else (NAN, NAN))
    return found


def with_gaps(seed: int, shape: tuple[int, int], share: float) -> Any:
    """Noise with a week's rhythm and missing values."""
    dice = np.random.default_rng(seed)
    values = dice.gamma(4, 10, shape) + 5 * (np.arange(shape[1]) % 7)
    values[dice.random(shape) < share] = np.nan
    return np.round(values, 1)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_the_weekday_baseline_is_the_plain_one(share: float) -> None:
    """Centre and scale of every day and series, with gaps and holidays, are those of the loops."""
    values = with_gaps(11, (4, 200), share)
    holidays = np.random.default_rng(12).random(200) < 0.05
    centre, scale = usual_weekday(values, holidays, WEEKS, POOL, LEAST)

    for row in range(len(values)):
        expected = np.array(plain_weekday(values[row].tolist(), holidays.tolist()))
        np.testing.assert_allclose(centre[row], expected[:, 0], rtol=1e-12)
        np.testing.assert_allclose(scale[row], expected[:, 1], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_the_baseline_of_longer_periods_is_the_plain_one(share: float) -> None:
    """The last twelve periods take the weekdays' place."""
    values = with_gaps(13, (5, 60), share)
    centre, scale = usual_periods(values, PERIODS, LEAST)

    for row in range(len(values)):
        expected = np.array(plain_periods(values[row].tolist()))
        np.testing.assert_allclose(centre[row], expected[:, 0], rtol=1e-12)
        np.testing.assert_allclose(scale[row], expected[:, 1], rtol=1e-9, atol=1e-12)


def shares(values: Array, *, counts: bool = False) -> list[float]:
    """The per cent of judged points at or beyond the four lines."""
    centre, scale = usual_weekday(values, np.zeros(values.shape[1], bool), WEEKS, POOL, LEAST)
    z = robust_z(values, centre, at_least_poisson(centre, scale) if counts else scale)[:, 120:]
    return [100 * float(np.mean(np.abs(z) >= line)) for line in (2.0, 2.5, 3.0, 4.0)]


def test_false_alarms_on_counts() -> None:
    """Reference 1.9: blue on 4-5 % of points of pure noise, yellow 1.2-2.0, orange 0.3-0.8, red 0.02-0.2."""
    noise = np.random.default_rng(1).poisson(20, (200, 1500)).astype(float)
    blue, yellow, orange, red = shares(noise, counts=True)

    assert 4.0 <= blue <= 5.0
    assert 1.2 <= yellow <= 2.0
    assert 0.3 <= orange <= 0.8
    assert 0.02 <= red <= 0.2


def test_false_alarms_on_amounts() -> None:
    """Without the floor of counts the scale is as noisy as 56 residuals make it: blue on 5-6 %, the others as promised."""
    noise = np.random.default_rng(2016).normal(100, 15, (200, 1500))
    blue, yellow, orange, red = shares(noise)

    assert 5.0 <= blue <= 6.0
    assert 1.2 <= yellow <= 2.0
    assert 0.3 <= orange <= 0.8
    assert 0.02 <= red <= 0.2


def test_false_alarms_on_rare_counts() -> None:
    """A count of a few a week is quieter still, since its scale is at least 1."""
    noise = np.random.default_rng(67).poisson(0.3, (200, 1120)).astype(float)
    blue, _, _, red = shares(noise, counts=True)

    assert blue <= 5.0
    assert red <= 0.2


def test_the_day_itself_and_the_future_teach_nothing() -> None:
    """Changing a day and all after it leaves its own baseline as it was."""
    values = with_gaps(5, (2, 150), 0.05)
    other = values.copy()
    other[:, 100:] = 9999
    none = np.zeros(150, bool)
    before, after = usual_weekday(values, none, WEEKS, POOL, LEAST), usual_weekday(other, none, WEEKS, POOL, LEAST)

    for one, two in zip(before, after, strict=True):
        np.testing.assert_array_equal(one[:, :101], two[:, :101])


def test_holidays_teach_nothing_but_are_judged() -> None:
    """A wild holiday changes no baseline; it has one of its own."""
    values = with_gaps(6, (1, 150), 0)
    wild, holidays = values.copy(), np.zeros(150, bool)
    holidays[100], wild[0, 100] = True, 1e6
    calm, loud = usual_weekday(values, holidays, WEEKS, POOL, LEAST), usual_weekday(wild, holidays, WEEKS, POOL, LEAST)

    np.testing.assert_array_equal(calm[0], loud[0])
    np.testing.assert_array_equal(calm[1], loud[1])
    assert np.isfinite(loud[0][0, 100])


def test_fewer_than_four_points_are_no_baseline() -> None:
    """Three Mondays are too few, four are enough for the centre."""
    centre, _ = usual_weekday(np.ones((1, 40)), np.zeros(40, bool), WEEKS, POOL, LEAST)

    assert (True, False) == (bool(np.isnan(centre[0, 27])), bool(np.isnan(centre[0, 28])))


def test_a_scale_of_zero_gives_no_z() -> None:
    """A series that never moved cannot be judged."""
    assert np.isnan(robust_z(np.array([[5.0]]), np.array([[4.0]]), np.array([[0.0]])))[0, 0]


@pytest.mark.parametrize(("centre", "scale", "expected"), [(100, 3, 10), (100, 30, 30), (0.25, 0, 1), (0, 0, 1), (9, NAN, NAN)])
def test_the_scale_of_counts(centre: float, scale: float, expected: float) -> None:
    """At least the square root of the centre and at least 1; unknown stays unknown."""
    np.testing.assert_equal(at_least_poisson(np.array([[centre]]), np.array([[scale]]))[0, 0], expected)


@given(arrays(float, (3, 80), elements=st.integers(0, 50).map(float) | st.just(NAN)), st.permutations(range(3)))
@settings(max_examples=30, deadline=None)
def test_series_do_not_know_each_other(values: Any, order: list[int]) -> None:
    """The order of the series is irrelevant to the baseline of each."""
    none = np.zeros(80, bool)
    centre, scale = usual_weekday(values, none, WEEKS, POOL, LEAST)
    moved = usual_weekday(values[order], none, WEEKS, POOL, LEAST)

    np.testing.assert_array_equal(centre[order], moved[0])
    np.testing.assert_array_equal(scale[order], moved[1])


@given(arrays(float, (2, 80), elements=st.integers(0, 50).map(float) | st.just(NAN)), st.integers(-20, 20), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_units_do_not_matter_to_z(values: Any, shift: int, factor: int) -> None:
    """In other units, or from another zero, every z is the same."""
    none = np.zeros(80, bool)
    z = robust_z(values, *usual_weekday(values, none, WEEKS, POOL, LEAST))
    other = values * factor + shift

    np.testing.assert_allclose(z, robust_z(other, *usual_weekday(other, none, WEEKS, POOL, LEAST)), rtol=1e-9, atol=1e-9)
