"""Reads a 零报告: a department says that a table has no rows for a period, and zero is then a fact rather than a gap.

It comes as the usual form with one of the table's `zero` words alone in its only row, or as a small text file named
`零报告_<table>_<period>.txt`, whose first line is such a word. Either covers its period; neither takes a row away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from data import periods
from data.contract import Contract, Table
from data.forms.encoding import read_text
from data.forms.sheet import Sheet
from data.header import Header, heading
from data.layout import DropPeriod, row_role
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError
from data.text import cell_text

WORD = "零报告"
PATTERN = f"{WORD}_{{table}}_{{period}}.txt"
MOST_BYTES = 10_000
_NAME = re.compile(rf"{WORD}_(.+)_(\d{{4}}[-\dQW]*)(?:_\d+)?\.txt")


@dataclass(frozen=True, slots=True)
class ZeroReport:
    """A table of a feed that has no rows for a period; `lines` is how many lines the file had."""

    table: str
    period: DropPeriod
    encoding: str
    lines: int


def is_zero_report(file: str) -> bool:
    """Whether a file says by its name that it is one."""
    return heading(file).startswith(f"{WORD}_")


def file_name(table: str, period: str) -> str:
    """Return the name that a report bears; `period` is a code such as 2016-02."""
    return f"{WORD}_{table}_{period}.txt"


def content(table: Table, period: str) -> bytes:
    """Return the text of a report."""
    return f"{table.zero[0]}\n{table.name.zh}\n{period}\n".encode()


def read_zero_report(path: Path, file: str, contract: Contract, arrived_at: datetime) -> ZeroReport:
    """Read a report that arrived then (local time); raises RefusedError when it says nothing that can be believed."""
    found = _NAME.fullmatch(heading(file))
    table = _table(contract, found[1]) if found else None
    if not found or table is None:
        raise RefusedError(FileReason.BAD_NAME, file[:120], Phrase(Says.NAMED_LIKE, PATTERN))
    if not contract.tables[table].takes_zero:
        raise RefusedError(FileReason.UNSUPPORTED_TYPE, Phrase(Says.ZERO_REPORT), Phrase(Says.ROWS_OF_READINGS))
    encoding, lines = _lines(path)
    if heading(lines[0]) not in map(heading, contract.tables[table].zero):
        raise RefusedError(FileReason.SCHEMA, lines[0][:120], Phrase(Says.ONE_OF, *contract.tables[table].zero))
    return ZeroReport(table, read_zero_period(found[2], file, arrived_at), encoding, len(lines))


def zero_line(sheet: Sheet, header: Header, table: Table) -> int | None:
    """Return the line of a sheet whose only row says that there is nothing, or None."""
    if not table.takes_zero:
        return None
    body = list(islice(((line, cells) for line, cells in sheet.rows[header.body :] if row_role(cells) == "body"), 2))
    if len(body) != 1 or sheet.broken:
        return None
    said = [heading(text) for cell in body[0][1] if (text := cell_text(cell).strip())]
    return body[0][0] if len(said) == 1 and said[0] in map(heading, table.zero) else None


def _table(contract: Contract, said: str) -> str | None:
    names = {heading(text): name for name, table in contract.tables.items() for text in (name, table.name.zh, table.name.en) if text}
    return names.get(said)


def _lines(path: Path) -> tuple[str, list[str]]:
    if path.stat().st_size > MOST_BYTES:
        size = Phrase(Says.COUNT, path.stat().st_size, Noun.BYTES)
        raise RefusedError(FileReason.TOO_LARGE, size, Phrase(Says.AT_MOST_COUNT, MOST_BYTES, Noun.BYTES))
    encoding, text = read_text(path)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise RefusedError(FileReason.EMPTY, Phrase(Says.NO_ROWS), Phrase(Says.ZERO_REPORT))
    return encoding, lines


def read_zero_period(said: str, file: str, arrived_at: datetime) -> DropPeriod:
    """Return the days of a period; it must have begun before the day of the arrival, or nothing could be known of it."""
    try:
        grain, start = periods.read(said)
    except ValueError as error:
        raise RefusedError(FileReason.BAD_NAME, file[:120], Phrase(Says.NAMED_LIKE, PATTERN)) from error
    if start.date() >= arrived_at.date():
        latest = arrived_at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
        raise RefusedError(FileReason.BAD_NAME, said, Phrase(Says.NO_LATER_THAN, latest.isoformat()))
    return DropPeriod(start.date(), (periods.step(start, grain) - timedelta(days=1)).date())
