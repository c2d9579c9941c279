"""Reads delimited text: the delimiter by evidence, quoted newlines as part of their cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.forms.encoding import read_text
from data.forms.sheet import HEADER_WITHIN, Decoded, Sheet

DELIMITERS = (",", "\t", ";", "|")
_SNIFFED = 65_536


def decode_delimited(path: Path) -> Decoded:
    """Read a whole file; raises RefusedError ENCODING or UNSUPPORTED_TYPE."""
    encoding, text = read_text(path)
    return Decoded(encoding, [Sheet("", list(text_rows(text, find_delimiter(text[:_SNIFFED]))))])


def find_delimiter(text: str) -> str:
    """Return the delimiter that splits the first rows into the most cells."""
    return max(DELIMITERS, key=lambda mark: (max((len(row) for _, row in _head(text, mark)), default=0), mark == ","))


def _head(text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    for line, row in text_rows(text, delimiter):
        if line > HEADER_WITHIN:
            return
        yield line, row


def text_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield (line, cells) of delimited text; quoted newlines are part of a cell, blank rows are passed over."""
    csv.field_size_limit(2**31 - 1)
    stream = io.StringIO(text.replace("\r\r\n", "\n"), newline="")
    for line, cells in enumerate(csv.reader(stream, delimiter=delimiter), start=1):
        if any(cell.strip() for cell in cells):
            yield line, cells
