"""Puts a period into words and adds its end: `2016-03-06`, `2016-W10`, `2016-03`, `2016-Q1`, `2016`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from data.wording import Wording, number


def period_name(words: Wording, grain: str, start: Any) -> str:
    """Return a period in words."""
    moment = pd.Timestamp(start).to_pydatetime()
    match grain:
        case "week":
            iso = moment.isocalendar()
            return words.say("date.week", year=iso.year, week=iso.week, day=words.day(moment))
        case "month":
            return words.say("date.month", year=moment.year, month=moment.month, month_name=words.label("month", moment.month))
        case "quarter":
            return words.say("date.quarter", year=moment.year, quarter=(moment.month + 2) // 3)
        case "year":
            return words.say("date.year", year=moment.year)
    return words.day(moment)


def age_name(words: Wording, span: timedelta) -> str:
    """Return how long ago something was, in its largest sensible unit."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return words.say("feeds.age.minutes", n=minutes)
    if minutes < 72 * 60:
        return words.say("feeds.age.hours", n=number(minutes / 60, 1).removesuffix(".0"))
    return words.say("feeds.age.days", n=number(minutes / 1440, 1).removesuffix(".0"))


def naive(moment: Any) -> datetime:
    """Return local time without its zone: figures of one city are compared in its own time."""
    return pd.Timestamp(moment).tz_localize(None).to_pydatetime()
