"""Tells, month by month, how departments keep their promises: 报送及时率, 合格率, and errors that come again.

Every share stands beside its numerator and denominator; a share of nothing is null.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from data import periods
from data.deliveries import KEPT_MONTHS, WHOLE, Deliveries
from data.freshness import FeedState

AGAIN_WITHIN = timedelta(days=30)
_COUNTS = ("due", "on_time", "rows", "accepted", "errors", "repeated")
_SHARES = {"on_time_pct": ("on_time", "due"), "accepted_pct": ("accepted", "rows"), "repeated_pct": ("repeated", "errors")}
_ERRORS = """
WITH drops AS (
  SELECT "drop", feed, arrived_at, lead(arrived_at) OVER (PARTITION BY feed ORDER BY arrived_at, seq) AS next_at, seq
  FROM ledger WHERE state = 'taken' AND arrived_at <= $now),
errors AS (
  SELECT DISTINCT d.*, q."table", q."column", q.reason FROM quarantine q JOIN drops d USING ("drop")),
followed AS (
  SELECT *, lead(arrived_at) OVER (PARTITION BY feed, "table", "column", reason ORDER BY arrived_at, seq) AS again_at FROM errors)
SELECT feed, strftime(arrived_at, '%Y-%m') AS month, count(*) AS errors,
       count(*) FILTER (WHERE again_at <= arrived_at + $within) AS repeated
FROM followed WHERE next_at <= arrived_at + $within GROUP BY ALL"""


def conduct(known: Deliveries) -> pd.DataFrame:
    """Return one row per month, department and feed (`feed` empty: the department as a whole), of the last 13 months.

    Columns: month, department, feed, due, on_time, on_time_pct, rows, accepted, accepted_pct, errors, repeated, repeated_pct.
    """
    months = [periods.code(periods.step(known.first, "month", place), "month") for place in range(KEPT_MONTHS)]
    feeds = [(feed, contract.department) for feed, contract in known.contracts.items()]
    frame = pd.DataFrame(
        [(month, department, feed) for month in months for feed, department in feeds], columns=["month", "department", "feed"]
    )
    if frame.empty:
        return frame
    for counts in (_deliveries(known), _rows(known), _errors(known)):
        frame = frame.merge(counts, on=["feed", "month"], how="left")
    counted = list(_COUNTS)
    frame[counted] = frame[counted].fillna(0).astype("Int64")
    whole = frame.groupby(["month", "department"], as_index=False)[counted].sum().assign(feed=WHOLE)
    frame = pd.concat([frame, whole], ignore_index=True).sort_values(["month", "department", "feed"], ignore_index=True)
    for share, (part, of) in _SHARES.items():
        frame[share] = (100 * frame[part] / frame[of].where(frame[of] > 0)).astype("Float64")
    return frame


def _deliveries(known: Deliveries) -> pd.DataFrame:
    """Return, by month of their due time, how many deliveries were due and how many of them came in time; a table has its own."""
    rows = [
        (feed, f"{one.due.due_at:%Y-%m}", one.state is FeedState.ON_TIME)
        for (feed, _), several in known.judged.items()
        for one in several
        if one.state is not FeedState.DUE
    ]
    frame = pd.DataFrame(rows, columns=["feed", "month", "is_on_time"])
    return frame.groupby(["feed", "month"], as_index=False).agg(due=("is_on_time", "size"), on_time=("is_on_time", "sum"))


def _rows(known: Deliveries) -> pd.DataFrame:
    """Return, by month of arrival, how many rows were judged (accepted or quarantined) and how many accepted."""
    return known.con.execute(
        "SELECT feed, strftime(arrived_at, '%Y-%m') AS month, sum(accepted + quarantined)::BIGINT AS rows,"
        " sum(accepted)::BIGINT AS accepted FROM ledger WHERE state = 'taken' AND arrived_at <= ? GROUP BY ALL",
        [known.now],
    ).df()


def _errors(known: Deliveries) -> pd.DataFrame:
    """Return, by month in which they were returned, the errors that another drop followed within 30 days, and those that it repeated.

    An error is a column and a reason of a table, once a drop, however many rows have it.
    """
    return known.con.execute(_ERRORS, {"now": known.now, "within": AGAIN_WITHIN}).df()
