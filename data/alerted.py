"""Reads the alerts of a snapshot: each as it stands, the log of what was said, the timeline by what is known now, and the rules.

Firing belongs to the snapshot; who works an alert, and until when, is the desk's and is joined by whoever shows both.
"""

from __future__ import annotations

import pandas as pd

from data import readings
from data.readings import EVERYTHING, Scope
from data.settings import Settings
from data.snapshots import Snapshot

ALERT_COLUMNS = (
    "alert", "rule", "version", "indicator", "entity_kind", "entity", "grain", "level", "highest", "state", "unconfirmed", "pending_since",
    "fired_at", "said_at", "resolved_at", "value", "value_at",
    "definition_version", "owner", "feeds", "inhibited_by", "muted_by", "is_late", "revised",
)  # fmt: skip
SHOWN_COLUMNS = (
    "alert", "rule", "indicator", "entity_kind", "entity", "entity_name", "level", "state", "unconfirmed", "pending_since", "fired_at",
    "resolved_at", "owner", "highest", "grain", "said_at", "value", "value_at",
    "text", "definition_version", "version", "feeds", "inhibited_by",
    "muted_by", "is_late", "revised", "as_of", "provenance", "snapshot",
)  # fmt: skip
LOG_COLUMNS = (
    "number", "alert", "rule", "version", "indicator", "entity_kind", "entity", "grain", "start", "kind", "level", "was", "said_at",
    "is_late", "value", "coverage", "definition_version", "drop", "reason", "course", "snapshot",
)  # fmt: skip
SPELL_COLUMNS = (
    "rule", "version", "indicator", "entity_kind", "entity", "grain", "since", "fired", "over", "ending", "level", "snapshot",
)  # fmt: skip
# Columns of the rules that come from the trial of a rule, by their name there.
TRIAL_COLUMNS = {
    "tried_from": "first", "tried_to": "last", "tried_on": "snapshot", "signs": "signs", "alerts": "alerts", "flaps": "flaps",
    "median_days": "median_days", "median_a_day": "median_a_day", "busy_a_day": "busy_a_day", "events": "events", "caught": "caught",
}  # fmt: skip
RULE_COLUMNS = (
    "rule", "name_zh", "name_en", "version", "digest", "speaks", "watches", "kinds", "least", "least_watch", "confirm", "at_once", "keep",
    *TRIAL_COLUMNS,
)  # fmt: skip
_LEVELS = dict(enumerate(("normal", "blue", "yellow", "orange", "red")))


def alerts(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *,
    indicator: str | None = None, entity_kind: str | None = None, entity: str | None = None, is_open: bool | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the alerts (SHOWN_COLUMNS), the newest first; `is_open`: those that are not resolved, or only those that are.

    Times are those of periods: `pending_since` the first in breach, `fired_at` the one that raised it; `said_at` is when that was
    said. `value` is the figure of `value_at`, the period that gave it the level that it has.
    """
    frame = _of(settings, snapshot, scope, "alerts", ALERT_COLUMNS, indicator=indicator, entity_kind=entity_kind, entity=entity)
    if is_open is not None:
        frame = frame[(frame["state"] != "resolved") == is_open]
    feeds, entities = (readings.published(settings, snapshot, table) for table in ("feeds", "entities"))
    names = dict(zip(zip(entities["entity_kind"], entities["entity"], strict=True), entities["name_zh"], strict=True))
    names |= {("feed", feed): name for feed, name in zip(feeds["feed"], feeds["name_zh"], strict=True)}
    units = readings.published(settings, snapshot, "indicators").set_index("indicator")[["unit", "precision"]]
    keys = list(zip(frame["entity_kind"], frame["entity"], strict=True))
    known = frame.join(units, on="indicator")
    frame = frame.assign(
        entity_name=pd.Series([names.get(key) for key in keys], index=frame.index, dtype=object),
        text=pd.Series(list(map(_printed, known["value"], known["precision"], known["unit"])), index=frame.index, dtype=object),
        as_of=snapshot.as_of.isoformat(), provenance=snapshot.city["provenance"], snapshot=snapshot.id,
    )  # fmt: skip
    order = frame["fired_at"].fillna(frame["pending_since"])
    return frame.assign(order=order).sort_values(["order", "alert"], ascending=[False, True], ignore_index=True)[list(SHOWN_COLUMNS)]


def transitions(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *,
    alert: str | None = None, indicator: str | None = None, entity_kind: str | None = None, entity: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return what was said (LOG_COLUMNS) in order of saying: `start` is the period, `said_at` the clock of the refresh that said it.

    `course` of what fired: the figures that it rested on as they were known then, JSON [[start, value], ...]; null where nothing was kept.
    """
    frame = _of(settings, snapshot, scope, "transitions", LOG_COLUMNS[:-1], indicator=indicator, entity_kind=entity_kind, entity=entity)
    if alert:
        frame = frame[frame["alert"] == alert]
    levels = {name: frame[name].map(_LEVELS) for name in ("level", "was")}
    return frame.assign(**levels, snapshot=snapshot.id).sort_values("number", ignore_index=True)


def timeline(
    settings: Settings, snapshot: Snapshot, scope: Scope = EVERYTHING, *,
    indicator: str | None = None, entity_kind: str | None = None, entity: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the spells in breach (SPELL_COLUMNS) by what is known now; without `fired` one was never confirmed."""
    frame = _of(settings, snapshot, scope, "timeline", SPELL_COLUMNS[:-1], indicator=indicator, entity_kind=entity_kind, entity=entity)
    return frame.assign(level=frame["level"].map(_LEVELS), snapshot=snapshot.id).reset_index(drop=True)


def rules(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the rules of the city (RULE_COLUMNS) with what a trial of the version in force came to; a rule without one is a draft."""
    if not readings.files(settings, snapshot, "rules"):  # an older version published it
        return pd.DataFrame(columns=list(RULE_COLUMNS))
    return readings.published(settings, snapshot, "rules")


def rule_text(settings: Settings, snapshot: Snapshot, digest: str) -> str | None:
    """Return a version of a rule as JSON, by the keys of its grammar; None where no snapshot of this one's kind has it."""
    if not readings.files(settings, snapshot, "rule_versions"):
        return None
    frame = readings.published(settings, snapshot, "rule_versions")
    return next(iter(frame.loc[frame["digest"] == digest, "spec"]), None)


def _printed(value: float, precision: float, unit: str) -> str | None:
    return None if pd.isna(precision) else readings.printed(value, int(precision), unit)


def _of(
    settings: Settings, snapshot: Snapshot, scope: Scope, table: str, columns: tuple[str, ...], **only: str | None
) -> pd.DataFrame:  # fmt: skip
    """Return the rows of a part that are asked for and may be seen; none where an older version published the snapshot."""
    if not readings.files(settings, snapshot, table):
        return pd.DataFrame(columns=list(columns))
    frame = readings.published(settings, snapshot, table).reindex(columns=list(columns))  # an older version kept fewer
    for column, value in only.items():
        frame = frame[frame[column] == value] if value else frame
    return frame[frame["entity"].isin(scope.entities)] if scope.entities else frame
