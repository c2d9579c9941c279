"""The change of a score is its effects, with no residual, whatever turned; and what did not turn has none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from data.scored import WHOLE
from indicators.evaluation.hybrids import AFTER, BEFORE, FACTORS, Between, hybrid, joined
from indicators.evaluation.moves import moves
from indicators.evaluation.tree import Branch, Leaf

SIGNS = 6
COUNT = 5
seeds = st.integers(0, 10**6)


def tree(random: np.random.Generator, powers: list[float], *, capped: bool, order: list[int] | None = None, more: bool = False) -> Branch:
    """Return a tree of three nodes with two signs each, weights drawn; `more`: the last node has no second sign."""
    order = order or list(range(SIGNS))
    nodes = []
    for place in range(3):
        leaves = tuple(Leaf(f"index/n{place}/s{one}", f"s{one}", order[one]) for one in (2 * place, 2 * place + 1))
        leaves = leaves[:1] if more and place == 2 else leaves
        nodes.append(Branch(f"index/n{place}", powers[place], capped, tuple(random.dirichlet(np.ones(len(leaves)))), leaves))
    return Branch(WHOLE, powers[3], False, tuple(random.dirichlet(np.ones(3))), tuple(nodes))


def between(seed: int, *, turning: frozenset[str], order: list[int] | None = None) -> Between:
    """Return two states that differ in the factors named, drawn at random."""
    random = np.random.default_rng(seed)
    order = order or list(range(SIGNS))
    powers = [list(random.choice([1.0, 0.0, -1.0, 2.0], 4)) for _ in range(2)]
    trees = [tree(np.random.default_rng([seed, side]), powers[side], capped=True, order=order) for side in (0, 1)]
    values, known, alarmed = (
        random.uniform(0, 100, (2, 2, COUNT, SIGNS)),
        random.random((2, COUNT, SIGNS)) < 0.8,
        random.random((2, COUNT, SIGNS)) < 0.2,
    )
    anew = random.random((COUNT, SIGNS)) < 0.3
    known[:, :, [0, 2, 4]] = True
    pick = {factor: AFTER if factor in turning else BEFORE for factor in FACTORS}
    after = replace(trees[0], power=trees[pick["definition"]].power, weights=trees[pick["weights"]].weights)
    after = replace(
        after,
        children=tuple(
            replace(one, power=trees[pick["definition"]].children[at].power, weights=trees[pick["weights"]].children[at].weights)
            for at, one in enumerate(trees[0].children)
        ),
    )
    own = values[pick["value"]]
    points = tuple(tuple(side[lines][:, np.argsort(order)] for lines in (0, pick["goalposts"])) for side in (values[0], own))
    if "definition" in turning and "value" not in turning:
        points = tuple(
            tuple(
                np.where(anew[:, np.argsort(order)], values[side][lines][:, np.argsort(order)], points[side][at])
                for at, lines in enumerate((0, pick["goalposts"]))
            )
            for side in (0, 1)
        )
    permuted = [array[:, :, np.argsort(order)] for array in (known, alarmed)]
    return Between(
        joined(trees[0], after), points, (permuted[0][0], permuted[0][pick["coverage"]]),
        (permuted[0][0], permuted[0][pick["coverage"]]), (permuted[1][0], permuted[1][pick["cap"]]), (79.99, 79.99), (0.3, 0.3),
        anew[:, np.argsort(order)] if "definition" in turning else np.zeros((COUNT, SIGNS), dtype=bool),
    )  # fmt: skip


def change(of: Between) -> np.ndarray:  # type: ignore[type-arg]
    """Return the change of the whole."""
    first, last = (hybrid(of, dict.fromkeys(FACTORS, side))[WHOLE].score for side in (BEFORE, AFTER))
    return np.asarray(last - first)


@given(seeds, st.sets(st.sampled_from(FACTORS)).map(frozenset))
@settings(max_examples=60, deadline=None)
def test_effects_sum_to_the_change(seed: int, turning: frozenset[str]) -> None:
    """Whatever turns, together: no residual; and a factor that did not turn has no effect."""
    pair = between(seed, turning=turning)
    found = moves(pair)

    assert_allclose(sum(parts.sum(axis=1) for parts in found.values()), change(pair), atol=1e-9)
    for factor in set(FACTORS) - turning:
        assert_allclose(found[factor], 0, atol=1e-12)


@pytest.mark.parametrize("factor", FACTORS)
def test_one_factor_alone_has_the_whole_change(factor: str) -> None:
    """Only one turns: its effects are the change, which is not nothing."""
    pair = between(3, turning=frozenset({factor}))
    found = moves(pair)

    assert np.abs(change(pair)).max() > 1e-3
    assert_allclose(found[factor].sum(axis=1), change(pair), atol=1e-9)


@given(seeds, st.permutations(range(SIGNS)))
@settings(max_examples=25, deadline=None)
def test_order_of_signs_says_nothing(seed: int, order: list[int]) -> None:
    """Signs in other columns: the same effects, in other columns."""
    one, other = (moves(between(seed, turning=frozenset(FACTORS) - {"cap"}, order=way)) for way in (None, list(order)))

    for factor in FACTORS:
        assert_allclose(other[factor][:, order], one[factor], atol=1e-9)


def test_a_sign_that_leaves_moves_by_its_distance_from_the_rest() -> None:
    """A sign below the mean that is no longer known lifts the score: that is coverage, and that sign's."""
    flat = Branch(WHOLE, 1.0, False, (0.5, 0.5), (Leaf("index/a", "a", 0), Leaf("index/b", "b", 1)))
    values = np.array([[60.0, 80.0]])
    known = (np.array([[True, True]]), np.array([[False, True]]))
    nothing = np.zeros((1, 2), dtype=bool)
    pair = Between(joined(flat, flat), ((values, values), (values, values)), known, known, (nothing, nothing), (100, 100), (0, 0), nothing)

    found = moves(pair)

    assert_allclose(found["coverage"].sum(), 10)
    assert found["coverage"][0, 0] == pytest.approx(10)
    assert_allclose([found[factor] for factor in FACTORS if factor != "coverage"], 0)
