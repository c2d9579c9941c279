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
POINT_COLUMNS = (
    "scheme", "entity_kind", "entity", "grain", "start", "period", "indicator", "value", "anchors", "goalposts", "due", "alarmed",
)  # fmt: skip
SENSITIVITY_COLUMNS = (
    "scheme", "entity_kind", "grain", "start", "period", "factor", "first", "first_error", "total", "total_error", "shift", "runs",
)  # fmt: skip
SCHEME_COLUMNS = ("scheme", "name_zh", "name_en", "kind", "grain", "body")
WHOLE = "index"
_COLUMNS = {"scores": SCORE_COLUMNS, "moves": MOVE_COLUMNS, "points": POINT_COLUMNS, "sensitivity": SENSITIVITY_COLUMNS}


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


def points(
    settings: Settings,
    snapshot: Snapshot,
    scope: readings.Scope = readings.EVERYTHING,
    *,
    scheme: str | None = None,
    entity: str | None = None,
    period: str | None = None,
) -> pd.DataFrame:
    """Return what each sign brings to a scheme (POINT_COLUMNS, and `snapshot`): its points of 100 by either way to give them.

    Signs without points that were not due are left out. `alarmed`: it stands at the level of the cap.
    """
    return _kept(settings, snapshot, scope, "points", scheme=scheme, entity=entity, period=period).assign(snapshot=snapshot.id)


def sensitivity(
    settings: Settings, snapshot: Snapshot, scope: readings.Scope = readings.EVERYTHING, *, scheme: str | None = None
) -> pd.DataFrame:
    """Return which choice matters to the ranks of a scheme in its newest period (SENSITIVITY_COLUMNS, `text`), the strongest first.

    `factor`: the path of a weight right below the whole, `normalise`, `mean` or `sampling`. `first` and `total` are Sobol's indices of the
    average shift in rank, each with the half-width of its 95 % interval; `shift` is the mean of that shift over `runs`.
    """
    frame = _kept(settings, snapshot, scope, "sensitivity", scheme=scheme)
    return frame.assign(text=total_text(frame)).sort_values(["scheme", "total", "factor"], ascending=[True, False, True], ignore_index=True)


def total_text(frame: pd.DataFrame) -> pd.Series[str]:
    """Return `total` with the half-width of its interval, as it is printed."""
    said = zip(frame["total"], frame["total_error"], strict=True)
    texts = [" ± ".join(readings.printed(number, 2, "") or "" for number in pair) for pair in said]
    return pd.Series(texts, index=frame.index, dtype=object)


def schemes(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the schemes in force (SCHEME_COLUMNS).

    `body` is the whole as JSON, with the `names` of its nodes and, of each edition, the `shares` of nodes and signs among
    their siblings, both by path.
    """
    if not readings.files(settings, snapshot, "schemes"):  # an older version published it
        return pd.DataFrame(columns=list(SCHEME_COLUMNS))
    return readings.published(settings, snapshot, "schemes")


def _kept(settings: Settings, snapshot: Snapshot, scope: readings.Scope, table: str, **only: str | None) -> pd.DataFrame:
    columns = _COLUMNS[table]
    if not readings.files(settings, snapshot, table):
        return pd.DataFrame(columns=list(columns))
    frame = readings.published(settings, snapshot, table)
    for name, wanted in only.items():
        if wanted is not None:
            frame = frame[frame[name] == wanted]
    if scope.entities and "entity" in frame:
        frame = frame[frame["entity"].isin(scope.entities)]
    within = ["scheme", "start", "entity_kind", "entity", "indicator" if table == "points" else "node"]
    return frame.sort_values([name for name in within if name in frame], ignore_index=True)
