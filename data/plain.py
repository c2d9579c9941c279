"""Says in SQL which cells of a large text file DuckDB reads exactly as the cell-by-cell lane would.

A cell that is not plain is no error: its whole row is read again in the exact lane.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from data.columns import sql_type
from data.contract import Column, Table
from data.expression import parse
from data.header import Header
from data.layout import FOOTER_WORDS, TOTAL_WORDS
from data.parse import EARLIEST_YEAR, FALSE_WORDS, LATEST_YEAR, LONGEST_TEXT, MISSING_TOKENS, TRUE_WORDS

_TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
_DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d")
_TRAILING = (" ", "\t", "\u3000", "\u00a0")
_WIDE_FORM = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def typed_columns(table: Table, header: Header, *, texts_only: bool) -> list[str]:
    """Return the select list: each column as it is kept, and whether the row has a cell that is not plain (`_odd`).

    What is odd in texts and moments, and a blank key, is seen on the part (`odd_values`).
    """
    selected, plain = [], []
    for name, column in table.columns.items():
        if column.derive:
            continue
        place = header.cells.get(name)
        if place is None:
            selected.append(f'NULL::{sql_type(column)} AS "{name}"')
            continue
        raw = f"r.c{place}"
        value, condition = _value(name, column, raw, texts_only=texts_only)
        selected.append(f'{value} AS "{name}"')
        plain += [condition] if condition else []
    leading = [name for name, place in header.cells.items() if place == 0 and table.columns[name].type in {"text", "entity"}]
    if leading or 0 not in header.cells.values():
        plain.append(f"coalesce(r.c0::VARCHAR NOT IN ({listed(TOTAL_WORDS | FOOTER_WORDS)}), true)")
    return [*selected, f"NOT coalesce({' AND '.join(plain) or 'true'}, false) AS _odd"]


def odd_values(table: Table, header: Header, null_tokens: frozenset[str]) -> list[str]:
    """Return SQL conditions, each of one column, of a value of the part that the exact lane would read otherwise, or refuse.

    Asked of the part and not of the file, and of one column at a time: a part keeps each distinct text once in a group of
    rows, and each group's least and greatest moment, and only such a condition is worked out once for each.
    """
    conditions = [f'"{name}" IS NULL' for name in table.key if not table.columns[name].derive]
    for name in header.cells:
        column = table.columns.get(name)
        if column is None or column.derive:
            continue
        if column.type in {"date", "timestamp"}:
            conditions += [f"\"{name}\" < '{EARLIEST_YEAR}-01-02'", f"\"{name}\" >= '{LATEST_YEAR - 1}-12-31'"]
        elif column.type == "text":
            odd = _odd_texts(f'"{name}"', column, null_tokens)
            conditions.append(" OR ".join(f"coalesce({one}, false)" for one in odd))
    return conditions


def _odd_texts(text: str, column: Column, null_tokens: frozenset[str]) -> list[str]:
    tokens = {form for token in MISSING_TOKENS - null_tokens for form in (token, token.translate(_WIDE_FORM))} - {""}
    odd = [f"{text} IN ({listed({*tokens, *column.missing})})"]
    if column.allowed:
        odd.append(f"{text} NOT IN ({listed(column.allowed)})")
    else:
        # strlen counts bytes, so it is never below the count of characters; before '!' come blanks and control signs.
        odd += [f"strlen({text}) > {LONGEST_TEXT}", f"{text} < '!'", f"starts_with({text}, '\u3000')"]
        odd += [f"suffix({text}, '{blank}')" for blank in _TRAILING]
    return odd + [f"regexp_matches({text}, '[0-9][0-9 -]{{5,}}[0-9]')"] * bool(column.mask)


def listed(texts: Iterable[str]) -> str:
    """Return texts as SQL literals; none as NULL, which equals nothing."""
    return ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(texts)) or "NULL"


def _value(name: str, column: Column, raw: str, *, texts_only: bool) -> tuple[str, str]:
    """Return (SQL of the kept value, SQL of what makes the cell plain; NULL counts as plain)."""
    if column.type == "text":
        return raw, ""
    if column.type == "entity":
        return f"e_{name}.entity", f"({raw} IS NULL OR e_{name}.entity IS NOT NULL)"
    if column.type == "boolean":
        yes, no = listed(TRUE_WORDS), listed(FALSE_WORDS)
        return f"CASE WHEN {raw} IN ({yes}) THEN true WHEN {raw} IN ({no}) THEN false END", f"({raw} IS NULL OR {raw} IN ({yes}, {no}))"
    if column.type in {"date", "timestamp"}:
        shift = {"": "", "hour": " - INTERVAL 1 HOUR", "day": " - INTERVAL 1 DAY"}[column.ending]
        moment = f"TRY_CAST({raw} AS TIMESTAMP)"
        return f"({moment}{shift})::{'DATE' if column.type == 'date' else 'TIMESTAMP'}", f"({raw} IS NULL OR {moment} IS NOT NULL)"
    return _number_value(column, raw, f"TRY_CAST({raw} AS DOUBLE)" if texts_only else raw, texts_only=texts_only)


def _number_value(column: Column, raw: str, number: str, *, texts_only: bool) -> tuple[str, str]:
    """An amount is plain where its exact form is certain: finite, of the declared decimals, no digit separators."""
    value = f"TRY_CAST({number} AS {sql_type(column)})"
    checks = [f"NOT contains({raw}, '_')"] * texts_only
    if column.type == "integer" or column.decimals is not None:
        digits = 0 if column.type == "integer" else column.decimals
        checks += [f"abs({number}) < 1e{15 - (digits or 0)}", f"{value}::DOUBLE = {number}"]
    else:
        checks.append(f"isfinite({number})")
    checks += [f"{number} <> {token}" for token in column.missing if _is_number(token)]
    return value, f"({raw} IS NULL OR coalesce({' AND '.join(checks)}, false))"


def _is_number(token: str) -> bool:
    try:
        float(token)
    except ValueError:
        return False
    return True


def moment_form(column: Column, sample: Any) -> str | None:
    """Return the one form that the first row's moment is written in, or None for a form that only the exact lane reads."""
    for form in _TIME_FORMS + _DATE_FORMS if column.type == "timestamp" else _DATE_FORMS:
        try:
            datetime.strptime(str(sample or ""), form)
        except ValueError:
            continue
        return form
    return None


def cell_at(cells: list[Any], place: int | None) -> Any:
    """Return the cell at a place, None beyond the row."""
    return cells[place] if place is not None and place < len(cells) else None


def is_plain_table(table: Table, header: Header, first: list[Any]) -> bool:
    """Whether every column is of a form that DuckDB reads as the exact lane does, by the first row of the body."""
    worked_out = [column.derive for column in table.columns.values() if column.derive] + [outage.when for outage in table.outages]
    if table.wide or table.unit_row or any(parse(text).looks_up for text in worked_out):
        return False  # rows are named by their place in the part, so that what shuffles them has no business there
    for name, column in table.columns.items():
        if column.derive:
            continue
        if (
            column.parts
            or column.given
            or column.above
            or column.units
            or column.reads
            or column.zone
            or "name" in column.mask
            or column.format
            or column.relative
            or column.within
            or column.blank is not None
            or (column.type == "percent" and column.scale == "fraction")
        ):
            return False
        if column.type in {"date", "timestamp"} and moment_form(column, cell_at(first, header.cells.get(name))) is None:
            return False
    return True
