"""Fills `data/reference/calendar.csv` from the package chinesecalendar: `python -m data.demo.fill_calendar 2012 2026`.

The table is the source afterwards; this script is run by hand once a year, when the State Council has set the next one.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

TABLE = Path(__file__).parents[1] / "reference" / "calendar.csv"


def calendar_rows(first_year: int, last_year: int) -> Iterator[tuple[str, int, str]]:
    """Yield every day with whether it is worked, and the holiday it belongs to or makes up for (调休)."""
    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        is_off, name = chinese_calendar.get_holiday_detail(day)
        label = names[name] if name else ""
        yield day.isoformat(), int(not is_off), f"{label}调休上班" if label and not is_off else label
        day += timedelta(days=1)


if __name__ == "__main__":
    with TABLE.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("date", "is_workday", "holiday"))
        writer.writerows(calendar_rows(int(sys.argv[1]), int(sys.argv[2])))
