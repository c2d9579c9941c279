"""Draws areas within their borders as one picture, and over each of them the link that it is.

Frame `areas`, one record per area: entity, polygons (rings of [longitude, latitude] in degrees, the outer one first),
inner (list of outlines that lie inside, drawn thinly), name, level (or None), mark, word, note, value, target (link).
The page's sanitiser lets no SVG elements through: the picture is an image, and the links are boxes cut to the outlines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from charts.borders import Polygons, projected, rings_of, simplified
from charts.labelling import LINE, Spot, spots
from charts.marks import mark_body
from charts.markup import esc, image, svg
from charts.palette import LEVELS, SANS, Palette

WIDE, HIGH, EDGE = 528, 520, 3  # pixels of the picture, and of its margin
SIZE, MARK, GAP, PAD = 16, 15, 4, 3  # of a label: type, mark, and the space between and around
FINEST, LINK, MOST = 0.4, 1.5, 60_000  # pixels that outlines may move, those of links, and the most characters of all
FONT = f'font-family="{esc(SANS)}" font-size="{SIZE}" font-weight="700"'

Area = Mapping[str, Any]


def areamap(areas: Sequence[Area], colours: Palette, title: str) -> str:
    """Return the map as HTML, as fine as its size allows; every area is a link, and says its level by colour, word and shape."""
    if not areas:
        return ""
    finest = FINEST
    while len(drawn := _drawn(areas, colours, title, finest)) > MOST and finest < HIGH:
        finest *= 2
    return drawn


def _drawn(areas: Sequence[Area], colours: Palette, title: str, finest: float) -> str:
    outlines, inner, high, where = _placed(areas, finest)
    shapes = "".join(_shape(area, outlines[area["entity"]], inner[area["entity"]], colours) for area in sorted(areas, key=_is_judged))
    leaders = [_leader(where[area["entity"]], _length(area), colours) for area in areas]
    lines = "".join(line for line, _ in leaders) + "".join(dot for _, dot in leaders)
    labels = "".join(_label(area, where[area["entity"]], colours) for area in areas)
    high += 2 * EDGE
    document = svg(WIDE, round(high), f"{shapes}{lines}<g {FONT}>{labels}</g>")
    cut = simplified(outlines, max(LINK, finest))
    links = "".join(_link(area, cut[area["entity"]], WIDE, high) for area in areas)
    tags = "".join(_tag(area, where[area["entity"]], WIDE, high) for area in areas if not where[area["entity"]].lines)
    return f'<div class="areamap">{image(document, title, "width:100%;display:block")}{links}{tags}</div>'


def _placed(areas: Sequence[Area], finest: float) -> tuple[dict[str, Polygons], dict[str, list[Polygons]], float, dict[str, Spot]]:
    """Return outlines and inner outlines in pixels, their height, and the spots of labels; space at the sides only where needed."""
    degrees = {area["entity"]: area["polygons"] for area in areas}
    degrees |= {f"{area['entity']}/{place}": one for area in areas for place, one in enumerate(area["inner"])}
    sizes = {area["entity"]: _sizes(area) for area in areas}
    longest = max(map(_length, areas)) + 4 * GAP
    for column in (0.0, longest):
        plane, wide, high = projected(degrees, WIDE - 2 * (EDGE + column), HIGH)
        left = (WIDE - wide) / 2
        moved = {
            code: tuple(tuple(tuple((x + left, y + EDGE) for x, y in ring) for ring in rings) for rings in polygons)
            for code, polygons in simplified(plane, finest).items()
        }
        outlines = {code: moved[code] for code in sizes}
        where = spots(outlines, sizes, 0, WIDE)
        if all(spot.lines for spot in where.values()) or left >= longest:
            break
    inner = {area["entity"]: [moved[f"{area['entity']}/{place}"] for place in range(len(area["inner"]))] for area in areas}
    return outlines, inner, high, where


def _is_judged(area: Area) -> bool:
    return area["level"] not in LEVELS  # the dashed lines of the others lie on top


def _shape(area: Area, polygons: Polygons, inner: Sequence[Polygons], colours: Palette) -> str:
    level = area["level"] if area["level"] in LEVELS else None
    fill = colours.fill(level) if level else colours.paper
    edge = f'stroke="{colours.paper}" stroke-width="2"' if level else f'stroke="{colours.ink_3}" stroke-width="1.5" stroke-dasharray="4 3"'
    ink = colours.on(level) if level else colours.ink_3
    body = f'<path d="{_path(polygons)}" fill="{fill}" fill-rule="evenodd" stroke-linejoin="round" {edge}/>'
    if inner:
        thin = "".join(map(_path, inner))
        body += f'<path d="{thin}" fill="none" stroke="{ink}" stroke-width=".8" stroke-opacity=".4" stroke-linejoin="round"/>'
    return body


def _path(polygons: Polygons) -> str:
    return "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring[:-1])}Z" for ring in rings_of(polygons))


def _wide(text: str) -> float:
    """Return about how wide bold type is, in pixels."""
    return sum(SIZE * (0.6 if letter.isascii() else 1.0) for letter in text)


def _length(area: Area) -> float:
    return MARK + 2 * GAP + _wide(area["name"]) + _wide(area["word"])


def _sizes(area: Area) -> list[tuple[float, float]]:
    """Return width and height of a label in one line, and with the name on the second."""
    stacked = max(_wide(area["name"]), MARK + GAP + _wide(area["word"]))
    return [(_length(area) + 2 * PAD, SIZE + 2 * PAD), (stacked + 2 * PAD, 2.2 * SIZE + 2 * PAD)]


def _label(area: Area, spot: Spot, colours: Palette) -> str:
    """Return mark, name and word; inside in the ink of the level, with a rim of its fill over thin lines."""
    level = area["level"] if area["level"] in LEVELS and spot.lines else None
    ink, rim = (colours.on(level), colours.fill(level)) if level else (colours.ink, colours.paper)
    sign = mark_body(area["mark"], colours, MARK, on_fill=level is not None and level != "normal")
    look = f'fill="{ink}" stroke="{rim}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'

    def text(x: float, y: float, said: str) -> str:
        return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{esc(said)}</text>'

    if spot.lines == 2:
        start = spot.x - (MARK + GAP + _wide(area["word"])) / 2
        first, second = spot.y - 0.15 * SIZE, spot.y + 0.95 * SIZE
        words = text(start + MARK + GAP, first, area["word"]) + text(spot.x - _wide(area["name"]) / 2, second, area["name"])
        return f'<g transform="translate({start:.1f} {first - MARK + 2:.1f})">{sign}</g>{words}'
    start, base = _start(spot, _length(area)), spot.y + 0.36 * SIZE
    name = start + MARK + GAP
    words = text(name, base, area["name"]) + text(name + _wide(area["name"]) + GAP, base, area["word"])
    return f'<g transform="translate({start:.1f} {base - MARK + 2:.1f})">{sign}</g>{words}'


def _start(spot: Spot, length: float) -> float:
    """Return where a line of this length begins: around its middle, or from the side at which it stands."""
    if spot.lines:
        return spot.x - length / 2
    return 0 if spot.x == 0 else spot.x - length


def _leader(spot: Spot, length: float, colours: Palette) -> tuple[str, str]:
    """Return the line from a label at the side to what it names and the dot at its end, with rims that keep them visible on every fill."""
    if spot.lines:
        return "", ""
    start, (x, y) = (length + GAP if spot.x == 0 else spot.x - length - GAP), spot.anchor
    line = f'<path d="M{start:.1f} {spot.y:.1f}L{x:.1f} {y:.1f}"'
    line = f'{line} stroke="{colours.paper}" stroke-width="3.5"/>{line} stroke="{colours.ink}" stroke-width="1.2"/>'
    return line, f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.8" fill="{colours.ink}" stroke="{colours.paper}" stroke-width="1.5"/>'


def _link(area: Area, polygons: Polygons, wide: float, high: float) -> str:
    """Return the link of an area: the box around it, cut to its outline; rings are joined by ways that go forth and back."""
    points = [point for ring in rings_of(polygons) for point in ring]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    joined = [point for ring in rings_of(polygons) for point in (*ring, points[0])]
    across, down = max(right - left, 1), max(bottom - top, 1)
    cut = ",".join(f"{100 * (x - left) / across:.1f}% {100 * (y - top) / down:.1f}%" for x, y in joined)
    box = _box(left, top, across, down, wide, high)
    return f'<a class="area" style="{box};clip-path:polygon(evenodd,{cut})" {_aim(area)}></a>'


def _tag(area: Area, spot: Spot, wide: float, high: float) -> str:
    """Return the link of a label at the side; the keyboard and those who hear the page have that of the area already."""
    box = _box(_start(spot, _length(area)), spot.y - LINE / 2, _length(area), LINE, wide, high)
    return f'<a class="area" style="{box}" tabindex="-1" aria-hidden="true" {_aim(area)}></a>'


def _box(left: float, top: float, across: float, down: float, wide: float, high: float) -> str:
    shares = {"left": left / wide, "top": top / high, "width": across / wide, "height": down / high}
    return ";".join(f"{name}:{100 * share:.2f}%" for name, share in shares.items())


def _aim(area: Area) -> str:
    said = " ".join(filter(None, (area["name"], area["word"], area["note"], area["value"])))
    target = esc(area["target"])
    return f'href="{target}" data-go="{target}" title="{esc(said)}" aria-label="{esc(said)}"'
