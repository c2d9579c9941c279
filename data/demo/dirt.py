"""Plants faults in clean rows and counts what a reader that follows the cleaning policy must make of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Row = list[Any]
COPY = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of dirt: `make` turns a clean row into the rows that stand in its place, all quarantined for `reason`.

    With the reason COPY the row stays accepted and every further row is an exact duplicate, skipped.
    """

    reason: str
    share: float
    make: Callable[[Row], list[Row]]


@dataclass(slots=True)
class Soiled:
    """Rows as they are sent; `accepted` says of each clean row whether it still gets through."""

    rows: list[Row]
    accepted: np.ndarray
    quarantined: Counter[str] = field(default_factory=Counter)
    skipped: int = 0


def soil(rows: list[Row], eligible: np.ndarray, faults: Sequence[Fault], rng: np.random.Generator) -> Soiled:
    """Plant `faults` in eligible rows, at most one per row."""
    places = rng.permutation(np.flatnonzero(eligible))
    soiled = Soiled([], np.ones(len(rows), dtype=bool))
    planted: dict[int, list[Row]] = {}
    for fault in faults:
        count = min(int(rng.binomial(len(eligible), fault.share)), len(places))
        here, places = places[:count], places[count:]
        for place in here.tolist():
            planted[place] = fault.make(list(rows[place]))
            if fault.reason == COPY:
                soiled.skipped += len(planted[place]) - 1
            else:
                soiled.quarantined[fault.reason] += len(planted[place])
                soiled.accepted[place] = False
    soiled.rows = [sent for place, row in enumerate(rows) for sent in planted.get(place, (row,))]
    return soiled


def together(parts: Sequence[Soiled]) -> Soiled:
    """Return what several sheets hold as one."""
    return Soiled(
        [row for part in parts for row in part.rows],
        np.concatenate([part.accepted for part in parts]),
        sum((part.quarantined for part in parts), Counter()),
        sum(part.skipped for part in parts),
    )


def put(place: int, value: Any) -> Callable[[Row], list[Row]]:
    """Return a fault that overwrites one cell."""
    return lambda row: [[*row[:place], value, *row[place + 1 :]]]


def conflict(place: int, value: Any) -> Callable[[Row], list[Row]]:
    """Return a fault that sends the row again with another value under the same key."""
    return lambda row: [row, [*row[:place], value, *row[place + 1 :]]]


def copy(row: Row) -> list[Row]:
    """Send the row twice."""
    return [row, list(row)]
