"""Statistical process control: limits of what varies by itself, special causes, and the two icons. Pure: arrays in, arrays out.

Arrays have the shape (series, points), in order of time; NaN is a missing value, which breaks runs, trends and moving
ranges. Charts: XmR for any measurement (Provost & Murray 2011); p' and u' for proportions and rates whose n varies
(Laney 2002, Quality Engineering 14(4):531-537). Rules: Nelson 1982, J. Quality Technology 14(3):172-173, as the NHS's
Making Data Count states them. Where the sources differ: docs/decisions/0007-control-limits.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from indicators.baselines import Array

Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

XMR_WIDTH = 2.66  # three standard deviations, in mean moving ranges of single values
RANGE_TO_SIGMA = 1.128  # d2 of two: the mean moving range of a standard normal variable
SCREEN = 3.267  # D4 of two: a moving range beyond so many mean ones says nothing of common causes
SIGMAS, NEAR = 3.0, 2 / 3  # the limits, and where a point lies close to them


class Chart(StrEnum):
    """How limits follow from the past."""

    XMR = "xmr"
    P = "p"
    U = "u"


class Special(StrEnum):
    """The special cause that a point tells; the first one named here wins where several hold."""

    OUTSIDE_HIGH = "outside_high"
    OUTSIDE_LOW = "outside_low"
    TREND_UP = "trend_up"
    TREND_DOWN = "trend_down"
    TWO_IN_THREE_HIGH = "two_in_three_high"
    TWO_IN_THREE_LOW = "two_in_three_low"
    RUN_HIGH = "run_high"
    RUN_LOW = "run_low"


class Variation(StrEnum):
    """What the newest point says of the process."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT_HIGH = "improvement_high"
    IMPROVEMENT_LOW = "improvement_low"
    CONCERN_HIGH = "concern_high"
    CONCERN_LOW = "concern_low"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"


class Assurance(StrEnum):
    """Whether the process as it is reaches its standard."""

    CONSISTENT_PASS = "consistent_pass"  # noqa: S105  # it passes its standard
    CONSISTENT_FAIL = "consistent_fail"
    HIT_OR_MISS = "hit_or_miss"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a calculation period taught, per series: centre, spread (half the width of xmr, sigma_z of p and u), points."""

    centre: Array
    spread: Array
    points: npt.NDArray[np.int64]


def learn(chart: Chart, values: Array, n: Array, scale: float = 1.0, *, screen: bool = True) -> Learnt:
    """Return what the points of a calculation period teach; `n` is the denominator of p and u, `scale` 100 for per cent.

    The centre of p and u is the whole of the numerators over that of the denominators. The spread is NaN where nothing can
    be learnt: no two points, a proportion outside 0..1, and a past that stood still more often than it moved.
    """
    known = ~np.isnan(values)
    if chart is Chart.XMR:
        weight, ranges = known.astype(float), moving_ranges(values)
        centre = _whole_mean(values, weight)
        spread = XMR_WIDTH * mean_range(ranges, screen=screen)
    else:
        known &= n > 0
        weight = np.where(known, n, 0)
        centre = _whole_mean(values, weight)
        ranges = moving_ranges((values - centre[:, None]) / _sigma(chart, centre, np.where(known, n, np.nan), scale))
        spread = mean_range(ranges, screen=screen) / RANGE_TO_SIGMA
    if chart is Chart.P:
        spread[((values < 0) | (values > scale)).any(axis=1)] = np.nan
    still = (ranges == 0).sum(axis=1) * 2 > (~np.isnan(ranges)).sum(axis=1)
    return Learnt(centre, np.where(still | ~(spread > 0), np.nan, spread), known.sum(axis=1))


def _whole_mean(values: Array, weight: Array) -> Array:
    whole = weight.sum(axis=1)
    mean: Array = np.divide(np.nansum(values * weight, axis=1), whole, out=np.full(len(values), np.nan), where=whole > 0)
    return mean


def half_width(chart: Chart, learnt: Learnt, n: Array, scale: float = 1.0) -> Array:
    """Return the distance from the centre to either limit for every point; of p and u it follows n."""
    if chart is Chart.XMR:
        return np.broadcast_to(learnt.spread[:, None], n.shape).astype(float)
    return SIGMAS * learnt.spread[:, None] * _sigma(chart, learnt.centre, n, scale)


def _sigma(chart: Chart, centre: Array, n: Array, scale: float) -> Array:
    """Return the standard deviation of a binomial proportion or a Poisson rate; NaN where there is none."""
    room = (scale - centre) if chart is Chart.P else np.full_like(centre, scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma = np.sqrt((centre * room)[:, None] / n)
    return np.where(np.isfinite(sigma) & (sigma > 0), sigma, np.nan)


def moving_ranges(values: Array) -> Array:
    """Return |x - the one before|, one column less; NaN beside a missing value."""
    return np.abs(np.diff(values, axis=1))


def mean_range(ranges: Array, *, screen: bool = True) -> Array:
    """Return the mean moving range, taken once more without those at or beyond 3.267 of it; all screened out: the first mean."""
    first = _row_mean(ranges)
    if not screen:
        return first
    again = _row_mean(np.where(ranges < SCREEN * first[:, None], ranges, np.nan))
    again[np.isnan(again)] = first[np.isnan(again)]
    return again


def _row_mean(values: Array) -> Array:
    count = (~np.isnan(values)).sum(axis=1)
    mean: Array = np.divide(np.nansum(values, axis=1), count, out=np.full(len(values), np.nan), where=count > 0)
    return mean


def special_causes(values: Array, centre: Array, half: Array, groups: npt.NDArray[np.int64], lengths: tuple[int, int] = (7, 7)) -> Texts:
    """Return the special cause that each point completes, or None: what was known when the point came, never taken back.

    `centre` and `half` are NaN where a point is not judged. No pattern crosses from one of `groups` to the next.
    `lengths`: points of a run on one side, points of a trend.
    """
    return _labelled(_patterns(values, centre, half, groups, lengths, 1))


def marked_causes(values: Array, centre: Array, half: Array, groups: npt.NDArray[np.int64], lengths: tuple[int, int] = (7, 7)) -> Texts:
    """Return the same with every point of a pattern marked, as one sees it looking back."""
    return _labelled(_patterns(values, centre, half, groups, lengths, 0))


def _patterns(
    values: Array, centre: Array, half: Array, groups: npt.NDArray[np.int64], lengths: tuple[int, int], own: int
) -> dict[Special, Flags]:
    """Return each rule's points; `own` keeps only the point that completes a pattern."""
    run, trend = lengths
    away = values - centre
    judged = ~np.isnan(away) & ~np.isnan(half)
    linked = np.zeros(values.shape, dtype=bool)
    linked[:, 1:] = (groups[:, 1:] == groups[:, :-1]) & judged[:, 1:] & judged[:, :-1]
    found = {}
    steps = np.zeros_like(values)
    steps[:, 1:] = np.diff(values, axis=1)
    for sign, outside, rising, close, side in (
        (1, Special.OUTSIDE_HIGH, Special.TREND_UP, Special.TWO_IN_THREE_HIGH, Special.RUN_HIGH),
        (-1, Special.OUTSIDE_LOW, Special.TREND_DOWN, Special.TWO_IN_THREE_LOW, Special.RUN_LOW),
    ):
        beyond = judged & (sign * away > half)
        here = judged & (sign * away > 0)
        near = judged & (sign * away > NEAR * half)
        pair = _whole(here, 3) & _whole(linked, 2) & (near.astype(int) + _earlier(near, 1) + _earlier(near, 2) >= 2)
        found[outside] = beyond
        found[rising] = _spread(_whole(linked & (sign * steps > 0), trend - 1), 0 if own else trend - 1)
        found[close] = near & ~beyond & _spread(pair, 0 if own else 2)
        found[side] = _spread(_whole(here, run) & _whole(linked, run - 1), 0 if own else run - 1)
    return found


def _labelled(found: dict[Special, Flags]) -> Texts:
    labels = np.full(next(iter(found.values())).shape, None, dtype=object)
    for cause in reversed(Special):
        labels[found[cause]] = str(cause)
    return labels


def _earlier(flags: Flags, places: int) -> Flags:
    """Return the flag of the point so many places before; False before the first."""
    out = np.zeros_like(flags)
    if places < flags.shape[1]:
        out[:, places:] = flags[:, : flags.shape[1] - places]
    return out


def _whole(flags: Flags, length: int) -> Flags:
    """Return whether the point and those before it, `length` in all, are flagged."""
    out = flags.copy()
    for places in range(1, length):
        out &= _earlier(flags, places)
    return out


def _spread(ended: Flags, places: int) -> Flags:
    """Return the points of patterns that end at the flagged ones and began so many places before."""
    out = ended.copy()
    for back in range(1, places + 1):
        if back < ended.shape[1]:
            out[:, : ended.shape[1] - back] |= ended[:, back:]
    return out


HIGH = frozenset({Special.OUTSIDE_HIGH, Special.TREND_UP, Special.TWO_IN_THREE_HIGH, Special.RUN_HIGH})


def variation(special: Texts, judged: Flags, direction: str) -> Texts:
    """Return the variation of every judged point: the one place where high and low become good and bad."""
    good, bad = {"higher": ("high", "low"), "lower": ("low", "high")}.get(direction, ("", ""))
    words = {}
    for cause in Special:
        way = "high" if cause in HIGH else "low"
        words[str(cause)] = f"{'improvement' if way == good else 'concern' if way == bad else 'neutral'}_{way}"
    found = np.full(special.shape, None, dtype=object)
    found[judged] = str(Variation.COMMON_CAUSE)
    for code, word in words.items():
        found[special == code] = word
    return found


def assurance(low: Array, high: Array, standard: Array, direction: str) -> Texts:
    """Return whether the limits lie on one side of the standard; equality is neither. None without limits or a standard."""
    found = np.full(low.shape, None, dtype=object)
    if direction not in {"higher", "lower"}:
        return found
    known = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(standard)
    found[known] = str(Assurance.HIT_OR_MISS)
    below, above = known & (standard < low), known & (standard > high)
    passes, fails = (below, above) if direction == "higher" else (above, below)
    found[passes], found[fails] = str(Assurance.CONSISTENT_PASS), str(Assurance.CONSISTENT_FAIL)
    return found
