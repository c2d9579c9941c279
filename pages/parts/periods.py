"""Says how long ago something was, and takes moments as local time; names of periods come from `briefing.phrases`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from briefing.phrases import period_name
from data.wording import Wording, number

__all__ = ["age_name", "naive", "period_name"]


HOUR = 60  # minutes


def age_name(words: Wording, span: timedelta) -> str:
    """Return how long ago something was, in its largest sensible unit."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < HOUR:
        return words.say("feeds.age.minutes", n=minutes)
    if minutes < 72 * HOUR:
        return words.say("feeds.age.hours", n=number(minutes / HOUR, 1).removesuffix(".0"))
    return words.say("feeds.age.days", n=number(minutes / (24 * HOUR), 1).removesuffix(".0"))


def naive(moment: Any) -> datetime:
    """Return local time without its zone: figures of one city are compared in its own time."""
    return pd.Timestamp(moment).tz_localize(None).to_pydatetime()
