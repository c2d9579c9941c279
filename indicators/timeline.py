"""The timeline of alerts by valid time: when each identity of a rule was in breach, by what is known now; recomputed, not kept.

A spell begins with its first period in breach; `fired` is empty where it was never confirmed; `over` and `ending` (resolved, ended,
dropped) are empty while it lasts; `level` is the highest it reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from indicators.alertlog import keep
from indicators.alerts import Flags, Happened, Times, Transition
from indicators.observing import KEY

_NAMES = ["digest", *KEY]
_BEGINS = {Transition.PENDING, Transition.FIRED}
ENDINGS = frozenset({Transition.RESOLVED, Transition.ENDED, Transition.DROPPED})
_NEVER = np.datetime64("NaT", "us")
Spell = dict[str, Any]


class Timeline:
    """The spells of one grain; `keys` are its identities (digest, rule, version and KEY), spoken of by their place."""

    def __init__(self, con: duckdb.DuckDBPyConnection, grain: str, keys: pd.DataFrame) -> None:
        """Begin with the spells that are not over."""
        self.con, self.grain, self.keys = con, grain, keys
        self.place = {key: place for place, key in enumerate(keys[_NAMES].itertuples(index=False, name=None))}
        self.open: dict[int, Spell] = {}
        self.closed: list[tuple[int, Spell]] = []
        for place, spell in self._spells('"over" IS NULL'):
            self.open[place] = spell

    def restarts(self, changed: Times) -> Times:
        """Return from where to run identities again: the beginning of the spell that the first changed period lies in, or that period."""
        again = changed.copy()
        if (~np.isnat(changed)).any():
            earliest = changed[~np.isnat(changed)].min().astype(datetime)
            for place, spell in self._spells('"over" IS NULL OR "over" >= ?', earliest):
                over = spell["over"]
                since, at = np.datetime64(spell["since"], "us"), changed[place]
                if not np.isnat(at) and since <= at and (over is None or np.datetime64(over, "us") >= at):
                    again[place] = min(since, again[place])
        return again

    def forget(self, again: Times) -> None:
        """Take away the spells of identities from where they are run again."""
        places = np.flatnonzero(~np.isnat(again))
        rows = self.keys.iloc[places][_NAMES].assign(again=again[places])
        self.con.register("again_rows", rows)
        match = " AND ".join(f"t.{name} = a.{name}" for name in _NAMES)
        self.con.execute(f"DELETE FROM timeline t USING again_rows a WHERE {match} AND t.grain = ? AND t.since >= a.again", [self.grain])
        self.con.unregister("again_rows")
        for place in places:
            spell = self.open.get(int(place))
            if spell and np.datetime64(spell["since"], "us") >= again[place]:
                del self.open[int(place)]

    def add(self, happened: Sequence[tuple[datetime, Happened]]) -> None:
        """Go on with what happened, in rising order of periods."""
        for at, one in happened:
            for place, level in zip(one.places.tolist(), one.level.tolist(), strict=True):
                self._add(place, at, one.kind, level)

    def _add(self, place: int, at: datetime, kind: Transition, level: int) -> None:
        if kind in _BEGINS and place not in self.open:
            self.open[place] = {"since": at, "fired": None, "over": None, "ending": None, "level": level}
        spell = self.open.get(place)
        if spell is None:
            return
        spell["level"] = max(spell["level"], level)
        if kind is Transition.FIRED:
            spell["fired"] = at
        if kind in ENDINGS:
            self.closed.append((place, spell | {"over": at, "ending": kind.value}))
            del self.open[place]

    def past(self, places: Flags) -> list[tuple[int, Spell]]:
        """Return the spells that fired and are over, of some identities, as they have been run again."""
        return [(place, spell) for place, spell in self.closed if places[place] and spell["fired"]]

    def keep(self) -> None:
        """Write down what is new and what is not over."""
        self.con.execute('DELETE FROM timeline WHERE grain = ? AND "over" IS NULL', [self.grain])
        told = [*self.closed, *self.open.items()]
        if told:
            rows = self.keys.iloc[[place for place, _ in told]][["digest", "rule", "version", *KEY]].reset_index(drop=True)
            spells = pd.DataFrame([spell for _, spell in told])
            times = {name: pd.to_datetime(spells[name]) for name in ("since", "fired", "over")}
            keep(self.con, "timeline", pd.concat([rows, spells.assign(**times)], axis=1).assign(grain=self.grain))

    def _spells(self, where: str, *values: datetime) -> list[tuple[int, Spell]]:
        found = self.con.execute(
            f'SELECT {", ".join(_NAMES)}, since, fired, "over", ending, level FROM timeline WHERE grain = ? AND ({where})',
            [self.grain, *values],
        ).fetchall()
        names = ("since", "fired", "over", "ending", "level")
        rows = [(self.place.get(tuple(row[:4])), dict(zip(names, row[4:], strict=True))) for row in found]
        return [(place, spell) for place, spell in rows if place is not None]
