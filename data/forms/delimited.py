"""Reads delimited text: the delimiter by evidence, quoted newlines as part of their cell."""

from __future__ import annotations

import csv
import io
from collections import Counter
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
    """Return the delimiter that splits most of the first rows into the same count of cells, more than one."""

    def agreement(mark: str) -> tuple[int, int, bool]:
        widths = Counter(len(row) for _, row in _head(text, mark) if len(row) > 1)
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return rows, width, mark == ","

    return max(DELIMITERS, key=agreement)


def _head(text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    for line, row in text_rows(text, delimiter):
        if line > HEADER_WITHIN:
            return
        yield line, row


def text_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield (line, cells) of delimited text; quoted newlines are part of a cell, blank rows are passed over.

    A quote that is never closed would swallow all rows behind it: they are read as if no quote were one, and the row in
    which it stands is one cell, since nobody knows where its cells end.
    """
    csv.field_size_limit(2**31 - 1)
    text = text.replace("\r\r\n", "\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    left_open = text.count('"') % 2 == 1
    last, before, lines = 0, 0, io.StringIO(text, newline="").readlines() if left_open else []
    for line, cells in enumerate(reader, start=1):
        if left_open and reader.line_num == len(lines) and reader.line_num - before > 1:
            for place, cells_as_written in enumerate(csv.reader(lines[before:], delimiter=delimiter, quoting=csv.QUOTE_NONE)):
                whole = delimiter.join(cells_as_written)
                yield last + 1 + place, [whole] if whole.count('"') % 2 else cells_as_written
            return
        last, before = line, reader.line_num
        if any(map(str.strip, cells)):
            yield line, cells
