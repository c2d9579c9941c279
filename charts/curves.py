"""Draws what lies behind and between the points of a trend: the band, the centre, last year's line and the line of values.

Points are those of `charts.trend`; each function returns elements of one stretched picture. Where nothing was due
(`is_skipped`) there is no point, and its neighbours are joined; where data are missing every line breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from charts.palette import Palette

Point = Mapping[str, Any]
Place = Callable[[Point, str], tuple[float, float]]
THIN = 'vector-effect="non-scaling-stroke"'


def stretches(points: Sequence[Point], *names: str) -> list[list[Point]]:
    """Return the runs of points that have all the names; points without anything due are passed over."""
    found: list[list[Point]] = [[]]
    for point in points:
        if all(point.get(name) is not None for name in names):
            found[-1].append(point)
        elif not point.get("is_skipped"):
            found.append([])
    return [run for run in found if run]


def band(points: Sequence[Point], at: Place, colours: Palette, *, is_stepped: bool) -> str:
    """Return the band between `low` and `high`: in steps where limits follow n, smooth for a usual range."""
    body = ""
    for run in stretches(points, "low", "high"):
        upper, lower = [at(point, "high") for point in run], [at(point, "low") for point in run]
        if is_stepped:
            upper, lower = steps(upper), steps(lower)
        body += f'<polygon points="{path([*upper, *reversed(lower)])}" fill="{colours.ribbon}"/>'
    return body


def centre(points: Sequence[Point], at: Place, colours: Palette) -> str:
    """Return the centre of the limits, dashed; it moves only where limits were set anew."""
    look = f'fill="none" stroke="{colours.ink_3}" stroke-width="1.5" stroke-dasharray="7 4" {THIN}'
    return "".join(
        f'<polyline points="{path(steps([at(point, "centre") for point in run]))}" {look}/>' for run in stretches(points, "centre")
    )


def year_ago(points: Sequence[Point], at: Place, colours: Palette) -> str:
    """Return the aligned values of a year before, dotted."""
    look = f'fill="none" stroke="{colours.accent}" stroke-width="2" stroke-dasharray="1 5" stroke-linecap="round" {THIN}'
    return "".join(
        f'<polyline points="{path([at(point, "before") for point in run])}" {look}/>' for run in stretches(points, "before") if len(run) > 1
    )


def ahead(last: Point, points: Sequence[Point], at: Place, colours: Palette) -> str:
    """Return what is foretold after the last known point: its interval opens from there, its middle is dashed."""
    begin = at(last, "value")
    upper, lower = ([begin, *(at(point, name) for point in points)] for name in ("high", "low"))
    fan = f'<polygon points="{path([*upper, *reversed(lower)])}" fill="{colours.accent}" fill-opacity="0.13"/>'
    look = f'fill="none" stroke="{colours.accent}" stroke-width="1.8" stroke-dasharray="5 4" {THIN}'
    return f'{fan}<polyline points="{path([begin, *(at(point, "value") for point in points)])}" {look}/>'


def values(points: Sequence[Point], at: Place, colours: Palette) -> str:
    """Return the line of values that stand firm: no small sample, no gap bridged."""
    firm = [point if point["state"] in {"ok", "not_evaluated"} else {**point, "value": None} for point in points]
    look = f'fill="none" stroke="{colours.ink_2}" stroke-width="1.8" stroke-linejoin="round" {THIN}'
    return "".join(f'<polyline points="{path([at(point, "value") for point in run])}" {look}/>' for run in stretches(firm, "value"))


def steps(spots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a line that keeps each height up to half-way to the neighbours."""
    found = []
    for place, (x, y) in enumerate(spots):
        left = (spots[place - 1][0] + x) / 2 if place else x
        right = (spots[place + 1][0] + x) / 2 if place + 1 < len(spots) else x
        found += [(left, y), (right, y)]
    return found


def path(spots: Iterable[tuple[float, float]]) -> str:
    """Return points as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
