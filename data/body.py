"""The cells of each column of a sheet's body: as they stand, out of wide rows, given by the drop, or repeated from above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.contract import Column, Table
from data.header import Header
from data.text import cell_text, normal

_PARTS = ("year", "month", "day", "hour", "minute")


class Body:
    """The rows of a sheet that are records, with their spots, seen by column; `facts` are what the drop gives, by name."""

    def __init__(
        self, places: list[int], rows: Sequence[list[Any]], header: Header, table: Table, facts: Mapping[str, list[Any]]
    ) -> None:  # fmt: skip
        """Turn rows into columns at once where all are of one width."""
        self._rows = rows
        self._columns = list(zip(*self._rows, strict=True)) if len(set(map(len, self._rows))) == 1 else None
        self._header, self._table, self._facts = header, table, facts
        self._times = len(header.values) if table.wide else 1
        self.spots = places if self._times == 1 else [place + record for place in places for record in range(self._times)]

    def cells(self, name: str, column: Column) -> Sequence[Any]:
        """Return a column's cells, one for each record; where another column says their unit, pairs of a cell and its unit."""
        if not column.unit_from:
            return self._of(name, column)
        units = self._of(column.unit_from, self._table.columns[column.unit_from])
        return list(zip(self._of(name, column), units, strict=True))

    def _of(self, name: str, column: Column) -> Sequence[Any]:
        wide = self._table.wide
        if wide and name == wide.into:
            return [text for _ in self._rows for _, text in self._header.values]
        if wide and name == wide.value:
            return [cells[at] if at < len(cells) else None for cells in self._rows for at, _ in self._header.values]
        cells: Sequence[Any]
        if column.given and name not in self._header.cells:
            cells = self._facts.get(column.given, [None] * len(self._rows))
        else:
            cells = _above(self._standing(name, column), column)
        return cells if self._times == 1 else [cell for cell in cells for _ in range(self._times)]

    def _standing(self, name: str, column: Column) -> Sequence[Any]:
        if column.parts:
            split = [(part, self._header.cells[f"{name}/{part}"]) for part in _PARTS if part in column.parts]
            return [_joined({part: cells[at] for part, at in split}) for cells in self._rows]
        at = self._header.cells.get(name)
        if at is None:
            return [None] * len(self._rows)
        if self._columns is not None and at < len(self._columns):
            return self._columns[at]
        return [cells[at] if at < len(cells) else None for cells in self._rows]


def _joined(parts: Mapping[str, Any]) -> str | None:
    said = {part: cell_text(cell).strip() for part, cell in parts.items()}
    if not all(said.values()):
        return None
    return f"{said['year']}-{said['month']}-{said['day']} {said.get('hour', '0')}:{said.get('minute', '00')}"


def _above(cells: Sequence[Any], column: Column) -> Sequence[Any]:
    if not column.above:
        return cells
    last, filled = None, []
    for cell in cells:
        if normal(cell_text(cell)) not in column.above:
            last = cell
        filled.append(last)
    return filled
