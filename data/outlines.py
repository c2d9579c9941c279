"""Measures an outline of GeoJSON on the earth: its area on the WGS 84 ellipsoid, holes taken off.

Source: C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013), as implemented by GeographicLib.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from geographiclib.geodesic import Geodesic

OUTLINE = "geojson"  # the form of a cell that holds one
SQUARE_METRES = {"m²": 1.0, "km²": 1e6, "公顷": 1e4}  # units of its area
MOST_POINTS = 1_000_000


def area_m2(text: str) -> float | None:
    """Return the area in m² of a Polygon or MultiPolygon ([longitude, latitude] in degrees), or None where it is neither."""
    try:
        outline = json.loads(text)
        kind, places = outline["type"], outline["coordinates"]
        polygons = {"Polygon": [places], "MultiPolygon": places}[kind]
        if sum(len(ring) for rings in polygons for ring in rings) > MOST_POINTS:
            return None
        return sum(_ring(rings[0]) - sum(map(_ring, rings[1:])) for rings in polygons)
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _ring(points: Sequence[Any]) -> float:
    """Return the area inside a closed ring, whichever way it runs; raises ValueError for what is no ring."""
    shape = Geodesic.WGS84.Polygon()
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("a ring ends where it begins")
    for longitude, latitude, *_ in points[:-1]:
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError("a point outside the earth")
        shape.AddPoint(latitude, longitude)
    return abs(float(shape.Compute()[2]))
