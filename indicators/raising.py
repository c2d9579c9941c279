"""Brings alerts up to the watermarks: what the rules say of every period not judged yet, and of those that were corrected.

First the timeline is made right: identities whose past says otherwise now are run again from the beginning of the spell that the
first changed period lies in. Then what had been said is held against it. Then both go on over the new periods. All of it belongs to the
transaction that wrote the signs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data import periods
from indicators.alertlog import keep, standing_frame, standing_of
from indicators.alerts import AlertState, Flags, Happened, Standing, Terms, Times, Transition, step, without
from indicators.definition import Catalogue
from indicators.observing import KEY, Watched
from indicators.restated import Changes, first_changes
from indicators.ruleset import Rules
from indicators.saying import REVISED, Log, Said, Told
from indicators.timeline import Timeline
from indicators.watchlist import NAMES, Marks, Watchlist

_NEVER = np.datetime64("NaT", "us")


@dataclass(frozen=True, slots=True)
class Course:
    """Periods in a row, what the rules see of them, and the terms of each identity."""

    terms: Terms
    seen: Watched
    starts: list[datetime]

    def run(
        self, before: Standing, since: Times, until: Times, of: Flags, begins: Flags | None = None
    ) -> tuple[Standing, list[tuple[datetime, Happened]]]:
        """Return how identities stand after the periods from `since` to `until` (both included; never: none), and what happened.

        Only those that `begins` marks (none given: all) begin anything; the others go on until they are at rest.
        """
        standing, found = replace(before, judged=np.full(len(of), _NEVER)), []
        since, until = np.where(of, since, _NEVER), np.where(of, until, _NEVER)
        for place, start in enumerate(self.starts):
            judging = (since <= np.datetime64(start, "us")) & (until >= np.datetime64(start, "us"))
            if begins is not None:
                judging &= begins | (standing.state != AlertState.INACTIVE)
            if judging.any():
                standing, happened = step(self.terms, standing, self.seen.at(place, judging), start)
                found += [(start, one) for one in happened]
        return standing, found


def raise_alerts(con: duckdb.DuckDBPyConnection, catalogue: Catalogue, rules: Rules, marks: Marks, log: Log, *, anew: bool) -> None:
    """Judge the signs of every grain up to `marks`, the watermark of each indicator; writes timeline, standing and judged.

    `anew`: the timeline was forgotten and what had been said was not.
    """
    there = {grain for (grain,) in con.execute("SELECT DISTINCT grain FROM signs UNION SELECT grain FROM standing").fetchall()}
    for grain in (grain for grain in periods.GRAINS if grain in there):
        _Grain(con, Watchlist(con, catalogue, rules, grain), log).bring_up(marks, anew=anew)


class _Grain:
    """One grain on its way: what is known (`timeline`) and what has been said (`said`)."""

    def __init__(self, con: duckdb.DuckDBPyConnection, watchlist: Watchlist, log: Log) -> None:
        self.con, self.list, self.log = con, watchlist, log
        self.grain, self.keys = watchlist.grain, watchlist.keys
        self.timeline = Timeline(con, self.grain, self.keys)
        self.said = self._said(watchlist.carried, self.keys)

    def bring_up(self, marks: Marks, *, anew: bool) -> None:
        """Go from what was judged last to the watermarks."""
        self._end_what_is_gone()
        if self.keys.empty:
            return
        judged, until = self.list.judged(), self.list.until(marks)
        begins = np.datetime64(self.con.execute("SELECT min(start) FROM signs WHERE grain = ?", [self.grain]).fetchall()[0][0], "us")
        changes = first_changes(self.con, self.list.catalogue, self.grain, self.keys["indicator"], judged, self.list.watched)
        again = self.timeline.restarts(changes.first)
        if anew:
            again = np.where(np.isnat(judged) | ~self.list.in_force, _NEVER, begins)
        since = np.where(np.isnat(judged), begins, judged + np.timedelta64(1, "us"))
        known = self.list.standing(self.con.execute("SELECT * FROM standing WHERE track = 'known' AND grain = ?", [self.grain]).df())
        reached = np.fmax(judged, until)
        if first := _first(again, np.where(since <= until, since, _NEVER)):
            starts = periods.spine(first, periods.step(np.nanmax(reached).astype(datetime), self.grain), self.grain)
            course = Course(self.list.terms(), self.list.watched(starts), starts)
            known = self._correct(course, known, changes, again, judged)
            known = self._go_on(course, known, since, until, unjudged=np.isnat(judged))
        self.timeline.keep()
        self._keep(known, reached)

    def _correct(self, course: Course, known: Standing, changes: Changes, again: Times, judged: Times) -> Standing:
        """Run again what says otherwise now, and say how that differs from what was said; returns what is known at what was judged."""
        for one in changes.cells:
            reason = "restated" if one.drop else "definition"
            self.said.say(one.place, REVISED, one.start, one.level, one.was, reason=reason, drop=one.drop)
        anew = ~np.isnat(again)
        if anew.any():
            self.timeline.forget(again)
            known, happened = course.run(without(known, anew), again, judged, anew)
            self.timeline.add(happened)
            self.said.missed(self.timeline.past(anew), self._told(anew), REVISED)
        self.said.reconcile(known, judged, self.list.in_force & ~np.isnat(judged) & ~self._masked(), REVISED)
        return known

    def _go_on(self, course: Course, known: Standing, since: Times, until: Times, *, unjudged: Flags) -> Standing:
        """Judge what is new: by what is known, and, where the log went its own way, by what was said too."""
        masked, adopting = self._masked(), unjudged & self.list.is_new
        speaking = ~masked & ~adopting
        own = (self.said.parted(known) | ~self.list.in_force) & speaking
        both = self.list.in_force & ~own & speaking
        known, happened = course.run(known, since, until, self.list.in_force)
        self.timeline.add(happened)
        self.said.happened(happened, both)
        self.said.follow(known, both)
        if own.any():
            alone, happened = course.run(self.said.standing, since, until, own, self.list.in_force)
            self.said.happened(happened, own)
            self.said.follow(alone, own)
        self.said.reconcile(known, until, adopting & ~masked & ~np.isnat(until), "rule_version")
        return known

    def _masked(self) -> Flags:
        return self.list.masked(self.said.standing.state != AlertState.INACTIVE)

    def _said(self, rows: pd.DataFrame, keys: pd.DataFrame) -> Said:
        places, rows = self.list.placed(rows)
        alerts: list[str | None] = [None] * len(keys)
        for place, alert in zip(places.tolist(), rows["alert"], strict=True):
            alerts[place] = alert
        return Said(self.log, self.grain, keys, standing_of(len(keys), places, rows), alerts)

    def _end_what_is_gone(self) -> None:
        """End alerts whose sign, entity or kind no version that raised them watches any more."""
        gone = self.list.gone()
        if gone.empty:
            return
        versions = dict(self.con.execute("SELECT digest, version FROM rule_versions").fetchall())
        keys = gone.assign(version=gone["digest"].map(versions))
        said = Said(self.log, self.grain, keys, standing_of(len(gone), np.arange(len(gone)), gone), list(gone["alert"]))
        for place, (judged, level, since) in enumerate(gone[["judged", "level", "since"]].itertuples(index=False, name=None)):
            said.say(place, Transition.ENDED.value, judged, 0, level, since=since, reason="definition")

    def _told(self, places: Flags) -> Told:
        """Return a test whether anything was said of an identity within a spell."""
        names = ["rule", *KEY]
        self.con.register("places_rows", self.keys[places][names].drop_duplicates())
        rows = self.con.execute(
            f"SELECT {', '.join(names)}, min(since), max(start) FROM transitions JOIN places_rows USING ({', '.join(names)})"
            f" WHERE grain = ? AND alert IS NOT NULL AND kind <> '{REVISED}' GROUP BY {', '.join(names)}, alert"
            " HAVING bool_or(kind = 'fired')",
            [self.grain],
        ).fetchall()
        self.con.unregister("places_rows")
        told: dict[tuple[Any, ...], list[tuple[datetime, datetime]]] = {}
        for *key, since, last in rows:
            told.setdefault(tuple(key), []).append((since, last))
        keys = list(self.keys[names].itertuples(index=False, name=None))
        return lambda place, spell: any(since <= spell["over"] and last >= spell["since"] for since, last in told.get(keys[place], []))

    def _keep(self, known: Standing, judged: Times) -> None:
        """Write down how identities stand that are not at rest, and up to where each sign has been judged."""
        self.con.execute("DELETE FROM standing WHERE grain = ?", [self.grain])
        self.con.execute("DELETE FROM judged WHERE grain = ?", [self.grain])
        everyone = np.ones(len(self.keys), dtype=bool)
        for track, standing, of in (("known", known, self.list.in_force), ("said", self.said.standing, everyone)):
            places = np.flatnonzero((standing.state != AlertState.INACTIVE) & of)
            rows = pd.concat([self.keys.iloc[places][["rule", *NAMES]].reset_index(drop=True), standing_frame(standing, places)], axis=1)
            alerts = pd.Series([self.said.alerts[place] if track == "said" else None for place in places], dtype=object)
            keep(self.con, "standing", rows.assign(track=track, grain=self.grain, alert=alerts, judged=judged[places]))
        rows = self.keys[["rule", "digest", "indicator"]].assign(grain=self.grain, judged=judged)
        keep(self.con, "judged", rows[self.list.in_force & ~np.isnat(judged)].drop_duplicates(["digest", "indicator"]))


def _first(*times: Times) -> datetime | None:
    """Return the earliest of times; None where there is none."""
    found = np.concatenate(times)
    found = found[~np.isnat(found)]
    return found.min().astype(datetime) if len(found) else None
