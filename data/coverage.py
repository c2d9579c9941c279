"""What time a drop speaks for: days without rows inside it are zero or missing, days outside it are not its business."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from data.contract import Table
from data.layout import DropPeriod


def coverage(
    table: Table, period: DropPeriod | None, arrived_at: datetime, earliest: datetime | None, latest: datetime | None
) -> tuple[datetime, datetime] | None:
    """Return the start and end of what a drop speaks for; it cannot speak for what came after its arrival (local time)."""
    if table.covers != "time" and period:
        end = min(datetime.combine(period.end + timedelta(days=1), time()), datetime.combine(arrived_at.date(), time()))
        start = datetime.combine(period.start, time())
        if table.covers == "register" and earliest:
            start = min(start, datetime.combine(earliest.date(), time()))
        return (start, end) if start < end else None
    if earliest is None or latest is None:
        return None
    step = {"hour": timedelta(hours=1), "day": timedelta(days=1)}.get(table.every, timedelta(days=1))
    if table.every == "month":
        following = date(latest.year + latest.month // 12, latest.month % 12 + 1, 1)
        return earliest, datetime.combine(following, time())
    return earliest, latest + step
