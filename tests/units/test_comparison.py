"""Changes against an earlier period (domain reference 4.3)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.comparison import change, change_unit

NAN = float("nan")
HUNDREDTHS = st.integers(-(10**9), 10**9).map(lambda number: number / 100)


def compare(value: float, base: float, unit: str) -> tuple[float, str]:
    """Return (change, reason) of one value."""
    result, reason = change(np.array([value]), np.array([base]), unit)
    return float(result[0]), str(reason[0])


@pytest.mark.parametrize(
    ("value", "base", "unit", "expected"),
    [
        (9, 7, "件", 28.571428571428573), (7, 9, "件", -22.22222222222222), (9, 9, "件", 0.0), (0, 9, "件", -100.0),
        (-3, 9, "万元", -133.33333333333334),
        (97.5, 87.9, "%", 9.6), (99.99, 99.95, "%", 0.04), (0, 5, "%", -5.0), (5, 0, "%", 5.0), (2, -3, "百分点", 5.0),
        (4.5, 3, "件/万人", 50.0),
    ],
)  # fmt: skip
def test_counts_in_per_cent_and_rates_in_points(value: float, base: float, unit: str, expected: float) -> None:
    """A count changes by (x-b)/b, a rate by x-b: 99.99 % after 99.95 % is 0.04 points, not per cent."""
    found, reason = compare(value, base, unit)

    assert pytest.approx(expected, abs=1e-9) == found
    assert "" == reason


@pytest.mark.parametrize(
    ("value", "base", "unit", "reason"),
    [
        (9, 0, "件", "base_zero"), (0, 0, "件", "base_zero"), (9, NAN, "件", "no_base"), (NAN, 9, "件", "no_base"),
        (NAN, 0, "件", "no_base"),
        (9, -3, "万元", "base_negative"), (-5, -3, "万元", "base_negative"), (NAN, 5, "%", "no_base"), (5, NAN, "%", "no_base"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_null_with_its_reason(value: float, base: float, unit: str, reason: str) -> None:
    """A base of 0 is never infinity or 100 %, a missing base is no base, and from negative to positive there is no per cent."""
    found, said = compare(value, base, unit)

    assert (True, reason) == (bool(np.isnan(found)), said)


@pytest.mark.parametrize(
    ("unit", "expected"), [("%", "points"), ("百分点", "points"), ("件", "%"), ("µg/m³", "%"), ("件/万人", "%"), ("分", "分")]
)
def test_the_unit_of_a_change(unit: str, expected: str) -> None:
    """Points for rates, per cent for everything else."""
    assert expected == change_unit(unit)


@given(HUNDREDTHS | st.just(NAN), HUNDREDTHS | st.just(NAN) | st.just(0.0), st.sampled_from(["%", "件"]))
@settings(max_examples=200, deadline=None)
def test_a_change_is_finite_or_explained(value: float, base: float, unit: str) -> None:
    """There is a number or a reason, never both and never infinity."""
    found, reason = compare(value, base, unit)

    assert (reason == "") == bool(np.isfinite(found))
