"""Puts an evaluation into words: who moved most and why, and how many groups can be told apart.

Rows are records of `data.scored`. No sentence claims more than the decomposition holds: the causes named are its largest parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.wording import Wording, number, printed

Record = dict[str, Any]
_SHOWN = 0.005  # points: less is nothing at two decimals


def moved_by(now: float, then: float) -> float:
    """Return the change of a score as people can check it: between the two as they are printed."""
    return float(printed(now, 2) - printed(then, 2))


def sentence(
    words: Wording, rows: Sequence[Record], changes: Mapping[str, float], causes: Mapping[str, float], names: Mapping[str, str]
) -> str:
    """Return the head of an evaluation. `changes` are points by entity, `causes` points by name of the one that moved most."""
    scored = [row for row in rows if row["score"] is not None]
    if not scored:
        return words.say("evaluation.nothing")
    told = [row for row in scored if row["state"] == "ok"]
    clauses = [_moved(words, told or scored, changes, causes, names)]
    if len(told) > 1:
        clauses.append(_groups(words, told, names))
    return words.say("headline.join").join(filter(None, clauses)) + words.say("headline.stop")


def mover(rows: Sequence[Record], changes: Mapping[str, float]) -> str:
    """Return the entity whose score moved most among those with a score in both periods; the first where none did."""
    known = [row["entity"] for row in rows if row["entity"] in changes]
    return max(known, key=lambda entity: abs(changes[entity]), default=str(rows[0]["entity"]) if rows else "")


def _moved(
    words: Wording, rows: Sequence[Record], changes: Mapping[str, float], causes: Mapping[str, float], names: Mapping[str, str]
) -> str:
    entity = mover(rows, changes)
    row = next(one for one in rows if one["entity"] == entity)
    against = words.label("change.prev", row["grain"])
    if entity not in changes:
        return words.say("evaluation.first", name=names[entity], score=number(row["score"], 2))
    size = changes[entity]
    if abs(size) < _SHOWN:
        return words.say("evaluation.same", name=names[entity], score=number(row["score"], 2), against=against)
    way = words.say("evaluation.up" if size > 0 else "evaluation.down", size=number(abs(size), 2))
    said = words.say("evaluation.moved", name=names[entity], against=against, way=way)
    largest = [name for name, part in sorted(causes.items(), key=lambda one: -abs(one[1])) if part * size > 0 and abs(part) >= _SHOWN][:2]
    return said + (words.say("evaluation.mainly", names=words.say("list.comma").join(largest)) if largest else "")


def _groups(words: Wording, rows: Sequence[Record], names: Mapping[str, str]) -> str:
    bands = sorted({row["band"] for row in rows if row["band"] is not None})
    if not bands:
        return ""
    if len(bands) == 1:
        return words.say("evaluation.one_group", count=len(rows))
    last = [names[row["entity"]] for row in rows if row["band"] == bands[-1]]
    return words.say("evaluation.groups", count=len(bands), last=words.listed(last, 2))
