"""The map of the 17 real sub-districts of Dongcheng: all there, small, and no gap between neighbours."""

from __future__ import annotations

import shutil
from pathlib import Path

from charts.areamap import MOST, areamap
from charts.borders import projected, rings_of, simplified
from charts.palette import LIGHT
from data.blank import write_blank_city
from data.boundaries import NAME, boundaries
from data.settings import Settings
from tests.real.real_city import OUTLINES


def test_the_streets_of_dongcheng_are_drawn(folder: Path, tmp_path: Path) -> None:
    """Codes are whole numbers there; every street is a link, and points that two of them share stay shared."""
    city = Settings(tmp_path / "city", tmp_path)
    write_blank_city(city.city_dir)
    shutil.copyfile(folder / OUTLINES / "dongcheng-all.geojson", city.city_dir / NAME)
    found = boundaries(city)
    areas = [
        {"entity": code, "polygons": polygons, "inner": [], "name": code[-5:], "level": "blue", "mark": "blue", "word": "蓝", "note": "",
         "value": "", "target": code} for code, polygons in found.items()
    ]  # fmt: skip
    html = areamap(areas, LIGHT, "")

    assert len(found) == 17
    assert all(f'data-go="{code}"' in html for code in found)
    assert len(html) <= MOST
    plane, wide, high = projected(found, 528, 520)
    thin = simplified(plane, 0.4)
    left = {point for polygons in thin.values() for ring in rings_of(polygons) for point in ring}
    assert high == 520
    assert 200 < wide < 300
    for polygons, before in ((thin[code], plane[code]) for code in found):  # no neighbour keeps a point that this one lost
        lost = {point for ring in rings_of(before) for point in ring} - {point for ring in rings_of(polygons) for point in ring}
        assert not lost & left
