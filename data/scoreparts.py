"""Takes a score apart: every node and sign of its scheme in the order of the hierarchy, with what each brings to the whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data import scored
from data.scored import WHOLE
from data.settings import Settings
from data.snapshots import Snapshot

PART_COLUMNS = (
    "part", "depth", "indicator", "weight", "counts", "points", "brings", "coverage", "value", "due", "state", "capped_by",
)  # fmt: skip
Row = dict[str, Any]


def score_parts(scores: pd.DataFrame, points: pd.DataFrame, edition: Row) -> pd.DataFrame:
    """Return the parts of one unit's score in one period (PART_COLUMNS), the whole first; `indicator` is empty for nodes.

    `weight` is among siblings, `counts` the share of the whole once what is missing has left with its weight, `brings` = counts x
    points. `scores` and `points` are those of `data.scored` for the unit and period, `edition` one of the scheme's body. Where every
    mean is arithmetic and nothing is capped, what the signs bring sums to the score.
    """
    nodes = {str(row["node"]): row for row in _plain(scores)}
    signs = {str(row["indicator"]): row for row in _plain(points)}
    rows = list(_Walk(edition, nodes, signs).below(WHOLE, edition["index"], 0, 1.0, 1.0))
    return pd.DataFrame(rows, columns=list(PART_COLUMNS))


def edition_of(body: Row, version: object) -> Row:
    """Return the rules of a version of a scheme; the newest where there is no such version."""
    found: Row = next((one for one in body["editions"] if one["version"] == version), body["editions"][-1])
    return found


def explained(settings: Settings, snapshot: Snapshot, scheme: str, entity: str, period: str) -> tuple[Row, pd.DataFrame]:
    """Return the score of the whole and its parts; raises LookupError where there is none."""
    rows = scored.scores(settings, snapshot, scheme=scheme, entity=entity, period=period, node=None)
    known = scored.schemes(settings, snapshot).set_index("scheme")["body"]
    if rows.empty or scheme not in known:
        raise LookupError(scheme, entity, period)
    whole = next(row for row in _plain(rows) if row["node"] == WHOLE)
    points = scored.points(settings, snapshot, scheme=scheme, entity=entity, period=period)
    return whole, score_parts(rows, points, edition_of(json.loads(known[scheme]), whole["version"]))


@dataclass(frozen=True, slots=True)
class _Walk:
    """One unit's nodes by path and signs by name, and the rules in force."""

    edition: Row
    nodes: dict[str, Row]
    signs: dict[str, Row]

    def below(self, path: str, node: Row, depth: int, weight: float, counts: float | None) -> Iterator[Row]:
        """Yield a node, then everything below it."""
        own = self.nodes.get(path, {})
        score = own.get("score")
        yield _row(path, depth, weight, counts, score) | {name: own.get(name) for name in ("coverage", "state", "capped_by")}
        children, leaves = node.get("nodes") or {}, node.get("signs") or {}
        points = {name: self.nodes.get(f"{path}/{name}", {}).get("score") for name in children}
        points |= {name: self.signs.get(name, {}).get(self.edition["normalise"]) for name in leaves}
        shares = {name: self.edition["shares"][f"{path}/{name}"] for name in points}
        known = sum(shares[name] for name, found in points.items() if found is not None)
        for name, found in points.items():
            part = None if found is None or counts is None or score is None else counts * shares[name] / known
            if name in children:
                yield from self.below(f"{path}/{name}", children[name], depth + 1, shares[name], part)
            else:
                told = self.signs.get(name, {})
                due = bool(told.get("due"))
                state = "ok" if found is not None else "no_data" if due else "not_due"
                yield _row(f"{path}/{name}", depth + 1, shares[name], part, found) | {
                    "indicator": name, "value": told.get("value"), "due": due, "state": state,
                }  # fmt: skip


def _row(path: str, depth: int, weight: float, counts: float | None, points: float | None) -> Row:
    brings = counts * points if counts is not None and points is not None else None
    return {"part": path, "depth": depth, "indicator": "", "weight": weight, "counts": counts, "points": points, "brings": brings}


def _plain(frame: pd.DataFrame) -> list[Row]:
    rows: list[Row] = frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
    return rows
