"""One scheme in one period: units with their change, the nodes below the whole, what moved each score, who is left out and why.

Rows are records of `data.scored`. It reads nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from briefing.evaluated import moved_by
from briefing.phrases import absent
from data.scored import WHOLE
from data.wording import Wording, number

Record = dict[str, Any]


@dataclass(frozen=True)
class Appraised:
    """Scores and moves of a period; `rows` are all nodes of all units, `earlier` the wholes of the period before, `body` the scheme."""

    words: Wording
    catalogue: Mapping[str, Record]
    body: Mapping[str, Any]
    rows: list[Record]
    earlier: list[Record]
    moves: list[Record]
    names: Mapping[str, str]

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

    def turn(self, row: Record) -> int | None:
        """Return by how many places a unit rose (below 0: fell); None where it had or has no rank."""
        then = self.before.get(row["entity"], {}).get("rank")
        return None if then is None or row["rank"] is None else int(then) - int(row["rank"])

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
            return str(en if self.words.language == "en" else zh)
        sign = self.catalogue.get(path.rsplit("/", 1)[-1])
        return self.words.name(sign) if sign else path

    def of(self, entity: str) -> list[Record]:
        """Return what moved one unit."""
        return [row for row in self.moves if row["entity"] == entity]

    def by_part(self, entity: str) -> dict[str, float]:
        """Return points by name of the node (or sign) right below the whole, the largest first."""
        return self._sums(entity, lambda row: "/".join(str(row["node"]).split("/")[:2]))

    def by_sign(self, entity: str) -> dict[str, float]:
        """Return points by name of the sign, the largest first."""
        return self._sums(entity, lambda row: str(row["indicator"]))

    def _sums(self, entity: str, key: Any) -> dict[str, float]:
        found: dict[str, float] = {}
        for row in self.of(entity):
            name = self.node_name(key(row))
            found[name] = found.get(name, 0.0) + float(row["points"])
        return dict(sorted(found.items(), key=lambda one: -abs(one[1])))

    def why_not(self, row: Record) -> str:
        """Return why a unit has no rank."""
        words = self.words
        if row["state"] == "small_sample":
            return words.say("evaluation.small", n=_whole(row["n"]), least=self.body["min_n"], score=number(row["score"], 2))
        known = words.say("evaluation.known", known=_whole(row["signs_known"]), due=_whole(row["signs"]))
        return words.say("evaluation.no_data") if row["state"] == "no_data" else f"{words.say('evaluation.insufficient')}（{known}）"


def _whole(size: object) -> str:
    return number(float(str(size))) if not absent(size) else ""
