"""An independent library agrees with our methods on matrices that nobody chose."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pymcdm import methods, normalizations
from pymcdm import weights as theirs
from pymcdm.weights.subjective import AHP

from indicators.evaluation import normalise
from indicators.evaluation.means import power_mean
from indicators.evaluation.outranking import topsis
from indicators.evaluation.pairwise import RANDOM_INDEX, judge_pairs
from indicators.evaluation.weights import critic, entropy, equal

pytestmark = pytest.mark.filterwarnings("ignore:Alternatives with indices")
SHAPES = [(3, 2), (5, 4), (13, 7), (40, 12)]


def matrix(shape: tuple[int, int]) -> np.ndarray:  # type: ignore[type-arg]
    """Return values above 0, the same each time."""
    return np.random.default_rng(shape[0]).gamma(3.0, 10.0, shape) + 1.0


@pytest.mark.parametrize("shape", SHAPES)
def test_weights_agree(shape: tuple[int, int]) -> None:
    """Entropy, CRITIC and equal weights."""
    values = matrix(shape)

    assert_allclose(entropy(values), theirs.entropy_weights(values), atol=1e-12)
    assert_allclose(critic(values), theirs.critic_weights(values), atol=1e-12)
    assert_allclose(equal(shape[1]), theirs.equal_weights(values), atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_scores_agree(shape: tuple[int, int]) -> None:
    """TOPSIS, the weighted sum of min-max values and the weighted product."""
    values = matrix(shape)
    weights = np.random.default_rng(7).dirichlet(np.ones(shape[1]))
    types = np.ones(shape[1])

    assert_allclose(topsis(values, weights), methods.TOPSIS(normalizations.vector_normalization)(values, weights, types), atol=1e-12)
    assert_allclose(normalise.minmax(values, 0, 1)[:, 0], normalizations.minmax_normalization(values[:, 0]), atol=1e-12)
    assert_allclose(normalise.share_of_maximum(values)[:, 0], normalizations.max_normalization(values[:, 0]), atol=1e-12)
    summed = methods.WSM(normalizations.max_normalization)(values, weights, types)
    assert_allclose(power_mean(normalise.share_of_maximum(values), weights), summed, atol=1e-12)
    product = methods.WPM(normalizations.max_normalization)(values, weights, types)
    assert_allclose(power_mean(normalise.share_of_maximum(values), weights, 0), product, atol=1e-12)


@pytest.mark.parametrize("count", [3, 5, 8])
def test_judgements_agree(count: int) -> None:
    """The consistency index is theirs; only the table of random indices is another edition."""
    ratios = np.triu(np.random.default_rng(count).integers(1, 4, (count, count)), 1).astype(float)
    whole = np.eye(count) + ratios + np.divide(1, ratios.T, out=np.zeros_like(ratios), where=ratios.T > 0)
    opinion = AHP(matrix=whole)

    index = opinion.get_cr() * AHP.RI_M[count - 1]
    assert judge_pairs(whole).consistency_ratio * RANDOM_INDEX[count - 1] == pytest.approx(index, abs=1e-9)
