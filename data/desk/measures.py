"""How well alerts are worked: shares with their counts, and how long it takes, by unit and over a span.

Denominators (domain reference 4.5): of a step with a limit, what was due in the span or done in it; 派遣准确率 = 1 - 退回/派遣;
返工率 of what was reported as finished; 误报率 of what was judged; 重复率 of what was raised. A share of nothing is null, not 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

import pandas as pd

from data.desk import steps
from data.desk.action import Action
from data.desk.clock import Clock
from data.desk.handling import Handling
from data.desk.steps import Deed, Step, deeds_of, steps_of
from data.desk.terms import Terms

MEASURE_COLUMNS = ("unit", "measure", "numerator", "denominator", "value")
WHOLE = ""  # the unit that is all of them
SHARES = (
    "confirm_ontime", "dispatch_right", "acknowledge_ontime", "handle_ontime", "close_ontime", "rework", "false_alarm", "repeat", "reopen",
)  # fmt: skip
TIMES = ("handling_mean", "handling_median")  # hours from the dispatch to the report that it is done
Span = tuple[datetime, datetime]


def measures(
    handled: Iterable[Handling], actions: Sequence[Action], again: Mapping[str, str], terms: Terms, clock: Clock, zone: ZoneInfo, span: Span
) -> pd.DataFrame:
    """Return every measure (MEASURE_COLUMNS) of each unit that was given an alert, and of all, over a span; times in hours."""
    alerts = list(handled)
    stood = {one.alert: steps_of(one, terms, clock) for one in alerts}
    by_alert: dict[str, list[Action]] = {}
    for action in actions:
        by_alert.setdefault(action.subject, []).append(action)
    done = [deed for alert in stood for deed in deeds_of(by_alert.get(alert, []), zone) if _within(deed.at, span)]
    rows: list[tuple[str, str, int | None, int, float | None]] = []
    units = {one.unit for one in alerts} | {deed.unit for deed in done}
    for unit in (WHOLE, *sorted(units - {WHOLE})):
        mine = [one for one in alerts if unit in {WHOLE, one.unit}]
        mine_stood = [step for one in mine for step in stood[one.alert]]
        mine_done = [deed for deed in done if unit in {WHOLE, deed.unit}]
        rows += [(unit, name, good, of, good / of if of else None) for name, good, of in _shares(mine, mine_stood, mine_done, again, span)]
        hours = [
            (step.done_at - step.since) / timedelta(hours=1)
            for step in mine_stood if step.step == "handle" and step.done_at and _within(step.done_at, span)
        ]  # fmt: skip
        worked: dict[str, Callable[[list[float]], float]] = {"handling_mean": fmean, "handling_median": median}
        rows += [(unit, name, None, len(hours), how(hours) if hours else None) for name, how in worked.items()]
    return pd.DataFrame(rows, columns=list(MEASURE_COLUMNS)).astype({"numerator": "Int64", "denominator": "Int64", "value": float})


def _shares(
    mine: list[Handling], stood: Sequence[Step], done: Sequence[Deed], again: Mapping[str, str], span: Span
) -> Iterable[tuple[str, int, int]]:
    """Yield (measure, numerator, denominator)."""
    counts = Counter(deed.deed for deed in done)
    for step in ("confirm", "acknowledge", "handle"):
        yield f"{step}_ontime", *_on_time(stood, step, span)
    yield "dispatch_right", counts["dispatched"] - min(counts["returned"], counts["dispatched"]), counts["dispatched"]
    yield "close_ontime", *_on_time(stood, steps.WHOLE, span)
    yield "rework", min(counts["reworked"], counts["finished"]), counts["finished"]
    yield "false_alarm", counts["false_alarm"] + counts["recalled"], counts["confirmed"] + counts["false_alarm"]
    raised = [one for one in mine if _within(one.opened_at, span)]
    yield "repeat", sum(one.alert in again for one in raised), len(raised)
    yield "reopen", min(counts["reopened"], counts["closed"]), counts["closed"]


def _on_time(stood: Sequence[Step], step: str, span: Span) -> tuple[int, int]:
    """Of the steps of a name that were due or done in a span: how many were done by their limit, and how many there were."""
    counted = [
        one for one in stood
        if one.step == step and any(moment is not None and _within(moment, span) for moment in (one.due_at, one.done_at))
    ]  # fmt: skip
    return sum(one.done_at is not None and one.due_at is not None and one.done_at <= one.due_at for one in counted), len(counted)


def _within(moment: datetime, span: Span) -> bool:
    return span[0] <= moment < span[1]
