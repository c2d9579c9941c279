"""Finds room for the names of areas: inside where a name fits, else at the side of the map with a line that leads to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from charts.borders import Point, Polygons, rings_of

STEP = 2.0  # pixels between the points by which an outline is felt
GRID = 26  # places across an area that are tried
ROOMY = 0.9  # share of the largest room that a more central place may have
LINE = 24  # height of a label at the side


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a label stands: its middle. `lines` is 1 or 2 inside, 0 at the side; then `anchor` is the place that it is about."""

    x: float
    y: float
    lines: int
    anchor: Point


def room(polygons: Polygons, wide: float, high: float, roomy: float = ROOMY) -> tuple[Point, float]:
    """Return the middle of a box of this proportion inside an outline, and how often ours fits in it.

    Among places with `roomy` of the largest room it is the most central one.
    """
    edge = np.concatenate([_felt(np.array(ring)) for ring in rings_of(polygons)])
    low, top = edge.min(axis=0), edge.max(axis=0)
    across, down = np.meshgrid(*(np.linspace(low[axis], top[axis], GRID + 2)[1:-1] for axis in (0, 1)))
    tried = np.column_stack((across.ravel(), down.ravel()))
    tried = tried[_inside(tried, polygons)]
    if not len(tried):
        x, y = edge.mean(axis=0)
        return (float(x), float(y)), 0.0
    aside = np.abs(tried[:, None, :] - edge[None, :, :]) * (2 / wide, 2 / high)
    clear = aside.max(axis=2).min(axis=1)
    most = clear.max()
    is_wide = clear >= max(min(most, 1.0), roomy * most)
    away = np.abs(tried - (low + top) / 2).sum(axis=1)
    best = int(np.where(is_wide, away, np.inf).argmin())
    return (float(tried[best, 0]), float(tried[best, 1])), float(clear[best])


def spots(
    outlines: Mapping[str, Polygons], sizes: Mapping[str, Sequence[tuple[float, float]]], left: float, right: float
) -> dict[str, Spot]:
    """Return a spot for each area; `sizes` are width and height of its label in one line and in two.

    Labels that fit nowhere stand in a column on the nearer side, at `left` or `right`, in the order of what they name.
    """
    found, beside = {}, {}
    for code, polygons in outlines.items():
        for lines, (wide, high) in enumerate(sizes[code], start=1):
            middle, times = room(polygons, wide, high)
            if times >= 1:
                found[code] = Spot(*middle, lines, middle)
                break
        else:
            beside[code] = room(polygons, 1, 1, roomy=1)[0]
    if beside:
        points = [point for polygons in outlines.values() for ring in rings_of(polygons) for point in ring]
        bottom, half = max(y for _, y in points), (min(x for x, _ in points) + max(x for x, _ in points)) / 2
        for x, is_left in ((left, True), (right, False)):
            column = {code: anchor for code, anchor in beside.items() if (anchor[0] < half) == is_left}
            ordered = sorted(column, key=lambda code: column[code][1])
            heights = _apart([column[code][1] for code in ordered], bottom)
            found |= {code: Spot(x, y, 0, column[code]) for code, y in zip(ordered, heights, strict=True)}
    return found


def _apart(heights: Sequence[float], bottom: float) -> list[float]:
    """Push heights apart until each has its line: downwards, then up from the bottom where they would leave the map."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + LINE if placed else LINE / 2))
    limit = max(bottom - LINE / 2, LINE * (len(placed) - 0.5))
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - LINE
    return placed


def _felt(ring: np.ndarray) -> np.ndarray:
    """Return points along a ring, none farther than STEP from the next."""
    start, along = ring[:-1], np.diff(ring, axis=0)
    counts = np.maximum(np.ceil(np.hypot(along[:, 0], along[:, 1]) / STEP).astype(int), 1)
    share = np.concatenate([np.arange(count) / count for count in counts])
    felt: np.ndarray = np.repeat(start, counts, axis=0) + np.repeat(along, counts, axis=0) * share[:, None]
    return felt


def _inside(points: np.ndarray, polygons: Polygons) -> np.ndarray:
    """Tell which points lie inside: a line from there to the left crosses the outline an odd number of times."""
    odd = np.zeros(len(points), dtype=bool)
    for ring in rings_of(polygons):
        for (x1, y1), (x2, y2) in pairwise(ring):
            if y1 != y2:
                crosses = (y1 > points[:, 1]) != (y2 > points[:, 1])
                odd ^= crosses & (points[:, 0] > x1 + (points[:, 1] - y1) * (x2 - x1) / (y2 - y1))
    return odd
