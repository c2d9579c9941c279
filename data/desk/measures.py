"""How well alerts are worked: shares with their counts, and how long it takes, by unit and over a span.

Denominators (domain reference 4.5): of a step with a limit, what was due in the span or done in it; 派遣准确率 = 1 - 退回/派遣;
返工率 of what was reported as finished; 误报率 of what was judged; 重复率 of what was raised. A share of nothing is null, not 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

import pandas as pd

from data.desk.action import Action
from data.desk.clock import Clock
from data.desk.handling import Handling
from data.desk.terms import Terms

MEASURE_COLUMNS = ("unit", "measure", "numerator", "denominator", "value")
WHOLE = ""  # the unit that is all of them
SHARES = (
    "confirm_ontime", "dispatch_right", "acknowledge_ontime", "handle_ontime", "close_ontime", "rework", "false_alarm", "repeat", "reopen",
)  # fmt: skip
TIMES = ("handling_mean", "handling_median")  # hours from the dispatch to the report that it is done
_ENDS = {"confirm": "confirmed", "acknowledge": "acknowledged", "handle": "done"}
Span = tuple[datetime, datetime]


def measures(
    handled: Iterable[Handling], actions: Sequence[Action], again: Mapping[str, str], terms: Terms, clock: Clock, zone: ZoneInfo, span: Span
) -> pd.DataFrame:
    """Return every measure (MEASURE_COLUMNS) of each unit that was given an alert, and of all, over a span; times in hours."""
    alerts = list(handled)
    unit_of = {one.alert: one.unit for one in alerts}
    done = [(one.subject, one.kind) for one in actions if _within(one.moment.astimezone(zone).replace(tzinfo=None), span)]
    rows: list[tuple[str, str, int | None, int, float | None]] = []
    for unit in (WHOLE, *sorted({one.unit for one in alerts if one.unit})):
        mine = [one for one in alerts if unit in {WHOLE, one.unit}]
        counts = {kind: sum(kind == said and unit in {WHOLE, unit_of.get(alert)} for alert, said in done) for kind in _COUNTED}
        rows += [(unit, name, good, of, good / of if of else None) for name, good, of in _shares(mine, counts, again, terms, clock, span)]
        hours = [
            (one.reached["done"] - one.reached["dispatched"]) / timedelta(hours=1)
            for one in mine if "dispatched" in one.reached and "done" in one.reached and _within(one.reached["done"], span)
        ]  # fmt: skip
        worked: dict[str, Callable[[list[float]], float]] = {"handling_mean": fmean, "handling_median": median}
        rows += [(unit, name, None, len(hours), how(hours) if hours else None) for name, how in worked.items()]
    return pd.DataFrame(rows, columns=list(MEASURE_COLUMNS)).astype({"numerator": "Int64", "denominator": "Int64", "value": float})


_COUNTED = ("dispatch", "return", "finish", "rework", "confirm", "false_alarm")


def _shares(
    mine: list[Handling], counts: Mapping[str, int], again: Mapping[str, str], terms: Terms, clock: Clock, span: Span
) -> Iterable[tuple[str, int, int]]:
    """Yield (measure, numerator, denominator)."""
    for step, stage in _ENDS.items():
        told = [(due, one.reached.get(stage)) for one in mine if (due := _due(one, step, terms, clock))]
        yield f"{step}_ontime", *_on_time(told, span)
    yield "dispatch_right", counts["dispatch"] - min(counts["return"], counts["dispatch"]), counts["dispatch"]
    yield "close_ontime", *_on_time([(due, one.reached.get("closed")) for one in mine if (due := _closing(one, terms, clock))], span)
    yield "rework", min(counts["rework"], counts["finish"]), counts["finish"]
    yield "false_alarm", counts["false_alarm"], counts["confirm"] + _unconfirmed(mine, span)
    raised = [one for one in mine if _within(one.opened_at, span)]
    yield "repeat", sum(one.alert in again for one in raised), len(raised)
    closed = [
        one for one in mine if any(_within(moment, span) for stage, moment in one.reached.items() if stage == "closed") or one.reopened
    ]
    yield "reopen", sum(one.reopened > 0 for one in closed), len(closed)


def _due(one: Handling, step: str, terms: Terms, clock: Clock) -> datetime | None:
    """Return when a step of an alert was or is due; None where it was not reached."""
    limit = next((limit for limit in terms.limits if limit.step == step), None)
    since = one.reached.get(limit.since) if limit else None
    return clock.due(since, *limit.of(one.level), one.pauses) if limit and since else None


def _closing(one: Handling, terms: Terms, clock: Clock) -> datetime | None:
    """Return when an alert was to be closed: the limits of handling, checking and closing one after the other."""
    due = _due(one, "handle", terms, clock)
    for step in ("check", "close"):
        limit = next((limit for limit in terms.limits if limit.step == step), None)
        due = clock.due(due, *limit.of(one.level)) if due and limit else due
    return due


def _on_time(told: list[tuple[datetime, datetime | None]], span: Span) -> tuple[int, int]:
    counted = [(due, at) for due, at in told if _within(due, span) or (at and _within(at, span))]
    return sum(at is not None and at <= due for due, at in counted), len(counted)


def _unconfirmed(mine: list[Handling], span: Span) -> int:
    """Return how many were false alarms that nobody had confirmed before."""
    return sum("confirmed" not in one.reached and _within(one.reached["false_alarm"], span) for one in mine if "false_alarm" in one.reached)


def _within(moment: datetime, span: Span) -> bool:
    return span[0] <= moment < span[1]
