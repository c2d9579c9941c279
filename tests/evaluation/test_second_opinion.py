"""An independent library agrees with our methods on matrices that nobody chose."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from Pyfrontier.frontier_model import EnvelopDEA
from pymcdm import methods, normalizations
from pymcdm import weights as theirs
from pymcdm.weights.subjective import AHP
from scipy import stats
from statsmodels.multivariate.factor_rotation import rotate_factors
from statsmodels.multivariate.pca import PCA
from votelib.convert import RankedToCondorcetVotes
from votelib.evaluate.condorcet import Copeland, pairwise_wins

from indicators.evaluation import normalise
from indicators.evaluation.frontier import benefit_of_the_doubt
from indicators.evaluation.means import power_mean
from indicators.evaluation.outliers import passes
from indicators.evaluation.outranking import copeland, topsis
from indicators.evaluation.pairwise import RANDOM_INDEX, judge_pairs
from indicators.evaluation.weights import critic, entropy, equal, principal_components

pytestmark = [pytest.mark.filterwarnings("ignore:Alternatives with indices"), pytest.mark.filterwarnings("ignore::DeprecationWarning:pulp")]
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


@pytest.mark.parametrize("shape", SHAPES)
def test_means_agree(shape: tuple[int, int]) -> None:
    """The geometric, harmonic and generalised mean."""
    values = matrix(shape)
    weights = np.random.default_rng(8).dirichlet(np.ones(shape[1]))

    assert_allclose(power_mean(values, weights, 0), stats.gmean(values, axis=1, weights=weights), atol=1e-9)
    assert_allclose(power_mean(values, weights, -1), stats.hmean(values, axis=1, weights=weights), atol=1e-9)
    assert_allclose(power_mean(values, weights, 0.5), stats.pmean(values, 0.5, axis=1, weights=weights), atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_places_and_distances_agree(shape: tuple[int, int]) -> None:
    """Ranks, percentiles and standard scores, with ties and gaps."""
    values = matrix(shape).round(-1)
    values[0, 0] = np.nan

    assert_allclose(normalise.ranking(values), stats.rankdata(values, method="min", axis=0, nan_policy="omit"))
    ranks = pd.DataFrame(values).rank(method="min")
    assert_allclose(normalise.percentile(values), (ranks - 1) / (ranks.count() - 1))
    whole = matrix(shape)
    assert_allclose(normalise.zscore(whole), stats.zscore(whole, ddof=1), atol=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_outliers_agree(seed: int) -> None:
    """A column passes by the skewness and the kurtosis of pandas, which are those of spreadsheets."""
    column = np.random.default_rng(seed).lognormal(0, 0.3 + 0.2 * seed, 30)
    series = pd.Series(column)

    assert passes(column) == bool(abs(series.skew()) < 2 or series.kurt() < 3.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", SHAPES)
def test_benefit_of_the_doubt_agrees(shape: tuple[int, int]) -> None:
    """It is the envelopment of units with the same input, to the six digits that they round to."""
    values = matrix(shape)
    envelope = EnvelopDEA(frontier="CRS", orient="out")
    envelope.fit(np.ones((shape[0], 1)), values)

    assert_allclose(benefit_of_the_doubt(values)[0], [1 / unit.score for unit in envelope.result], atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_copeland_agrees(shape: tuple[int, int]) -> None:
    """Each sign is an election ballot, cast as often as it weighs."""
    values = matrix(shape).round(-1)
    ballots: dict[tuple[object, ...], int] = {}
    weights = np.random.default_rng(9).integers(1, 50, shape[1])
    for column, weight in zip(values.T, weights, strict=True):
        groups = [np.flatnonzero(column == value).tolist() for value in sorted(set(column), reverse=True)]
        ballot = tuple(group[0] if len(group) == 1 else frozenset(group) for group in groups)
        ballots[ballot] = ballots.get(ballot, 0) + int(weight)
    scores = Copeland.scores(pairwise_wins(RankedToCondorcetVotes().convert(ballots)))

    assert copeland(values, weights.astype(float)).tolist() == [scores.get(unit, 0) for unit in range(shape[0])]


@pytest.mark.parametrize("count", [4, 6, 9])
def test_components_agree(count: int) -> None:
    """Components and their rotation by varimax, weighed as the Handbook does."""
    values = np.random.default_rng(count).normal(size=(40, count))
    values[:, 1] += values[:, 0]
    values[:, 3] += values[:, 2]
    found = PCA(values, standardize=True, method="eig")
    size = found.eigenvals / len(values)
    kept = size > 1
    turned, _ = rotate_factors(found.eigenvecs[:, kept] * np.sqrt(size[kept]), "varimax", tol=1e-14)
    squared = turned**2
    best, explained = squared.argmax(axis=1), squared.sum(axis=0)
    wanted = squared[range(count), best] / explained[best] * (explained / explained.sum())[best]

    assert kept.sum() > 1
    assert_allclose(principal_components(values), wanted / wanted.sum(), atol=1e-6)
