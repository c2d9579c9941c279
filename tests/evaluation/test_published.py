"""Methods of studies give the figures that were printed with them, to the digits that were printed."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from indicators.evaluation.frontier import benefit_of_the_doubt
from indicators.evaluation.outranking import topsis
from indicators.evaluation.weights import critic, entropy


def test_topsis_of_aircraft() -> None:
    """Hwang and Yoon (1981): four aircraft on six attributes, of which a price is better when lower; their steps are rounded."""
    aircraft = np.array([
        [2.0, 1500, 20000, -5.5, 5, 9],
        [2.5, 2700, 18000, -6.5, 3, 5],
        [1.8, 2000, 21000, -4.5, 7, 7],
        [2.2, 1800, 20000, -5.0, 5, 5],
    ])  # fmt: skip

    assert_allclose(topsis(aircraft, np.array([0.2, 0.1, 0.1, 0.1, 0.2, 0.3])), [0.643, 0.268, 0.613, 0.312], atol=1e-3)


def test_topsis_of_a_textbook() -> None:
    """Papathanasiou and Ploskas (2018), chapter 1: six sites on four criteria."""
    sites = np.array([[8, 7, 2, 1], [5, 3, 7, 5], [7, 5, 6, 4], [9, 9, 7, 3], [11, 10, 3, 7], [6, 9, 5, 4]], dtype=float)

    found = topsis(sites, np.array([0.4, 0.3, 0.1, 0.2]))

    assert_allclose(found, [0.387, 0.327, 0.391, 0.615, 0.868, 0.493], atol=5.1e-4)


def test_critic_of_software() -> None:
    """Tus and Aytac Adali (2019), Opsearch 56(2): five programs on six criteria."""
    programs = np.array(
        [[5000, 3, 3, 4, 3, 2], [680, 5, 3, 2, 2, 1], [2000, 3, 2, 3, 4, 3], [600, 4, 3, 1, 2, 2], [800, 2, 4, 3, 3, 4]], dtype=float
    )

    assert_allclose(critic(programs), [0.157, 0.249, 0.168, 0.121, 0.154, 0.151], atol=5.1e-4)


def test_entropy_of_a_note() -> None:
    """Xu (2004), European Journal of Operational Research 156(2): what hardly differs weighs hardly anything."""
    values = np.array([[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]])

    assert_allclose(entropy(values), [0.4630, 0.3992, 0.1378, 0.0000], atol=5.1e-5)


@pytest.mark.parametrize(("store", "wanted"), [("A", 0.714), ("B", 1), ("C", 0.700), ("D", 0.750), ("E", 1), ("F", 1), ("G", 1)])
def test_benefit_of_the_doubt_of_stores(store: str, wanted: float) -> None:
    """Cooper, Seiford and Tone (2007), chapter 1: seven stores of one input and two outputs; four are on the frontier."""
    stores = np.array([[1, 5], [2, 7], [3, 4], [4, 3], [4, 6], [5, 5], [6, 2]], dtype=float)

    assert benefit_of_the_doubt(stores)[0]["ABCDEFG".index(store)] == pytest.approx(wanted, abs=5.1e-4)
