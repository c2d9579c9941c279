"""The identities of one grain: of the rules in force all, of older versions those whose alerts are open; and what they are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data import periods
from indicators.alertlog import standing_of
from indicators.alerts import Flags, Standing, Terms, Times
from indicators.definition import Catalogue
from indicators.observing import KEY, VIEW, Watched, identities, lay, observe
from indicators.ruleset import Rules

NAMES = ["digest", *KEY]
Marks = Mapping[str, datetime | None]


class Watchlist:
    """`keys` (digest, rule, version and KEY), a row an identity, known by its place; `in_force` marks those of rules of now."""

    def __init__(self, con: duckdb.DuckDBPyConnection, catalogue: Catalogue, rules: Rules, grain: str) -> None:
        """Find who is there."""
        self.con, self.catalogue, self.rules, self.grain = con, catalogue, rules, grain
        names = [name for name, one in catalogue.definitions.items() if grain in one.grains]
        self.signs = con.execute(
            f"SELECT DISTINCT {', '.join(KEY)} FROM signs WHERE grain = ? AND list_contains(?::VARCHAR[], indicator) ORDER BY ALL",
            [grain, names],
        ).df()
        self.carried = con.execute("SELECT * FROM standing WHERE track = 'said' AND grain = ?", [grain]).df()
        self.keys, self.columns = self._identities()
        self.in_force: Flags = self.keys["digest"].isin(list(rules.now)).to_numpy(bool)
        self.is_new: Flags = self.keys["digest"].isin(list(rules.new)).to_numpy(bool)

    def _identities(self) -> tuple[pd.DataFrame, dict[str, Any]]:
        """Return the keys, and by digest which of the identities that a rule sees they are."""
        found, columns = [], {}
        for digest, rule in self.rules.every.items():
            keys = pd.DataFrame() if rule.watches_feeds else identities(rule, self.catalogue, self.grain, self.signs)[0]
            if keys.empty:
                continue
            columns[digest] = np.arange(len(keys))
            if digest in self.rules.older:
                open_ones = pd.MultiIndex.from_frame(self.carried.loc[self.carried["digest"] == digest, KEY])
                columns[digest] = np.flatnonzero(pd.MultiIndex.from_frame(keys[KEY]).isin(open_ones))
            found.append(keys.iloc[columns[digest]].assign(rule=rule.rule, digest=digest, version=rule.version))
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["rule", "version", *NAMES]), columns

    def watched(self, starts: list[datetime], replaced: pd.DataFrame | None = None) -> Watched:
        """Return what the rules see of periods in a row; `replaced` are signs that stand in place of those of now."""
        lookback = max((rule.when.lookback for rule in self.rules.every.values() if rule.when), default=0)
        back = periods.step(starts[0], self.grain, -lookback)
        laid_from = [*periods.spine(back, starts[0], self.grain), *starts]
        frame = self.con.execute(
            f"SELECT {', '.join((*KEY, 'start', *VIEW))} FROM signs WHERE grain = ? AND start BETWEEN ? AND ?",
            [self.grain, back, starts[-1]],
        ).df()
        if replaced is not None:
            frame = pd.concat([replaced[frame.columns], frame], ignore_index=True).drop_duplicates([*KEY, "start"])
        laid = lay(frame, self.grain, self.signs, laid_from)
        views = [(columns, observe(self.rules.every[digest], self.catalogue, laid)) for digest, columns in self.columns.items()]
        evidence, level, breaches = (
            np.concatenate([getattr(view, name)[len(laid_from) - len(starts) :, columns] for columns, view in views], axis=1)
            for name in ("evidence", "level", "breaches")
        )
        return Watched(self.keys, np.concatenate([view.sign[columns] for columns, view in views]), evidence, level, breaches)

    def terms(self) -> Terms:
        """Return the terms of each identity."""
        each = [self.rules.every[digest].terms(len(columns)) for digest, columns in self.columns.items()]
        return Terms(*(np.concatenate([getattr(one, name.name) for one in each]) for name in fields(Terms)))

    def judged(self) -> Times:
        """Return the last period that each identity has been judged for, never where there was none; of an older rule, its own."""
        rows = self.con.execute("SELECT digest, indicator, judged FROM judged WHERE grain = ?", [self.grain]).fetchall()
        known = {(digest, indicator): judged for digest, indicator, judged in rows}
        carried = {tuple(row[:-1]): row[-1] for row in self.carried[[*NAMES, "judged"]].itertuples(index=False, name=None)}
        found = [
            known.get((key[0], key[1])) if key[0] in self.rules.now else carried.get(key)
            for key in self.keys[NAMES].itertuples(index=False, name=None)
        ]
        return np.array(found, dtype="datetime64[us]")

    def until(self, marks: Marks) -> Times:
        """Return the last whole period before the watermark of each identity, of several signs the least; never without one."""
        last: dict[tuple[str, str], datetime | None] = {}
        for digest, indicator in self.keys[["digest", "indicator"]].drop_duplicates().itertuples(index=False, name=None):
            when = self.rules.every[digest].when
            named = [marks.get(name) for name in (when.together.of if when and when.together else (indicator,))]
            told = [mark for mark in named if mark is not None]
            whole = len(told) == len(named)
            last[digest, indicator] = periods.step(periods.floor(min(told), self.grain), self.grain, -1) if whole else None
        found = [last[key] for key in self.keys[["digest", "indicator"]].itertuples(index=False, name=None)]
        return np.array(found, dtype="datetime64[us]")

    def masked(self, is_up: Flags) -> Flags:
        """Return which identities stay silent, since an alert that an older version of their rule has raised is still open (`is_up`)."""
        named = pd.MultiIndex.from_frame(self.keys[["rule", *KEY]])
        return np.asarray(named.isin(named[~self.in_force & is_up])) & self.in_force

    def standing(self, rows: pd.DataFrame) -> Standing:
        """Return how the identities stand by rows of the table of that name; those without a row are at rest."""
        places, rows = self.placed(rows)
        return standing_of(len(self.keys), places, rows)

    def placed(self, rows: pd.DataFrame) -> tuple[Any, pd.DataFrame]:
        """Return the places of the identities that rows speak of, and those rows."""
        places = pd.MultiIndex.from_frame(self.keys[NAMES]).get_indexer(pd.MultiIndex.from_frame(rows[NAMES]))
        return places[places >= 0], rows[places >= 0]

    def gone(self) -> pd.DataFrame:
        """Return the rows that stood and speak of nobody any more: the sign, the entity or its kind is not watched."""
        there = pd.MultiIndex.from_frame(self.keys[NAMES])
        return self.carried[~pd.MultiIndex.from_frame(self.carried[NAMES]).isin(there)].reset_index(drop=True)
