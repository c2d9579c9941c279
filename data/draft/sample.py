"""Reads a sample by evidence: its form, its sheets, and where on each sheet the header ends and the rows begin."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.decode import DEFAULT_MAX_BYTES, decode
from data.filesource import Files
from data.forms.containers import Member, opened
from data.forms.encoding import find_encoding
from data.forms.sheet import HEADER_WITHIN, Sheet
from data.header import DEEPEST, heading, spellings
from data.layout import row_role
from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError
from data.text import cell_text

MOST_BYTES = 20_000_000  # of text: a sample of a very large file is its beginning
MOST_ROWS = 20_000
_LEAST_SHARE = 0.5
_AMOUNT = re.compile(r"[-+]?[\d.,]+%?")
_UNIT = re.compile(r"[(（].{1,8}[)）]|[A-Za-z/%°℃³²µ]{1,8}|(?:万|亿)?[元吨户件次人起处座个天年月日时分秒米度]{1,3}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet with its header found: the heading of each column (empty: none), the cells of its rows, what stood above."""

    sheet: Sheet
    headings: list[str]
    rows: list[list[Any]]
    titles: list[str]
    depth: int
    has_units: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A file as it was found; `strange` are sheets without a header."""

    file: str
    form: str
    encoding: str
    sheets: list[Drawn]
    strange: list[str]


def read_sample(path: Path, scratch: Path) -> Sample:
    """Read a file whole (of very long text its beginning); raises RefusedError where it cannot be read or has no header."""
    with opened(path, path.name, scratch, max(DEFAULT_MAX_BYTES.values())) as members:
        form = form_of(members[0].path)
        whole = [Member(one.name, _beginning(one.path, scratch) if form in {"csv", "jsonl"} else one.path) for one in members]
        decoded = decode(whole, Files(format=form))
    drawn, strange = [], []
    for sheet in decoded.sheets:
        found = draw(sheet)
        if found:
            drawn.append(found)
        elif sheet.rows:
            strange.append(sheet.name)
    if not drawn:
        raise RefusedError(FileReason.SCHEMA, Phrase(Says.NO_HEADER), Phrase(Says.HEADER_AND_ROWS))
    return Sample(path.name, form, decoded.encoding, drawn, strange)


def form_of(path: Path) -> str:
    """Return the form of a file that is not packed: csv, xlsx, json, jsonl or parquet."""
    with path.open("rb") as stream:
        head = stream.read(65_536)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    text = head.decode(find_encoding(head, whole=False), errors="ignore").lstrip("\ufeff \r\n\t")
    if not text.startswith(("[", "{")):
        return "csv"
    try:
        json.loads(text.splitlines()[0])
    except ValueError:
        return "json"
    return "jsonl" if text.startswith("{") and "\n{" in text else "json"


def _beginning(path: Path, scratch: Path) -> Path:
    """Return the file, or its first lines where it is very long."""
    if path.stat().st_size <= MOST_BYTES:
        return path
    scratch.mkdir(parents=True, exist_ok=True)
    short = scratch / "beginning"
    with path.open("rb") as stream:
        head = stream.read(MOST_BYTES)
    short.write_bytes(head[: head.rfind(b"\n") + 1])
    return short


def draw(sheet: Sheet) -> Drawn | None:
    """Return a sheet with its header found, or None where no row of its first ones looks like a header."""
    width = max((_filled(cells) for _, cells in sheet.rows[: HEADER_WITHIN * 4]), default=0)
    for index, (line, cells) in enumerate(sheet.rows[:HEADER_WITHIN]):
        if line and not _is_heading_row(cells, width):
            continue
        depth = _depth(sheet, index) if line else 1
        names = spellings(sheet, index, depth)
        body = index + depth
        after = [cells for _, cells in sheet.rows[body : body + 1]]
        has_units = bool(line and after and _is_unit_row(after[0]) and len(sheet.rows) > body + 1)
        again = tuple(sheet.rows[body - 1][1])
        rows = [cells for _, cells in sheet.rows[body + has_units :] if row_role(cells) == "body" and tuple(cells) != again]
        if not rows:
            return None
        titles = [text for _, above in sheet.rows[:index] for cell in above if (text := cell_text(cell).strip())]
        return Drawn(sheet, _headings(names), rows[:MOST_ROWS], titles, depth, has_units)
    return None


def _headings(names: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the lowest heading of each column, or the path to it where two columns share that."""
    lowest = [one[0] for one in names]
    return [one[1] if lowest.count(one[0]) > 1 and len(one) > 1 else one[0] for one in names]


def _filled(cells: Sequence[Any]) -> int:
    return sum(1 for cell in cells if cell_text(cell).strip())


def _is_heading_row(cells: Sequence[Any], width: int) -> bool:
    """Whether most of a row is filled with texts that are no amounts."""
    texts = [text for cell in cells if (text := cell_text(cell).strip())]
    words = [text for text in texts if not _AMOUNT.fullmatch(text)]
    return len(texts) >= max(min(2, width), _LEAST_SHARE * width) and 2 * len(words) >= len(texts) and len(words) >= 1


def _depth(sheet: Sheet, index: int) -> int:
    """Return how many rows the header takes: as far as merged cells that begin in its first row reach, and the row under wide ones."""
    row = sheet.rows[index][0] - 1
    deepest = 1
    for (top, left), (bottom, right) in sheet.merged:
        if top == row:
            deepest = max(deepest, bottom - top + 1 + (right > left))
    if not sheet.merged and _is_split(sheet, index):
        deepest = 2
    return min(deepest, DEEPEST, len(sheet.rows) - index - 1) if len(sheet.rows) > index + 1 else 1


def _is_split(sheet: Sheet, index: int) -> bool:
    """Whether a header without a word on merging goes on below: gaps in its first row, and words under every gap."""
    if len(sheet.rows) < index + 3:
        return False
    above, below, after = (sheet.rows[index + step][1] for step in range(3))
    gaps = [place for place, cell in enumerate(above) if not cell_text(cell).strip() and place]
    words = [place for place in gaps if place < len(below) and heading(below[place]) and not _AMOUNT.fullmatch(cell_text(below[place]))]
    return bool(gaps) and words == gaps and any(_AMOUNT.fullmatch(cell_text(after[place])) for place in words if place < len(after))


def _is_unit_row(cells: Sequence[Any]) -> bool:
    texts = [text for cell in cells if (text := cell_text(cell).strip())]
    return bool(texts) and all(isinstance(cell, str) or cell is None for cell in cells) and all(_UNIT.fullmatch(text) for text in texts)
