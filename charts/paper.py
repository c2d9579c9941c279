"""Draws the two charts of a printed page as SVG: a line with its usual range and limits, and bars; black on white, read without colour.

Sizes are pixels at 96 dpi. Texts are plain. It must not know what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from charts.markup import esc, svg
from charts.palette import LIGHT
from charts.sparkline import line_body

FONT = 'font-family="Noto Sans CJK SC, Source Han Sans SC, sans-serif" font-size="11"'
LEFT, TOP, FOOT = 34, 10, 20
_APART = 12  # pixels between labels of limits
Place = Callable[[int, float], tuple[float, float]]


def line(
    values: Sequence[float | None], names: Sequence[str], last: str, *, width: int, height: int,
    low: Sequence[float | None] = (), high: Sequence[float | None] = (), lines: Sequence[tuple[float, str]] = (),
) -> str:  # fmt: skip
    """Return a line over time; `low` and `high` bound the grey band, `lines` are limits with labels, `last` the newest value in words."""
    known = [value for value in [*values, *low, *high] if value is not None]
    if not known:
        return svg(width, height, f'<g {FONT}><text x="{width / 2}" y="{height / 2}" text-anchor="middle">—</text></g>')
    bottom, top = min(known), max(known)
    room = (top - bottom) or abs(top) * 0.1 or 1.0
    near = [limit for limit in lines if bottom - room <= limit[0] <= top + room]
    bottom, top = min([bottom, *(limit[0] for limit in near)]), max([top, *(limit[0] for limit in near)])
    pad = ((top - bottom) or abs(top) * 0.1 or 1.0) * 0.08
    bottom, top = bottom - pad, top + pad
    right = width - (max(_wide(label) for _, label in near) + 10 if near else 8)

    def place(at: int, value: float) -> tuple[float, float]:
        along = LEFT + at * (right - LEFT) / max(len(values) - 1, 1)
        return along, TOP + (top - value) / (top - bottom) * (height - TOP - FOOT)

    body = _band(low, high, place)
    body += _axis(bottom, top, right, place)
    points = [None if value is None else place(at, value) for at, value in enumerate(values)]
    body += _limits(near, right, place)
    body += line_body(points, LIGHT.ink, 1.5)
    ends = [point for point in points if point]
    if points and points[-1]:
        x, y = points[-1]
        body += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LIGHT.ink}"/>'
        late = [point[1] for point in points[-max(len(points) // 4, 2) :] if point]
        at = TOP + 2 if min(late) - TOP > height - FOOT - max(late) else height - FOOT - 4
        body += f'<text x="{x:.1f}" y="{at}" text-anchor="end" font-size="12" font-weight="700" fill="{LIGHT.ink}">{esc(last)}</text>'
    elif ends:
        body += f'<text x="{right}" y="{height - FOOT - 4}" text-anchor="end" fill="{LIGHT.worse}">—</text>'
    return svg(width, height, f'<g {FONT} fill="{LIGHT.ink_2}">{body}{_ends(names, right, height)}</g>')


def bars(values: Sequence[float | None], names: Sequence[str], texts: Sequence[str], *, width: int, height: int) -> str:
    """Return a bar for each name from zero on, the largest one black."""
    wide = 12 * max((len(name) for name in names), default=0) + 6
    beyond = 8 * max((len(text) for text in texts), default=0) + 10
    most, step = max((abs(value) for value in values if value is not None), default=0.0) or 1.0, height / max(len(names), 1)
    body = ""
    for place, (value, name, text) in enumerate(zip(values, names, texts, strict=True)):
        long = abs(value or 0.0) / most * max(width - wide - beyond, 10)
        fill, middle = (LIGHT.ink if not place else LIGHT.ink_3), place * step + step / 2
        body += f'<text x="0" y="{middle + 4:.1f}" font-size="12" fill="{LIGHT.ink}">{esc(name)}</text>'
        body += f'<rect x="{wide}" y="{middle - 6:.1f}" width="{long:.1f}" height="12" fill="{fill}"/>'
        body += f'<text x="{wide + long + 5:.1f}" y="{middle + 4:.1f}" font-size="12" fill="{LIGHT.ink}">{esc(text)}</text>'
    return svg(width, height, f"<g {FONT}>{body}</g>")


def _wide(label: str) -> float:
    """Return about how wide a label is."""
    return sum(6.3 if letter.isascii() else 11.0 for letter in label)


def _band(low: Sequence[float | None], high: Sequence[float | None], place: Place) -> str:
    """The usual range, where both ends are known."""
    body = ""
    spots = [
        None if under is None or over is None else (place(at, under), place(at, over))
        for at, (under, over) in enumerate(zip(low, high, strict=True))
    ]
    stretches: list[list[tuple[tuple[float, float], tuple[float, float]]]] = [[]]
    for spot in spots:
        if spot is None:
            stretches.append([])
        else:
            stretches[-1].append(spot)
    for run in stretches:
        if len(run) > 1:
            path = [under for under, _ in run] + [over for _, over in reversed(run)]
            body += f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in path)}" fill="{LIGHT.ribbon}"/>'
    return body


def _axis(bottom: float, top: float, right: float, place: Place) -> str:
    """Two ticks at round values within the plane."""
    step = _round_step(top - bottom)
    first = -(-bottom // step) * step
    ticks = [first + step * count for count in range(8) if first + step * count <= top]
    body = ""
    for value in (ticks[:1] + ticks[-1:]) if len(ticks) > 1 else ticks:
        y = place(0, value)[1]
        body += f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{LIGHT.rule}" stroke-width="0.8"/>'
        body += f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    return body


def _round_step(span: float) -> float:
    step: float = 10.0 ** (len(str(int(max(span, 1)))) - 1)
    while span < 1 and step > span:
        step /= 10
    for share in (1, 0.5, 0.2, 0.1):
        if span / (step * share) >= 2:
            return step * share
    return step * 0.1


def _limits(lines: Sequence[tuple[float, str]], right: float, place: Place) -> str:
    """Limits as dotted lines, their labels pushed apart."""
    body, taken = "", [-100.0]
    for value, label in sorted(lines, reverse=True):
        y = place(0, value)[1]
        at = max(y + 4, taken[-1] + _APART)
        taken.append(at)
        body += f'<path d="M{LEFT} {y:.1f}H{right}" stroke="{LIGHT.ink_3}" stroke-width="0.9" stroke-dasharray="2 3"/>'
        body += f'<text x="{right + 5}" y="{at:.1f}">{esc(label)}</text>'
    return body


def _ends(names: Sequence[str], right: float, height: int) -> str:
    if not names:
        return ""
    return (
        f'<text x="{LEFT}" y="{height - 4}">{esc(names[0])}</text>'
        f'<text x="{right}" y="{height - 4}" text-anchor="end">{esc(names[-1])}</text>'
    )
