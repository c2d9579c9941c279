"""Turns the text of one cell into a typed value by the cleaning policy (R1-R4), or into a reason.

Pure functions: no file, no database, no clock. A cell is text, or what a workbook stores (number, date, boolean).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from data.contract import Column
from data.reasons import RowReason

MISSING_TOKENS = frozenset({"", "—", "–", "-", "/", "N/A", "NA", "NULL", "空", "暂无", "无", "未报"})
LONGEST_TEXT = 4000
EARLIEST_YEAR, LATEST_YEAR = 2000, 2199
TRUE_WORDS, FALSE_WORDS = frozenset({"是", "1", "true", "yes", "y"}), frozenset({"否", "0", "false", "no", "n"})
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_COUNTED = ("件", "次", "户", "人", "起", "处")
_SCALES = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_PHONE = re.compile(r"(?<!\d)((?:86)?1[3-9]\d)\d{4}(\d{4})(?!\d)|(?<!\d)(0\d{2,3}-?)\d{7,8}(?!\d)")
_DATE_FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ]+(?P<rest>.+))?"),
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日?(?: *(?P<rest>.+))?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?: *(?P<rest>\d.+))?"),
)
_YEARLESS = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日?(?: *(?P<rest>.+))?")
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?::(?P<mi>\d{1,2})(?::(?P<s>\d{1,2})(?:\.\d+)?)?|时(?:(?P<mi2>\d{1,2})分?(?:(?P<s2>\d{1,2})秒)?)?)?"
    r" *(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?"
)
_EIGHT_DIGITS = re.compile(r"\d{8}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?")
_EXCEL_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that is not what the contract wants."""

    reason: RowReason
    wanted: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a cell may be read by, besides its own text: the drop's period and the city's UTC offset and units."""

    period_start: date | None = None
    period_end: date | None = None
    utc_offset: timedelta = timedelta(hours=8)
    epoch_1904: bool = False


Parser = Callable[[Any], Any]


def parser(column: Column, around: Surroundings) -> Parser:
    """Return the function that turns a cell of `column` into its value, None (missing) or a Fault."""
    extra = frozenset(normal(token) for token in column.missing)
    read = _READERS[column.type](column, around)

    def parse(cell: Any) -> Any:
        if cell is None:
            return None if column.blank is None else read(column.blank)
        if isinstance(cell, str):
            text = normal(cell)
            if text in MISSING_TOKENS or text in extra:
                return None if column.blank is None or text else read(column.blank)
            return read(cell)
        if extra and str(cell).removesuffix(".0") in extra:
            return None
        return read(cell)

    return parse


def normal(text: str) -> str:
    """Return text in compatibility form, without invisible characters and surrounding space."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).strip()


def cell_text(cell: Any) -> str:
    """Return the text of a cell as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def mask_phone(text: str) -> str:
    """Hide the middle of phone numbers: 13812345678 -> 138****5678."""
    return _PHONE.sub(lambda m: f"{m[1]}****{m[2]}" if m[1] else f"{m[3]}*******", text)


def _text_reader(column: Column, _: Surroundings) -> Parser:
    masks = "phone" in column.mask
    allowed = frozenset(column.allowed)

    def read(cell: Any) -> Any:
        text = cell_text(cell)
        if allowed:
            text = normal(text)
            return text if text in allowed else Fault(RowReason.BAD_VALUE, " / ".join(column.allowed))
        if len(text) > LONGEST_TEXT:
            return Fault(RowReason.FIELD_TOO_LONG, f"at most {LONGEST_TEXT} characters")
        if "\x00" in text:
            return Fault(RowReason.BAD_CHAR, "text without NUL")
        return mask_phone(text) if masks else text.strip()

    return read


def _number_reader(column: Column, _: Surroundings) -> Parser:
    wanted = "a whole number" if column.type == "integer" else "a number"
    percent = column.type == "percent"
    digits = 0 if column.type == "integer" else column.decimals

    def read(cell: Any) -> Any:
        amount = _amount(cell, column, percent=percent)
        if amount is None:
            return Fault(RowReason.BAD_NUMBER, wanted + (f" in {column.unit}" if column.unit else ""))
        if digits is None:
            value = float(amount)
            return value if isfinite(value) else Fault(RowReason.BAD_NUMBER, wanted)
        rounded = amount.quantize(Decimal(1).scaleb(-digits)) if abs(amount) < Decimal(10) ** 15 else None
        if rounded is None or rounded != amount:
            return Fault(RowReason.BAD_NUMBER, wanted if not digits else f"{wanted} with at most {digits} decimals")
        return int(rounded) if column.type == "integer" else rounded

    return read


def _amount(cell: Any, column: Column, *, percent: bool) -> Decimal | None:
    """Return the exact amount of a cell in the column's own unit, or None."""
    if isinstance(cell, bool | datetime | date | time | timedelta):
        return None
    if isinstance(cell, int | float | Decimal):
        exact = column.type == "integer" or column.decimals is not None
        # A workbook shows 15 digits; what a formula leaves behind them (36.900000000000006) is noise of binary floats.
        amount = Decimal(f"{cell:.15g}" if exact else repr(cell)) if isinstance(cell, float) else Decimal(cell)
        return _percent_points(amount, column, percent=percent, signed=False) if amount.is_finite() else None
    text = normal(cell).replace(",", "").replace(" ", "")
    signed = percent and text.endswith("%")
    text = text.removesuffix("%") if signed else text
    text, scale = _unit_taken_off(text, normal(column.unit))
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return _percent_points(Decimal(text) * scale, column, percent=percent, signed=signed)
    except InvalidOperation:
        return None


def _unit_taken_off(text: str, unit: str) -> tuple[str, Decimal]:
    """Return the bare number and what it counts in the column's unit: 亿 in a column of 万元 is 10,000 of them."""
    of_column = _SCALES.get(unit[:1], Decimal(1))
    base = unit[1:] if of_column > 1 else unit
    said, scale = False, Decimal(1)
    if base and text.endswith(base):
        said, text = True, text[: -len(base)]
    elif not unit and text.endswith(_COUNTED):
        text = text[:-1]
    if text[-1:] in _SCALES:
        said, scale, text = True, _SCALES[text[-1]], text[:-1]
    return text, scale / of_column if said else Decimal(1)


def _percent_points(amount: Decimal, column: Column, *, percent: bool, signed: bool) -> Decimal:
    return amount * 100 if percent and column.scale == "fraction" and not signed else amount


def _moment_reader(column: Column, around: Surroundings) -> Parser:
    fault = Fault(RowReason.BAD_DATE, "a date with its year" if column.type == "date" else "a date and time")
    shift = {"": timedelta(0), "hour": timedelta(hours=1), "day": timedelta(days=1)}[column.ending]

    def read(cell: Any) -> Any:
        moment = _custom_moment(cell, column.format) if column.format and isinstance(cell, str) else _moment(cell, around)
        if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            return fault
        moment -= shift
        return moment.date() if column.type == "date" else moment

    return read


def _custom_moment(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(normal(text), form)
    except ValueError:
        return None


def _moment(cell: Any, around: Surroundings) -> datetime | None:
    if isinstance(cell, datetime):
        return (cell.replace(tzinfo=None) if cell.tzinfo is None else _local(cell, around)).replace(microsecond=0)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        written = cell_text(float(cell))  # 20160307 typed into a workbook is a number
        return _moment(written, around) if _EIGHT_DIGITS.fullmatch(written) else _serial(float(cell), around)
    if not isinstance(cell, str):
        return None
    text = normal(cell)
    if _ISO.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # 24:00 and the like are read below
    for form in _DATE_FORMS:
        if found := form.fullmatch(text):
            return _assemble(int(found["y"]), int(found["m"]), int(found["d"]), found["rest"], around)
    if (found := _YEARLESS.fullmatch(text)) and around.period_start and around.period_end:
        return _within_period(int(found["m"]), int(found["d"]), found["rest"], around)
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _serial(float(text), around)
    return None


def _serial(value: float, around: Surroundings) -> datetime | None:
    """Read an Excel serial number (1900 or 1904 system), to the second."""
    if not 36526 - 1462 <= value < 110000:
        return None
    days = value + (1462 if around.epoch_1904 else 0)
    return _EXCEL_EPOCH + timedelta(seconds=round(days * 86400))


def _within_period(month: int, day: int, rest: str | None, around: Surroundings) -> datetime | None:
    """A date without year takes the year in which it lies in the drop's period, or shortly before its end."""
    assert around.period_end is not None
    year = around.period_end.year
    moment = _assemble(year, month, day, rest, around)
    if moment and moment.date() > around.period_end:
        return _assemble(year - 1, month, day, rest, around)
    return moment


def _assemble(year: int, month: int, day: int, rest: str | None, around: Surroundings) -> datetime | None:
    try:
        moment = datetime(year, month, day)
    except ValueError:
        return None
    if not rest:
        return moment
    found = _TIME.fullmatch(rest.strip())
    if not found:
        return None
    hour, minute, second = int(found["h"]), int(found["mi"] or found["mi2"] or 0), int(found["s"] or found["s2"] or 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    shift = timedelta(hours=hour, minutes=minute, seconds=second)
    if found["zone"]:
        shift += around.utc_offset - _offset(found["zone"])
    try:
        return moment + shift
    except OverflowError:  # 9999-12-31 24:00 and 0001-01-01T00:00+09:00 mean "never" in some systems
        return None


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta(0)
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].removeprefix(":") or 0))


def _local(moment: datetime, around: Surroundings) -> datetime:
    offset = moment.utcoffset() or timedelta(0)
    return moment.replace(tzinfo=None) - offset + around.utc_offset


def _boolean_reader(_: Column, __: Surroundings) -> Parser:
    def read(cell: Any) -> Any:
        if isinstance(cell, bool):
            return cell
        text = normal(cell_text(cell)).lower()
        if text in TRUE_WORDS:
            return True
        return False if text in FALSE_WORDS else Fault(RowReason.BAD_VALUE, "是 / 否")

    return read


def _entity_reader(_: Column, __: Surroundings) -> Parser:
    return lambda cell: normal(cell_text(cell))


_READERS: dict[str, Callable[[Column, Surroundings], Parser]] = {
    "text": _text_reader,
    "integer": _number_reader,
    "number": _number_reader,
    "percent": _number_reader,
    "date": _moment_reader,
    "timestamp": _moment_reader,
    "boolean": _boolean_reader,
    "entity": _entity_reader,
}
