"""What every form is turned into: sheets of rows of cells, each row with the line on which a clerk finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from data.reasons import RowReason

HEADER_WITHIN = 12
MOST_CELLS = 40_000_000

Row = tuple[int, list[Any]]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not even be split into cells: why, and its text."""

    reason: RowReason
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of cells.

    `rows` are (line, cells): the row number that a spreadsheet shows, counted from 1 and including blank rows. Forms that
    name their values (JSON, Parquet) have their names in a row 0. `merged` = ((row, column), (row, column)) ranges,
    counted from 0. `broken` rows, by line, are not among `rows`.
    """

    name: str
    rows: list[Row]
    merged: tuple[Range, ...] = ()
    broken: dict[int, Broken] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The sheets of a file, the encoding that was found (or the form), and whether dates count from 1904."""

    encoding: str
    sheets: list[Sheet] = field(default_factory=list)
    epoch_1904: bool = False
