"""Draws points in a plane with nested limits: the further to the right and down, the worse. It must not know what is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from charts.marks import mark_body
from charts.markup import esc, svg
from charts.palette import Palette

WIDE, HIGH, LEFT, RIGHT, TOP, FOOT = 720, 408, 44, 24, 12, 46
FONT = 'font-family="Noto Sans CJK SC, Source Han Sans SC, sans-serif" font-size="16"'
Place = Callable[[float], float]
Box = tuple[float, float, float, float]  # left, top, right, bottom
_NEAR = 30  # pixels: closer than this, marks share a label


@dataclass(frozen=True, slots=True)
class Spot:
    """A point: across (more is worse), up (less is worse), a short code, a name, and its level."""

    across: float
    up: float
    code: str
    name: str
    level: str


def scatter(spots: Sequence[Spot], limits: Sequence[tuple[str, float, float, str]], across: str, up: str, colours: Palette) -> str:
    """Return the drawing; `limits` are level, most across, least up and label. Those beyond the second limit bear their names."""
    low = min([*(spot.up for spot in spots), *(limit[2] for limit in limits)])
    low = 10 * int(min(low, 90) // 10)
    first = min([0.0, *(spot.across for spot in spots)]) - 2
    last = max([*(spot.across for spot in spots), *(limit[1] for limit in limits[:3])]) + 3

    def x(value: float) -> float:
        return LEFT + (value - first) / (last - first) * (WIDE - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (103 - value) / (103 - low) * (HIGH - TOP - FOOT)

    body = _frame(limits, x, y, low, last, colours)
    body += f'<text x="{LEFT + 8}" y="{HIGH - FOOT - 8}" fill="{colours.ink_2}">{esc(up)}</text>'
    body += f'<text x="{WIDE - RIGHT}" y="{HIGH - 4}" text-anchor="end" fill="{colours.ink_2}">{esc(across)}</text>'
    ticks = range(5 * int(-(-first // 5)), int(last) + 1, 5)
    body += "".join(
        f'<text x="{x(tick):.1f}" y="{HIGH - FOOT + 20}" text-anchor="middle" fill="{colours.ink_2}">{tick}</text>' for tick in ticks
    )
    body += "".join(
        f'<text x="{LEFT - 8}" y="{y(tick) + 5:.1f}" text-anchor="end" fill="{colours.ink_2}">{tick}</text>' for tick in range(low, 101, 10)
    )
    return svg(WIDE, HIGH, f"<g {FONT}>{body}{_spots(spots, x, y, colours)}</g>")


def _frame(limits: Sequence[tuple[str, float, float, str]], x: Place, y: Place, low: float, last: float, colours: Palette) -> str:
    body = f'<path d="M{LEFT} {TOP}V{HIGH - FOOT}H{WIDE - RIGHT}" stroke="{colours.ink_3}" fill="none"/>'
    if limits:
        _, most, least, _ = limits[0]
        body += f'<rect x="{LEFT}" y="{TOP}" width="{x(most) - LEFT:.1f}" height="{y(least) - TOP:.1f}" fill="{colours.panel}"/>'
    for level, most, least, label in limits:
        if most > last or least < low:
            continue
        ink = colours.level_ink(level)
        body += f'<path d="M{LEFT} {y(least):.1f}H{x(most):.1f}V{TOP}" fill="none" stroke="{ink}" stroke-dasharray="4 3"/>'
        body += f'<g transform="translate({LEFT + 8} {y(least) + 6:.1f})">{mark_body(level, colours, 14)}</g>'
        body += f'<text x="{LEFT + 28}" y="{y(least) + 19:.1f}" fill="{ink}">{esc(label)}</text>'
    return body


def _spots(spots: Sequence[Spot], x: Place, y: Place, colours: Palette) -> str:
    """Marks that lie together share one label of their codes; a lonely one that is beyond a limit bears its name."""
    body, groups = "", list[list[Spot]]()
    for spot in sorted(spots, key=lambda one: (one.across, -one.up)):
        near = next(
            (group for group in groups if abs(x(group[0].across) - x(spot.across)) + abs(y(group[0].up) - y(spot.up)) < _NEAR), None
        )
        if near is None:
            groups.append([spot])
        else:
            near.append(spot)
    marks = [(x(spot.across) - 10, y(spot.up) - 10, x(spot.across) + 10, y(spot.up) + 10) for spot in spots]
    placed: list[Box] = []
    for group in groups:
        for spot in reversed(group):
            body += f'<g transform="translate({x(spot.across) - 9:.1f} {y(spot.up) - 9:.1f})">{mark_body(spot.level, colours, 18)}</g>'
    for group in groups:
        one = group[0]
        is_named = len(group) == 1 and one.level not in {"normal", "blue"}
        label = f"{one.code} {one.name}" if is_named else "、".join(spot.code for spot in group)
        own = [box for box, spot in zip(marks, spots, strict=True) if spot in group]
        taken = [*placed, *(box for box in marks if box not in own)]
        box, anchor = _room(label, x(one.across), y(one.up), taken)
        placed.append(box)
        weight = "700" if is_named else "400"
        at = {"start": box[0], "end": box[2], "middle": (box[0] + box[2]) / 2}[anchor]
        body += (
            f'<text x="{at:.1f}" y="{box[3] - 5:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{colours.ink}" '
            f'stroke="{colours.paper}" stroke-width="4" paint-order="stroke">{esc(label)}</text>'
        )
    return body


def _room(label: str, left: float, middle: float, taken: Sequence[Box]) -> tuple[Box, str]:
    """Return where the words of a mark stand, and their anchor: to the right, the left, below or above it, where nothing else is."""
    wide = sum(9.2 if letter.isascii() else 16.4 for letter in label)
    places: list[tuple[Box, str]] = [
        ((left + 13, middle - 10, left + 13 + wide, middle + 10), "start"),
        ((left - 13 - wide, middle - 10, left - 13, middle + 10), "end"),
        ((left - wide / 2, middle + 10, left + wide / 2, middle + 30), "middle"),
        ((left - wide / 2, middle - 30, left + wide / 2, middle - 10), "middle"),
    ]  # fmt: skip
    inside = [one for one in places if one[0][0] >= LEFT and one[0][2] <= WIDE - 4 and one[0][1] >= 0 and one[0][3] <= HIGH - FOOT]
    free = [one for one in inside if not any(_meet(one[0], other) for other in taken)]
    return (free or inside or places)[0]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
