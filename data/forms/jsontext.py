"""Reads JSON (a list of records, or an object that holds one) and JSON lines. Numbers keep their exact decimals."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.forms.encoding import read_text
from data.forms.records import IsOfUse, as_sheet
from data.forms.sheet import Broken, Decoded, Sheet
from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError, RowReason

_MOST_DIGITS = 400
_LINE_END = re.compile(r"\r\n|\n|\r")


def decode_json(path: Path, is_of_use: IsOfUse) -> Decoded:
    """Read a whole document; every list of records in its first two levels is a sheet named by where it stands."""
    encoding, text = read_text(path)
    _refuse_empty(text)
    try:
        document = _loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.NO_JSON), Phrase(Says.RECORDS)) from error
    sheets = [_sheet(name, values, is_of_use) for name, values in _lists(document)]
    if not sheets:
        raise RefusedError(FileReason.SCHEMA, Phrase(Says.NO_RECORDS), Phrase(Says.RECORDS))
    return Decoded(encoding, sheets)


def decode_lines(path: Path, is_of_use: IsOfUse) -> Decoded:
    """Read one record a line; a line that is none is broken, and the others are not."""
    encoding, text = read_text(path)
    _refuse_empty(text)
    records: list[tuple[int, Mapping[str, Any]]] = []
    broken: dict[int, Broken] = {}
    for line, written in enumerate(_LINE_END.split(text), start=1):
        if not written.strip():
            continue
        try:
            record = _loads(written)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, Mapping) and not isinstance(record, _Twice):
            records.append((line, record))
        else:
            broken[line] = Broken(RowReason.BAD_JSON, written.strip())
    return Decoded(encoding, [as_sheet("", records, broken, is_of_use=is_of_use)])


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise RefusedError(FileReason.EMPTY, Phrase(Says.NO_ROWS), Phrase(Says.RECORDS))


class _Twice(dict[str, Any]):
    """An object that says a name twice: nobody knows which one it means."""


def _loads(text: str) -> Any:
    # NaN and Infinity are no JSON, and a number of thousands of digits no number; as text they become faults of their cells.
    return json.loads(text, parse_float=Decimal, parse_int=_whole, parse_constant=str, object_pairs_hook=_object)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object with text that is text: half of a surrogate pair is no sign of any script."""
    made = {_whole_text(key): _whole_text(value) if isinstance(value, str) else value for key, value in pairs}
    return made if len(made) == len(pairs) and not any(isinstance(value, _Twice) for value in made.values()) else _Twice(made)


def _whole_text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


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


def _is_record(value: Any) -> bool:
    return isinstance(value, Mapping) and not isinstance(value, _Twice)


def _sheet(name: str, values: list[Any], is_of_use: IsOfUse) -> Sheet:
    records = [(line, value) for line, value in enumerate(values, start=1) if _is_record(value)]
    broken = {
        line: Broken(RowReason.BAD_JSON, _whole_text(json.dumps(value, ensure_ascii=False, default=str)))
        for line, value in enumerate(values, start=1)
        if not _is_record(value)
    }
    return as_sheet(name, records, broken, is_of_use=is_of_use)
