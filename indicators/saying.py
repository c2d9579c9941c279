"""Says what happened to alerts: the log that only grows. Holds what has been said against what is known where a correction parted them.

Said and known agree until a correction changes a period that was judged. Then each changed period is said (`revised`), a breach found
late is said late, and an alert that had been raised stays up although the past no longer holds it, until it ends by itself or a
person closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from indicators.alertlog import TRANSITION_COLUMNS, alert_id, keep
from indicators.alerts import AlertState, Flags, Happened, Standing, Transition
from indicators.observing import KEY
from indicators.replayed import SaidAt
from indicators.timeline import ENDINGS, Spell

Told = Callable[[int, Spell], bool]
# What an alert that fires rests on, as it is known when that is said: the figures of its last periods, [[start, value], ...] as JSON.
# Corrections come later; the log keeps what was before the eyes of those who said it.
COURSE_PERIODS = 21
_COURSES = f"""
CREATE OR REPLACE TEMP TABLE courses AS
WITH near AS (
  SELECT r.number, s.start, s.value FROM said_rows r
  JOIN signs s ON {" AND ".join(f"s.{key} = r.{key}" for key in (*KEY, "grain"))}
   AND s.start <= r.start AND s.start > r.start - {COURSE_PERIODS} * CASE r.grain
    WHEN 'hour' THEN INTERVAL 1 HOUR WHEN 'day' THEN INTERVAL 1 DAY WHEN 'week' THEN INTERVAL 7 DAY
    WHEN 'month' THEN INTERVAL 31 DAY WHEN 'quarter' THEN INTERVAL 92 DAY ELSE INTERVAL 366 DAY END
  WHERE r.kind = 'fired' QUALIFY row_number() OVER (PARTITION BY r.number ORDER BY s.start DESC) <= {COURSE_PERIODS})
SELECT number, to_json(list([to_json(start), to_json(value)] ORDER BY start))::VARCHAR AS course FROM near GROUP BY number
"""
UP = (AlertState.FIRING, AlertState.RECOVERING)
REVISED = "revised"


@dataclass(slots=True)
class Log:
    """What is said in one refresh, in order; `said_at` says when: at its clock or, in a replay, when it would have been known."""

    con: duckdb.DuckDBPyConnection
    said_at: SaidAt
    rows: list[dict[str, Any]] = field(default_factory=list)

    def has_raised(self, alert: str) -> bool:
        """Whether an alert has been said to fire before, in this refresh or an earlier one."""
        if any(row["alert"] == alert and row["kind"] == Transition.FIRED for row in self.rows):
            return True
        said = "SELECT count(*) FROM transitions WHERE alert = ? AND kind = 'fired'"
        return bool(self.con.execute(said, [alert]).fetchall()[0][0])

    def keep(self) -> None:
        """Number what was said, add the figures that it rests on, and write it down."""
        if not self.rows:
            return
        (last,) = self.con.execute("SELECT coalesce(max(number), 0) FROM transitions").fetchall()[0]
        frame = pd.DataFrame(self.rows).sort_values("start", kind="stable", ignore_index=True)
        moments = list(map(self.said_at, frame["indicator"], frame["grain"], frame["start"].dt.to_pydatetime()))
        numbered = frame.assign(number=range(last + 1, last + 1 + len(frame)), said_at=pd.Series(moments, dtype="datetime64[us]"))
        self.con.register("said_rows", numbered)
        self.con.execute(_COURSES)
        sign = f"LEFT JOIN signs s USING ({', '.join(KEY)}, grain, start)"
        query = (
            f"SELECT r.*, s.value, s.coverage, s.definition_version, c.course FROM said_rows r {sign} LEFT JOIN courses c USING (number)"
        )
        whole = self.con.execute(f"{query} ORDER BY number").df()
        self.con.unregister("said_rows")
        keep(self.con, "transitions", whole[list(TRANSITION_COLUMNS)])
        self.rows = []


class Said:
    """One grain of the log: how each identity stands by what has been said, and the alert that is open on it."""

    def __init__(self, log: Log, grain: str, keys: pd.DataFrame, standing: Standing, alerts: Sequence[str | None]) -> None:
        """Begin where the last refresh ended."""
        self.log, self.grain, self.standing = log, grain, standing
        self.names: list[dict[str, Any]] = keys[["rule", "version", *KEY]].to_dict("records")  # type: ignore[assignment]
        self.alerts = list(alerts)

    def happened(self, happened: Sequence[tuple[datetime, Happened]], only: Flags) -> None:
        """Say what happened to some identities, period by period."""
        for at, one in happened:
            for place, level, was in zip(one.places.tolist(), one.level.tolist(), one.was.tolist(), strict=True):
                if only[place]:
                    self.say(place, one.kind.value, at, level, was)

    def say(
        self, place: int, kind: str, start: datetime, level: int, was: int,
        *, since: datetime | None = None, reason: str | None = None, drop: str | None = None,
    ) -> None:  # fmt: skip
        """Say one thing of an identity; with `reason` it is said late, or otherwise than period by period."""
        name = self.names[place]
        if self.alerts[place] is None and kind != REVISED:
            self.alerts[place] = alert_id(name["rule"], (*(str(name[key]) for key in KEY), self.grain), since or start)
        alert = self.alerts[place]
        if reason and kind == Transition.FIRED and alert and self.log.has_raised(alert):
            kind = Transition.RELAPSED.value  # it had been said and had ended, by what was known then
        self.log.rows.append(name | {
            "alert": alert, "grain": self.grain, "start": start, "kind": kind, "level": level, "was": was,
            "since": since or start, "is_late": reason is not None, "reason": reason, "drop": drop,
        })  # fmt: skip
        if kind in ENDINGS:
            self.alerts[place] = None

    def follow(self, known: Standing, only: Flags) -> None:
        """Have some identities stand as is known."""
        columns = {one.name: np.where(only, getattr(known, one.name), getattr(self.standing, one.name)) for one in fields_of(Standing)}
        self.standing = replace(self.standing, **columns)

    def parted(self, known: Standing) -> Flags:
        """Return whose standing is another than is known."""
        said = self.standing
        counts = [getattr(said, name) != getattr(known, name) for name in ("state", "level", "goods", "breaches")]
        differs: Flags = np.logical_or.reduce([*counts, _other(said.since, known.since)])
        return differs

    def reconcile(self, known: Standing, judged: Any, places: Flags, reason: str) -> None:
        """Say of some identities how what is known now differs from what was said, and go on from what is known.

        Only an alert that is up and by what is known would not be stays as it was said.
        """
        followed = np.zeros(len(places), dtype=bool)
        for place in np.flatnonzero(places & self.parted(known)).tolist():
            before, now = AlertState(self.standing.state[place]), AlertState(known.state[place])
            if before in UP and now not in UP:
                continue
            followed[place] = True
            level, was = int(known.level[place]), int(self.standing.level[place])
            at = _moment(judged[place])
            since = _moment(known.since[place]) if now is not AlertState.INACTIVE else at
            for kind, start in _between(before, now, level, was, _moment(known.fired[place]) if now in UP else at, since, at):
                self.say(place, kind, start, level, was, since=since, reason=reason)
        self.follow(known, followed)

    def missed(self, past: Sequence[tuple[int, Spell]], told: Told, reason: str) -> None:
        """Say late of breaches that came and went while nothing was said of them."""
        for place, spell in past:
            if self.alerts[place] is None and not told(place, spell):
                for kind, start in ((Transition.FIRED.value, spell["fired"]), (spell["ending"], spell["over"])):
                    level = spell["level"] if kind == Transition.FIRED else 0
                    self.say(place, kind, start, level, spell["level"] - level, since=spell["since"], reason=reason)


def _between(
    before: AlertState, now: AlertState, level: int, was: int, fired: datetime | None, since: datetime, at: datetime
) -> list[tuple[str, datetime]]:
    """Return what to say where an identity stood `before` and stands `now`, with the period of each."""
    match before in UP, now:
        case True, _:
            moved = [(Transition.RAISED if level > was else Transition.LOWERED).value] * (level != was)
            turned = [(Transition.RECOVERING if now is AlertState.RECOVERING else Transition.RELAPSED).value] * (now is not before)
            return [(kind, at) for kind in (*moved, *turned)]
        case _, AlertState.INACTIVE:
            return [(Transition.DROPPED.value, at)]
        case _, AlertState.PENDING:
            return [(Transition.PENDING.value, since)] * (before is AlertState.INACTIVE)
    return [(Transition.FIRED.value, fired or at), *[(Transition.RECOVERING.value, at)] * (now is AlertState.RECOVERING)]


def _moment(time: np.datetime64) -> datetime:
    return time.astype("datetime64[us]").astype(datetime)  # type: ignore[no-any-return]


def _other(one: Any, other: Any) -> Any:
    """Whether times differ; two that never were do not."""
    return (one != other) & ~(np.isnat(one) & np.isnat(other))
