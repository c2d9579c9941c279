"""Turns a drop into sheets of rows of cells, by evidence; knows no column and no feed.

A drop may be packed (.gz, .zip), and may hold several files and sheets; `data/forms/` has a room for each form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from data.filesource import Files
from data.forms import delimited, jsontext, parquet, workbook
from data.forms.containers import Member
from data.forms.records import IsOfUse
from data.forms.sheet import Decoded, Sheet
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError

DEFAULT_MAX_BYTES = {"csv": 2_000_000_000, "parquet": 2_000_000_000, "xlsx": 200_000_000, "json": 200_000_000, "jsonl": 200_000_000}


def most_bytes(files: Files) -> int:
    """Return how large a drop may be after expansion."""
    return files.max_bytes or DEFAULT_MAX_BYTES[files.format]


def decode(members: Iterable[Member], files: Files, is_of_use: IsOfUse = lambda _: True) -> Decoded:
    """Read every file of a drop whole; raises RefusedError when one is empty, too large, broken or of another kind.

    `is_of_use` says which names of named values (JSON) a table could ever take.
    """
    members = list(members)
    found = [_decode_one(member.path, files, is_of_use) for member in members]
    if len(members) > 1:
        found = [replace(one, sheets=name_sheets(member.name, one.sheets)) for member, one in zip(members, found, strict=True)]
    rows = sum(len(sheet.rows) - 1 for one in found for sheet in one.sheets if sheet.rows)
    if rows > files.rows_up_to:
        fewer = Phrase(Says.AT_MOST_COUNT, files.rows_up_to, Noun.ROWS)
        raise RefusedError(FileReason.TOO_LARGE, Phrase(Says.COUNT, rows, Noun.ROWS), fewer)
    sheets = [sheet for one in found for sheet in one.sheets]
    return Decoded(found[0].encoding, sheets, any(one.epoch_1904 for one in found))


def _decode_one(path: Path, files: Files, is_of_use: IsOfUse) -> Decoded:
    size, most = path.stat().st_size, most_bytes(files)
    if size == 0:
        raise RefusedError(FileReason.EMPTY, Phrase(Says.COUNT, 0, Noun.BYTES), Phrase(Says.HEADER_AND_ROWS))
    if size > most:
        raise RefusedError(FileReason.TOO_LARGE, Phrase(Says.COUNT, size, Noun.BYTES), Phrase(Says.AT_MOST_COUNT, most, Noun.BYTES))
    match files.format:
        case "xlsx":
            return workbook.decode_workbook(path, most)
        case "json":
            return jsontext.decode_json(path, is_of_use)
        case "jsonl":
            return jsontext.decode_lines(path, is_of_use)
        case "parquet":
            return parquet.decode_parquet(path, most, files.rows_up_to)
        case "csv":
            return delimited.decode_delimited(path)


def name_sheets(member: str, sheets: list[Sheet]) -> list[Sheet]:
    """Return the sheets of one file of several, named also by their file."""
    return [Sheet(f"{member}/{sheet.name}" if sheet.name else member, sheet.rows, sheet.merged, sheet.broken) for sheet in sheets]
