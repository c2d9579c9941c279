"""Seeded random numbers: one stream per (seed, subject, day), so that no day depends on another's draws."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date

import numpy as np


def dice(seed: int, subject: str, day: date) -> np.random.Generator:
    """Return the stream of `subject` on `day`."""
    return np.random.default_rng((seed, zlib.crc32(subject.encode()), day.toordinal()))


def draw(rng: np.random.Generator, weights: Mapping[str, float], size: int) -> np.ndarray:
    """Draw positions in `weights`, each as often as its weight says."""
    shares = np.array(list(weights.values()), dtype=float)
    return rng.choice(len(shares), size, p=shares / shares.sum())


def minutes(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    """Draw whole minutes between `low` and `high` as time spans in seconds."""
    return (rng.integers(int(low), int(high), size) * 60).astype("timedelta64[s]")
