"""Which choice matters: what alone can turn the ranks has the whole of the variance, what turns nothing has none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from data.city import Baseline
from data.scored import SENSITIVITY_COLUMNS
from indicators.evaluation.inputs import Inputs
from indicators.evaluation.scheme import Scheme
from indicators.evaluation.scores import epochs
from indicators.evaluation.sensitivity import choices, sensitivity_frame
from indicators.evaluation.sobol import sobol_indices
from tests.evaluation.test_uncertainty import SCHEME, catalogue, inputs


def scheme(**terms: Any) -> Scheme:
    """Return a scheme of two signs that leaves open what `terms` say."""
    assert SCHEME.uncertainty
    closed = {"weights": 0.0, "normalise": ("anchors",), "means": ("arithmetic",), "sampling": False}
    return SCHEME.model_copy(update={"uncertainty": SCHEME.uncertainty.model_copy(update=closed | terms)})


def indices(found: Inputs, said: Scheme) -> pd.DataFrame:
    """Return the frame by factor."""
    known = catalogue()
    large = np.ones((1, len(found.units)), dtype=bool)
    told = sensitivity_frame(said, found, epochs(said, found, known, Baseline()), large, known, Baseline())
    assert list(SENSITIVITY_COLUMNS) == list(told.columns)
    return told.set_index("factor")


def crossed(*pairs: tuple[float, float]) -> Inputs:
    """Return one month of units with these values in the two signs."""
    found = inputs([0.5] * len(pairs), 1000)
    value = 100 * np.array([pairs])
    return replace(found, numbers=MappingProxyType(dict(found.numbers) | {"value": value, "numerator": value * 10}))


def summed(turned: Mapping[str, np.ndarray]) -> np.ndarray:  # type: ignore[type-arg]
    """Return x1 + 2 x2 + 3 x3."""
    return sum(weight * turned[f"x{weight}"] for weight in (1, 2, 3))  # type: ignore[return-value]


def ishigami(x: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """Return Ishigami's function (a = 7, b = 0.1) of three angles (3, runs)."""
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def test_a_sum_shares_its_variance() -> None:
    """The vector of the reference: 1/14, 4/14 and 9/14, alone and in all."""
    told, _ = sobol_indices(["x1", "x2", "x3"], summed, 1, size=4096)

    assert_allclose(told["first"], np.array([1, 4, 9]) / 14, atol=0.005)
    assert_allclose(told["total"], np.array([1, 4, 9]) / 14, atol=0.005)


def test_ishigami_as_published() -> None:
    """Ishigami and Homma (1990): .3139, .4424, 0 alone and .5576, .4424, .2437 in all; an independent library finds the same."""
    told, runs = sobol_indices(list("abc"), lambda turned: ishigami(np.pi * (2 * np.array(list(turned.values())) - 1)), 1, size=4096)
    angle = stats.uniform(loc=-np.pi, scale=2 * np.pi)
    theirs = stats.sobol_indices(func=ishigami, n=4096, dists=[angle] * 3, rng=np.random.default_rng(1))

    assert len(runs) == 4096 * 5
    assert_allclose(told["first"], [0.3139, 0.4424, 0], atol=0.015)
    assert_allclose(told["total"], [0.5576, 0.4424, 0.2437], atol=0.015)
    assert_allclose(told["first"], theirs.first_order, atol=0.02)
    assert_allclose(told["total"], theirs.total_order, atol=0.02)


def test_what_alone_turns_ranks_has_all_of_it() -> None:
    """Two near-even units that differ in opposite signs: the two weights share the variance, and nothing else is there."""
    told = indices(crossed((0.96, 0.88), (0.88, 0.955), (0.3, 0.3)), scheme(weights=0.5))

    assert {"index/a", "index/b"} == set(told.index)
    assert (told["total"] > 0.4).all()
    assert told["shift"].iloc[0] > 0
    assert told["runs"].iloc[0] == 512 * 4


def test_what_turns_nothing_has_none() -> None:
    """Units far apart in both signs keep their ranks whatever is turned."""
    told = indices(inputs([0.99, 0.8, 0.5], 100_000), scheme(weights=0.25, means=("arithmetic", "geometric"), sampling=True))

    assert {"index/a", "index/b", "mean", "sampling"} == set(told.index)
    assert (told[["first", "total", "shift"]] == 0).all().all()


def test_samples_matter_where_cases_are_few() -> None:
    """Of ten cases chance decides the ranks, hardly the mean; the same snapshot gives the same digits."""
    said = scheme(means=("arithmetic", "geometric"), sampling=True)
    told, again = (indices(inputs([0.9, 0.9, 0.8, 0.7], 10), said) for _ in range(2))

    assert told["total"]["sampling"] > 0.9
    assert told["total"]["mean"] < 0.2
    assert told["first"]["sampling"] <= told["total"]["sampling"] + told["total_error"]["sampling"]
    pd.testing.assert_frame_equal(told, again)


@pytest.mark.parametrize("found", [inputs([0.9, 0.8], 100), inputs([0.9], 100)])
def test_two_ranks_are_none_to_speak_of(found: Inputs) -> None:
    """With fewer than three ranked units there is no row."""
    assert indices(found, scheme(weights=0.25)).empty


def test_only_open_choices_are_turned() -> None:
    """A scheme that leaves nothing open has no row; what has one alternative only is no choice."""
    assert indices(inputs([0.9, 0.8, 0.7], 100), scheme()).empty
    known = catalogue()
    tree = epochs(SCHEME, inputs([0.9], 10), known, Baseline())[0].tree
    assert SCHEME.uncertainty
    assert ["index/a", "index/b", "normalise", "mean", "sampling"] == choices(tree, SCHEME.uncertainty)
