"""What rules on feeds see: who is late or missing, and whose quality is low. Judged at the clock of a refresh, not at a watermark.

An identity is a rule and a feed (entity kind `feed`); no indicator. A feed that owes nothing now is fine; one that is due and not yet
late says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data import readings
from data.freshness import FeedState
from data.quality import LAST
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.alerts import Counts, Evidence
from indicators.observing import KEY, Watched
from indicators.rule import Rule
from indicators.watching import RANKS

FEED = "feed"
MOMENT = "moment"  # the grain of what is judged at a clock
_FINE = {FeedState.ON_TIME.value, FeedState.UNEXPECTED.value, FeedState.NOT_DUE.value}
_WORSE = {
    FeedState.LATE.value: "late", FeedState.PARTIAL.value: "partial",
    FeedState.MISSING.value: "missing", FeedState.REFUSED.value: "missing",
}  # fmt: skip
_MONTH = "2015-11"  # the form of the spans that are months


def feed_keys(rule: Rule, feeds: list[str]) -> pd.DataFrame:
    """Return the identities (KEY) of a rule on feeds."""
    named = rule.when and ((rule.when.feed and rule.when.feed.feeds) or (rule.when.quality and rule.when.quality.feeds))
    kept = [feed for feed in feeds if not named or feed in named]
    return pd.DataFrame({"indicator": "", "entity_kind": FEED, "entity": kept}, columns=KEY)


def feeds_now(rule: Rule, keys: pd.DataFrame, states: pd.DataFrame, rated: pd.DataFrame) -> Watched:
    """Return what a rule sees of feeds at one moment: `states` has feed and state, `rated` feed, span, dimension and score."""
    if rule.when and rule.when.quality:
        mine = rated[(rated["span"] == LAST) & (rated["dimension"] == rule.when.quality.dimension)]
        scores = mine.drop_duplicates("feed").set_index("feed")["score"].reindex(keys["entity"])
        return _watched(rule, keys, [_rated(rule, score) for score in scores.to_numpy(dtype=float, na_value=np.nan)])
    state = states.drop_duplicates("feed").set_index("feed")["state"].reindex(keys["entity"])
    return _watched(rule, keys, [_stood(rule, one) for one in state])


def feeds_seen(
    settings: Settings, snapshot: Snapshot, rule: Rule, start: datetime, end: datetime
) -> Iterator[tuple[pd.DataFrame, list[datetime], Watched]]:
    """Yield identities, days and what the rule sees of them, from the deliveries or the monthly ratings that a snapshot keeps."""
    names = readings.feeds(settings, snapshot).set_index("feed")["name_zh"]
    keys = feed_keys(rule, list(names.index))
    days = pd.date_range(start, end - timedelta(days=1), freq="D")
    if rule.when and rule.when.quality:
        rated = readings.published(settings, snapshot, "quality")
        rated = rated[(rated["span"].str.len() == len(_MONTH)) & (rated["dimension"] == rule.when.quality.dimension)]
        ends = pd.to_datetime(rated["end"]) - timedelta(days=1)
        said = {
            (feed, day): _rated(rule, score) for feed, day, score in zip(rated["feed"], ends.dt.normalize(), rated["score"], strict=True)
        }
    else:
        due = readings.published(settings, snapshot, "deliveries")
        due = due[due["table"] == ""]
        said = {
            (feed, day): _stood(rule, state)
            for feed, day, state in zip(due["feed"], pd.to_datetime(due["due_on"]), due["state"], strict=True)
        }
    rows = [_watched(rule, keys, [said.get((feed, day), (Evidence.NONE, 0)) for feed in keys["entity"]]) for day in days]
    if rows and len(keys):
        arrays = (np.vstack([getattr(one, name) for one in rows]) for name in ("evidence", "level", "breaches"))
        whole = Watched(keys, np.full(len(keys), -1), *arrays)
        yield keys.assign(entity_name=names.reindex(keys["entity"]).to_numpy()), [day.to_pydatetime() for day in days], whole


def _watched(rule: Rule, keys: pd.DataFrame, told: list[tuple[Evidence, int]]) -> Watched:
    evidence: Counts = np.array([[int(one) for one, _ in told]], dtype=np.int64)
    level: Counts = np.array([[rank for _, rank in told]], dtype=np.int64)
    return Watched(keys, np.full(len(keys), -1), evidence, level, level >= RANKS[rule.least])


def _stood(rule: Rule, state: Any) -> tuple[Evidence, int]:
    """Return what the state of a feed says."""
    watched = rule.when.feed if rule.when else None
    if watched and state in _WORSE:
        level = getattr(watched, _WORSE[state])
        return Evidence.SEEN, RANKS[level] if level else 0
    return (Evidence.SEEN, 0) if state in _FINE else (Evidence.NONE, 0)


def _rated(rule: Rule, score: float | None) -> tuple[Evidence, int]:
    """Return what a score says; below a line it has the level of that line."""
    lines = rule.when.quality.levels.said if rule.when and rule.when.quality else []
    if score is None or np.isnan(score):
        return Evidence.NONE, 0
    return Evidence.SEEN, max((rank for rank, line in lines if score < line), default=0)
