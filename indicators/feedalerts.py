"""Raises alerts on feeds at the clock of a refresh. They have no timeline: how a feed stood at a moment is not recomputed."""

from __future__ import annotations

from datetime import datetime

import duckdb
import numpy as np
import pandas as pd

from indicators.alertlog import keep, standing_frame, standing_of
from indicators.alerts import AlertState, Transition, step
from indicators.feedwatch import MOMENT, feed_keys, feeds_now
from indicators.observing import KEY
from indicators.ruleset import Rules
from indicators.saying import Log, Said


def raise_feeds(con: duckdb.DuckDBPyConnection, rules: Rules, states: pd.DataFrame, rated: pd.DataFrame, now: datetime, log: Log) -> None:
    """Judge every feed at `now`, once a moment: `states` has feed and state, `rated` feed, dimension and score of the last 28 days."""
    carried = con.execute("SELECT * FROM standing WHERE track = 'said' AND grain = ?", [MOMENT]).df()
    con.execute("DELETE FROM standing WHERE grain = ?", [MOMENT])
    names = list(dict.fromkeys(states["feed"])) if len(states) else []
    still = pd.Series(np.zeros(len(carried), dtype=bool), index=carried.index)
    for digest, rule in rules.every.items():
        keys = feed_keys(rule, names) if rule.watches_feeds else pd.DataFrame()
        mine = carried[carried["digest"] == digest]
        if digest in rules.older:
            keys = keys[keys["entity"].isin(mine["entity"])].reset_index(drop=True) if len(keys) else keys
        else:  # an alert that an older version has raised goes on under that
            older = carried.loc[(carried["rule"] == rule.rule) & (carried["digest"] != digest), "entity"]
            keys = keys[~keys["entity"].isin(older)].reset_index(drop=True) if len(keys) else keys
        if keys.empty:
            continue
        keys = keys.assign(rule=rule.rule, digest=digest, version=rule.version)
        places = pd.Index(keys["entity"]).get_indexer(pd.Index(mine["entity"]))
        kept = mine[places >= 0]
        still[kept.index] = True
        standing = standing_of(len(keys), places[places >= 0], kept)
        alerts: list[str | None] = [None] * len(keys)
        for place, alert in zip(places[places >= 0].tolist(), kept["alert"], strict=True):
            alerts[place] = alert
        said = Said(log, MOMENT, keys, standing, alerts)
        if kept["judged"].max() != now or kept.empty:
            standing, happened = step(rule.terms(len(keys)), standing, feeds_now(rule, keys, states, rated).at(0), now)
            said.happened([(now, one) for one in happened], np.ones(len(keys), dtype=bool))
        up = np.flatnonzero(standing.state != AlertState.INACTIVE)
        rows = pd.concat([keys.iloc[up][["rule", "digest", *KEY]].reset_index(drop=True), standing_frame(standing, up)], axis=1)
        opened = pd.Series([said.alerts[place] for place in up], dtype=object)
        keep(con, "standing", rows.assign(track="said", grain=MOMENT, alert=opened, judged=now))
    _end(con, carried[~still].reset_index(drop=True), now, log)


def _end(con: duckdb.DuckDBPyConnection, gone: pd.DataFrame, now: datetime, log: Log) -> None:
    """End alerts on feeds that the city has no more, or that no rule watches."""
    if gone.empty:
        return
    versions = dict(con.execute("SELECT digest, version FROM rule_versions").fetchall())
    keys = gone.assign(version=gone["digest"].map(versions))
    said = Said(log, MOMENT, keys, standing_of(len(gone), np.arange(len(gone)), gone), list(gone["alert"]))
    for place, (level, since) in enumerate(gone[["level", "since"]].itertuples(index=False, name=None)):
        said.say(place, Transition.ENDED.value, now, 0, level, since=since, reason="definition")
