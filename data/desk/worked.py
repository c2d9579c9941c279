"""Joins the alerts of a snapshot with what people have done about them since: the queue, one alert's life, and what people reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data.desk.acting import Desk
from data.desk.action import Action
from data.desk.clock import Clock
from data.desk.handling import Handling, handling_of, reopens
from data.desk.silences import silences, silent_time, spans_of
from data.desk.store import DeskUnavailableError, head_of, open_store, store_if_there
from data.desk.terms import OVER, Terms, load_terms
from data.register import load_reference
from data.settings import Settings

HANDLING_COLUMNS = (
    "handling", "stage", "handled_level", "unit", "step", "step_since", "due_at", "left_min", "is_overdue", "share", "rung", "opened_at",
    "closed_at", "result", "into", "returned", "reworked", "extended", "reopened", "reopens", "silenced_until", "silenced_min", "action",
)  # fmt: skip
ACTION_COLUMNS = ("number", "alert", "at", "who", "role", "unit", "command", "reason", "details", "hash")
_TIMES = dict.fromkeys(("pending_since", "fired_at", "said_at", "resolved_at", "value_at"), "datetime64[us]")
KEPT = timedelta(days=60)  # what was over before is history
REPORTED = "reported"  # the rule of what people found themselves


@dataclass(frozen=True, slots=True)
class Work:
    """How a city works its alerts: its terms, clocks, zone, and the units that can be given one, with their names."""

    terms: Terms
    clock: Clock
    zone: ZoneInfo
    units: Mapping[str, str]

    def desk(self, settings: Settings) -> Desk:
        """Return the desk to act at; made where there is none. Raises DeskUnavailableError."""
        return Desk(open_store(settings), self.terms, frozenset(self.units), self.zone)


def work_of(settings: Settings) -> Work:
    """Read how a city works; raises DefinitionError, CityMissingError."""
    reference, terms = load_reference(settings), load_terms(settings)
    units = {one.entity: one.name_zh for one in reference.entities if one.entity_kind in terms.unit_kinds}
    return Work(terms, Clock(reference), reference.city.zone, units)


def actions_of(settings: Settings, upto: int | None = None) -> list[Action]:
    """Return what people have done, in order; nothing where nobody has done anything. Raises DeskUnavailableError."""
    store = store_if_there(settings)
    return store.actions(upto=upto) if store else []


def desk_number(settings: Settings) -> int:
    """Return how many actions there are: 0 where nobody has done anything yet, -1 while the desk cannot be reached."""
    try:
        head = head_of(settings)
    except DeskUnavailableError:
        return -1
    return head.number if head else 0


def worked(alerts: pd.DataFrame, actions: Sequence[Action], work: Work, now: datetime) -> tuple[pd.DataFrame, dict[str, Handling]]:
    """Return the alerts that were raised (SHOWN_COLUMNS of `data.alerted`, HANDLING_COLUMNS), and how each stands at `now` (local, naive).

    Those that people reported stand among them, of the rule `reported`. What is only pending is not worked.
    """
    raised, reported = alerts[alerts["fired_at"].notna()], _reported(actions, work, now, list(alerts.columns))
    frame = pd.concat([raised, reported.astype(_TIMES)], ignore_index=True) if len(reported) else raised.reset_index(drop=True)
    rows = [{str(name): value for name, value in row.items()} for row in frame.astype(object).to_dict("records")]
    handled = handling_of(rows, actions, work.terms, work.clock, work.zone, now)
    said = [one for one in silences(actions, work.zone) if one.since <= now]
    handled |= {
        row["alert"]: replace(one, silences=tuple(spans_of(row, one.silences, said)))
        for row in rows for one in [handled[row["alert"]]] if said or one.silences
    }  # fmt: skip
    again = reopens(rows, handled, work.terms)
    told = pd.DataFrame(
        [_row(handled[row["alert"]], row, again.get(row["alert"]), now) for row in rows], columns=list(HANDLING_COLUMNS), index=frame.index
    )
    return pd.concat([frame, told], axis=1), handled


def recent(alerts: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Return the alerts that are still up or were so in the last weeks."""
    return alerts[(alerts["state"] != "resolved") | (pd.to_datetime(alerts["fired_at"]) > now - KEPT)].reset_index(drop=True)


def waiting(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is still to be done of worked alerts, most urgent first: red, then what is overdue, then by the time left."""
    kept = [row for row in rows if row["stage"] not in OVER and (row["state"] != "resolved" or row["stage"] != "new")]
    return sorted(kept, key=lambda row: (row["handled_level"] != "red", not row["is_overdue"], _left(row), row["alert"]))


def action_frame(actions: Sequence[Action], zone: ZoneInfo, alert: str | None = None) -> pd.DataFrame:
    """Return what was done (ACTION_COLUMNS), `at` in local time; about one alert or about all."""
    rows = [
        (one.number, one.subject, one.moment.astimezone(zone).replace(tzinfo=None), one.who, one.role, one.unit, one.kind, one.reason,
         one.payload, one.hash)
        for one in actions if alert in {None, one.subject}
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(ACTION_COLUMNS))


def _reported(actions: Sequence[Action], work: Work, now: datetime, columns: list[str]) -> pd.DataFrame:
    """Return what people reported as alerts: firing until they are closed."""
    rows = []
    for action in actions:
        at = action.moment.astimezone(work.zone).replace(tzinfo=None)
        if action.kind == "open" and at <= now:
            said = action.details
            rows.append({
                "alert": action.subject, "rule": REPORTED, "indicator": said.get("indicator", ""),
                "entity_kind": said.get("entity_kind", ""), "entity": said["entity"],
                "entity_name": work.units.get(said["entity"], said["entity"]), "level": said["level"],
                "highest": said["level"], "state": "firing", "unconfirmed": False, "pending_since": at, "fired_at": at, "said_at": at,
                "owner": action.unit, "feeds": "", "is_late": False, "revised": 0, "version": 0,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _row(one: Handling, alert: Mapping[str, Any], reopens_: str | None, now: datetime) -> dict[str, Any]:
    ends = [one.reached[stage] for stage in ("closed", "false_alarm", "merged") if stage in one.reached]
    over = min(moment for moment in (*ends[-1:], alert["resolved_at"], now) if pd.notna(moment))
    return {
        "handling": one.handling, "stage": one.stage, "handled_level": one.level, "unit": one.unit, "step": one.step or None,
        "step_since": one.since, "due_at": one.due_at, "left_min": one.left.total_seconds() / 60 if one.left is not None else None,
        "is_overdue": one.is_overdue, "share": one.share, "rung": one.rung or None, "opened_at": one.opened_at,
        "closed_at": ends[-1] if ends and one.has_ended else None, "result": one.result or None, "into": one.into or None,
        "returned": one.returned, "reworked": one.reworked, "extended": one.extended, "reopened": one.reopened, "reopens": reopens_,
        "silenced_until": one.silenced_until(now),
        "silenced_min": silent_time(one.silences, one.opened_at, over) / timedelta(minutes=1), "action": one.number,
    }  # fmt: skip


def _left(row: Mapping[str, Any]) -> float:
    return float("inf") if row["left_min"] is None else float(row["left_min"])
