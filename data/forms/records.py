"""Named values as a sheet: the names of all records become the heading row, in the order in which they first occur."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from data.forms.sheet import MOST_CELLS, Broken, Sheet
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError
from data.text import Nested

DEEPEST = 8


Record = tuple[int, Mapping[str, Any]]
IsOfUse = Callable[[str], bool]


def as_sheet(
    name: str, records: Sequence[Record], broken: dict[int, Broken] | None = None, names: Iterable[str] = (),
    is_of_use: IsOfUse = lambda _: True,
) -> Sheet:  # fmt: skip
    """Return a sheet of records; `a: {b: 1}` stands under `a.b` and whole under `a`, a name that a record lacks is blank.

    Where records hardly share a name, as a table they would be many times their size: then only names of use get a place.
    Raises RefusedError TOO_LARGE when that is not enough.
    """
    rows = _rows(records, names, lambda _: True) or _rows(records, names, is_of_use)
    if rows is None:
        raise RefusedError(
            FileReason.TOO_LARGE, Phrase(Says.MORE_THAN_COUNT, MOST_CELLS, Noun.CELLS), Phrase(Says.AT_MOST_COUNT, MOST_CELLS, Noun.CELLS)
        )
    return Sheet(name, rows, broken=broken or {})


def _rows(records: Iterable[Record], names: Iterable[str], is_of_use: IsOfUse) -> list[tuple[int, list[Any]]] | None:
    """Return the row of names and the records below it, or None when they are too many cells."""
    places: dict[str, int] = {name: place for place, name in enumerate(names)}
    rows: list[tuple[int, list[Any]]] = []
    for line, record in records:
        cells: list[Any] = [None] * len(places)
        for key, value in _flat(record):
            if key not in places and not is_of_use(key):
                continue
            place = places.setdefault(key, len(places))
            if place >= len(cells):
                cells += [None] * (place + 1 - len(cells))
            cells[place] = Nested(json.dumps(value, ensure_ascii=False, default=float)) if isinstance(value, Mapping | list) else value
        rows.append((line, cells))
        if len(rows) * len(places) > MOST_CELLS:
            return None
    return [(0, list(places)), *((line, cells + [None] * (len(places) - len(cells))) for line, cells in rows)]


def _flat(record: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterable[tuple[str, Any]]:
    for key, value in record.items():
        yield f"{prefix}{key}", value
        if isinstance(value, Mapping) and depth < DEEPEST:
            yield from _flat(value, f"{prefix}{key}.", depth + 1)
