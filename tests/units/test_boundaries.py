"""Borders of areas: what is read, and every mistake as a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from data import boundaries as borders
from data.blank import write_blank_city
from data.boundaries import NAME, boundaries, check_boundaries, stamp
from data.problems import DefinitionError
from data.register import load_reference
from data.settings import Settings

SQUARE = [[[123.0, 41.0], [123.1, 41.0], [123.1, 41.1], [123.0, 41.1], [123.0, 41.0]]]
GOOD: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {"entity": "D1001"}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}],
}


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """An empty city with one street, D1001."""
    write_blank_city(tmp_path / "city")
    return Settings(tmp_path / "city", tmp_path / "var")


def written(city: Settings, content: object) -> None:
    """Put the file there, text as it is."""
    text = content if isinstance(content, str) else json.dumps(content)
    (city.city_dir / NAME).write_text(text, encoding="utf-8")


def said(city: Settings) -> list[str]:
    """Return what the check says."""
    with pytest.raises(DefinitionError) as caught:
        check_boundaries(city, load_reference(city))
    return [str(problem) for problem in caught.value.problems]


def test_a_city_need_not_keep_borders(city: Settings) -> None:
    """Without the file nothing is wrong and nothing is drawn."""
    check_boundaries(city, load_reference(city))

    assert (boundaries(city), stamp(city)) == ({}, 0)


def test_borders_are_read_by_code(city: Settings) -> None:
    """Parts and holes stay as they are; heights are dropped."""
    content = deepcopy(GOOD)
    hole = [[123.02, 41.02, 5], [123.04, 41.02, 5], [123.03, 41.04, 5], [123.02, 41.02, 5]]
    content["features"][0]["geometry"] = {"type": "MultiPolygon", "coordinates": [[SQUARE[0], hole], SQUARE]}
    written(city, content)
    check_boundaries(city, load_reference(city))

    assert [len(rings) for rings in boundaries(city)["D1001"]] == [2, 1]
    assert boundaries(city)["D1001"][0][1][0] == (123.02, 41.02)


def _feature(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    content = deepcopy(GOOD)
    change(content["features"][0])
    return content


def _coordinates(value: object) -> dict[str, Any]:
    return _feature(lambda feature: feature["geometry"].update(coordinates=value))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "JSON: found Expecting property name enclosed in double quotes, wanted well-formed JSON"),
        ("[" * 100_000, "well-formed JSON"),
        ('{"type": ' + "9" * 5000 + "}", "well-formed JSON"),
        ([], "found no list of features, wanted a FeatureCollection"),
        ({"type": "FeatureCollection", "features": []}, "found no list of features"),
        ({"type": "FeatureCollection", "features": [7]}, "feature 1: found no properties"),
        (_feature(lambda feature: feature["properties"].clear()), "feature 1: found no code, wanted the area's code as entity or code"),
        (_feature(lambda feature: feature["properties"].update(entity=["D1001"])), "feature 1: found no code"),
        (_feature(lambda feature: feature["properties"].update(entity="D9")), "D9: found 'D9', wanted the code of a street of"),
        (_feature(lambda feature: feature["properties"].update(entity="D9")), "found no outline of 示例街道, wanted an outline"),
        (_feature(lambda feature: feature.update(geometry=None)), "feature 1 D1001: found None, wanted a Polygon or a MultiPolygon"),
        (_feature(lambda feature: feature["geometry"].update(type="Point")), "found 'Point', wanted a Polygon"),
        (_feature(lambda feature: feature["geometry"].update(type=[1])), "wanted a Polygon"),
        (_coordinates([]), "found no ring"),
        (_coordinates(None), "found null among the coordinates"),
        (_coordinates([SQUARE[0][:4]]), "found a ring from 123 41 to 123 41.1, wanted a ring that ends where it begins"),
        (_coordinates([SQUARE[0][:3]]), "found a ring of 3 points"),
        (_coordinates([[[1, 1]] * 5]), "found a ring with 1 different points"),
        (_coordinates([[[y, x] for x, y in SQUARE[0]]]), "found the point [41.0, 123.0], wanted longitude and latitude in degrees"),
        (_coordinates([[["a", 1]] * 5]), 'found the point ["a", 1], wanted [longitude, latitude]'),
        (_coordinates([[[float("nan"), 1]] * 5]), "found the point [NaN, 1]"),
        (GOOD | {"features": GOOD["features"] * 2}, "feature 2: found 'D1001' again, wanted each code once"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence(city: Settings, content: object, expected: str) -> None:
    """It says file, feature, found and wanted; nothing is drawn from what the file has wrong by itself."""
    written(city, content)

    assert any(line.startswith(f"{NAME}:1: ") and expected in line for line in said(city)), said(city)


def test_a_mistake_says_its_line(city: Settings) -> None:
    """A feature stands on the line of its code."""
    content = json.dumps(_coordinates([SQUARE[0][:4]]), indent=1)
    written(city, content)
    line = next(place for place, text in enumerate(content.splitlines(), start=1) if "D1001" in text)

    assert said(city)[0].startswith(f"{NAME}:{line}: feature 1 D1001: ")
    assert boundaries(city) == {}


def test_what_is_huge_is_not_read(city: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes are counted before anything is read, points after."""
    written(city, GOOD)
    monkeypatch.setattr(borders, "MOST_POINTS", 4)
    assert "found 5 points, wanted at most 4 points" in said(city)[0]

    monkeypatch.setattr(borders, "MOST_BYTES", 10)
    assert "bytes, wanted at most 10 bytes" in said(city)[0]


def test_other_bytes_are_named(city: Settings) -> None:
    """A file in another encoding is told as such."""
    (city.city_dir / NAME).write_bytes("街道".encode("gb18030"))

    assert said(city) == [f"{NAME}:1: encoding: found bytes that are not UTF-8, wanted UTF-8"]
