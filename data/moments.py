"""Reads dates and times in the forms that departments write (policy R3); knows no column.

Accepted: ISO, slashes, dots, 年月日, compact digits, with time, 24:00, Excel serials, zones turned into local time, and
dates without a year where the drop's period gives it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from data.text import cell_text, normal

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


_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?")


# Forms of a count of time, and the milliseconds of each unit.
LENGTH = "mm:ss"
EPOCHS = {"epoch_s": 1000, "epoch_ms": 1}
_COUNT = re.compile(r"\d{9,13}")
_ZONE = re.compile(r"(?<=\d) *(Z|UTC|[+-]\d{2}:?\d{2})$")


# Normal form turns ″ into two ′.
_LENGTH = re.compile(
    r"""(?:(?P<h>\d{1,3}) *(?::|小时|时) *)?(?P<m>\d{1,4}) *(?::|′|'|分钟?)(?: *(?P<s>\d{1,2}(?:\.\d+)?) *(?:′′|''|"|秒)?)?"""
)


# Most times of a department are written so: each day and each time of day is read once.
_PLAIN_DAY = re.compile(r"(2[01][0-9]{2})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_PLAIN_CLOCK = re.compile(r"(?:(2[0-3]|[01]?[0-9]):([0-5][0-9])(?::([0-5][0-9]))?)?")


_EIGHT_DIGITS = re.compile(r"\d{8}")


# Outside them a shift of hours could leave the calendar; such moments are faults anyway.
EARLIEST, LATEST = datetime(2, 1, 1), datetime(9998, 1, 1)
_EXCEL_EPOCH = datetime(1899, 12, 30)


def plain_moment(text: str) -> datetime | None:
    """Return the moment of the commonest forms, 2016-03-07 08:05 or 2016/3/7 8:05:00, read by its halves; None: read it with care."""
    day, _, clock = text.partition(" ")
    start, past = _plain_day(day), _plain_clock(clock)
    return None if start is None or past is None else start + past


@lru_cache(maxsize=65_536)
def _plain_day(text: str) -> datetime | None:
    found = _PLAIN_DAY.fullmatch(text)
    try:
        return datetime(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        return None


@lru_cache(maxsize=131_072)
def _plain_clock(text: str) -> timedelta | None:
    found = _PLAIN_CLOCK.fullmatch(text)
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0), seconds=int(found[3] or 0)) if found else None


def read_custom(text: str, form: str) -> datetime | None:
    """Return the moment that `text` states in a strptime form of the contract, or None."""
    try:
        return datetime.strptime(normal(text), form)
    except ValueError:
        return None


def read_epoch(cell: Any, form: str, around: Surroundings) -> datetime | None:
    """Return the local moment of a count since 1970-01-01 00:00 UTC, or None."""
    text = normal(cell_text(cell))
    if not _COUNT.fullmatch(text):
        return None
    return datetime(1970, 1, 1) + timedelta(milliseconds=int(text) * EPOCHS[form]) + around.utc_offset


def read_minutes(cell: Any) -> float | None:
    """Return a length of time in minutes, written as 5′32″, 05:32, 1:05:32 or 5分32秒, or None; a bare number is none of these."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute + cell.second / 60
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 60
    found = _LENGTH.fullmatch(normal(cell)) if isinstance(cell, str) else None
    if not found or float(found["s"] or 0) >= 60 or (found["h"] and int(found["m"]) >= 60):
        return None
    return int(found["h"] or 0) * 60 + int(found["m"]) + float(found["s"] or 0) / 60


def without_zone(cell: Any) -> Any:
    """Return a time as printed, without the zone that it claims."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    return _ZONE.sub("", normal(cell)) if isinstance(cell, str) else cell


def read_moment(cell: Any, around: Surroundings) -> datetime | None:
    """Return the local moment of a cell in any accepted form, or None."""
    if isinstance(cell, datetime):
        moment = cell if cell.tzinfo is None else _local(cell, around)
        return moment.replace(microsecond=0) if moment.microsecond else moment
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        written = cell_text(float(cell))  # 20160307 typed into a workbook is a number
        return read_moment(written, around) if _EIGHT_DIGITS.fullmatch(written) else _serial(float(cell), around)
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
        offset = _offset(found["zone"])
        if abs(offset) > timedelta(hours=14):
            return None
        shift += around.utc_offset - offset
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
    shift = around.utc_offset - (moment.utcoffset() or timedelta(0))
    return moment.replace(tzinfo=None) + shift if EARLIEST < moment.replace(tzinfo=None) < LATEST else moment.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Span:
    """A word that a contract lists in place of a date: so many days after another date of the row."""

    word: str
    days: timedelta


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a cell may be read by, besides its own text: the drop's period and the city's UTC offset and units."""

    period_start: date | None = None
    period_end: date | None = None
    utc_offset: timedelta = timedelta(hours=8)
    epoch_1904: bool = False
