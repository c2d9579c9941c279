"""How sure a rank is: the same dice twice, wide where units are alike, narrow where they are not."""

from __future__ import annotations

import ast
from datetime import datetime
from types import MappingProxyType
from typing import Literal

import numpy as np
import pytest

from data.city import Baseline
from indicators.definition import Catalogue, Definition, Indicator
from indicators.evaluation.inputs import Inputs
from indicators.evaluation.scheme import Scheme
from indicators.evaluation.scores import epochs
from indicators.evaluation.uncertainty import bands, drawn_scores, interval_frame
from indicators.formula import Atom, Formula

START = datetime(2024, 3, 1)
SCHEME = Scheme.model_validate({
    "scheme": "s", "name": {"zh": "评"}, "kind": "street", "grain": "month", "grades": {"good": {"zh": "良"}},
    "uncertainty": {"runs": 400, "seed": 7, "weights": 0.25},
    "editions": [{"from": "2024-01-01", "version": 1, "grades": {"good": 0}, "index": {"weights": "equal", "signs": ["a", "b"]}}],
})  # fmt: skip


def catalogue(kind: Literal["sum", "input"] = "sum") -> Catalogue:
    """Return two rates with thresholds and goalposts, made of aggregates of a kind."""
    spec = {
        "name": {"zh": "率"}, "formula": "x", "unit": "%", "precision": 2, "direction": "higher", "grain": ["street"], "cadence": "month",
        "thresholds": [{"from": "2013-01-01", "blue": 95, "yellow": 90, "orange": 80, "red": 60, "target": 100}],
        "goalposts": {"low": 20, "high": 100}, "owner": ["x"], "weight": 0.5, "since": "2013-01-01", "version": 1,
    }  # fmt: skip
    made = {name: Indicator.model_validate(spec | {"indicator": name}) for name in ("a", "b")}
    return Catalogue(
        {
            name: Definition(
                one, "d", Formula("x", (Atom("x", kind),), ast.Constant(1), None, ast.Constant(1), False, False), (), ("month",)
            )
            for name, one in made.items()
        }
    )


def inputs(shares: list[float], size: float) -> Inputs:
    """Return one month of units with these shares of `size` cases in both signs."""
    value = np.array([[[100 * share] * 2 for share in shares]])
    whole = np.full(value.shape, size)
    numbers = {
        "value": value,
        "numerator": np.round(value / 100 * size),
        "denominator": whole,
        "n": whole,
        "distance": np.full(value.shape, np.nan),
    }
    due, level = np.ones(value.shape, dtype=bool), np.full(value.shape, "normal", dtype=object)
    return Inputs(
        ("a", "b"),
        (START,),
        tuple(f"u{place}" for place in range(len(shares))),
        MappingProxyType(numbers),
        due,
        level,
        np.ones(value.shape),
    )


def intervals(found: Inputs) -> list[tuple[float, float, float]]:
    """Return rank_low, rank_high and band by unit."""
    known = catalogue()
    frame = interval_frame(
        SCHEME, found, epochs(SCHEME, found, known, Baseline()), np.ones((1, len(found.units)), dtype=bool), known, Baseline()
    )
    return list(frame[["rank_low", "rank_high", "band"]].itertuples(index=False, name=None))


def test_many_cases_tell_units_apart_and_few_do_not() -> None:
    """At 0.97, 0.85 and 0.70 of 4000 cases each has its rank; of 10 cases nobody knows."""
    assert intervals(inputs([0.97, 0.85, 0.70], 4000)) == [(1, 1, 1), (2, 2, 2), (3, 3, 3)]
    few = intervals(inputs([0.9, 0.9, 0.8], 10))
    assert few[0][0] == 1
    assert few[0][1] >= 2
    assert [band for _, _, band in few] == [1, 1, 1]


def test_the_same_dice_twice() -> None:
    """Seeded by scheme and period: equal to the last digit."""
    found, known = inputs([0.9, 0.8], 100), catalogue()
    one, other = (
        drawn_scores(SCHEME, found, epochs(SCHEME, found, known, Baseline())[0], 0, known, Baseline(), SCHEME.uncertainty) for _ in range(2)
    )  # type: ignore[arg-type]

    assert (one == other).all()
    assert one.shape == (400, 2)


def test_drawn_rates_lie_around_their_own() -> None:
    """The mean of what is drawn is the posterior's, (k + 1/2) / (n + 1): seen through goalposts that cut nothing."""
    plain = SCHEME.model_copy(
        update={
            "uncertainty": SCHEME.uncertainty.model_copy(
                update={  # type: ignore[union-attr]
                    "weights": 0.0,
                    "normalise": ("goalposts",),
                    "means": ("arithmetic",),
                    "runs": 20_000,
                }
            )
        }
    )
    found, known = inputs([0.8], 100), catalogue()
    scores = drawn_scores(plain, found, epochs(plain, found, known, Baseline())[0], 0, known, Baseline(), plain.uncertainty)  # type: ignore[arg-type]

    assert scores.mean() == pytest.approx((100 * 80.5 / 101 - 20) / 0.8, abs=0.1)


def test_bands() -> None:
    """A unit opens the next band when the first of the present one is better in 95 of 100 runs."""
    runs = np.array([[90.0, 89.0, 50.0]] * 94 + [[90.0, 91.0, 50.0]] * 6)

    assert bands(runs, np.array([True, True, True])).tolist() == [1, 1, 2]
    assert bands(runs[:94], np.array([True, True, True])).tolist() == [1, 2, 3]
    assert np.isnan(bands(runs, np.array([True, False, True]))[1])


def test_only_what_counts_records_is_drawn() -> None:
    """A growth of 5 % from 105 over 100 is no 5 of 100: where nothing else is varied, every run says the same."""
    still = SCHEME.model_copy(
        update={
            "uncertainty": SCHEME.uncertainty.model_copy(
                update={  # type: ignore[union-attr]
                    "weights": 0.0,
                    "normalise": ("anchors",),
                    "means": ("arithmetic",),
                }
            )
        }
    )
    found = inputs([0.8], 100)
    spread = {}
    for kind in ("sum", "input"):
        known = catalogue(kind)  # type: ignore[arg-type]
        one = epochs(still, found, known, Baseline())[0]
        spread[kind] = np.ptp(drawn_scores(still, found, one, 0, known, Baseline(), still.uncertainty))  # type: ignore[arg-type]

    assert spread["input"] == 0
    assert spread["sum"] > 1
