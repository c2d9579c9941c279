"""The map of the overview: borders where the city keeps them whole, else the grid that says it is a diagram."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import HOME, script, text


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A city directory of one's own."""
    for part in ("data", "indicators"):
        shutil.copytree(HOME / part, tmp_path / "city" / part, ignore=shutil.ignore_patterns("*.py", "__pycache__", "demo"))
    return tmp_path / "city"


def overview(city: Path) -> str:
    """Return what the overview of a city says."""
    st.cache_data.clear()
    st.cache_resource.clear()
    return text(AppTest.from_function(script, args=("full", str(city), str(city.parent / "var")), default_timeout=300).run())


def keep(city: Path, *, without: int = 0) -> None:
    """Draw a box for each sub-district of the register but so many."""
    with (city / "data/reference/entities.csv").open(encoding="utf-8") as stream:
        codes = [row["entity"] for row in csv.DictReader(stream) if row["entity_kind"] == "street"]
    boxes = [
        {"type": "Feature", "properties": {"entity": code}, "geometry": {"type": "Polygon", "coordinates": [
            [[place, 40], [place + 1, 40], [place + 1, 41], [place, 41], [place, 40]]]}}
        for place, code in enumerate(codes[without:])
    ]  # fmt: skip
    (city / "data/reference/areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": boxes}), encoding="utf-8")


def test_a_city_with_borders_has_a_map(city: Path) -> None:
    """No tiles, and no word of a diagram."""
    keep(city)
    said = overview(city)

    assert 'class="areamap"' in said
    assert 'class="tilemap"' not in said
    assert "示意图" not in said


@pytest.mark.parametrize("spoil", ["none", "broken", "gaps"])
def test_without_whole_borders_the_tiles_remain(city: Path, spoil: str) -> None:
    """No file, one that cannot be read, and one in which an area with signs is missing."""
    if spoil == "broken":
        (city / "data/reference/areas.geojson").write_text("{", encoding="utf-8")
    if spoil == "gaps":
        keep(city, without=3)
    said = overview(city)

    assert 'class="tilemap"' in said
    assert 'class="areamap"' not in said
    assert "示意图" in said
