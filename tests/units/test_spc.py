"""Statistical process control, against the published vectors and a plain reference in loops."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.baselines import Array
from indicators.spc import (
    Assurance,
    Chart,
    Learnt,
    Special,
    assurance,
    half_width,
    learn,
    marked_causes,
    mean_range,
    special_causes,
    variation,
)

NAN = float("nan")
V = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
T1 = [10, 12, 11, 9, 10, 8, 11, 10, 12, 9, 14, 13, 14, 15, 13, 14, 13]
T2 = [20, 21, 19, 20, 22, 20, 10, 11, 12, 13, 14, 15, 16, 20, 19, 21, 20]
T3 = [10, 11, 9, 10, 11, 10, 9, 10, 11, 10, 9, 10, 13.9, 10.5, 13.8, 10, 9, 11]
T4 = [10, 11, 9, 10, 11, 10, 9, 10, 11, 10, 9, 10, 13.9, 6.2, 10, 9, 11]
NEAR_HIGH, OUT_HIGH, OUT_LOW, UP = "two_in_three_high", "outside_high", "outside_low", "trend_up"


def row(values: list[float]) -> Array:
    """One series."""
    return np.array([values], dtype=float)


def xmr(values: list[float], *, screen: bool = True) -> Learnt:
    """What a whole series teaches, as the published vectors take it."""
    return learn(Chart.XMR, row(values), row(values), screen=screen)


def marked(values: list[float], learnt: Learnt | None = None) -> list[str | None]:
    """The label of every point, looking back."""
    learnt = learnt or xmr(values)
    series = row(values)
    half = half_width(Chart.XMR, learnt, series)
    return list(marked_causes(series, np.full_like(series, learnt.centre[0]), half, np.zeros(series.shape, dtype=np.int64))[0])


@pytest.mark.parametrize(
    ("values", "screen", "mean", "amr", "low", "high"),
    [
        (V, True, 1.9444, 1.0, -0.72, 4.60),
        (V, False, 1.9444, 1.8824, -3.06, 6.95),
        (T1, True, 11.6471, 1.8125, 6.8258, 16.4683),
        (T2, True, 17.2353, 1.4667, 13.3340, 21.1366),
        (T3, True, 10.4556, 1.7294, 5.8553, 15.0558),
        (T4, True, 10.0059, 1.5133, 5.9804, 14.0313),
    ],
)
def test_published_limits(values: list[float], screen: bool, mean: float, amr: float, low: float, high: float) -> None:
    """Mean, mean moving range and limits of every vector, to the digits that are printed."""
    learnt = xmr(values, screen=screen)
    digits = 2 if values is V else 4

    assert mean == round(learnt.centre[0], 4)
    assert amr == round(mean_range(np.abs(np.diff(row(values))), screen=screen)[0], 4)
    assert (low, high) == (round(learnt.centre[0] - learnt.spread[0], digits), round(learnt.centre[0] + learnt.spread[0], digits))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (V, [None] * 4 + [OUT_HIGH] + [None] * 13),
        (T1, [None] * 10 + ["run_high"] * 7),
        (
            T2,
            [NEAR_HIGH, NEAR_HIGH, None, NEAR_HIGH, OUT_HIGH, NEAR_HIGH, OUT_LOW, OUT_LOW, OUT_LOW, OUT_LOW, UP, UP, UP, UP, None]
            + [NEAR_HIGH] * 2,
        ),
        (T3, [None] * 12 + [NEAR_HIGH, None, NEAR_HIGH] + [None] * 3),
        (T4, [None] * 17),
    ],
)
def test_published_special_causes(values: list[float], expected: list[str | None]) -> None:
    """The label of every point of every vector."""
    assert expected == marked(values)


def fixed(
    values: list[float], centre: float = 0.0, half: float = 3.0, groups: list[int] | None = None, *, back: bool = True
) -> list[str | None]:
    """The labels under limits that are given."""
    series = row(values)
    names = np.array([groups or [0] * len(values)], dtype=np.int64)
    told = marked_causes if back else special_causes
    return list(told(series, np.zeros_like(series), np.full_like(series, 3.0), names)[0])


def test_two_in_three_counts_points_beyond_the_limits_too() -> None:
    """Deviation 1: as Making Data Count since 2023; the point outside keeps its own label."""
    assert ["two_in_three_high", "outside_high", None] == fixed([2.5, 3.5, 0.5])


@pytest.mark.parametrize(("count", "expected"), [(6, None), (7, "run_high"), (8, "run_high")])
def test_seven_on_one_side_are_a_run(count: int, expected: str | None) -> None:
    """Deviation 2: seven, not six; looking back all of them are marked."""
    assert [expected] * count == fixed(([1.0, 0.5] * 4)[:count])


def test_a_point_on_the_centre_breaks_a_run_and_an_equal_pair_a_trend() -> None:
    """Neither is on one side, and neither rises."""
    assert {None} == set(fixed([1, 0.5, 1, 0, 1, 0.5, 1, 0.5]))
    assert {None} == set(fixed([-1.5, -1, -0.5, 0, 0, 0.5, 1, 1.5]))
    assert ["trend_up"] * 7 == fixed([-1.5, -1, -0.5, 0, 0.5, 1, 1.5])
    assert ["trend_down"] * 7 == fixed([1.5, 1, 0.5, 0, -0.5, -1, -1.5])


def test_a_missing_value_breaks_runs_trends_and_ranges() -> None:
    """Deviation 3: nothing is known across a gap."""
    assert {None} == set(fixed([1, 0.5, 1, NAN, 0.5, 1, 0.5, 1]))
    assert {None} == set(fixed([-1.5, -1, -0.5, NAN, 0, 0.5, 1, 1.5]))
    assert 1.0 == mean_range(np.abs(np.diff(row([1, 2, NAN, 9, 8]))))[0]
    assert {None} == set(fixed([2.5, NAN, 2.5, 0.1]))


def test_nothing_crosses_a_rebase() -> None:
    """Seven on one side and a pair near the limit, each cut by a new group."""
    assert {None} == set(fixed([1, 0.5] * 4, groups=[0] * 4 + [1] * 4))
    assert {None} == set(fixed([0.1, 2.5, 2.5], groups=[0, 0, 1]))
    assert {None} == set(fixed([-1.5, -1, -0.5, 0, 0.5, 1, 1.5], groups=[0] * 3 + [1] * 4))


def test_a_stronger_signal_names_the_point() -> None:
    """Deviation 7: outside, trend, two in three, run: a rise below the centre is a trend, not a run."""
    assert ["trend_up"] * 6 + ["outside_high"] == fixed([0.1, 0.5, 0.9, 1.3, 1.7, 2.1, 3.5])
    assert ["run_low"] + ["trend_up"] * 7 == fixed([-0.5, -1.9, -1.8, -1.7, -1.6, -1.5, -1.4, -1.3])


def test_a_series_that_stood_still_has_no_limits() -> None:
    """Deviation 8: what hardly ever varied says nothing of how much is usual; its next change is no special cause by that."""
    assert math.isnan(xmr([5.0] * 20).spread[0])
    assert math.isnan(xmr([0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]).spread[0])
    assert math.isnan(learn(Chart.P, row([100.0] * 20), row([50.0] * 20), 100.0).spread[0])
    assert {None} == set(marked([5.0] * 19 + [9.0], xmr([5.0] * 19)))


def test_when_every_range_is_screened_out_the_first_mean_stands() -> None:
    """Deviation 9: no limit is NaN only because of screening."""
    assert 0.0 == mean_range(row([0.0, 0.0, 0.0]))[0]


def test_limits_are_not_clipped_for_the_test() -> None:
    """Deviation 10: a count may have a lower limit below 0; only a display cuts it there."""
    learnt = xmr([0, 1, 0, 2, 0, 1, 0, 1, 0, 2, 0, 1, 0, 1])

    assert learnt.centre[0] - learnt.spread[0] < 0


def test_p_prime_of_a_steady_n_is_an_xmr_chart() -> None:
    """Laney's limits with the same n everywhere are those of single values, but for the digits of 2.66 = 3 / 1.128."""
    values = row([96.0, 97.5, 95.2, 98.1, 96.6, 97.0, 94.9, 97.7, 96.1, 98.0, 95.8, 97.2, 96.4, 97.9])
    n = np.full_like(values, 300.0)
    p, x = learn(Chart.P, values, n, 100.0), learn(Chart.XMR, values, n)

    assert x.centre[0] == pytest.approx(p.centre[0])
    assert half_width(Chart.P, p, n, 100.0)[0] == pytest.approx(half_width(Chart.XMR, x, n)[0], rel=2e-4)


@pytest.mark.parametrize(("chart", "scale"), [(Chart.P, 100.0), (Chart.U, 1.0)])
def test_laney_in_loops(chart: Chart, scale: float) -> None:
    """Centre, sigma_z and limits that vary with n, computed one point after the other."""
    dice = np.random.default_rng(7)
    n = dice.integers(80, 400, 40).astype(float)
    counts = dice.binomial(n.astype(int), 0.9).astype(float) if chart is Chart.P else dice.poisson(n * 0.3).astype(float)
    values = counts / n * scale
    centre = counts.sum() / n.sum()
    sigmas = [math.sqrt(centre * ((1 - centre) if chart is Chart.P else 1) / size) for size in n]
    z = [(count / size - centre) / sigma for count, size, sigma in zip(counts, n, sigmas, strict=True)]
    ranges = [abs(after - before) for before, after in pairwise(z)]
    mean = statistics.fmean(ranges)
    sigma_z = statistics.fmean([one for one in ranges if one < 3.267 * mean]) / 1.128

    learnt = learn(chart, row(list(values)), row(list(n)), scale)

    assert scale * centre == pytest.approx(learnt.centre[0])
    assert sigma_z == pytest.approx(learnt.spread[0])
    assert [3 * scale * sigma_z * sigma for sigma in sigmas] == pytest.approx(list(half_width(chart, learnt, row(list(n)), scale)[0]))


def test_binomial_noise_has_a_sigma_z_of_one() -> None:
    """Where nothing but chance varies, p' is the plain p chart."""
    dice = np.random.default_rng(11)
    n = dice.integers(200, 400, (200, 200)).astype(float)
    values = dice.binomial(n.astype(int), 0.93) / n * 100

    assert 1.0 == pytest.approx(np.mean(learn(Chart.P, values, n, 100.0, screen=False).spread), abs=0.01)


def test_a_share_above_the_whole_is_no_proportion() -> None:
    """A plan fulfilled by 104 % has no binomial limits."""
    assert math.isnan(learn(Chart.P, row([98.0, 104.0] * 8), row([50.0] * 16), 100.0).spread[0])


def test_a_period_without_anything_due_has_no_limits_of_its_own() -> None:
    """n = 0 gives neither an infinite limit nor a teacher."""
    values, n = row([96.0, 97.0, NAN] * 6), row([100.0, 200.0, 0.0] * 6)
    learnt = learn(Chart.P, values, n, 100.0)

    assert 12 == learnt.points[0]
    assert np.isnan(half_width(Chart.P, learnt, n, 100.0)[0][2])


@given(st.lists(st.floats(-50, 50).map(lambda one: round(one, 1)), min_size=14, max_size=40))
def test_lower_is_better_mirrors_higher(values: list[float]) -> None:
    """The mirrored series has the mirrored causes, and good stays good."""
    series = row(values)
    learnt, flipped = learn(Chart.XMR, series, series), learn(Chart.XMR, -series, series)
    groups = np.zeros(series.shape, dtype=np.int64)
    half = half_width(Chart.XMR, learnt, series)
    causes = special_causes(series, np.full_like(series, learnt.centre[0]), half, groups)
    mirror = special_causes(-series, np.full_like(series, flipped.centre[0]), half, groups)
    judged = ~np.isnan(half)
    one, other = variation(causes, judged, "higher"), variation(mirror, judged, "lower")

    assert [None if word is None else word.partition("_")[0] for word in one[0]] == [
        None if word is None else word.partition("_")[0] for word in other[0]
    ]


@given(st.lists(st.floats(-5, 5).map(lambda one: round(one, 1)), min_size=1, max_size=40))
def test_what_a_point_completes_does_not_depend_on_what_follows(values: list[float]) -> None:
    """Told then and told now are the same; looking back only marks more."""
    told = fixed(values, back=False)

    assert told[:-1] == fixed(values[:-1], back=False) if len(values) > 1 else True
    assert {place for place, cause in enumerate(told) if cause} <= {place for place, cause in enumerate(fixed(values)) if cause}
    assert told[-1] == fixed(values)[-1]


@pytest.mark.parametrize(
    ("standard", "higher", "lower"),
    [
        (95.0, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (99.0, Assurance.CONSISTENT_FAIL, Assurance.CONSISTENT_PASS),
        (89.0, Assurance.CONSISTENT_PASS, Assurance.CONSISTENT_FAIL),
        (98.0, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (90.0, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (NAN, None, None),
    ],
)
def test_assurance(standard: float, higher: str | None, lower: str | None) -> None:
    """Section 3: limits of 90 to 98; equality is hit or miss; a neutral sign has none."""
    low, high = row([90.0]), row([98.0])

    assert higher == assurance(low, high, row([standard]), "higher")[0, 0]
    assert lower == assurance(low, high, row([standard]), "lower")[0, 0]
    assert assurance(low, high, row([standard]), "watch")[0, 0] is None


@pytest.mark.parametrize(
    ("cause", "direction", "expected"),
    [
        ("outside_high", "higher", "improvement_high"),
        ("outside_high", "lower", "concern_high"),
        ("trend_down", "higher", "concern_low"),
        ("run_low", "lower", "improvement_low"),
        ("two_in_three_high", "watch", "neutral_high"),
        ("outside_low", "band", "neutral_low"),
        (None, "higher", "common_cause"),
    ],
)
def test_variation(cause: str | None, direction: str, expected: str) -> None:
    """Good or bad follows from where a point lies and which way is better."""
    special, judged = np.array([[cause, None]], dtype=object), np.array([[True, False]])

    assert [expected, None] == list(variation(special, judged, direction)[0])


def test_false_signals_on_noise() -> None:
    """Points beyond three sigma on pure noise, limits from 42 points before: some 0.5 %, each rule with it at most 3 %."""
    noise = np.random.default_rng(3).normal(100, 10, (400, 242))
    learnt = learn(Chart.XMR, noise[:, :42], noise)
    later = noise[:, 42:]
    half = half_width(Chart.XMR, learnt, later)
    causes = special_causes(later, np.broadcast_to(learnt.centre[:, None], later.shape), half, np.zeros(later.shape, dtype=np.int64))
    outside = np.isin(causes, [Special.OUTSIDE_HIGH, Special.OUTSIDE_LOW]).mean()

    assert 0.002 < outside < 0.012
    assert (causes != None).mean() < 0.06  # noqa: E711  # element by element
