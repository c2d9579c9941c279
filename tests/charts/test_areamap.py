"""The map of areas: neighbours stay neighbours, names find room, every area is a link, and all of it stays small."""

from __future__ import annotations

import base64
import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

from charts.areamap import MOST, areamap
from charts.borders import projected, rings_of, simplified
from charts.labelling import LINE, spots
from charts.palette import DARK, LIGHT, Palette

HIDDEN = {"row": 0, "col": 0, "mark": "red", "word": "红", "note": "<u>", "value": "&", "target": 'sign?a="b'}


def box(left: float, low: float, right: float, top: float) -> tuple[tuple[float, float], ...]:
    """Return a ring around a box."""
    return ((left, low), (right, low), (right, top), (left, top), (left, low))


def area(entity: str, *rings: tuple[tuple[float, float], ...], **other: Any) -> dict[str, Any]:
    """Return an area of one polygon."""
    return HIDDEN | {"entity": entity, "name": f"<{entity}>", "level": "red", "polygons": (rings,), "inner": []} | other


def picture(html: str) -> str:
    """Return the SVG of a map."""
    return base64.b64decode(re.findall(r"base64,([^\"]+)", html)[0]).decode()


def wavy(count: int) -> list[tuple[float, float]]:
    """Return a border of many points from (0, 0) to (0, 1)."""
    return [(0.002 * math.sin(place * 0.7), place / count) for place in range(count + 1)]


def test_a_degree_of_longitude_is_shorter_up_north() -> None:
    """At 60 degrees a square of degrees is half as wide as high."""
    _, wide, high = projected({"a": ((box(0, 59.5, 1, 60.5),),)}, 500, 500)

    assert (round(wide), round(high)) == (250, 500)


def test_neighbours_share_the_border_that_is_left() -> None:
    """Both lose the same points, whichever way they run along it."""
    border = wavy(200)
    west, east = ((-1.0, 0.0), *border, (-1.0, 1.0), (-1.0, 0.0)), ((1.0, 1.0), *border[::-1], (1.0, 0.0), (1.0, 1.0))
    done = simplified({"west": ((west,),), "east": ((east,),)}, 0.001)
    left = [{point for point in done[code][0][0] if abs(point[0]) < 0.5} for code in ("west", "east")]

    assert left[0] == left[1]
    assert 4 < len(left[0]) < 160


def test_an_area_never_vanishes() -> None:
    """Specks go, but not the last one of an area; holes and parts that are large stay."""
    speck, large = box(0, 0, 0.1, 0.1), box(2, 2, 8, 8)
    done = simplified({"speck": ((speck,),), "isles": ((large, box(4, 4, 6, 6)), (speck,))}, 1)

    assert done["speck"] == ((speck,),)
    assert [len(rings) for rings in done["isles"]] == [2]


def test_a_name_stands_inside_or_at_the_side() -> None:
    """What does not fit stands in a column, each label on a line of its own."""
    outlines = {name: ((box(0, 30 * place, 20, 30 * place + 5),),) for place, name in enumerate("abc")} | {"d": ((box(100, 0, 300, 90),),)}
    found = spots(outlines, {code: [(60, 22), (40, 40)] for code in outlines}, 0, 400)

    assert {code: spot.lines for code, spot in found.items()} == {"a": 0, "b": 0, "c": 0, "d": 1}
    heights = sorted(found[code].y for code in "abc")
    assert all(other - one >= LINE for one, other in pairwise(heights))


def test_a_name_keeps_clear_of_a_hole() -> None:
    """The middle of a ring is no room."""
    spot = spots({"a": ((box(0, 0, 200, 200), box(60, 60, 140, 140)),)}, {"a": [(50, 22)]}, 0, 400)["a"]

    assert spot.lines == 1
    assert not (60 < spot.x < 140 and 60 < spot.y < 140)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_area_is_a_link_and_text_is_text(colours: Palette) -> None:
    """Whatever is said is escaped; the picture is well-formed; what lies inside is drawn."""
    inner = [((box(0.1, 0.1, 0.4, 0.4),),)]
    html = areamap([area("a", box(0, 0, 1, 1), inner=inner), area("b", box(1, 0, 1.01, 1), level=None)], colours, '"<x>')

    assert html.count('data-go="sign?a=&quot;b"') == html.count("<a ") == 3  # the second has its name at the side, a link too
    assert "<u>" not in html
    assert 'alt="&quot;&lt;x&gt;"' in html
    drawn = picture(html)
    assert ET.fromstring(drawn) is not None
    assert "&lt;a&gt;" in drawn
    assert "stroke-opacity" in drawn
    assert "stroke-dasharray" in drawn


def test_a_link_is_cut_to_all_parts_and_holes() -> None:
    """One shape for the pointer: parts joined by ways that cancel out."""
    html = areamap(
        [area("a", box(0, 0, 4, 4), box(1, 1, 2, 2), polygons=((box(0, 0, 4, 4), box(1, 1, 2, 2)), (box(5, 0, 6, 4),)))], LIGHT, ""
    )

    assert re.findall(r"clip-path:polygon\(evenodd,([^)]*)\)", html)[0].count(",") == 17


def test_the_map_stays_small() -> None:
    """However fine the borders are."""
    rings = []
    for place in range(30):
        circle = [(place + 0.5 * math.cos(t / 400) * (1 + 0.2 * math.sin(t * 1.7)), 0.5 * math.sin(t / 400)) for t in range(2500)]
        rings.append((*circle, circle[0]))
    html = areamap([area(str(place), ring) for place, ring in enumerate(rings)], LIGHT, "")

    assert len(html) <= MOST


def test_no_areas_no_map() -> None:
    """Nothing is drawn of nothing."""
    assert areamap([], LIGHT, "") == ""
    assert list(rings_of(())) == []
