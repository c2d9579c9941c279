"""Invented scores of the city's own schemes: two periods, an interval, somebody too small, somebody without a score."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from data import periods
from data.scored import MOVE_COLUMNS, POINT_COLUMNS, SCHEME_COLUMNS, SCORE_COLUMNS, SENSITIVITY_COLUMNS
from data.settings import Settings
from data.snapshots import Snapshot
from data.yamlfile import read_yaml

STARTS = {"day": (datetime(2016, 3, 5), datetime(2016, 3, 6)), "month": (datetime(2016, 1, 1), datetime(2016, 2, 1))}


@cache
def _schemes(folder: Path) -> list[dict[str, Any]]:
    return [read_yaml(path, folder).content for path in sorted(folder.glob("*.yaml"))]


def _below(path: str, node: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Yield path, sign (empty for a node) and share among siblings of everything below a node."""
    inner, signs = node.get("nodes", {}), list(node.get("signs", []))
    for name in [*inner, *signs]:
        yield f"{path}/{name}", name if name in signs else "", 1 / len([*inner, *signs])
    for name, child in inner.items():
        yield from _below(f"{path}/{name}", child)


class FakeScores:
    """Scores by scheme; `bare` has none."""

    kind = "full"

    def entities(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return the register; see `FakeSource`."""
        raise NotImplementedError

    def schemes(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return the schemes of the city directory."""
        rows = []
        for one in _schemes(settings.schemes_dir) if self.kind != "bare" else []:
            edition = one["editions"][-1]
            names = {"index": (one["name"]["zh"], one["name"]["en"])} | {
                path: (path.rsplit("/", 1)[-1],) * 2 for path, sign, _ in _below("index", edition["index"]) if not sign
            }
            shares = {path: share for path, _, share in _below("index", edition["index"])}
            body = one | {"min_n": one.get("min_n", 0), "uncertainty": one.get("uncertainty"), "names": names}
            body["editions"] = [{"lists": None} | edition | {"from": str(edition["from"]), "shares": shares}]
            body["editions"][0]["index"] = {"mean": "arithmetic"} | edition["index"]
            rows.append((one["scheme"], one["name"]["zh"], one["name"]["en"], one["kind"], one["grain"], json.dumps(body, default=str)))
        return pd.DataFrame(rows, columns=list(SCHEME_COLUMNS))

    def scores(self, settings: Settings, snapshot: Snapshot, scope: object, **only: str | None) -> pd.DataFrame:
        """Return scores: the first unit fell by ten points, the last has none, the one before too small a sample."""
        one = next(one for one in _schemes(settings.schemes_dir) if one["scheme"] == only["scheme"])
        nodes = (
            ["index"]
            if only.get("node", "index")
            else ["index", *(f"index/{name}" for name in one["editions"][-1]["index"].get("nodes", {}))]
        )
        entities = self.entities(settings, snapshot)
        units = list(entities[entities["entity_kind"] == one["kind"]]["entity"])
        rows = []
        for late, start in enumerate(STARTS[one["grain"]]):
            for place, unit in enumerate(units):
                state = "ok" if place < 3 else "small_sample" if place % 2 else "insufficient"
                score = None if state == "insufficient" else 90.0 - place - (10 * late if place == 0 else 0)
                rank = place + 1 if state == "ok" else None
                rows += [
                    {"scheme": one["scheme"], "version": 1, "entity_kind": one["kind"], "entity": unit, "grain": one["grain"],
                     "start": start, "period": periods.code(start, one["grain"]), "node": node, "score": score, "coverage": 0.8, "signs": 5,
                     "signs_known": 4, "n": 100.0 if state == "ok" else 12.0, "state": state,
                     "grade": "good" if score else None, "rank": rank,
                     "rank_low": rank and max(rank - 1, 1), "rank_high": rank and rank + 1, "band": rank and 1,
                     "score_low": score and score - 2,
                     "score_high": score and score + 2, "capped_by": None, "listed": "red" if place == 1 else None}
                    for node in nodes
                ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
        return frame[frame["period"] == only["period"]] if only.get("period") else frame

    def moves(self, settings: Settings, snapshot: Snapshot, scope: object, **only: str | None) -> pd.DataFrame:
        """Return why the first unit fell: two signs, in two steps."""
        one = next(one for one in _schemes(settings.schemes_dir) if one["scheme"] == only["scheme"])
        index, entities = one["editions"][-1]["index"], self.entities(settings, snapshot)
        unit = entities[entities["entity_kind"] == one["kind"]]["entity"].iloc[0]
        nodes = {path: sign for path, sign, _ in _below("index", index) if sign}
        before, start = STARTS[one["grain"]]
        rows = [
            {"scheme": one["scheme"], "entity_kind": one["kind"], "entity": unit, "grain": one["grain"], "start": start,
             "period": periods.code(start, one["grain"]), "against": periods.code(before, one["grain"]), "node": node, "indicator": sign,
             "factor": factor, "points": points}
            for (node, sign), factor, points in zip(list(nodes.items())[:2], ("value", "coverage"), (-12.0, 2.0), strict=False)
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=list(MOVE_COLUMNS))
        return frame[frame["period"] == only["period"]] if only.get("period") else frame

    def points(self, settings: Settings, snapshot: Snapshot, scope: object, **only: str | None) -> pd.DataFrame:
        """Return what each sign brings: less from unit to unit, in the first node of the scheme the other way round."""
        one = next(one for one in _schemes(settings.schemes_dir) if one["scheme"] == only["scheme"])
        index, entities = one["editions"][-1]["index"], self.entities(settings, snapshot)
        first = next(iter(index.get("nodes", index.get("signs", {}))))
        signs = {sign: path.split("/")[1] == first for path, sign, _ in _below("index", index) if sign}
        start = STARTS[one["grain"]][1]
        rows = [
            {"scheme": one["scheme"], "entity_kind": one["kind"], "entity": unit, "grain": one["grain"], "start": start,
             "period": periods.code(start, one["grain"]), "indicator": sign, "value": 90.0, "due": True, "alarmed": False,
             "anchors": 60.0 + 3 * place if is_first else 90.0 - place, "goalposts": 50.0 + place}
            for place, unit in enumerate(entities[entities["entity_kind"] == one["kind"]]["entity"])
            for sign, is_first in signs.items()
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=list(POINT_COLUMNS))
        return frame[frame["entity"] == only["entity"]] if only.get("entity") else frame

    def sensitivity(self, settings: Settings, snapshot: Snapshot, scope: object, **only: str | None) -> pd.DataFrame:
        """Return three choices that matter, in falling order."""
        one = next(one for one in _schemes(settings.schemes_dir) if one["scheme"] == only["scheme"])
        start = STARTS[one["grain"]][1]
        nodes = list(one["editions"][-1]["index"].get("nodes", {}))[:1]
        rows = [
            {"scheme": one["scheme"], "entity_kind": one["kind"], "grain": one["grain"], "start": start,
             "period": periods.code(start, one["grain"]), "factor": factor, "first": total - 0.1, "first_error": 0.05, "total": total,
             "total_error": 0.04, "shift": 1.8, "runs": 6144.0, "text": f"{total:.2f} ± 0.04"}
            for factor, total in zip(["sampling", "normalise", *(f"index/{name}" for name in nodes)], (0.8, 0.3, 0.1), strict=False)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=[*SENSITIVITY_COLUMNS, "text"])
