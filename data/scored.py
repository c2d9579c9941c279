"""Reads the scores of a snapshot, and why each moved, as frames."""

from __future__ import annotations

import pandas as pd

from data import readings
from data.settings import Settings
from data.snapshots import Snapshot

SCORE_COLUMNS = (
    "scheme", "version", "entity_kind", "entity", "grain", "start", "period", "node", "score", "coverage", "signs",
    "signs_known", "n", "state", "grade", "rank", "rank_low", "rank_high", "band", "score_low", "score_high", "capped_by", "listed",
)  # fmt: skip
MOVE_COLUMNS = ("scheme", "entity_kind", "entity", "grain", "start", "period", "against", "node", "indicator", "factor", "points")
SCHEME_COLUMNS = ("scheme", "name_zh", "name_en", "kind", "grain", "body")
WHOLE = "index"


def scores(
    settings: Settings,
    snapshot: Snapshot,
    scope: readings.Scope = readings.EVERYTHING,
    *,
    scheme: str | None = None,
    entity: str | None = None,
    period: str | None = None,
    node: str | None = WHOLE,
) -> pd.DataFrame:
    """Return scores (SCORE_COLUMNS and `entity_name`, `text`, `snapshot`) by scheme, unit and time; `node` None: of every node.

    A score is points of 100, printed at two decimals as `text`. `state` is ok, small_sample (a score for reference, no rank),
    insufficient (too little of what was due is known) or no_data (nothing was due).
    """
    frame = _kept(settings, snapshot, scope, "scores", scheme=scheme, entity=entity, period=period, node=node)
    names = readings.entities(settings, snapshot).drop_duplicates("entity").set_index("entity")["name_zh"]
    text = pd.Series([readings.printed(score, 2, "") for score in frame["score"]], index=frame.index, dtype=object)
    return frame.assign(entity_name=frame["entity"].map(names), text=text, snapshot=snapshot.id)


def moves(
    settings: Settings,
    snapshot: Snapshot,
    scope: readings.Scope = readings.EVERYTHING,
    *,
    scheme: str | None = None,
    entity: str | None = None,
    period: str | None = None,
) -> pd.DataFrame:
    """Return what moved the score of the whole since the period before, by sign and factor (MOVE_COLUMNS, and `text`).

    The `points` of a unit and period sum to the change of its score before rounding.
    """
    frame = _kept(settings, snapshot, scope, "moves", scheme=scheme, entity=entity, period=period)
    return frame.assign(text=pd.Series([readings.printed(points, 2, "") for points in frame["points"]], index=frame.index, dtype=object))


def schemes(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the schemes in force (SCHEME_COLUMNS).

    `body` is the whole as JSON, with the `names` of its nodes and, of each edition, the `shares` of nodes and signs among
    their siblings, both by path.
    """
    if not readings.files(settings, snapshot, "schemes"):  # an older version published it
        return pd.DataFrame(columns=list(SCHEME_COLUMNS))
    return readings.published(settings, snapshot, "schemes")


def _kept(settings: Settings, snapshot: Snapshot, scope: readings.Scope, table: str, **only: str | None) -> pd.DataFrame:
    columns = {"scores": SCORE_COLUMNS, "moves": MOVE_COLUMNS}[table]
    if not readings.files(settings, snapshot, table):
        return pd.DataFrame(columns=list(columns))
    frame = readings.published(settings, snapshot, table)
    for name, wanted in only.items():
        if wanted is not None:
            frame = frame[frame[name] == wanted]
    if scope.entities:
        frame = frame[frame["entity"].isin(scope.entities)]
    return frame.sort_values(["scheme", "start", "entity_kind", "entity", "node"], ignore_index=True)
