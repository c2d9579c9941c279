"""Puts the clocks of alerts into words: how much time is left, or by how much it is over."""

from __future__ import annotations

from datetime import timedelta

from briefing.phrases import Record
from data.wording import Wording


def due_text(words: Wording, row: Record) -> str:
    """Return the time that is left, or by how much it is overdue."""
    if row["closed_at"]:
        return words.day(row["closed_at"])
    if row["left_min"] is None:
        return words.say("alerts.no_limit")
    left = timedelta(minutes=float(row["left_min"]))
    return words.say("alerts.over" if left < timedelta(0) else "alerts.left", time=clock_text(words, left))


def clock_text(words: Wording, span: timedelta) -> str:
    """Return a span as hours and minutes, from a day on as days and hours."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes >= 24 * 60:
        return words.say("alerts.days", days=minutes // 1440, hours=minutes % 1440 // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def duration(words: Wording, span: timedelta) -> str:
    """Return a span in words."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return words.say("alerts.minutes", minutes=minutes)
    if minutes >= 48 * 60:
        return words.say("alerts.days", days=minutes // 1440, hours=minutes % 1440 // 60)
    return words.say("alerts.hours", hours=minutes // 60, minutes=minutes % 60)
