"""The forms in which departments write one and the same moment or number."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from data.demo.workbook import Cell, Stamp

EXCEL, SERIAL, DASHES, SLASHES, CHINESE, ISO, YEARLESS = range(7)
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
EPOCH = np.datetime64("1899-12-30", "s")


def stamps(moments: np.ndarray, forms: np.ndarray, missing: Cell) -> list[Cell]:
    """Write each moment in the form asked for; NaT as `missing`."""
    serials = ((moments - EPOCH).astype("int64") / 86400).tolist()
    texts = np.datetime_as_string(moments, unit="m").tolist()
    return [
        missing if text == "NaT" else _stamp(form, serial, text) for form, serial, text in zip(forms.tolist(), serials, texts, strict=True)
    ]


def _stamp(form: int, serial: float, text: str) -> Cell:
    if form == EXCEL:
        return Stamp(serial)
    if form == SERIAL:
        return serial
    if form == ISO:
        return text.replace("T", " ")
    month, day, hour, minute = int(text[5:7]), int(text[8:10]), int(text[11:13]), text[14:16]
    if form == DASHES:
        return f"{text[:4]}-{month}-{day} {hour}:{minute}"
    if form == SLASHES:
        return f"{text[:4]}/{month}/{day} {hour}:{minute}"
    if form == CHINESE:
        return f"{text[:4]}年{month}月{day}日 {hour}:{minute}"
    return f"{month}月{day}日 {hour:02d}时"


def days(moments: np.ndarray, forms: np.ndarray, missing: Cell) -> list[Cell]:
    """Write the day of each moment in the form asked for, without a time; NaT as `missing`."""
    dates = moments.astype("datetime64[D]")
    serials = (dates - EPOCH.astype("datetime64[D]")).astype("int64").tolist()
    return [
        missing if text == "NaT" else _day(form, serial, text)
        for form, serial, text in zip(forms.tolist(), serials, np.datetime_as_string(dates).tolist(), strict=True)
    ]


def _day(form: int, serial: int, text: str) -> Cell:
    if form == EXCEL:
        return Stamp(serial)
    if form == SERIAL:
        return serial
    if form == ISO:
        return text
    year, month, day = text[:4], int(text[5:7]), int(text[8:10])
    if form == CHINESE:
        return f"{year}年{month}月{day}日"
    return f"{year}-{month}-{day}" if form == DASHES else f"{year}/{month}/{day}"


def named(names: list[str], places: Iterable[int], missing: Cell) -> list[Cell]:
    """Write each position as its name; a negative one as `missing`."""
    return [names[place] if place >= 0 else missing for place in places]
