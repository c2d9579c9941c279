"""Gathers what an evaluation of one period holds: units, the period before, the nodes, and what moved each score."""

from __future__ import annotations

import json
from dataclasses import dataclass

from briefing.appraised import Appraised
from data.scored import WHOLE
from pages.parts.context import Context
from pages.parts.filters import choose
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, plain

__all__ = ["WHOLE", "Evaluated", "evaluated"]


@dataclass(frozen=True)
class Evaluated(Appraised):
    """One scheme in one period as a page shows it, and what was asked for in vain."""

    context: Context
    records: Records
    scheme: Record
    periods: list[str]
    period: str
    unknown: str


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
    names = {row["entity"]: records.tile_name(row | {"name_zh": records.entity_name(row)}) for row in rows if row["node"] == WHOLE}
    return Evaluated(
        context.words, records.catalogue, json.loads(scheme["body"]), rows, earlier, moves, names,
        context, records, scheme, known, period, lost or lost_period,
    )  # fmt: skip
