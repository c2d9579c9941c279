"""Writes into the outbox what a snapshot and the desk have to tell since a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from briefing.telling.messages import Scene, drafts
from briefing.telling.occasions import is_quiet, occasions
from data import alerted, readings
from data.desk.duty import Shift
from data.desk.outbox import Draft
from data.desk.telling import Telling
from data.desk.worked import Work, actions_of, worked
from data.settings import Settings
from data.snapshots import Snapshot
from data.wording import Wording


def to_tell(
    settings: Settings, snapshot: Snapshot, work: Work, telling: Telling, rota: tuple[Shift, ...], words: Wording, now: datetime
) -> list[Draft]:
    """Return the messages of what happened in the last hours up to `now` (local, naive); raises DeskUnavailableError."""
    actions = actions_of(settings)
    told, handled = worked(alerted.alerts(settings, snapshot), actions, work, now)
    rows: dict[str, dict[str, Any]] = {row["alert"]: {str(key): value for key, value in row.items()} for row in told.to_dict("records")}
    scene = Scene(
        words, snapshot.city, _named(readings.indicators(settings, snapshot), "indicator"),
        _named(alerted.rules(settings, snapshot), "rule"), work.units, telling, rota, snapshot.id,
    )  # fmt: skip
    since = now - timedelta(hours=telling.limits.within_hours)
    found = occasions(alerted.transitions(settings, snapshot), handled, actions, work, since, now)
    return [
        draft
        for one in found
        if one.alert in rows and not is_quiet(rows[one.alert], handled[one.alert], now)
        for draft in drafts(scene, one, rows[one.alert], handled[one.alert])
    ]


def _named(frame: Any, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in frame.to_dict("records")}
