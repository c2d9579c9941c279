"""Named values as a sheet: the names of all records become the heading row, in the order in which they first occur."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from data.forms.sheet import MOST_CELLS, Broken, Sheet
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError
from data.text import Nested

DEEPEST = 8


def as_sheet(
    name: str, records: Iterable[tuple[int, Mapping[str, Any]]], broken: dict[int, Broken] | None = None, names: Iterable[str] = ()
) -> Sheet:  # fmt: skip
    """Return a sheet of records; `a: {b: 1}` stands under `a.b` and whole under `a`, a name that a record lacks is blank.

    Raises RefusedError TOO_LARGE when the records hardly share a name.
    """
    places: dict[str, int] = {name: place for place, name in enumerate(names)}
    rows: list[tuple[int, list[Any]]] = []
    for line, record in records:
        cells: list[Any] = [None] * len(places)
        for key, value in _flat(record):
            place = places.setdefault(key, len(places))
            if place >= len(cells):
                cells += [None] * (place + 1 - len(cells))
            cells[place] = Nested(json.dumps(value, ensure_ascii=False, default=float)) if isinstance(value, Mapping | list) else value
        rows.append((line, cells))
        if len(rows) * len(places) > MOST_CELLS:
            most = Phrase(Says.AT_MOST_COUNT, MOST_CELLS, Noun.CELLS)
            raise RefusedError(FileReason.TOO_LARGE, Phrase(Says.COUNT, len(rows) * len(places), Noun.CELLS), most)
    full = [(line, cells + [None] * (len(places) - len(cells))) for line, cells in rows]
    return Sheet(name, [(0, list(places)), *full], broken=broken or {})


def _flat(record: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterable[tuple[str, Any]]:
    for key, value in record.items():
        yield f"{prefix}{key}", value
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
