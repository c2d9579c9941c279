"""Guesses what a row of a sheet is: the ids of its columns, its key, its time and area, whether it is an event or a reading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Any

from data.draft.columns import Guess, first_day, fit, guess
from data.draft.sample import Drawn
from data.header import heading
from data.places import Places
from data.text import cell_text, normal

MOST_KEY_PARTS, MOST_KEY_COLUMNS, MEASURE = 3, 14, 4
FEW = 31  # whole numbers that may be hours or days rather than amounts
_ID_WORDS = re.compile(r"编号|编码|代码|单号|文号|号$|code|id$|^no$|key|number", re.IGNORECASE)
_FIRST_TIMES = re.compile(r"^日期$|^时间$|监测时间|上报|受理|来电|创建|发生|采集|数据时间|^date$|^time$|start", re.IGNORECASE)
_PARTS = {part: re.compile(word, re.IGNORECASE) for part, word in
          {"year": "年|年份|year", "month": "月|月份|month", "day": "日|day", "hour": "时|小时|hour"}.items()}  # fmt: skip
_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class TableDraft:
    """One table in the making: what each column is, and what places a row."""

    name: str
    sheets: list[Drawn]
    columns: dict[str, Guess]
    cells: dict[str, list[Any]]
    key: tuple[str, ...] = ()
    time: str = ""
    area: tuple[str, ...] = ()
    kind: str = "readings"
    covers: str = "time"
    every: str = ""
    first: date | None = None
    doubts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows the sample has of it."""
        return sum(len(one.rows) for one in self.sheets)


def tables_of(sheets: Sequence[Drawn], places: Places, kinds: Sequence[str], known: Mapping[str, str]) -> list[TableDraft]:
    """Return a draft for each different header; `known` are ids of columns by heading, from contracts that are there already."""
    groups: dict[tuple[str, ...], list[Drawn]] = {}
    for one in sheets:
        groups.setdefault(tuple(one.headings), []).append(one)
    return [_table(f"table{number}", group, places, kinds, known) for number, group in enumerate(groups.values(), start=1)]


def settle(table: TableDraft, kinds: Sequence[str], *, has_period: bool) -> None:
    """Find time, area, key and kind from the columns as they stand."""
    _time(table, has_period=has_period)
    of_kind = {name: one.keys["kind"] for name, one in table.columns.items() if one.keys["type"] == "entity"}
    areas = {kind: name for name, kind in reversed(of_kind.items())}
    table.area = tuple(areas[kind] for kind in kinds if kind in areas)[:2]
    for finer, wider in zip(table.area, table.area[1:], strict=False):
        table.columns[finer].keys["within"] = wider
    _key(table)
    is_timed = table.time in table.key
    is_numbered = any(_ID_WORDS.search(_heading(table, name)) for name in table.key)
    table.kind = "events" if is_numbered and not is_timed else "readings"
    table.covers = "period" if table.time == "period" or (has_period and table.kind == "events") else "time"
    table.doubts.append(("kind", {}))


def _table(name: str, sheets: list[Drawn], places: Places, kinds: Sequence[str], known: Mapping[str, str]) -> TableDraft:
    columns: dict[str, Guess] = {}
    cells: dict[str, list[Any]] = {}
    headings = sheets[0].headings
    for place, said in enumerate(headings):
        if not said or headings.index(said) != place:
            continue
        code = _code(said, place, columns, known)
        cells[code] = [row[place] if place < len(row) else None for one in sheets for row in one.rows]
        columns[code] = guess(said, cells[code], places, kinds)
        columns[code].keys = {"heading": said, **columns[code].keys}
        if headings.count(said) > 1:
            columns[code].doubt("twice")
    table = TableDraft(name, sheets, columns, cells)
    _join_parts(table)
    return table


def _code(said: str, place: int, taken: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """Return an id for a heading: that of another contract, else its own Latin letters, else its place."""
    latin = _WORD.sub("_", said.lower()).strip("_") if said.isascii() else ""
    for code in (known.get(said, ""), latin):
        if re.fullmatch(r"[a-z][a-z0-9_]*", code) and code not in taken:
            return code
    return f"c{place + 1:02d}"


def _heading(table: TableDraft, name: str) -> str:
    return str(table.columns[name].keys.get("heading", ""))


def _join_parts(table: TableDraft) -> None:
    """Make one time of columns that hold its year, month, day and hour."""
    found = {part: name for part, word in _PARTS.items() for name in table.columns if word.fullmatch(_heading(table, name))}
    if not {"year", "month", "day"} <= found.keys():
        return
    parts = {part: _heading(table, name) for part, name in found.items()}
    said = [[cell_text(cell) for cell in table.cells[name]] for name in found.values()]
    for name in found.values():
        del table.columns[name], table.cells[name]
    table.columns["moment"] = Guess({"parts": parts, "type": "timestamp" if "hour" in parts else "date"})
    table.cells["moment"] = [f"{year}-{month}-{day} {rest[0] if rest else 0}:00" for year, month, day, *rest in zip(*said, strict=True)]
    table.columns["moment"].doubt("parts")


def _time(table: TableDraft, *, has_period: bool) -> None:
    moments = [name for name, one in table.columns.items() if one.keys["type"] in {"date", "timestamp"} and "ahead" not in one.keys]
    moments.sort(key=lambda name: not _FIRST_TIMES.search(_heading(table, name)))
    if moments:
        table.time = moments[0]
        keys = {key: value for key, value in table.columns[table.time].keys.items() if key not in {"heading", "parts"}}
        said = [cell for cell in table.cells[table.time] if cell_text(cell).strip()]
        _, values, _ = fit(keys, said)
        table.first, table.every = first_day(values), _interval(values)
        if len(moments) > 1:
            table.doubts.append(("time", {"column": _heading(table, table.time)}))
        return
    table.time = "period"
    table.columns["period"] = Guess({"type": "date", "given": "period"})
    table.doubts.append(("no_time" if has_period else "no_period", {}))


def _interval(values: Sequence[Any]) -> str:
    """Return how far apart the times stand, where the grammar has a word for it."""
    distinct = sorted(set(values))
    if not distinct or not isinstance(distinct[0], datetime):
        is_by_month = len(distinct) > 1 and all(value.day == 1 for value in distinct)
        return "month" if is_by_month else "day"
    if all(value.time() == time() for value in distinct):
        return "day"
    steps = {after - before for before, after in pairwise(distinct)}
    return "hour" if steps and min(steps) == timedelta(hours=1) else ""


def _key(table: TableDraft) -> None:
    """Find the fewest columns that no two different rows share; codes, times and areas before the rest."""
    texts = {name: [normal(cell_text(cell)) for cell in cells] for name, cells in table.cells.items()}
    rows = list(dict.fromkeys(zip(*texts.values(), strict=True)))
    order = list(texts)
    full = [name for name in order if all(row[order.index(name)] for row in rows) and table.columns[name].keys["type"] != "boolean"]

    def rank(name: str) -> tuple[int, int]:
        kind = table.columns[name].keys["type"]
        few = len(set(texts[name])) <= FEW
        is_measure = kind in {"number", "percent"} or (kind == "integer" and not few and not _ID_WORDS.search(_heading(table, name)))
        place = 0 if _ID_WORDS.search(_heading(table, name)) else 1 if name == table.time else 2 if kind == "entity" else 3
        return (MEASURE if is_measure else place, order.index(name))

    candidates = [name for name in sorted(full, key=rank) if rank(name)[0] < MEASURE][:MOST_KEY_COLUMNS]
    for size in range(1, MOST_KEY_PARTS + 1):
        for names in combinations(candidates, size):
            picked = [order.index(name) for name in names]
            if len({tuple(row[place] for place in picked) for row in rows}) == len(rows):
                table.key = names
                table.doubts.append(("key", {"rows": len(rows)}))
                return
    given = ["sheet"] * (len(table.sheets) > 1) + ["row"]
    for fact in given:
        table.columns[f"{fact}_name" if fact == "sheet" else "row_number"] = Guess(
            {"type": "text" if fact == "sheet" else "integer", "given": fact}
        )
    table.key = (*((table.time,) if table.time in full else ()), *("sheet_name" if fact == "sheet" else "row_number" for fact in given))
    table.doubts.append(("no_key", {}))


def known_ids(contracts: Sequence[Any]) -> dict[str, str]:
    """Return the ids of columns by heading, from contracts that are there already."""
    return {
        heading(text): name
        for contract in contracts
        for table in contract.tables.values()
        for name, column in table.columns.items()
        for text in column.heading
    }
