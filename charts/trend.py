"""Draws one sign over time as HTML and SVG: values, limits, last year, what happened, and where the data stop.

Records, in order of time: start (datetime), value (float or None), text, state, level, low, high and centre (of the limits,
or of what is usual), special (code or ""), tone (better, worse, accent or ""), before (a year before), is_skipped (nothing was
due), name (the period in words), hover; texts are HTML already. It must not know Streamlit, nor what is measured.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from charts import curves
from charts.icons import special_mark
from charts.marks import mark_image
from charts.markup import image, svg
from charts.palette import LEVELS, Palette
from data.wording import number

PLANE, LABEL_STEP, TICKS, NAMES = 340, 22, 5, 9  # pixels high, pixels between labels; ticks upward, names along
WIDE, HIGH = 1000, 400  # the box of the curve, stretched to its place
NAME_ROOM = 5.0  # per cent of the width to either side of the name of a span, kept free of flags
SHORTEST_LABELLED = 6.0  # per cent of the width: a span that is narrower is named in the notes only

Point = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A limit: where it lies, the level that begins there (or `target`, `centre`), and its label."""

    value: float
    level: str
    label: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the data end although more is due: the start of the last known period and the words for it."""

    start: Any
    label: str


@dataclass(frozen=True, slots=True)
class Note:
    """What happened from `start` to `end`: its flag above the plot; a `span` (a holiday) is shaded and bears its name."""

    start: Any
    end: Any
    flag: str
    is_span: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Places moments and values in the plane, in per cent from the left and from the bottom."""

    first: Any
    last: Any
    low: float
    high: float

    def x(self, moment: Any) -> float:
        """Return how far to the right a moment lies."""
        return 100 * float((moment - self.first) / ((self.last - self.first) or timedelta(days=1)))

    def y(self, value: float) -> float:
        """Return how far up a value lies; what is beyond the axis lies on its edge."""
        return 100 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


def trend(
    points: Sequence[Point],
    lines: Sequence[Line],
    colours: Palette,
    *,
    axis: str,
    stop: Stop | None = None,
    ceiling: float | None = None,
    notes: Sequence[Note] = (),
    ahead: Sequence[Point] = (),
    high: int = PLANE,
    names: int = NAMES,
) -> tuple[str, list[Line]]:
    """Return the chart, and the limits outside its range. Its plane is `high` pixels with so many `names` of periods below.

    `ahead` are records of what is foretold after the last known value: start, value, low, high, name and hover.
    """
    low, top = value_span([*points, *ahead], lines, ceiling)
    scale = Scale(points[0]["start"], max(point["start"] for point in (points[-1], *ahead[-1:])), low, top)
    inside = [line for line in lines if low <= line.value <= top]
    last = points[-1]
    is_current = stop is None and last["value"] is not None
    value = ""
    if is_current:
        ink = f" {last.get('tone')}" if last.get("tone") in {"better", "worse"} else ""
        value = (
            f'<b class="now{ink}" style="bottom:{scale.y(last["value"]):.2f}%{_beside(last, scale) if ahead else ""}">{last["text"]}</b>'
        )
    room = 24 + (_pixels(str(last["text"]), 12, 20) if is_current and not ahead else 0)
    gutter = max((_pixels(line.label, 9, 16) + 34 for line in inside), default=0)
    ribbon, curve = _pictures(points, ahead, colours, scale)
    plane, count = curve + _stop(stop, scale), len(points) + len(ahead)
    plane += "".join(_spot(point, place, count, colours, scale) for place, point in enumerate(points))
    plane += "".join(_hit(point, "", count, scale, is_left=False) for point in ahead)
    plane += _names(points, scale, names) + _end(ahead, scale) + value
    chart = (
        f'<div class="trend" role="img" aria-label="{axis}" style="height:{high + 64}px"><span class="note axis">{axis}</span>'
        f'<div class="plot" style="right:{gutter}px;height:{high}px"><div class="plane" style="right:{room}px">'
        f"{_spans(notes, scale)}{ribbon}</div>{_grid(scale)}{_limits(inside, colours, scale, high)}"
        f'<div class="plane" style="right:{room}px">{_flags(notes, scale)}{plane}</div></div></div>'
    )
    return chart, [line for line in lines if line not in inside]


def value_span(points: Sequence[Point], lines: Sequence[Line], ceiling: float | None) -> tuple[float, float]:
    """Return the lowest and the highest value of the axis: all points and ranges, and each limit near them.

    Values of a year before that are far away end at its edge.
    """
    values = [float(point["value"]) for point in points if point["value"] is not None]
    known = values + [float(point[name]) for point in points for name in ("low", "high") if point[name] is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    reach = (high - low) or abs(high) or 1.0
    near = [line.value for line in lines if low - 0.7 * reach <= line.value <= high + 0.7 * reach]
    near += [float(one) for point in points if (one := point.get("before")) is not None and low - reach / 3 <= one <= high + reach / 3]
    low, high = min([low, *near]), max([high, *near])
    pad = 0.06 * ((high - low) or 1.0)
    bottom = 0.0 if low - 2 * pad < 0 <= min(values, default=low) else low - pad
    top = high + pad
    return bottom, top if ceiling is None else min(top, ceiling + pad * 0.2)


def nice_ticks(low: float, high: float) -> tuple[list[float], int]:
    """Return round values between two, and how many decimals they need."""
    rough = (high - low) / TICKS
    power = math.floor(math.log10(rough))
    step = next(size for size in (1, 2, 2.5, 5, 10) if size * 10.0**power >= rough * 0.9) * 10.0**power
    digits = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if f"{step:e}".startswith("2.5") else 0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)], digits


def _pixels(text: str, narrow: int, wide: int) -> int:
    return sum(narrow if letter.isascii() or letter in "µ³–" else wide for letter in text)


def _grid(scale: Scale) -> str:
    ticks, digits = nice_ticks(scale.low, scale.high)
    return "".join(
        f'<i class="g" style="bottom:{scale.y(tick):.2f}%"></i><span class="note y" style="bottom:{scale.y(tick):.2f}%">'
        f"{number(tick, digits)}</span>"
        for tick in ticks
    )


def _limits(lines: Sequence[Line], colours: Palette, scale: Scale, high: int) -> str:
    """Return the lines with their labels at the right end; labels keep their distance and stay inside the plot."""
    ordered = sorted(lines, key=lambda one: one.value)
    heights, previous = [], -float(LABEL_STEP)
    for line in ordered:
        previous = max(scale.y(line.value) * high / 100, previous + LABEL_STEP)
        heights.append(previous)
    top = float(high)
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], top)
        top = heights[place] - LABEL_STEP
    found = ""
    for line, height in zip(ordered, heights, strict=True):
        picture = f"{mark_image(line.level, colours, '')} " if line.level in LEVELS else ""
        found += f'<span class="lab ink-{line.level}" style="bottom:{height:.1f}px">{picture}{line.label}</span>'
        if line.level != "centre":
            found += f'<i class="lim ink-{line.level}" style="bottom:{scale.y(line.value):.2f}%"></i>'
    return found


def _beside(last: Point, scale: Scale) -> str:
    """Return where the newest value stands when what is foretold lies to its right: below its point, or above one that lies low."""
    down = 150 if scale.y(float(last["value"])) > 20 else -60
    return f";left:{scale.x(last['start']):.2f}%;transform:translate(-100%,{down}%)"


def _pictures(points: Sequence[Point], ahead: Sequence[Point], colours: Palette, scale: Scale) -> tuple[str, str]:
    """Return the band and the lines as pictures; limits lie between them."""

    def at(point: Point, name: str) -> tuple[float, float]:
        return scale.x(point["start"]) * WIDE / 100, HIGH - scale.y(float(point[name])) * HIGH / 100

    is_stepped = any(point.get("centre") is not None for point in points)
    behind = curves.band(points, at, colours, is_stepped=is_stepped)
    known = next((point for point in reversed(points) if point["value"] is not None), None)
    behind += curves.ahead(known, ahead, at, colours) if known and ahead else ""
    before = curves.centre(points, at, colours) + curves.year_ago(points, at, colours) + curves.values(points, at, colours)
    return _picture(behind), _picture(before)


def _picture(drawn: str) -> str:
    return image(svg(WIDE, HIGH, drawn, stretch=True), "").replace("<img ", '<img class="curve" ', 1)


def _spot(point: Point, place: int, count: int, colours: Palette, scale: Scale) -> str:
    """Return a strip of the height of the plane that carries the mark, and what is said when one points at it."""
    known = point["value"] is not None
    up = scale.y(float(point["value"])) if known else 50.0
    if point["state"] == "small_sample":
        drawn = mark_image("small_sample", colours, "", 14)
    else:
        drawn = special_mark(point.get("special"), str(point.get("tone") or ""), colours, 15 if point.get("special") else 12)
    spot = f'<span class="pt" style="bottom:{up:.2f}%">{drawn}</span>' if known else ""
    return _hit(point, spot, count, scale, is_left=place < count * 2 / 3)


def _hit(point: Point, spot: str, count: int, scale: Scale, *, is_left: bool) -> str:
    """Return the strip itself: its mark, if it has one, and what is said, to the side that has room."""
    up = scale.y(float(point["value"])) if point["value"] is not None else 50.0
    side = ("left" if is_left else "right") + (" under" if up > 70 else "")
    away = f"top:calc({100 - up:.2f}% + 14px)" if "under" in side else f"bottom:calc({up:.2f}% + 14px)"
    return (
        f'<span class="hit" style="left:{scale.x(point["start"]):.2f}%;width:{100 / count:.2f}%">{spot}'
        f'<span class="tip {side}" style="{away}">{point["hover"]}</span></span>'
    )


def _names(points: Sequence[Point], scale: Scale, names: int) -> str:
    every = max(1, round(len(points) / names))
    named = list(reversed(points))[::every]
    looks = ["note x b", *("note x alt" if place % 2 else "note x" for place in range(1, len(named)))]
    return "".join(
        f'<span class="{look}" style="left:{scale.x(point["start"]):.2f}%">{point["name"]}</span>'
        for look, point in zip(looks, named, strict=True)
    )


def _end(ahead: Sequence[Point], scale: Scale) -> str:
    """Return the name of the last period that is foretold."""
    return "".join(f'<span class="note x alt" style="left:{scale.x(point["start"]):.2f}%">{point["name"]}</span>' for point in ahead[-1:])


def _stop(stop: Stop | None, scale: Scale) -> str:
    if stop is None:
        return ""
    return f'<span class="stop" style="left:{scale.x(stop.start):.2f}%"><b>{stop.label}</b></span>'


def _reach(note: Note, scale: Scale) -> tuple[float, float]:
    """Return where a note begins and ends, half a day to either side, within the plot."""
    half = timedelta(hours=12)
    return max(scale.x(note.start - half), 0.0), min(scale.x(note.end + half), 100.0)


def _spans(notes: Sequence[Note], scale: Scale) -> str:
    """Return the shaded spans."""
    found = ""
    for note in notes:
        left, right = _reach(note, scale)
        if note.is_span and right > left:
            found += f'<span class="span" style="left:{left:.2f}%;width:{right - left:.2f}%"></span>'
    return found


def _flags(notes: Sequence[Note], scale: Scale) -> str:
    """Return the name of each span that has room, and a dashed line with its flag above the plot for each event."""
    found, taken, named = "", -10.0, list[float]()
    for note in notes:
        left, right = _reach(note, scale)
        if note.is_span and right - left >= SHORTEST_LABELLED:
            found += f'<span class="named" style="left:{(left + right) / 2:.2f}%">{note.flag}</span>'
            named.append((left + right) / 2)
    for note in sorted((one for one in notes if not one.is_span), key=lambda one: one.start):
        left = max(scale.x(note.start), 0.0)
        if left <= 100:
            taken = max(left, taken + 2.2)
            taken = max([taken, *(middle + NAME_ROOM for middle in named if abs(taken - middle) < NAME_ROOM)])
            found += f'<i class="event" style="left:{left:.2f}%"></i><b class="flag" style="left:{taken:.2f}%">{note.flag}</b>'
    return found
