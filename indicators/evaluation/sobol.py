"""Says which of several choices an answer depends on: Sobol's indices by SALib, for schemes and studies alike.

A run turns every choice at once, each between 0 and 1. `first` is the share of the variance of the answer that a choice explains alone,
`total` that together with others; each with the half-width of its 95 % interval. Source: Saltelli and others (2010), Computer
Physics Communications 181:259-270; OECD/JRC Handbook, chapter 7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sample

from indicators.baselines import Array

_SAMPLES = 512  # of Sobol's sequence; the runs are so many times the factors and two
_INDICES = {"first": "S1", "first_error": "S1_conf", "total": "ST", "total_error": "ST_conf"}
Answer = Callable[[Mapping[str, Array]], Array]


def sobol_indices(names: Sequence[str], answer: Answer, seed: int, size: int = _SAMPLES) -> tuple[pd.DataFrame, Array]:
    """Return factor, first, first_error, total, total_error of each choice, and the answer of every run.

    `answer` takes what each choice was turned to (runs) and returns (runs). `size` is a power of 2. Where nothing that is turned
    changes the answer all indices are 0. The same seed gives the same digits.
    """
    problem: dict[str, Any] = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    turned = sample.sample(problem, size, calc_second_order=False, seed=seed)
    found = answer(dict(zip(names, turned.T, strict=True)))
    if np.ptp(found) > 0:
        indices = analysis.analyze(problem, found, calc_second_order=False, seed=seed)
    else:
        indices = dict.fromkeys(_INDICES.values(), 0.0)
    return pd.DataFrame({"factor": list(names), **{name: indices[key] for name, key in _INDICES.items()}}), found


def chosen(turned: Mapping[str, Array], name: str, count: int, runs: int) -> Array:
    """Return which of `count` alternatives each run takes (whole numbers); the first where the choice is not turned."""
    return np.asarray(np.minimum((turned.get(name, np.zeros(runs)) * count).astype(int), count - 1))
