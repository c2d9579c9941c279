"""Finds what is to be told: what the log of alerts says, rungs of the ladder that were reached, and what people did.

An occasion has a mark that is the same however often it is looked for, so that nobody is told of it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pandas as pd

from data.desk.action import Action
from data.desk.handling import Handling, rung_times
from data.desk.telling import Occasion as Kind
from data.desk.worked import Work

_KNOWN = frozenset(get_args(Kind))
_ACTIONS = {"dispatch", "return", "rework", "escalate", "instruct", "reopen", "close"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something about an alert that people may be told: what, when (local, naive), and the mark that tells it from all others."""

    alert: str
    kind: str
    at: datetime
    mark: str
    reason: str = ""


def occasions(
    transitions: pd.DataFrame, handled: Mapping[str, Handling], actions: Sequence[Action], work: Work, since: datetime, now: datetime
) -> list[Occasion]:
    """Return what happened after `since` up to `now`, in order; `transitions` by LOG_COLUMNS of `data.alerted`."""
    found = [*_said(transitions), *_rungs(handled, work), *_done(actions, work.zone)]
    return sorted((one for one in found if since < one.at <= now), key=lambda one: (one.at, one.alert, one.mark))


def is_quiet(row: Mapping[str, Any], handled: Handling, now: datetime) -> bool:
    """Whether nobody is to be told of an alert: folded into that of its feed, in maintenance, or silenced."""
    return bool(row["inhibited_by"] or row["muted_by"] or handled.silenced_until(now))


def _said(transitions: pd.DataFrame) -> Iterator[Occasion]:
    for row in transitions.to_dict("records"):
        if row["kind"] in _KNOWN:
            start = pd.Timestamp(row["start"]).isoformat()
            yield Occasion(row["alert"], row["kind"], pd.Timestamp(row["said_at"]).to_pydatetime(), f"{row['kind']}@{start}")


def _rungs(handled: Mapping[str, Handling], work: Work) -> Iterator[Occasion]:
    """The rung that a step has reached, at the moment when it did: the ones below it are told by it as well."""
    for alert, one in handled.items():
        at = dict(rung_times(one, work.terms, work.clock)).get(one.rung) if one.rung and not one.has_ended else None
        if at is not None and one.since is not None:
            yield Occasion(alert, one.rung, at, f"{one.rung}@{one.step}@{one.since.isoformat()}")


def _done(actions: Iterable[Action], zone: ZoneInfo) -> Iterator[Occasion]:
    for one in actions:
        if one.kind in _ACTIONS:
            at = one.moment.astimezone(zone).replace(tzinfo=None)
            yield Occasion(one.subject, one.kind, at, f"{one.kind}#{one.number}", one.reason)
