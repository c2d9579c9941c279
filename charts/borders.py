"""Brings outlines of areas onto paper: projects them, and takes away the points that nobody would see.

An outline is polygons of rings: the outer one, then its holes; each ring ends where it begins. What two areas share is
simplified once, so that no gap opens between neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import numpy as np

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygons = tuple[tuple[Ring, ...], ...]
Outlines = Mapping[str, Polygons]


def rings_of(polygons: Polygons) -> Iterator[Ring]:
    """Yield every ring, outer ones and holes."""
    return (ring for rings in polygons for ring in rings)


def projected(outlines: Outlines, wide: float, high: float) -> tuple[dict[str, Polygons], float, float]:
    """Return the outlines (degrees) in pixels from the top left, as large as the box allows, and their width and height.

    Equirectangular: a degree of longitude is as long as the cosine of the middle latitude makes it.
    """
    points = [point for polygons in outlines.values() for ring in rings_of(polygons) for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min(wide / max((east - west) * narrow, 1e-9), high / max(north - south, 1e-9))

    def place(point: Point) -> Point:
        return (point[0] - west) * narrow * scale, (north - point[1]) * scale

    drawn = {code: _mapped(polygons, lambda ring: tuple(map(place, ring))) for code, polygons in outlines.items()}
    return drawn, (east - west) * narrow * scale, (north - south) * scale


def simplified(outlines: Outlines, tolerance: float) -> dict[str, Polygons]:
    """Return the outlines without points that lie within `tolerance` of the line that is left (Douglas and Peucker).

    A ring that shrinks to a line goes, unless nothing else would be left of its area.
    """
    joints = _joints(outlines)
    kept: dict[Ring, Ring] = {}

    def ring_of(ring: Ring) -> Ring:
        found: list[Point] = []
        for arc in _arcs(ring, joints):
            turned = min(arc, arc[::-1])  # neighbours run along it in opposite directions
            if turned not in kept:
                kept[turned] = _thinned(turned, tolerance)
            found += (kept[turned] if turned is arc else kept[turned][::-1])[1 if found else 0 :]
        return tuple(found)

    done = {}
    for code, polygons in outlines.items():
        thin = (tuple(ring for ring in rings if len(ring) > 3) for rings in _mapped(polygons, ring_of))
        left = tuple(rings for rings, before in zip(thin, polygons, strict=True) if rings and len(ring_of(before[0])) > 3)
        done[code] = left or polygons
    return done


def _mapped(polygons: Polygons, change: Callable[[Ring], Ring]) -> Polygons:
    return tuple(tuple(change(ring) for ring in rings) for rings in polygons)


def _joints(outlines: Outlines) -> set[Point]:
    """Return the points where borders meet or part: all that do not have the same two neighbours in every ring."""
    beside: dict[Point, set[Point]] = {}
    for polygons in outlines.values():
        for ring in rings_of(polygons):
            for one, other in pairwise(ring):
                if one != other:
                    beside.setdefault(one, set()).add(other)
                    beside.setdefault(other, set()).add(one)
    return {point for point, others in beside.items() if len(others) != 2}


def _arcs(ring: Ring, joints: set[Point]) -> list[Ring]:
    """Cut a ring at its joints; one without any at its least point and the one farthest from it."""
    open_ring = ring[:-1]
    cuts = [place for place, point in enumerate(open_ring) if point in joints]
    if len(cuts) < 2:
        first = open_ring[cuts[0]] if cuts else min(open_ring)
        far = max(open_ring, key=lambda point: (math.dist(point, first), point))
        cuts = sorted({open_ring.index(first), open_ring.index(far)})
    turned = open_ring[cuts[0] :] + open_ring[: cuts[0] + 1]
    ends = [cut - cuts[0] for cut in cuts] + [len(open_ring)]
    return [turned[start : end + 1] for start, end in pairwise(ends)]


def _thinned(arc: Ring, tolerance: float) -> Ring:
    """Keep the ends of an arc, and between them the farthest point wherever it is farther than `tolerance`."""
    points = np.array(arc)
    keep, waiting = {0, len(arc) - 1}, [(0, len(arc) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        away = _distances(points[first + 1 : last], points[first], points[last])
        farthest = int(away.argmax())
        if away[farthest] > tolerance:
            cut = first + 1 + farthest
            keep.add(cut)
            waiting += [(first, cut), (cut, last)]
    return tuple(arc[place] for place in sorted(keep))


def _distances(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return how far points are from the line between two, or from the one that both are."""
    along, away = end - start, points - start
    length = float(np.hypot(*along))
    aside: np.ndarray = np.hypot(away[:, 0], away[:, 1])
    if length:
        aside = np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]) / length
    return aside
