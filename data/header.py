"""Finds where a contract's columns stand on a sheet: by their headings, within the first rows, also under merged cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from data.contract import Contract, Table
from data.forms.sheet import HEADER_WITHIN, Sheet
from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError
from data.text import cell_text, normal

DEEPEST = 3
FAMILIAR = 2
_LONGEST_MARK = 200
_MOST_SAID = 40
_UNIT = re.compile(r"\(([^()]*)\)$")
_AMOUNT = re.compile(r"[-+\d.,:/年月日% ]*\d[-+\d.,:/年月日% ]*")

# The spellings of each column of a sheet: its lowest heading, and the paths of headings that lead to it.
Names = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's columns stand: `cells` maps a column (or column/part) to its cell; `body` is the first body row.

    `values` are the (cell, heading) of a wide table's values; `units` the unit that a column's heading states;
    `names` are the headings of all cells, those of columns as the contract shows them.
    """

    table: str
    line: int
    body: int
    width: int
    cells: dict[str, int]
    depth: int = 1
    values: list[tuple[int, str]] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    @property
    def matched(self) -> int:
        """How many columns of the sheet are of use."""
        return len(self.cells) + len(self.values)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A heading that a table wants: its spellings, how it is shown, whether it may be absent."""

    key: str
    spellings: frozenset[str]
    shown: str
    may_miss: bool


def heading(text: Any) -> str:
    """Return a heading as it is compared: compatibility form without any space."""
    return _compared(text if isinstance(text, str) else cell_text(text))


@lru_cache(maxsize=65_536)
def _compared(text: str) -> str:
    return re.sub(r"\s+", "", normal(text))


def fits(pattern: str, name: str) -> bool:
    """Whether a name is meant by a pattern with `*` for anything."""
    return bool(re.fullmatch(re.escape(heading(pattern)).replace(r"\*", ".*"), heading(name)))


def find_header(sheet: Sheet, contract: Contract, others: Mapping[str, frozenset[str]]) -> Header:
    """Return the header that matches most columns of a table of the contract.

    Raises RefusedError WRONG_FEED when another feed's headings match better, SCHEMA when a heading is missing or twice.
    """
    best: Header | None = None
    worst: tuple[int, str, RefusedError] = (0, "", RefusedError(FileReason.SCHEMA, Phrase(Says.NO_HEADER), _all_wanted(contract)))
    near = _near(sheet, contract)
    names_of: dict[tuple[int, int], Names] = {}
    for name, table in contract.tables.items():
        if table.sheet and not fits(table.sheet, sheet.name):
            continue
        wanted = _wanted_headings(table)
        for index, depth in near:
            if (index, depth) not in names_of:
                names_of[index, depth] = spellings(sheet, index, depth)
            names = names_of[index, depth]
            found = Header(name, sheet.rows[index][0], index + depth, len(names), {}, depth, names=[one[0] for one in names])
            error = _place(found, table, wanted, names)
            if error is None and (best is None or found.matched > best.matched):
                best = found
            elif error is not None and found.matched > worst[0]:
                worst = (found.matched, name, error)
            if error is None and not table.wide and found.matched == len(wanted):
                break  # nothing further down can match more
    if best and (best.matched >= worst[0] or best.table != worst[1]):
        return _below_units(_as_written(best, sheet), sheet, contract)
    known = {heading(cell) for _, cells in sheet.rows[:HEADER_WITHIN] for cell in cells}
    for feed, headings in others.items():
        if len(known & headings) > max(worst[0], len(headings) // 2):
            raise RefusedError(FileReason.WRONG_FEED, Phrase(Says.HEADINGS_OF, feed), Phrase(Says.HEADINGS_OF, contract.feed))
    raise worst[2]


def _near(sheet: Sheet, contract: Contract) -> list[tuple[int, int]]:
    """Return (first row, depth) of where a header may stand: rows of values only, without a single heading, hold none."""
    count = min(HEADER_WITHIN, len(sheet.rows))
    may_hold = [True] * count
    if not any(table.wide for table in contract.tables.values()):
        known = {piece for text in headings_of(contract) for piece in (text, *text.split("/"))}
        may_hold = [any(heading(cell) in known for cell in cells) for _, cells in sheet.rows[:count]]
    return [(index, depth) for depth in range(1, DEEPEST + 1) for index in range(count - depth + 1) if any(may_hold[index : index + depth])]


def is_strange(sheet: Sheet, contract: Contract) -> bool:
    """Whether hardly a cell of the first rows is a heading of the contract: a cover, a legend, notes."""
    if any(table.wide for table in contract.tables.values()):
        return False
    known = {heading(cell) for _, cells in sheet.rows[:HEADER_WITHIN] for cell in cells}
    return len(known & headings_of(contract)) < min(FAMILIAR, len(headings_of(contract)))


def headings_of(contract: Contract) -> frozenset[str]:
    """Return every heading and alias of a contract, as they are compared."""
    return frozenset(
        heading(text)
        for table in contract.tables.values()
        for column in table.columns.values()
        for text in (*column.heading, *column.parts.values())
    )


def is_of_use(contract: Contract) -> Callable[[str], bool]:
    """Return what says of a name whether a table of the contract could take it; of a wide table any name is a value."""
    if any(table.wide for table in contract.tables.values()):
        return lambda _: True
    wanted = headings_of(contract)
    return lambda name: heading(name) in wanted


def spellings(sheet: Sheet, index: int, depth: int) -> Names:
    """Return the spellings of each column by `depth` rows: the lowest heading that stands there, and the paths to it."""
    rows = [sheet.rows[index + step][1] for step in range(depth)]
    width = max(map(len, rows))
    levels = [[heading(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    filled = [_filled(levels[step], sheet, sheet.rows[index + step][0] - 1) for step in range(depth - 1)] + [levels[-1]]
    names: Names = []
    for place in range(width):
        lowest = next((level[place] for level in reversed(levels) if level[place]), "")
        path = list(dict.fromkeys(level[place] for level in filled if level[place]))
        names.append((lowest, *("/".join(path[start:]) for start in range(len(path) - 1))))
    return names


def _filled(level: list[str], sheet: Sheet, row: int) -> list[str]:
    """Return a row of merged headings with each spread over its cells; without a word on merging, to the right."""
    spread = list(level)
    if sheet.merged:
        for (top, left), (bottom, right) in sheet.merged:
            if top <= row <= bottom:
                for place in range(left, min(right + 1, len(spread))):
                    spread[place] = spread[left] or spread[place]
        return spread
    for place in range(1, len(spread)):
        spread[place] = spread[place] or spread[place - 1]
    return spread


def _wanted_headings(table: Table) -> list[Wanted]:
    wanted = []
    for name, column in table.columns.items():
        if column.heading:
            wanted.append(Wanted(name, frozenset(map(heading, column.heading)), column.heading[0], column.optional))
        wanted += [Wanted(f"{name}/{part}", frozenset({heading(text)}), text, column.optional) for part, text in column.parts.items()]
    return wanted


def _place(header: Header, table: Table, wanted: list[Wanted], names: Names) -> RefusedError | None:
    """Place every wanted heading among the names; return why that cannot be, or None."""
    places: dict[str, set[int]] = {}
    for place, paths in enumerate(names):
        for text in paths:
            places.setdefault(text, set()).add(place)
    missing, twice = [], None
    for one in wanted:
        found = sorted({place for text in one.spellings for place in places.get(text, ())})
        if found:
            header.cells[one.key] = found[0]
            header.names[found[0]] = one.shown
            if said := _UNIT.search(names[found[0]][0]):
                header.units[one.key] = said[1]
        if len(found) > 1:
            twice = twice or RefusedError(FileReason.SCHEMA, Phrase(Says.HEADING_TWICE, one.shown), Phrase(Says.HEADING_ONCE, one.shown))
        elif not found and not one.may_miss:
            missing.append(one.shown)
    if table.wide:
        used = set(header.cells.values())
        header.values.extend(
            (place, text)
            for place, (text, *_) in enumerate(names)
            if text and place not in used and any(fits(pattern, text) for pattern in table.wide.headings)
        )
        missing += [] if header.values else list(table.wide.headings)
    if missing:
        said_names = [text[:_LONGEST_MARK] for text, *_ in names if text][:_MOST_SAID]
        stood = Phrase(Says.HEADINGS, *said_names) if said_names else Phrase(Says.NO_HEADER)
        return RefusedError(FileReason.SCHEMA, stood, Phrase(Says.HEADINGS, *missing))
    return twice


def _as_written(header: Header, sheet: Sheet) -> Header:
    """Put the headings of a wide table as they are written: they are values, and what is compared has lost its spaces."""
    rows = [cells for _, cells in reversed(sheet.rows[header.body - header.depth : header.body])]
    written = [
        (place, next(text for cells in rows if place < len(cells) and (text := cell_text(cells[place]).strip())))
        for place, _ in header.values
    ]
    return replace(header, values=written)


def _below_units(header: Header, sheet: Sheet, contract: Contract) -> Header:
    """Pass over a row of units, where the contract names one and it does stand there: no cell of it is an amount or a date."""
    if not contract.tables[header.table].unit_row or header.body >= len(sheet.rows):
        return header
    cells = [cell for cell in sheet.rows[header.body][1] if cell is not None and cell != ""]
    if any(isinstance(cell, int | float | date) or _AMOUNT.fullmatch(normal(cell_text(cell))) for cell in cells):
        return header
    return replace(header, body=header.body + 1)


def _all_wanted(contract: Contract) -> Phrase:
    table = next(iter(contract.tables.values()))
    return Phrase(Says.HEADINGS, *(column.heading[0] for column in table.columns.values() if column.heading))
