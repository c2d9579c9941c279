"""What `show` prints of alerts and of what people did: as the snapshot tells it, joined with the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from data.settings import Settings
    from data.snapshots import Snapshot


def alert_facts(what: str, settings: Settings, opened: Snapshot, only: Mapping[str, str | None]) -> DataFrame:
    """Return what a snapshot says of alerts."""
    from data import alerted

    indicator, kind, entity = only["indicator"], only["entity_kind"], only["entity"]
    match what:
        case "alerts":
            return _worked(settings, opened, alerted.alerts(settings, opened, indicator=indicator, entity_kind=kind, entity=entity))
        case "measures":
            return _measures(settings, opened, alerted.alerts(settings, opened), only["start"], only["end"])
        case "actions" | "messages" | "duty" | "silences" | "proposals":
            return _of_people(what, settings, opened, only)
        case "transitions":
            return alerted.transitions(settings, opened, alert=only["alert"], indicator=indicator, entity_kind=kind, entity=entity)
        case "timeline":
            return alerted.timeline(settings, opened, indicator=indicator, entity_kind=kind, entity=entity)
    return alerted.rules(settings, opened)


def _of_people(what: str, settings: Settings, opened: Snapshot, only: Mapping[str, str | None]) -> DataFrame:
    """Return what the desk, the outbox or the rota hold."""
    match what:
        case "actions":
            return _actions(settings, opened, only["alert"])
        case "messages":
            return _messages(settings, opened, only["alert"])
        case "duty":
            return _duty(settings, opened, only["start"], only["end"])
        case "silences":
            return _silences(settings, opened)
    return _proposals(settings, opened)


def _worked(settings: Settings, opened: Snapshot, alerts: DataFrame) -> DataFrame:
    """Return alerts with how they are handled: what is only pending has nothing to be handled."""
    from pandas import concat

    from data.desk.worked import HANDLING_COLUMNS, actions_of, work_of, worked

    zone = opened.as_of.tzinfo
    now = opened.as_of if opened.city["is_clock_fixed"] else datetime.now(zone)
    told, _ = worked(alerts, actions_of(settings), work_of(settings), now.replace(tzinfo=None))
    keys = ["alert", *HANDLING_COLUMNS]
    whole = alerts.merge(told[keys], on="alert", how="left")
    return concat([whole, told[~told["alert"].isin(alerts["alert"])]], ignore_index=True)


def _measures(settings: Settings, opened: Snapshot, alerts: DataFrame, start: str | None, end: str | None) -> DataFrame:
    """Return how well alerts were worked from one day to another: by default in the seven days before the clock of the snapshot."""
    from data.desk.measures import measures
    from data.desk.worked import actions_of, work_of, worked

    work, now = work_of(settings), opened.as_of.replace(tzinfo=None)
    last = datetime.fromisoformat(end) + timedelta(days=1) if end else now
    first = datetime.fromisoformat(start) if start else last - timedelta(days=7)
    actions = actions_of(settings, opened.desk.number if opened.desk else None)
    told, handled = worked(alerts, actions, work, min(last, now))
    again = dict(told.loc[told["reopens"].notna(), ["alert", "reopens"]].itertuples(index=False, name=None))
    frame = measures(handled.values(), actions, again, work.terms, work.clock, work.zone, (first, last))
    return frame.assign(unit_name=frame["unit"].map(work.units), start=first, end=last, snapshot=opened.id)


def _actions(settings: Settings, opened: Snapshot, alert: str | None) -> DataFrame:
    """Return what people did, in order."""
    from data.desk.worked import action_frame, actions_of, work_of

    return action_frame(actions_of(settings), work_of(settings).zone, alert).assign(snapshot=opened.id)


def _proposals(settings: Settings, opened: Snapshot) -> DataFrame:
    """Return every proposed change of a definition as it stands now."""
    from pandas import DataFrame

    from data.adopted import told
    from data.desk.action import canonical

    columns = (
        "number", "what", "name", "changes", "effective", "who", "reason", "at", "stage", "decided_by", "decided_at", "decided_reason",
    )  # fmt: skip
    rows = [
        {column: getattr(one, column) for column in columns} | {"changes": canonical(one.changes), "snapshot": opened.id}
        for one in told(settings, opened.as_of.tzinfo or UTC)
    ]
    return DataFrame(rows, columns=[*columns, "snapshot"])


def _silences(settings: Settings, opened: Snapshot) -> DataFrame:
    """Return every silence, with how many alerts it met since and for how many minutes of their lives."""
    from pandas import DataFrame

    from data import alerted
    from data.desk.silences import MATCHERS, silences, silent_time
    from data.desk.worked import actions_of, work_of, worked

    work, now, actions = work_of(settings), opened.as_of.replace(tzinfo=None), actions_of(settings)
    told, handled = worked(alerted.alerts(settings, opened), actions, work, now)
    rows_of = [{str(name): value for name, value in row.items()} for row in told.astype(object).to_dict("records")]
    lives = [(row, handled[row["alert"]].opened_at, row["closed_at"]) for row in rows_of]
    rows = []
    for one in silences(actions, work.zone):
        met = [
            silent_time([(one.since, one.until)], since, min(now, over) if isinstance(over, datetime) else now)
            for row, since, over in lives if one.covers(row)
        ]  # fmt: skip
        minutes = [length / timedelta(minutes=1) for length in met if length]
        rows.append({
            "number": one.number, **{name: one.matches.get(name) for name in MATCHERS}, "silent_from": one.since, "until": one.until,
            "who": one.who, "reason": one.reason, "ended_by": one.ended_by or None, "met": len(minutes), "silent_min": sum(minutes),
            "snapshot": opened.id,
        })  # fmt: skip
    names = ("number", *MATCHERS, "silent_from", "until", "who", "reason", "ended_by", "met", "silent_min", "snapshot")
    return DataFrame(rows, columns=list(names))


def _messages(settings: Settings, opened: Snapshot, alert: str | None) -> DataFrame:
    """Return what people were told, or are to be told: of one alert or of all."""
    from dataclasses import asdict, fields

    from pandas import DataFrame

    from data.desk.outbox import Message, Outbox
    from data.desk.store import store_if_there

    store = store_if_there(settings)
    rows = [asdict(one) for one in Outbox(store).messages(alert)] if store else []
    return DataFrame(rows, columns=[one.name for one in fields(Message)]).assign(snapshot=opened.id)


def _duty(settings: Settings, opened: Snapshot, start: str | None, end: str | None) -> DataFrame:
    """Return who is on duty, at the clock of the snapshot or from one day to another."""
    from dataclasses import asdict

    from pandas import DataFrame

    from data.desk.telling import load_telling
    from data.desk.terms import load_terms

    found = load_telling(settings, load_terms(settings))
    now = opened.as_of.replace(tzinfo=None)
    first = datetime.fromisoformat(start) if start else now
    last = datetime.fromisoformat(end) + timedelta(days=1) if end else first
    shifts = [one for one in found[1] if one.start <= last and one.end > first] if found else []
    return DataFrame([asdict(one) for one in shifts], columns=["start", "end", "role", "person", "name", "contact"])
