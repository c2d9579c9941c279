"""What evaluation promises of any values: weights sum to 1, scores stay within 0 and 100, better is never worse."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from indicators.evaluation.means import score_mean, shares
from indicators.evaluation.outranking import copeland
from indicators.evaluation.ranks import ranks
from indicators.evaluation.weights import critic, entropy, principal_components

SCORE = st.integers(0, 10**8).map(lambda millionths: millionths / 1e6)
SCORES = arrays(float, st.tuples(st.integers(2, 6), st.just(4)), elements=st.one_of(SCORE, st.just(np.nan)))
VALUES = arrays(float, st.tuples(st.integers(3, 8), st.integers(2, 5)), elements=st.integers(1, 1000).map(float))
WEIGHTS = arrays(float, 4, elements=st.floats(0.01, 1))
POWERS = st.sampled_from([1.0, 0.0, -1.0, 0.5, 2.0])


@given(VALUES)
@settings(max_examples=60, deadline=None)
def test_weights_sum_to_one(values: np.ndarray) -> None:  # type: ignore[type-arg]
    """Weights of data are shares, none below 0; a matrix that tells nothing is refused in words."""
    for method in (entropy, critic, principal_components):
        try:
            weights = method(values)
        except ValueError as error:
            if "tell units apart" not in str(error):
                raise
            continue
        assert abs(weights.sum() - 1) < 1e-9
        assert (weights >= 0).all()


@given(SCORES, WEIGHTS, POWERS)
@settings(max_examples=100, deadline=None)
def test_scores_stay_in_bounds(scores: np.ndarray, weights: np.ndarray, power: float) -> None:  # type: ignore[type-arg]
    """A mean of scores lies between the least and the largest of those that are there."""
    found = score_mean(scores, weights, power)
    some = ~np.isnan(scores).all(axis=1)

    assert (np.isnan(found) == ~some).all()
    assert (found[some] >= np.nanmin(scores[some], axis=1) - 1e-9).all()
    assert (found[some] <= np.nanmax(scores[some], axis=1) + 1e-9).all()
    assert_allclose(shares(weights, ~np.isnan(scores)).sum(axis=1), some.astype(float))


@given(SCORES, WEIGHTS, POWERS, st.integers(0, 3), st.floats(0, 50))
@settings(max_examples=100, deadline=None)
def test_better_is_never_worse(scores: np.ndarray, weights: np.ndarray, power: float, sign: int, more: float) -> None:  # type: ignore[type-arg]
    """Better in one sign and alike in the others: the score does not fall."""
    better = scores.copy()
    better[:, sign] = np.fmin(better[:, sign] + more, 100)
    some = ~np.isnan(scores).all(axis=1)

    assert (score_mean(better, weights, power)[some] >= score_mean(scores, weights, power)[some] - 1e-9).all()


@given(SCORES, WEIGHTS, POWERS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_says_nothing(scores: np.ndarray, weights: np.ndarray, power: float, random: object) -> None:  # type: ignore[type-arg]
    """Units and signs may stand in any order."""
    units, signs = list(range(len(scores))), list(range(4))
    random.shuffle(units)  # type: ignore[attr-defined]
    random.shuffle(signs)  # type: ignore[attr-defined]
    turned = scores[units][:, signs]

    assert_allclose(score_mean(turned, weights[signs], power), score_mean(scores, weights, power)[units], atol=1e-9)
    assert_allclose(copeland(turned, weights[signs]), copeland(scores, weights)[units])
    first = scores[:, 0]
    assert_allclose(ranks(first[units]), ranks(first)[units])
