"""Reads JSON (a list of records, or an object that holds one) and JSON lines. Numbers keep their exact decimals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.forms.encoding import read_text
from data.forms.records import as_sheet
from data.forms.sheet import Broken, Decoded, Sheet
from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError, RowReason


def decode_json(path: Path) -> Decoded:
    """Read a whole document; every list of records in its first two levels is a sheet named by where it stands."""
    encoding, text = read_text(path)
    try:
        document = _loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.NO_JSON), Phrase(Says.RECORDS)) from error
    sheets = [_sheet(name, values) for name, values in _lists(document)]
    if not sheets:
        raise RefusedError(FileReason.SCHEMA, Phrase(Says.NO_RECORDS), Phrase(Says.RECORDS))
    return Decoded(encoding, sheets)


def decode_lines(path: Path) -> Decoded:
    """Read one record a line; a line that is none is broken, and the others are not."""
    encoding, text = read_text(path)
    records: list[tuple[int, Mapping[str, Any]]] = []
    broken: dict[int, Broken] = {}
    for line, written in enumerate(text.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            record = _loads(written)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, Mapping):
            records.append((line, record))
        else:
            broken[line] = Broken(RowReason.BAD_JSON, written.strip())
    return Decoded(encoding, [as_sheet("", records, broken)])


def _loads(text: str) -> Any:
    # NaN and Infinity are no JSON; as text they become faults of their cells.
    return json.loads(text, parse_float=Decimal, parse_constant=str)


def _lists(document: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(document, list):
        return [("", document)]
    if not isinstance(document, Mapping):
        return []
    found = [(key, value) for key, value in document.items() if _is_records(value)]
    for key, value in document.items():
        if isinstance(value, Mapping):
            found += [(f"{key}.{inner}", values) for inner, values in value.items() if _is_records(values)]
    return found


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _sheet(name: str, values: list[Any]) -> Sheet:
    records = [(line, value) for line, value in enumerate(values, start=1) if isinstance(value, Mapping)]
    broken = {
        line: Broken(RowReason.BAD_JSON, json.dumps(value, ensure_ascii=False, default=str))
        for line, value in enumerate(values, start=1)
        if not isinstance(value, Mapping)
    }
    return as_sheet(name, records, broken)
