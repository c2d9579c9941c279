"""Finds where a contract's columns stand on a sheet, and tells header, title, footer, total and body rows apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from data.contract import Contract, PeriodSource, Table, pattern_regex
from data.decode import HEADER_WITHIN, Sheet
from data.reasons import FileReason, RefusedError
from data.text import cell_text, normal

TOTAL_WORDS = frozenset({"合计", "总计", "小计", "全区"})
CONTROL_WORDS = frozenset({"合计", "总计"})
_LONGEST_MARK = 200
FOOTER_WORDS = frozenset({"填报人", "制表人", "审核人", "注", "备注"})
_FOOTER = re.compile(rf"({'|'.join(sorted(FOOTER_WORDS))})(:.*)?")


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's columns stand: `cells` maps a column (or column/part) to its cell; `body` is the first body row."""

    table: str
    line: int
    body: int
    width: int
    cells: dict[str, int]
    matched: int


@dataclass(frozen=True, slots=True)
class DropPeriod:
    """The days that a drop speaks of, from its name or title: start and end, both included."""

    start: date
    end: date


def heading(text: Any) -> str:
    """Return a heading as it is compared: compatibility form without any space."""
    return re.sub(r"\s+", "", normal(cell_text(text)))


def find_header(sheet: Sheet, contract: Contract, others: Mapping[str, frozenset[str]]) -> Header:
    """Return the header that matches most columns of a table of the contract.

    Raises RefusedError WRONG_FEED when another feed's headings match better, SCHEMA when a heading is missing or twice.
    """
    best: tuple[int, Header | None, RefusedError | None] = (0, None, None)
    heads = [(index, depth, _names(sheet, index, depth)) for depth in (1, 2) for index in range(min(HEADER_WITHIN, len(sheet.rows)))]
    for name, table in contract.tables.items():
        wanted = _wanted_headings(table)
        for index, depth, names in heads:
            header, error, matched = _match(name, wanted, names, sheet.rows[index][0], index + depth)
            if matched > best[0]:
                best = (matched, header, error)
    if best[1]:
        return best[1]
    known = {heading(cell) for _, cells in sheet.rows[:HEADER_WITHIN] for cell in cells}
    for feed, headings in others.items():
        if len(known & headings) > max(best[0], len(headings) // 2):
            raise RefusedError(FileReason.WRONG_FEED, f"the headings of {feed}", f"those of {contract.feed}")
    raise best[2] or RefusedError(FileReason.SCHEMA, "no header", _wanted(contract))


def headings_of(contract: Contract) -> frozenset[str]:
    """Return every heading and alias of a contract, as they are compared."""
    return frozenset(
        heading(text)
        for table in contract.tables.values()
        for column in table.columns.values()
        for text in (*column.heading, *column.parts.values())
    )


def _names(sheet: Sheet, index: int, depth: int) -> list[str]:
    """Return the headings of one row, or of two with merged cells filled forward (the lower one wins)."""
    upper = [heading(cell) for cell in sheet.rows[index][1]]
    if depth == 1:
        return upper
    if index + 1 >= len(sheet.rows):
        return []
    line = sheet.rows[index][0] - 1
    for (top, left), (bottom, right) in sheet.merged:
        if top <= line <= bottom:
            for column in range(left, min(right + 1, len(upper))):
                upper[column] = upper[left] or upper[column]
    lower = [heading(cell) for cell in sheet.rows[index + 1][1]]
    return [below or above for above, below in zip(upper, lower, strict=False)]


def _wanted_headings(table: Table) -> list[tuple[str, frozenset[str], str, bool]]:
    """Return, for every heading that a table wants: its key, its spellings, how it is shown, whether it may be absent."""
    wanted = []
    for name, column in table.columns.items():
        if column.heading:
            wanted.append((name, frozenset(map(heading, column.heading)), column.heading[0], column.optional))
        wanted += [(f"{name}/{part}", frozenset({heading(text)}), text, column.optional) for part, text in column.parts.items()]
    return wanted


def _match(
    name: str, wanted: list[tuple[str, frozenset[str], str, bool]], names: list[str], line: int, body: int
) -> tuple[Header | None, RefusedError | None, int]:
    """Place every wanted heading among the names; count the matches."""
    cells: dict[str, int] = {}
    missing = []
    places: dict[str, list[int]] = {}
    for place, text in enumerate(names):
        places.setdefault(text, []).append(place)
    for key, spellings, shown, may_miss in wanted:
        found = [place for text in spellings for place in places.get(text, ())]
        if len(found) > 1:
            return None, RefusedError(FileReason.SCHEMA, f"{shown} twice", f"{shown} once"), len(cells)
        if found:
            cells[key] = found[0]
        elif not may_miss:
            missing.append(shown)
    if missing:
        said = ", ".join(filter(None, names))[:200] or "no headings"
        return None, RefusedError(FileReason.SCHEMA, said, ", ".join(missing)), len(cells)
    return Header(name, line, body, len(names), cells, len(cells)), None, len(cells)


def _wanted(contract: Contract) -> str:
    table = next(iter(contract.tables.values()))
    return ", ".join(column.heading[0] for column in table.columns.values() if column.heading)


def row_role(cells: Iterable[Any]) -> str:
    """Return `total`, `control`, `footer` or `body` by the first cell that is not blank."""
    for cell in cells:
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or len(cell) > _LONGEST_MARK or cell.isascii():
            return "body"
        text = heading(cell).rstrip(":")
        if not text:
            continue
        if text in TOTAL_WORDS:
            return "control" if text in CONTROL_WORDS else "total"
        return "footer" if _FOOTER.fullmatch(heading(cell)) else "body"
    return "body"


def drop_period(contract: Contract, file: str, titles: Iterable[str]) -> DropPeriod | None:
    """Return the period of a drop where its contract takes it from name or title; raises RefusedError BAD_NAME."""
    source = contract.files.period
    if source is None:
        return None
    texts = [file] if source.source == "name" else list(titles)
    for text in texts:
        if found := read_period(source, text):
            return found
    shown = (texts[0] if texts else "no title")[:120]
    raise RefusedError(FileReason.BAD_NAME, shown, " or ".join(source.patterns))


def read_period(source: PeriodSource, text: str) -> DropPeriod | None:
    """Return the period that `text` states by one of the patterns, or None."""
    for pattern in source.patterns:
        found = pattern_regex(normal(pattern)).fullmatch(normal(text))
        if found:
            try:
                return _period({key: int(value) for key, value in found.groupdict().items() if value})
            except ValueError:
                continue
    return None


def _period(said: dict[str, int]) -> DropPeriod:
    year = said["year"]
    if "quarter" in said:
        return DropPeriod(date(year, said["quarter"] * 3 - 2, 1), _month_end(year, said["quarter"] * 3))
    if "month" not in said:
        return DropPeriod(date(year, 1, 1), date(year, 12, 31))
    start = date(year, said["month"], said.get("day", 1))
    if "to_day" in said:
        month = said.get("to_month", said["month"])
        return DropPeriod(start, date(year + (month < said["month"]), month, said["to_day"]))
    if "to_month" in said:
        return DropPeriod(start, _month_end(year, said["to_month"]))
    return DropPeriod(start, start if "day" in said else _month_end(year, said["month"]))


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
