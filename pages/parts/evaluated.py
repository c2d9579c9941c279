"""Gathers what an evaluation of one period holds: units, the period before, the nodes, and what moved each score."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from briefing.evaluated import moved_by
from pages.parts.context import Context
from pages.parts.filters import choose
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, plain

WHOLE = "index"


@dataclass(frozen=True)
class Evaluated:
    """One scheme in one period, and what was asked for in vain; `rows` are all nodes of all units."""

    context: Context
    records: Records
    scheme: Record
    body: dict[str, Any]
    periods: list[str]
    period: str
    rows: list[Record]
    earlier: list[Record]
    moves: list[Record]
    unknown: str

    @cached_property
    def units(self) -> list[Record]:
        """The whole of each unit: by rank, then by code; then who has no rank."""
        whole = [row for row in self.rows if row["node"] == WHOLE]
        return sorted(whole, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["score"] is None, row["entity"]))

    @cached_property
    def before(self) -> dict[str, Record]:
        """The whole of each unit in the period before."""
        return {row["entity"]: row for row in self.earlier if row["node"] == WHOLE}

    @cached_property
    def changes(self) -> dict[str, float]:
        """By how many points each unit moved, as printed."""
        known = ((row["entity"], row["score"], self.before.get(row["entity"], {}).get("score")) for row in self.units)
        return {entity: moved_by(now, then) for entity, now, then in known if now is not None and then is not None}

    @cached_property
    def names(self) -> dict[str, str]:
        """What people call each unit."""
        return {row["entity"]: self.records.tile_name(row | {"name_zh": self.records.entity_name(row)}) for row in self.units}

    @cached_property
    def edition(self) -> dict[str, Any]:
        """The rules in force."""
        version = self.rows[0]["version"] if self.rows else None
        found: dict[str, Any] = next((one for one in self.body["editions"] if one["version"] == version), self.body["editions"][-1])
        return found

    @cached_property
    def parts(self) -> list[str]:
        """The paths of the nodes right below the whole."""
        return [path for path in self.body["names"] if path.count("/") == 1]

    @cached_property
    def scored(self) -> dict[str, dict[str, float]]:
        """The score of each unit at each of these nodes; who has none is not there."""
        known = {path: [row for row in self.rows if row["node"] == path and row["score"] is not None] for path in self.parts}
        return {path: {row["entity"]: float(row["score"]) for row in rows} for path, rows in known.items()}

    @cached_property
    def means(self) -> dict[str, float]:
        """The mean of all units at each of these nodes."""
        return {path: sum(scores.values()) / len(scores) if scores else 0.0 for path, scores in self.scored.items()}

    def lift(self, entity: str, path: str) -> float | None:
        """Return by how many points a node lifts the score of a unit above the mean of all; None where it has none."""
        own = self.scored[path].get(entity)
        return None if own is None else (own - self.means[path]) * float(self.edition["shares"][path])

    def node_name(self, path: str) -> str:
        """Return what people call a node, or the sign that stands in its place."""
        if path in self.body["names"]:
            zh, en = self.body["names"][path]
            return str(en if self.context.words.language == "en" else zh)
        sign = self.records.catalogue.get(path.rsplit("/", 1)[-1])
        return self.context.words.name(sign) if sign else path

    def of(self, entity: str) -> list[Record]:
        """Return what moved one unit."""
        return [row for row in self.moves if row["entity"] == entity]

    def by_part(self, entity: str) -> dict[str, float]:
        """Return points by name of the node (or sign) right below the whole, the largest first."""
        found: dict[str, float] = {}
        for row in self.of(entity):
            path = "/".join(str(row["node"]).split("/")[:2])
            found[self.node_name(path)] = found.get(self.node_name(path), 0.0) + float(row["points"])
        return dict(sorted(found.items(), key=lambda one: -abs(one[1])))


def evaluated(context: Context, reading: Reading, records: Records) -> Evaluated | None:
    """Return the evaluation that the address asks for, by default the newest of the first scheme; None where there is none."""
    schemes = plain(reading.frame("schemes"))
    order = sorted(schemes, key=lambda row: (row["kind"] == records.kinds[0], row["kind"] not in records.kinds, row["scheme"]))
    if not order:
        return None
    code, lost = choose(context.filters.scheme, [row["scheme"] for row in order], order[0]["scheme"])
    scheme = next(row for row in order if row["scheme"] == code)
    told = reading.frame("scores", scheme=code)
    known = list(dict.fromkeys(told.sort_values("start")["period"])) if len(told) else []
    if not known:
        return None
    period, lost_period = choose(context.filters.period, known, known[-1])
    place = known.index(period)
    rows = plain(reading.frame("scores", scheme=code, period=period, node=None))
    earlier = plain(reading.frame("scores", scheme=code, period=known[place - 1])) if place else []
    moves = plain(reading.frame("moves", scheme=code, period=period))
    return Evaluated(context, records, scheme, json.loads(scheme["body"]), known, period, rows, earlier, moves, lost or lost_period)
