"""Turns the text of one cell into a typed value by the cleaning policy (R1-R4), or into a reason.

Pure functions: no file, no database, no clock. A cell is text, or what a workbook stores (number, date, boolean).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isfinite
from typing import Any

from data.contract import Column
from data.moments import EPOCHS, LENGTH, Span, Surroundings, plain_moment, read_custom, read_epoch, read_minutes, read_moment, without_zone
from data.outlines import OUTLINE, SQUARE_METRES, area_m2
from data.phrase import Noun, Phrase, Says
from data.reasons import RowReason
from data.text import Nested, cell_text, masked, normal, one_of

MISSING_TOKENS = frozenset({"", "—", "–", "-", "/", "N/A", "NA", "NULL", "空", "暂无", "无", "未报"})
LONGEST_TEXT = 4000
SHORT_ENOUGH = Phrase(Says.AT_MOST_COUNT, LONGEST_TEXT, Noun.CHARACTERS)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2199
TRUE_WORDS, FALSE_WORDS = frozenset({"是", "1", "true", "yes", "y"}), frozenset({"否", "0", "false", "no", "n"})
_TOO_MUCH, _NO_AMOUNT = 10**15, 10**308  # beyond what is kept exactly; beyond what any machine calls a number
_COUNTED = ("件", "次", "户", "人", "起", "处")
_SCALES = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_RAISED = re.compile("[0-9][\u00b2\u00b3\u00b9\u2070-\u209c]|[\u2150-\u218f\u2460-\u24ff]")  # 5² is not 52; m³ is a unit


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that is not what the contract wants; `found` where its text alone would not show what is wrong."""

    reason: RowReason
    wanted: Phrase
    found: Phrase | str | None = None


Parser = Callable[[Any], Any]


def parser(column: Column, around: Surroundings, *, said_unit: str = "", is_key: bool = False) -> Parser:
    """Return the function that turns a cell of `column` into its value, None (missing) or a Fault.

    A word of `relative` becomes the span of days that it means, since the date that it counts from stands in another cell.
    `said_unit` is the unit that the heading states; it counts where the contract lists it among `units`.
    """
    if column.reads:
        words = {normal(cell): word for cell, word in column.reads.items()}
        return lambda cell: words.get(normal(cell_text(cell)))
    extra = frozenset(normal(token) for token in column.missing)
    if column.type in {"integer", "number", "percent"}:
        read = _NUMBER_FORMS.get(column.format, _number_reader)(column, said_unit)
    else:
        read = _READERS[column.type](column, around)
    may_nest = not is_key and (column.type == "text" or column.format == OUTLINE)
    nested = None if may_nest else Fault(RowReason.BAD_TYPE, Phrase(Says.ONE_VALUE))

    no_nul = Fault(RowReason.BAD_CHAR, Phrase(Says.NO_NUL)) if is_key else None
    is_missing = one_of(MISSING_TOKENS | extra)

    def parse(cell: Any) -> Any:
        if no_nul and cell.__class__ is str and "\x00" in cell:
            return no_nul
        if nested and cell.__class__ is Nested:
            return nested
        if cell is None:
            return None if column.blank is None else read(column.blank)
        if isinstance(cell, str):
            if is_missing(cell):
                return None if column.blank is None or normal(cell) else read(column.blank)
            return read(cell)
        if extra and str(cell).removesuffix(".0") in extra:
            return None
        return read(cell)

    return parse


def unit_parser(column: Column, around: Surroundings, *, is_key: bool = False) -> Parser:
    """Return the function that turns a pair of cells, a number and its unit, into the amount in the column's own unit."""
    known = {normal(unit) for unit in column.units}
    readers: dict[str, Parser] = {}

    def parse(pair: tuple[Any, Any]) -> Any:
        cell, unit = pair[0], normal(cell_text(pair[1]))
        if unit not in readers:
            readers[unit] = parser(column, around, said_unit=unit, is_key=is_key)
        value = readers[unit](cell)
        if isinstance(value, Fault):
            return replace(value, found=value.found or cell_text(cell)[:200])
        if value is None or unit in known:
            return value
        return Fault(RowReason.BAD_VALUE, Phrase(Says.ONE_OF, *column.units), unit[:200])

    return parse


def _text_reader(column: Column, _: Surroundings) -> Parser:
    allowed = frozenset(column.allowed)
    unknown = Fault(RowReason.BAD_VALUE, Phrase(Says.ONE_OF, *column.allowed))
    broken = Fault(RowReason.BAD_CHAR, Phrase(Says.NO_NUL))

    def read(cell: Any) -> Any:
        text = cell_text(cell)
        if allowed:
            text = normal(text)
            return text if text in allowed else unknown
        if len(text) > LONGEST_TEXT:
            return Fault(RowReason.FIELD_TOO_LONG, SHORT_ENOUGH, Phrase(Says.COUNT, len(text), Noun.CHARACTERS))
        if "\ufffd" in text:
            return broken
        return masked(text, column.mask).strip()

    return read


def _number_reader(column: Column, said_unit: str) -> Parser:
    units = {normal(unit): Decimal(str(factor)) for unit, factor in column.units.items()}
    scale = units.get(normal(said_unit), Decimal(1))
    fault = Fault(RowReason.BAD_NUMBER, _wanted_number(column))
    beyond = Fault(RowReason.OUT_OF_RANGE, Phrase(Says.AT_MOST, f"{_TOO_MUCH - 1}", column.unit)) if column.range else fault
    percent = column.type == "percent"
    digits = 0 if column.type == "integer" else column.decimals

    def read(cell: Any) -> Any:
        amount = _amount(cell, column, units, scale, percent=percent)
        if amount is None:
            return fault
        if digits is None:
            value = float(amount)
            return value if isfinite(value) else fault
        if abs(amount) >= _TOO_MUCH:
            return beyond if abs(amount) < _NO_AMOUNT else fault
        rounded = amount.quantize(Decimal(1).scaleb(-digits))
        if rounded != amount:
            return fault
        return int(rounded) if column.type == "integer" else rounded

    return read


def _length_reader(column: Column, said_unit: str) -> Parser:
    """Read a length of time as minutes; a number counts as them."""
    read_number = _number_reader(column, said_unit)
    fault = Fault(RowReason.BAD_NUMBER, Phrase(Says.LENGTH))

    def read(cell: Any) -> Any:
        length = read_minutes(cell)
        if length is not None:
            return length if column.decimals is None else round(Decimal(length), column.decimals)
        value = read_number(cell)
        return fault if isinstance(value, Fault) else value

    return read


def _outline_reader(column: Column, _: str) -> Parser:
    fault = Fault(RowReason.BAD_VALUE, Phrase(Says.OUTLINE))
    of_one = SQUARE_METRES[column.unit]

    def read(cell: Any) -> Any:
        area = area_m2(cell_text(cell))
        if area is None or column.decimals is None:
            return fault if area is None else area / of_one
        return Decimal(area / of_one).quantize(Decimal(1).scaleb(-column.decimals), ROUND_HALF_UP)

    return read


def _wanted_number(column: Column) -> Phrase:
    unit = column.unit
    if column.type == "integer" or column.decimals == 0:
        return Phrase(Says.WHOLE_NUMBER_IN, unit) if unit else Phrase(Says.WHOLE_NUMBER)
    if column.decimals:
        return Phrase(Says.DECIMALS_IN, column.decimals, unit) if unit else Phrase(Says.DECIMALS, column.decimals)
    return Phrase(Says.NUMBER_IN, unit) if unit else Phrase(Says.NUMBER)


def _amount(cell: Any, column: Column, units: Mapping[str, Decimal], scale: Decimal, *, percent: bool) -> Decimal | None:
    """Return the exact amount of a cell in the column's own unit, or None; a bare number counts by `scale`."""
    if isinstance(cell, bool | datetime | date | time | timedelta):
        return None
    if isinstance(cell, int | float | Decimal):
        exact = column.type == "integer" or column.decimals is not None
        # A workbook shows 15 digits; what a formula leaves behind them (36.900000000000006) is noise of binary floats.
        amount = Decimal(f"{cell:.15g}" if exact else repr(cell)) if isinstance(cell, float) else Decimal(cell)
        return _percent_points(amount * scale, column, percent=percent, signed=False) if amount.is_finite() else None
    if _RAISED.search(cell):
        return None
    text = normal(cell).replace(",", "").replace(" ", "")
    signed = percent and text.endswith("%")
    text = text.removesuffix("%") if signed else text
    unit = max((unit for unit in units if text.endswith(unit)), key=len, default="")
    if unit and not (column.unit and text.endswith(normal(column.unit)) and len(normal(column.unit)) > len(unit)):
        text, scale = text.removesuffix(unit), units[unit]
    else:
        text, said = _unit_taken_off(text, normal(column.unit))
        scale = said or scale
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return _percent_points(Decimal(text) * scale, column, percent=percent, signed=signed)
    except InvalidOperation:
        return None


def _unit_taken_off(text: str, unit: str) -> tuple[str, Decimal | None]:
    """Return the bare number and what it counts in the column's unit, if it says: 亿 in a column of 万元 is 10,000 of them."""
    of_column = _SCALES.get(unit[:1], Decimal(1))
    base = unit[1:] if of_column > 1 else unit
    said, scale = False, Decimal(1)
    if base and text.endswith(base):
        said, text = True, text[: -len(base)]
    elif not unit and text.endswith(_COUNTED):
        text = text[:-1]
    if text[-1:] in _SCALES:
        said, scale, text = True, _SCALES[text[-1]], text[:-1]
    return text, scale / of_column if said else None


def _percent_points(amount: Decimal, column: Column, *, percent: bool, signed: bool) -> Decimal:
    return amount * 100 if percent and column.scale == "fraction" and not signed else amount


def wanted_moment(column: Column) -> Phrase:
    """Return what may stand in a date or timestamp column, its words too."""
    if column.relative:
        return Phrase(Says.DATE_OR, *column.relative.words)
    return Phrase(Says.DATE if column.type == "date" else Says.TIMESTAMP)


def _moment_reader(column: Column, around: Surroundings) -> Parser:
    fault = Fault(RowReason.BAD_DATE, wanted_moment(column))
    future = Fault(RowReason.FUTURE_DATE, Phrase(Says.NO_LATER_THAN, f"{LATEST_YEAR}-12-31T00:00"))
    shift = {"": timedelta(0), "hour": timedelta(hours=1), "day": timedelta(days=1)}[column.ending]

    words = column.relative.words if column.relative else {}
    spans = {normal(word): Span(word, timedelta(days=days)) for word, days in words.items()}
    is_plain = not (spans or column.zone or column.format)

    def kept(moment: datetime) -> date:
        moment -= shift
        return moment.date() if column.type == "date" else moment

    def read(cell: Any) -> Any:
        if is_plain and cell.__class__ is str:
            moment = plain_moment(cell)
            if moment is not None:
                return kept(moment)
        if spans and isinstance(cell, str) and normal(cell) in spans:
            return spans[normal(cell)]
        if column.zone == "ignore":
            cell = without_zone(cell)
        if column.format in EPOCHS:
            moment = read_epoch(cell, column.format, around) or read_moment(cell, around)
        else:
            moment = read_custom(cell, column.format) if column.format and isinstance(cell, str) else read_moment(cell, around)
        if moment is None or moment.year < EARLIEST_YEAR:
            return fault
        if moment.year > LATEST_YEAR and column.ahead is not None:
            return future
        return kept(moment)

    return read


def _boolean_reader(_: Column, __: Surroundings) -> Parser:
    fault = Fault(RowReason.BAD_VALUE, Phrase(Says.ONE_OF, "是", "否"))

    def read(cell: Any) -> Any:
        if isinstance(cell, bool):
            return cell
        text = normal(cell_text(cell)).lower()
        if text in TRUE_WORDS:
            return True
        return False if text in FALSE_WORDS else fault

    return read


def _entity_reader(_: Column, __: Surroundings) -> Parser:
    return lambda cell: normal(cell_text(cell))


_READERS: dict[str, Callable[[Column, Surroundings], Parser]] = {
    "text": _text_reader,
    "date": _moment_reader,
    "timestamp": _moment_reader,
    "boolean": _boolean_reader,
    "entity": _entity_reader,
}
_NUMBER_FORMS: dict[str, Callable[[Column, str], Parser]] = {LENGTH: _length_reader, OUTLINE: _outline_reader}
