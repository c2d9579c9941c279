"""Reads the borders of a city's areas, where it keeps them: GeoJSON in `data/reference/areas.geojson`.

Each feature is the outline (Polygon or MultiPolygon, [longitude, latitude] in degrees) of one area: every area of the
second kind of the city, and as many of the third as it likes. A drawing rests on it, never a figure: a file with a
mistake is told by `cli.py check`, and no map is drawn from it.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from data.problems import DefinitionError, Problem
from data.register import Reference
from data.settings import Settings

NAME = "data/reference/areas.geojson"
CODES = ("entity", "code")  # properties that may carry an area's code, the first of them that is there
MOST_BYTES, MOST_POINTS = 20_000_000, 200_000

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygons = tuple[tuple[Ring, ...], ...]  # of each polygon the outer ring, then its holes; a ring ends where it begins


class _FaultError(Exception):
    """What was found in a feature, and what was wanted."""


def stamp(settings: Settings) -> int:
    """Return a number that changes with the file, 0 where there is none."""
    path = settings.city_dir / NAME
    return path.stat().st_mtime_ns if path.is_file() else 0


def boundaries(settings: Settings) -> dict[str, Polygons]:
    """Return the outline of each area by its code; none where the city keeps no such file, or one with a mistake in it."""
    found, problems = _read(settings.city_dir / NAME)
    return {} if problems else {code: polygons for code, (_, polygons) in found.items()}


def check_boundaries(settings: Settings, reference: Reference) -> None:
    """Hold the file against the register; raises DefinitionError with every problem. A city need not keep one."""
    path = settings.city_dir / NAME
    if not path.is_file():
        return
    found, problems = _read(path)
    if problems:
        raise DefinitionError(problems)
    kinds = {entity.entity: entity.entity_kind for entity in reference.entities}
    inner = reference.city.areas[1:3]
    for code, (line, _) in found.items():
        if kinds.get(code) not in inner:
            problems.append(Problem(NAME, line, code, repr(code), f"the code of a {' or '.join(inner)} of the register"))
    for area in reference.of_kind(inner[0]) if inner else ():
        if area.entity not in found and area.valid_to is None:
            problems.append(Problem(NAME, 1, area.entity, f"no outline of {area.name_zh}", f"an outline of every {area.entity_kind}"))
    if problems:
        raise DefinitionError(problems)


def _read(path: Path) -> tuple[dict[str, tuple[int, Polygons]], list[Problem]]:
    """Return line and outline by code, and every problem that the file has by itself; a file that is not there has neither."""
    if not path.is_file():
        return {}, []
    if (size := path.stat().st_size) > MOST_BYTES:
        return {}, [Problem(NAME, 1, "file", f"{size} bytes", f"at most {MOST_BYTES} bytes")]
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text)
    except UnicodeDecodeError:
        return {}, [Problem(NAME, 1, "encoding", "bytes that are not UTF-8", "UTF-8")]
    except json.JSONDecodeError as error:
        return {}, [Problem(NAME, error.lineno, "JSON", error.msg, "well-formed JSON")]
    except (ValueError, RecursionError):
        return {}, [Problem(NAME, 1, "JSON", "a number or a nesting that is too long", "well-formed JSON")]
    features = content.get("features") if isinstance(content, dict) and content.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        return {}, [Problem(NAME, 1, "file", "no list of features", "a FeatureCollection")]
    return _features(text, features)


def _features(text: str, features: list[Any]) -> tuple[dict[str, tuple[int, Polygons]], list[Problem]]:
    """Read each feature as far as its first fault; it is told by its place, counted from 1, and its code."""
    found: dict[str, tuple[int, Polygons]] = {}
    problems, points = [], 0
    for place, feature in enumerate(features, start=1):
        code = ""
        try:
            code = _code(feature, found)
            polygons = _polygons(feature.get("geometry"))
            points += sum(len(ring) for rings in polygons for ring in rings)
            found[code] = (_line(text, code), polygons)
        except _FaultError as fault:
            problems.append(Problem(NAME, _line(text, code), f"feature {place} {code}".strip(), *fault.args))
    if points > MOST_POINTS:
        problems.append(Problem(NAME, 1, "file", f"{points} points", f"at most {MOST_POINTS} points"))
    return found, problems


def _line(text: str, code: str) -> int:
    """Return the line on which a code first stands."""
    return text.count("\n", 0, max(text.find(code), 0)) + 1


def _code(feature: Any, known: Container[str]) -> str:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    if not isinstance(properties, Mapping):
        raise _FaultError("no properties", "a feature with properties and geometry")
    code = next((properties[name] for name in CODES if name in properties), None)
    if type(code) not in {str, int} or not str(code).strip():
        raise _FaultError("no code", f"the area's code as {' or '.join(CODES)}")
    if (said := str(code).strip()) in known:
        raise _FaultError(f"{said!r} again", "each code once")
    return said


def _polygons(geometry: Any) -> Polygons:
    kind, places = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, Mapping) else (None, None)
    if kind not in ("Polygon", "MultiPolygon"):
        raise _FaultError(repr(kind)[:40], "a Polygon or a MultiPolygon")
    polygons = tuple(tuple(_ring(ring) for ring in _list(rings)) for rings in ([places] if kind == "Polygon" else _list(places)))
    if not polygons or not all(polygons):
        raise _FaultError("no ring", "at least one ring in each polygon")
    return polygons


def _ring(points: Any) -> Ring:
    ring = tuple(_points(points))
    if len(ring) < 4:
        raise _FaultError(f"a ring of {len(ring)} points", "a ring of at least 4 points")
    if ring[0] != ring[-1]:
        raise _FaultError(f"a ring from {_said(ring[0])} to {_said(ring[-1])}", "a ring that ends where it begins")
    if len(set(ring)) < 3:
        raise _FaultError(f"a ring with {len(set(ring))} different points", "a ring around an area")
    return ring


def _points(points: Any) -> Iterator[Point]:
    for point in _list(points):
        if not isinstance(point, list) or len(point) < 2 or not all(type(value) in {int, float} for value in point[:2]):
            raise _FaultError(f"the point {json.dumps(point)[:40]}", "[longitude, latitude]")
        longitude, latitude = point[:2]
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise _FaultError(f"the point {json.dumps(point)[:40]}", "longitude and latitude in degrees, in this order")
        yield float(longitude), float(latitude)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _FaultError(f"{json.dumps(value)[:40]} among the coordinates", "a list of coordinates")
    return value


def _said(point: Point) -> str:
    return f"{point[0]:g} {point[1]:g}"
