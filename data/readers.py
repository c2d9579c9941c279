"""Reads the cells of whole columns, each distinct cell once, and remembers what it has read from one drop to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any

import pyarrow as pa

from data.amounts import Amounts, amounts
from data.contract import Column, Table
from data.header import Header
from data.moments import Surroundings
from data.parse import Fault, Parser, parser, unit_parser
from data.text import Nested

MOST_REMEMBERED = 50_000  # distinct cells of a column
_UNLIKE = frozenset({str, NoneType, datetime, date})  # no value of one of these equals a value of any other class


class Reader:
    """Reads the cells of one column."""

    def __init__(self, parse: Parser, many: Amounts | None = None) -> None:
        """Start with nothing read; `many` reads floats at once. `has_faults` says whether any cell so far was a fault."""
        self._parse, self._many = parse, many
        self._known: dict[type, dict[Any, Any]] = {}
        self.has_faults = False

    def values(self, cells: Sequence[Any]) -> list[Any] | pa.Array:
        """Return what the parser makes of each cell; as an array where all could be read at once, which holds no fault."""
        every = set(map(type, cells))
        if self._many and every == {float} and (read := self._many(cells)) is not None:
            return read
        kinds = every - _UNLIKE
        if len(kinds) > 1 or Nested in kinds:  # 1, 1.0 and True are equal, and are not the same cell
            return self._read(object, list(zip(map(type, cells), cells, strict=True)), lambda pair: self._parse(pair[1]))
        return self._read(next(iter(kinds), str), cells, self._parse)

    def _read(self, kind: type, keys: Sequence[Any], parse: Parser) -> list[Any]:
        known = self._known.setdefault(kind, {})
        if len(known) > MOST_REMEMBERED:
            known.clear()
        for key in set(keys).difference(known):
            known[key] = value = parse(key)
            self.has_faults = self.has_faults or value.__class__ is Fault
        return list(map(known.__getitem__, keys))


class Readers:
    """The readers of the tables of one contract."""

    def __init__(self) -> None:
        """Start with none."""
        self._kept: dict[tuple[str, str, str], Reader] = {}

    def of(self, header: Header, table: Table, name: str, around: Surroundings) -> Reader:
        """Return the reader of a column under a header; one that what is around the drop does not touch is kept."""
        column, said_unit = table.columns[name], header.units.get(name, "")
        if not _is_worth_keeping(column):
            return _reader(column, around, said_unit, is_key=name in table.key)
        key = (header.table, name, said_unit)
        if key not in self._kept:
            self._kept[key] = _reader(column, around, said_unit, is_key=name in table.key)
        return self._kept[key]


def _reader(column: Column, around: Surroundings, said_unit: str, *, is_key: bool) -> Reader:
    if column.unit_from:
        return Reader(unit_parser(column, around, is_key=is_key))
    return Reader(parser(column, around, said_unit=said_unit, is_key=is_key), amounts(column, said_unit))


def _is_worth_keeping(column: Column) -> bool:
    """Whether the same cells come again in other drops and mean the same there: no dates, no free text."""
    return column.type in {"integer", "number", "percent", "boolean", "entity"} or bool(column.allowed)
