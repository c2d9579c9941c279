"""What a snapshot keeps of alerts: each alert as it stands (a fold over the log), the log, the timeline, the rules and their trials."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from data import alerted
from data.contract import Contract
from data.register import Reference
from indicators.alertlog import STATEFUL, TIMELINE_COLUMNS, TRANSITION_COLUMNS
from indicators.alerts import Transition
from indicators.backtested import Trial
from indicators.definition import LEVELS, Catalogue, Definition
from indicators.feedwatch import FEED, MOMENT
from indicators.rule import Rule
from indicators.saying import REVISED
from indicators.timeline import ENDINGS

MAINTENANCE = "maintenance"
_FIRING, _RECOVERING, _RESOLVED = "firing", "recovering", "resolved"
_STATES = {Transition.PENDING: "pending", Transition.FIRED: _FIRING, Transition.RELAPSED: _FIRING, Transition.RECOVERING: _RECOVERING}
_STATES |= dict.fromkeys(map(Transition, ENDINGS), _RESOLVED)
_WHERE = {
    "timeline": f"SELECT {', '.join(f'{chr(34)}{name}{chr(34)}' for name in TIMELINE_COLUMNS)} FROM timeline ORDER BY ALL",
    "transitions": f"SELECT {', '.join(f'{chr(34)}{name}{chr(34)}' for name in TRANSITION_COLUMNS)} FROM transitions ORDER BY number",
}


def alert_tables() -> dict[str, str]:
    """Return the queries of the parts that are taken from the warehouse as they are."""
    return {table: _WHERE.get(table, f"SELECT * FROM {table} ORDER BY ALL") for table in ("timeline", *STATEFUL)}


def rule_frame(rules: Mapping[str, Rule], trials: Mapping[str, Trial]) -> pd.DataFrame:
    """Return the rules (RULE_COLUMNS of `data.alerted`), with the trial of the version in force; without one a rule is a draft."""
    rows = []
    for name, rule in rules.items():
        trial = trials.get(name)
        stands = trial is not None and trial.digest == rule.digest
        kept = trial.model_dump(include=set(alerted.TRIAL_COLUMNS.values())) if trial and stands else {}
        rows.append({
            "rule": name, "name_zh": rule.name.zh, "name_en": rule.name.en or rule.name.zh, "version": rule.version, "digest": rule.digest,
            "speaks": stands, "watches": rule.when.kind if rule.when else "level", "kinds": ";".join(rule.kinds), "least": rule.least,
            "least_watch": rule.least_watch, "confirm": rule.confirm, "at_once": rule.at_once or "", "keep": rule.keep,
            **{column: kept.get(name) for column, name in alerted.TRIAL_COLUMNS.items()},
        })  # fmt: skip
    return pd.DataFrame(rows, columns=list(alerted.RULE_COLUMNS))


def alert_frame(
    con: duckdb.DuckDBPyConnection, rules: Mapping[str, Rule], catalogue: Catalogue, contracts: Mapping[str, Contract], reference: Reference
) -> pd.DataFrame:
    """Return every alert that is pending, was raised, or was raised and is over (ALERT_COLUMNS of `data.alerted`)."""
    frame = con.execute(_ALERTS).df()
    state = frame["state_kind"].map({kind.value: state for kind, state in _STATES.items()})
    names = dict(enumerate(("normal", *LEVELS)))
    frame = frame.assign(state=state, level=frame["level"].map(names), highest=frame["highest"].map(names))
    frame = frame[(state != _RESOLVED) | frame["fired_at"].notna()].reset_index(drop=True)
    late = {tuple(row) for row in con.execute(_UNTOLD).fetchall()}
    is_open = frame["state"] != _RESOLVED
    frame["resolved_at"] = frame["resolved_at"].mask(is_open)
    keys = list(frame[["indicator", "entity_kind", "entity", "grain"]].itertuples(index=False, name=None))
    frame["unconfirmed"] = is_open & (frame["unconfirmed"] | pd.Series([key in late for key in keys], index=frame.index, dtype=bool))
    down = frame[is_open & (frame["entity_kind"] == FEED) & (frame["state"] != "pending")]
    around = _Around(rules, catalogue, contracts, reference, dict(zip(down["entity"], down["alert"], strict=True)))
    rows = [around.of(row) for row in frame.to_dict("records")]
    return frame.join(pd.DataFrame(rows, columns=["owner", "feeds", "inhibited_by", "muted_by"], index=frame.index, dtype=object))


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds an alert: who works it, the feeds that it rests on, the alert on one of them (`down`), maintenance."""

    rules: Mapping[str, Rule]
    catalogue: Catalogue
    contracts: Mapping[str, Contract]
    reference: Reference
    down: Mapping[str, str]

    def of(self, row: Mapping[Hashable, Any]) -> tuple[str, str, str | None, str | None]:
        """Return (owner, feeds, inhibited_by, muted_by) of an alert."""
        names = {one.entity: one.name_zh for one in self.reference.entities}
        rule, entity, one = self.rules.get(row["rule"]), row["entity"], self.catalogue.definitions.get(row["indicator"])
        if row["entity_kind"] == FEED:
            departments = (self.contracts[entity].department,) if entity in self.contracts else ()
            owner = (rule.owner if rule else ()) or departments
            return "、".join(names.get(code, code) for code in owner), entity, None, None
        feeds = sorted(self.catalogue.feeds_of(one.name)) if one else []
        owner = (rule.owner if rule else ()) or (one.spec.owner if one else ())
        by = next((self.down[feed] for feed in feeds if feed in self.down), None) if row["state"] != _RESOLVED else None
        muted = _muted(self.reference, one, entity, row["pending_since"].date()) if one else None
        return "、".join(names.get(code, code) for code in owner), ";".join(feeds), by, muted


def _muted(reference: Reference, one: Definition, entity: str, day: date) -> str | None:
    """Return the maintenance that an alert began in: it is told, and nobody is called for it."""
    for note in reference.annotations.annotations:
        is_then = note.kind == MAINTENANCE and note.span[0] <= day <= note.span[1]
        if is_then and note.is_of(one.name, one.domain) and note.is_at(entity, reference.wider):
            return note.annotation
    return None


_ENDED = ", ".join(f"'{kind}'" for kind in sorted(ENDINGS))
_OF_STATE = ", ".join(f"'{kind.value}'" for kind in _STATES)
_ALERTS = f"""
SELECT alert, any_value(rule) AS rule, arg_max(version, number) AS version, any_value(indicator) AS indicator,
  any_value(entity_kind) AS entity_kind, any_value(entity) AS entity, any_value(grain) AS grain, min(since) AS pending_since,
  min(start) FILTER (kind = 'fired') AS fired_at, min(said_at) FILTER (kind = 'fired') AS said_at,
  arg_max(start, number) FILTER (kind IN ({_ENDED})) AS resolved_at,
  arg_max(kind, number) FILTER (kind IN ({_OF_STATE})) AS state_kind,
  coalesce(arg_max(level, number) FILTER (kind IN ('pending', 'fired', 'raised', 'lowered')), 0) AS level, max(level) AS highest,
  coalesce(arg_max(kind, number) FILTER (kind IN ('unconfirmed', 'confirmed')) = 'unconfirmed', false) AS unconfirmed,
  arg_max(value, number) FILTER (kind IN ('fired', 'raised', 'lowered')) AS value,
  arg_max(start, number) FILTER (kind IN ('fired', 'raised', 'lowered')) AS value_at,
  arg_min(definition_version, number) AS definition_version,
  coalesce(bool_or(is_late) FILTER (kind = 'fired'), false) AS is_late, count(*) FILTER (kind = '{REVISED}') AS revised
FROM transitions WHERE alert IS NOT NULL GROUP BY alert ORDER BY pending_since, rule, indicator, entity_kind, entity
"""  # fmt: skip
# Periods that are over and of which nothing has come: what an alert says has not been confirmed by them.
_UNTOLD = f"""
SELECT DISTINCT s.indicator, s.entity_kind, s.entity, s.grain FROM signs s
JOIN (SELECT indicator, grain, max(judged) AS judged FROM judged WHERE grain <> '{MOMENT}' GROUP BY ALL) j USING (indicator, grain)
WHERE s.start > j.judged AND s.state = 'late'
"""
