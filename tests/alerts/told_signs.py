"""Signs as the warehouse holds them, told and retold day by day, and the alerts that a rule raises on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from data.settings import Settings
from indicators.alertlog import furnish, set_aside
from indicators.alerts import Evidence, Observed, Standing, run
from indicators.definition import Catalogue
from indicators.raising import raise_alerts
from indicators.rule import SERIES, Rule
from indicators.ruleset import rules_in_force
from indicators.saying import Log
from indicators.signs import SIGNS
from indicators.watching import RANKS

FIRST = datetime(2024, 4, 1)
SIGN, KIND = "repairs_open", "district"
_STATES = {Evidence.SEEN: "ok", Evidence.NONE: "no_data", Evidence.ERROR: "error", Evidence.ENDED: "out_of_season"}
_LEVELS = {rank: level for level, rank in RANKS.items()}


def rule(**more: object) -> Rule:
    """Return a rule on the sign of the small city, by the day."""
    terms = {
        "rule": "r",
        "name": {"zh": "规"},
        "indicators": [SIGN],
        "kinds": [KIND],
        "grain": "day",
        "confirm": 2,
        "keep": 1,
        "version": 1,
    }
    return Rule.model_validate(terms | {"cases": [{"says": {"zh": "例"}, "series": "n", "states": "."}]} | more)


@dataclass(slots=True)
class Told:
    """A warehouse with nothing in it but signs of some entities, each a series of letters (`indicators.rule.SERIES`)."""

    catalogue: Catalogue
    var: Path
    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    series: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay what alerts look into."""
        self.con.execute(SIGNS)
        self.con.execute('CREATE TABLE computed ("drop" VARCHAR); CREATE TABLE ledger ("drop" VARCHAR, arrived_at TIMESTAMP)')
        self.con.execute('CREATE TABLE coverage (feed VARCHAR, "drop" VARCHAR, covers_from TIMESTAMP, covers_to TIMESTAMP)')

    def refresh(self, series: Mapping[str, str], rules: list[Rule], at: datetime) -> None:
        """Have the signs say `series` (day by day from FIRST) and bring alerts up to them."""
        self.con.execute("BEGIN")
        furnish(self.con, Settings(self.var, self.var))
        for entity, letters in series.items():
            before = self.series.get(entity, "")
            first = next((day for day, (old, new) in enumerate(zip(before, letters, strict=False)) if old != new), len(before))
            since = FIRST + timedelta(days=first)
            set_aside(self.con, "entity = ? AND start >= ?", [entity, since])
            self.con.execute("DELETE FROM signs WHERE entity = ? AND start >= ?", [entity, since])
            for day, letter in list(enumerate(letters))[first:]:
                evidence, rank = SERIES[letter]
                level = _LEVELS[rank] if evidence is Evidence.SEEN else None
                self.con.execute(
                    "INSERT INTO signs (indicator, entity_kind, entity, grain, start, level, state, value)"
                    " VALUES (?, ?, ?, 'day', ?, ?, ?, ?)",
                    [SIGN, KIND, entity, FIRST + timedelta(days=day), level, _STATES[evidence], float(rank)],
                )
            self.series[entity] = letters
        log = Log(self.con, lambda *_: at)
        marks = {SIGN: FIRST + timedelta(days=max(map(len, self.series.values())))}
        raise_alerts(self.con, self.catalogue, rules_in_force(self.con, rules), marks, log, anew=False)
        log.keep()
        self.con.execute("COMMIT")

    def said(self, *kinds: str) -> list[tuple[str, str, datetime, int]]:
        """Return (entity, kind, period, level) of what was said, in order; of some kinds, or of all."""
        rows = self.con.execute("SELECT entity, kind, start, level FROM transitions ORDER BY number").fetchall()
        return [row for row in rows if not kinds or row[1] in kinds]

    def timeline(self) -> list[tuple[object, ...]]:
        """Return the spells."""
        return self.con.execute('SELECT entity, since, fired, "over", ending, level FROM timeline ORDER BY ALL').fetchall()


def expected(one: Rule, series: Mapping[str, str]) -> pd.DataFrame:
    """Return what the state machine makes of each series by itself: entity, at, kind, level."""
    found = []
    for entity, letters in series.items():
        periods = []
        for day, letter in enumerate(letters):
            evidence, rank = SERIES[letter]
            frame = pd.Series([rank]).to_numpy()
            breaches = frame >= RANKS[one.least]
            periods.append((FIRST + timedelta(days=day), Observed(pd.Series([int(evidence)]).to_numpy(), frame, breaches, breaches)))
        _, told = run(one.terms(1), Standing.new(1), periods)
        found.append(told.assign(entity=entity))
    return pd.concat(found, ignore_index=True)
