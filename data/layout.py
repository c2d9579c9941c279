"""Tells title, footer, total and body rows apart, and reads the period that a drop speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from data.contract import Contract
from data.filesource import PeriodSource
from data.header import heading
from data.patterns import PERIOD_TOKENS, pattern_regex
from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError
from data.text import normal

TOTAL_WORDS = frozenset({"合计", "总计", "小计", "全区"})
SUM_WORDS = TOTAL_WORDS - {"全区"}  # a place may be called so, a sum beside its date may not
CONTROL_WORDS = frozenset({"合计", "总计"})
_LONGEST_MARK = 200
_TOTAL_WITHIN, _LONGEST_TOTAL = 3, 8
FOOTER_WORDS = frozenset({"填报人", "制表人", "审核人", "注", "备注"})
_FOOTER = re.compile(rf"({'|'.join(sorted(FOOTER_WORDS))})(:.*)?")


@dataclass(frozen=True, slots=True)
class DropPeriod:
    """The days that a drop speaks of, from its name, title or sheet (both included), and what else the pattern held."""

    start: date
    end: date
    said: dict[str, str] = field(default_factory=dict)


def odd_roles(rows: Sequence[Sequence[Any]]) -> dict[int, str]:
    """Return the roles of the rows that are none of the body, by place; what differs in the first columns tells of all rows at once."""
    first, *others = ({cells[place] for cells in rows if len(cells) > place} for place in range(_TOTAL_WITHIN))
    odd = set(filter(_opens_odd_row, first)).union(*(filter(_is_sum, cells) for cells in others))
    if not odd:
        return {}
    roles = ((place, row_role(cells)) for place, cells in enumerate(rows) if not odd.isdisjoint(cells[:_TOTAL_WITHIN]))
    return {place: role for place, role in roles if role != "body"}


def _opens_odd_row(cell: Any) -> bool:
    """Whether a row that begins so may be none of the body: with such a word, or with nothing that can be seen."""
    return cell is None or cell == "" or (isinstance(cell, str) and (not heading(cell).rstrip(":") or row_role([cell]) != "body"))


def _is_sum(cell: Any) -> bool:
    return cell.__class__ is str and len(cell) <= _LONGEST_TOTAL and not cell.isascii() and heading(cell).rstrip(":") in SUM_WORDS


def row_role(cells: Sequence[Any]) -> str:
    """Return `total`, `control`, `footer` or `body` by the first cell that is not blank; 合计 may stand a little further on."""
    for cell in cells[:_TOTAL_WITHIN]:
        if _is_sum(cell):
            return "control" if heading(cell).rstrip(":") in CONTROL_WORDS else "total"
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


def drop_period(contract: Contract, file: str, titles: Sequence[str], sheet: str) -> DropPeriod | None:
    """Return the period of a drop where its contract takes it from name, title or sheet; raises RefusedError BAD_NAME."""
    source = contract.files.period
    if source is None:
        return None
    texts = {"name": [file, file.removesuffix(".gz").removesuffix(".zip")], "title": [*titles, sheet], "sheet": [sheet]}[source.source]
    for text in texts:
        if found := read_period(source, text):
            return found
    shown = texts[0][:120] if texts else Phrase(Says.NO_TITLE)
    raise RefusedError(FileReason.BAD_NAME, shown, Phrase(Says.NAMED_LIKE, *source.patterns))


def read_period(source: PeriodSource, text: str) -> DropPeriod | None:
    """Return the period that `text` states by one of the patterns, or None."""
    for pattern in source.patterns:
        found = pattern_regex(normal(pattern)).fullmatch(normal(text))
        if found:
            said = {key: value for key, value in found.groupdict().items() if value}
            try:
                period = _period({key: int(value) for key, value in said.items() if key in PERIOD_TOKENS}, source)
            except (ValueError, KeyError):
                continue
            return replace(period, said={key: value for key, value in said.items() if key not in PERIOD_TOKENS})
    return None


def span(periods: Sequence[DropPeriod]) -> DropPeriod | None:
    """Return the period from the first day of several to the last."""
    return DropPeriod(min(one.start for one in periods), max(one.end for one in periods)) if periods else None


def _period(said: dict[str, int], source: PeriodSource) -> DropPeriod:
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
    if "day" in said:
        return DropPeriod(start, start)
    first = next((first for first, last in source.together if last == start.month), start.month)
    return DropPeriod(start.replace(month=first), _month_end(year, start.month))


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
