"""Each method of evaluation gives the figures that are written down elsewhere, and not only those of a library."""

from __future__ import annotations

from datetime import date
from math import nan

import numpy as np
import pytest
from numpy.testing import assert_allclose

from data.city import Baseline
from indicators.definition import Thresholds
from indicators.evaluation import normalise
from indicators.evaluation.anchors import baseline_anchors, threshold_anchors
from indicators.evaluation.frontier import benefit_of_the_doubt
from indicators.evaluation.means import power_mean, score_mean
from indicators.evaluation.outliers import passes, treat
from indicators.evaluation.outranking import copeland, outranking, topsis
from indicators.evaluation.pairwise import comparison_matrix, judge_pairs
from indicators.evaluation.ranks import black_list, grades, order, ranks, red_list
from indicators.evaluation.weights import budget_allocation, critic, entropy, equal, principal_components, varimax

X = np.array([[3.0], [nan], [10.0], [7.0]])
EDGES = (("excellent", 90.0), ("good", 80.0), ("fair", 60.0), ("poor", 0.0))


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        (normalise.minmax, [0, nan, 100, 57.142857142857146]),
        (normalise.zscore, [-1.0440737953, nan, 0.9491579957, 0.0949157996]),
        (lambda x: normalise.goalposts(x, 2, 9), [1 / 7, nan, 1, 5 / 7]),
        (lambda x: normalise.goalposts(x, 2, 9, higher=False), [6 / 7, nan, 0, 2 / 7]),
        (lambda x: normalise.scaled(x, 0, 5, 10), [6, nan, 20, 14]),
        (normalise.distance_to_maximum, [0, nan, 1, 4 / 7]),
        (lambda x: normalise.distance_to_reference(x, 7), [0, nan, 7 / 4, 1]),
        (lambda x: normalise.distance_to_reference(x, 7, cut=True), [0, nan, 1, 1]),
        (lambda x: normalise.distance_to_target(x, 11), [0, nan, 7 / 8, 4 / 8]),
        (lambda x: normalise.distance_to_target(x, 2, higher=False), [7 / 8, nan, 0, 3 / 8]),
        (normalise.share_of_maximum, [0.3, nan, 1, 0.7]),
        (normalise.ranking, [1, nan, 3, 2]),
        (normalise.borda, [0, nan, 2, 1]),
        (normalise.percentile, [0, nan, 1, 0.5]),
    ],
)
def test_values_become_comparable(method: object, wanted: list[float]) -> None:
    """The worked column of the reference, to nine places; what is missing stays missing."""
    assert_allclose(method(X)[:, 0], wanted, atol=1e-9)  # type: ignore[operator]


@pytest.mark.parametrize("method", [normalise.minmax, normalise.zscore, normalise.distance_to_maximum])
def test_columns_that_tell_nothing_score_nothing(method: object) -> None:
    """Where all units are alike there is no value, neither 0 nor 100."""
    assert np.isnan(method(np.array([[4.0], [4.0]]))).all()  # type: ignore[operator]


def test_ties_share_the_smaller_place() -> None:
    """Two alike are both second, and nobody is third."""
    assert normalise.ranking(np.array([[5.0], [9.0], [5.0], [1.0]]))[:, 0].tolist() == [2, 4, 2, 1]


def test_four_steps_as_published() -> None:
    """U4SSC: points 1, 3, 4, 1 of four are 9/16 = 56.25 %, 3, 4, 2 of three are 9/12 = 75 %; what is not reported does not count."""
    points = normalise.four_steps(np.array([20.0, 70.0, 96.0, 32.9, nan]))

    assert points[:4].tolist() == [1, 3, 4, 1]
    assert 100 * np.nansum(points) / (4 * np.sum(~np.isnan(points))) == 56.25
    assert 100 * normalise.four_steps(np.array([94.9, 95.0, 65.9])).sum() / 12 == 75


def test_city_score_has_no_end_but_the_one_given() -> None:
    """1 is on target, its inverse counts where lower is better, and a small count runs away unless it is cut."""
    assert normalise.share_of_target(np.array([95.0, 119.0]), 95.0).round(2).tolist() == [1.0, 1.25]
    assert normalise.share_of_target(np.array([6.0, 12.0]), 6.0, higher=False).tolist() == [1.0, 0.5]
    assert normalise.share_of_target(np.array([0.1]), 6.0, higher=False)[0] == pytest.approx(60)
    assert normalise.share_of_target(np.array([0.1]), 6.0, higher=False, most=1.25)[0] == 1.25
    assert np.isnan(normalise.share_of_target(np.array([0.0]), 6.0, higher=False))[0]


RATE = {"from": date(2015, 1, 1), "blue": 98, "yellow": 95, "orange": 90, "red": 85, "target": 100}
WAIT = {"from": date(2015, 1, 1), "blue": 15, "yellow": 20, "orange": 30, "red": 45, "target": 10}
PARKING = {"from": date(2015, 1, 1), "blue": 85, "yellow": 90, "orange": 95, "red": 100, "target": 80}


@pytest.mark.parametrize(
    ("lines", "direction", "band", "values", "wanted"),
    [
        (RATE, "higher", None, [101, 100, 99, 98, 95, 90, 85, 70, 60], [100, 100, 92.5, 85, 75, 60, 40, 0, 0]),
        (WAIT, "lower", None, [5, 10, 15, 20, 30, 45, 80, 62.5, nan], [100, 100, 85, 75, 60, 40, 0, 20, nan]),
        (PARKING, "band", (40, 85), [80, 85, 90, 40, 35, 25, 60, 120, 5], [100, 85, 75, 85, 75, 40, 100, 0, 0]),
    ],
)
def test_anchors(
    lines: dict[str, object], direction: str, band: tuple[float, float] | None, values: list[float], wanted: list[float]
) -> None:
    """A value on a line scores what the line stands for; the lower side of a band mirrors the upper."""
    anchors = threshold_anchors(Thresholds.model_validate(lines), direction, band)

    assert anchors
    assert_allclose(anchors.score(np.array(values, dtype=float)), wanted, atol=1e-9)


def test_anchors_of_a_watch_sign() -> None:
    """The further from usual, on either side, the fewer points."""
    assert_allclose(baseline_anchors(Baseline()).score(np.array([0, 1, 2, 2.5, 3, 4, 6, 8, 9])), [100, 92.5, 85, 75, 60, 40, 20, 0, 0])


def test_a_definition_without_target_or_red_line_has_no_anchors() -> None:
    """No score is made up where the lines do not say what full marks are."""
    assert threshold_anchors(Thresholds.model_validate({"from": date(2015, 1, 1), "red": 3}), "lower") is None


@pytest.mark.parametrize(
    ("values", "power", "wanted"),
    [
        ([20, 50, 80], 1, 50),
        ([20, 50, 80], 0, 44.72135954999579),
        ([20, 50, 80], -1, 39.02439024390244),
        ([20, nan, 80], 1, 50),
        ([nan, nan, nan], 1, nan),
        ([20, 50, 80], 2, np.sqrt((400 + 2 * 2500 + 6400) / 4)),
    ],
)
def test_means(values: list[float], power: float, wanted: float) -> None:
    """The worked means of the reference; what is missing leaves with its weight."""
    assert_allclose(power_mean(np.array(values, dtype=float), np.array([1.0, 2.0, 1.0]), power), wanted, atol=1e-9)


def test_means_that_do_not_exist_are_refused() -> None:
    """A geometric mean with a 0 is no figure; on scores it is taken from 1 to 100, and equal scores keep theirs."""
    with pytest.raises(ValueError, match="above 0"):
        power_mean(np.array([0.0, 5.0]), np.ones(2), 0)
    assert score_mean(np.array([0.0, 0.0]), np.ones(2), 0) == pytest.approx(0)
    assert score_mean(np.array([37.0, 37.0]), np.ones(2), 0) == pytest.approx(37)
    assert score_mean(np.array([0.0, 100.0]), np.ones(2), 0) == pytest.approx(9 / 0.99)


def test_copeland_as_worked_out() -> None:
    """Three units, two signs: the matrix of the reference and the scores -2, 0, 2."""
    units, weights = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 2.0]]), np.array([0.6, 0.4])

    assert_allclose(outranking(units, weights), [[0, 0.4, 0.4], [0.6, 0, 0.2], [0.6, 0.8, 0]])
    assert copeland(units, weights).tolist() == [-2, 0, 2]


def test_copeland_does_not_see_the_order_of_rows() -> None:
    """A missing comparison is half for both: turned round, the units keep their scores."""
    units, weights = np.array([[1.0, nan], [nan, 2.0], [3.0, 1.0]]), np.array([0.5, 0.5])

    assert copeland(units[::-1], weights)[::-1].tolist() == copeland(units, weights).tolist()


def test_judgements_by_pairs_as_published() -> None:
    """The 1-3-5 example of the textbooks: weights .637, .258, .105, largest eigenvalue 3.0385, consistent."""
    judged = judge_pairs(comparison_matrix(["a", "b", "c"], {("a", "b"): 3, ("a", "c"): 5, ("b", "c"): 3}))

    assert_allclose(judged.weights, [0.637, 0.258, 0.105], atol=5e-4)
    assert judged.consistency_ratio == pytest.approx((3.0385 - 3) / 2 / 0.58, abs=5e-4)
    assert judged.is_consistent


def test_contradicting_judgements_are_seen() -> None:
    """A beats B, B beats C and C beats A: far above 0.10; pairs that are missing or judged twice are refused."""
    circle = {("a", "b"): 3.0, ("b", "c"): 3.0, ("c", "a"): 3.0}

    assert not judge_pairs(comparison_matrix(["a", "b", "c"], circle)).is_consistent
    with pytest.raises(ValueError, match="a and c are not"):
        comparison_matrix(["a", "b", "c"], {("a", "b"): 3, ("b", "c"): 3})
    with pytest.raises(ValueError, match="each pair once"):
        comparison_matrix(["a", "b"], {("a", "b"): 3, ("b", "a"): 3})


def test_weights_of_people() -> None:
    """Equal weights, and the mean of what experts allot; an expert who allots 90 points is sent back."""
    assert equal(4).tolist() == [0.25] * 4
    assert budget_allocation([[50, 30, 20], [30, 50, 20]]).tolist() == [0.4, 0.4, 0.2]
    with pytest.raises(ValueError, match="100 points"):
        budget_allocation([[50, 30, 10]])


def test_weights_of_data() -> None:
    """A sign that is the same everywhere weighs nothing; entropy as worked out by hand."""
    values = np.array([[1.0, 5.0], [3.0, 5.0]])
    own = 1 + (0.25 * np.log(0.25) + 0.75 * np.log(0.75)) / np.log(2)

    assert own > 0
    assert_allclose(entropy(values), [1, 0], atol=1e-12)
    assert_allclose(entropy(np.array([[1.0, 1.0], [3.0, 0.0]])), np.array([own, 1]) / (1 + own))
    assert_allclose(critic(values), [1, 0], atol=1e-12)
    with pytest.raises(ValueError, match="tell units apart"):
        entropy(np.ones((3, 2)))


def test_components_share_between_blocks() -> None:
    """Two blocks of signs that say the same: each block has a component, and the one of three signs weighs three fifths."""
    one, other = np.array([1.0, 2, 3, 4, 5, 6]), np.array([2.0, -1, -1, -1, -1, 2])
    weights = principal_components(np.column_stack([one, 2 * one, -3 * one, other, other + 1]))

    assert weights.sum() == pytest.approx(1)
    assert_allclose(weights, 1 / 5)
    turned = varimax(np.array([[0.8, 0.6], [0.8, 0.6], [0.6, -0.8]]))
    assert_allclose(np.sort(np.abs(turned), axis=1), [[0, 1], [0, 1], [0, 1]], atol=1e-6)


def test_benefit_of_the_doubt() -> None:
    """Whoever is best in something scores 1; the dominated unit scores its distance to the frontier; bounds bind."""
    units = np.array([[1.0, 4.0], [4.0, 1.0], [2.0, 2.0]])
    scores, weights = benefit_of_the_doubt(units)

    assert_allclose(scores, [1, 1, 0.8])
    assert_allclose((units * weights).sum(axis=1), scores)
    held, bound = benefit_of_the_doubt(units, least=0.4)
    assert (held <= scores + 1e-12).all()
    assert ((units * bound) >= 0.4 * held[:, None] - 1e-9).all()


def test_outliers_are_treated_by_the_rule() -> None:
    """One far point is drawn to its neighbour; a long tail takes the log; a plain column stays."""
    plain = np.arange(20.0)
    far = np.append(plain, 900.0)
    tail = np.array([1.0] * 20 + [5.0] * 4 + [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9])

    assert treat(plain).how == "none"
    assert not passes(far)
    assert (treat(far).how, treat(far).points, treat(far).column.max()) == ("winsorised", 1, 19)
    assert treat(tail).how == "log"
    assert_allclose(treat(tail).column.min(), np.log(0.01 * (1e9 - 1)))


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (100, "excellent"),
        (89.995, "excellent"),
        (89.994, "good"),
        (80, "good"),
        (79.99, "fair"),
        (60, "fair"),
        (59.994, "poor"),
        (0, "poor"),
    ],
)
def test_grades_go_by_what_is_printed(score: float, grade: str) -> None:
    """The edges are exact at two decimals, half up."""
    assert grades(np.array([score, nan]), EDGES).tolist() == [grade, None]


def test_ties_share_a_rank_and_stand_by_code() -> None:
    """What is printed alike shares a rank (1, 2, 2, 4); who has too few cases has none."""
    scores = np.array([80.001, 91.0, 80.004, nan, 70.0])

    assert_allclose(ranks(scores), [2, 1, 2, nan, 4])
    assert order(scores, ["25", "07", "01", "02", "03"]) == [1, 2, 0, 4, 3]
    assert_allclose(ranks(scores, np.array([True, False, True, True, True])), [1, nan, 1, nan, 3])


def test_lists() -> None:
    """Red is good: 90 and no red sign. Black: below 70, or twice running among the last two."""
    assert red_list(np.array([90.0, 95.0, 89.99]), np.array([False, True, False]), 90).tolist() == [True, False, False]
    scores = np.array([[80.0, 80], [79, 79], [78, 78], [77, 81], [76, 60]])
    assert black_list(scores, ranks(scores), 70, 2, 2).tolist() == [[False, False]] * 4 + [[False, True]]
    flat = np.array([[95.0, 95], [94, 94], [93, 93], [92, 92]])
    assert black_list(flat, ranks(flat), 70, 1, 2).tolist() == [[False, False]] * 3 + [[False, True]]
    assert not black_list(np.array([[nan]]), np.array([[nan]]), 70, 2, 1).any()


def test_topsis_ends() -> None:
    """The best of all in everything is 1, the worst 0."""
    assert_allclose(topsis(np.array([[9.0, 9.0], [1.0, 1.0], [5.0, 5.0]]), np.array([0.5, 0.5])), [1, 0, 0.5])
