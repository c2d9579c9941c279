"""Draws a score taken apart: nodes and signs with their share of the whole and the points they bring, each sign on its way to its rows."""

from __future__ import annotations

import pandas as pd

from briefing.phrases import absent
from charts.markup import esc, link
from data.readings import printed
from data.scoreparts import score_parts
from data.wording import MINUS, number
from pages.parts.evaluated import Evaluated
from pages.parts.records import Record, plain
from pages.parts.tables import section

_KEYS = (("part", ""), ("value", "r"), ("points", "r"), ("counts", "r"), ("brings", "r last"))


def apart(of: Evaluated, entity: str) -> str:
    """Return the table of everything that one unit's score is made of; nothing where it has no score."""
    words, reading = of.context.words, of.context.reading
    scores = pd.DataFrame([row for row in of.rows if row["entity"] == entity])
    if reading is None or scores.empty:
        return ""
    points = reading.frame("points", scheme=of.scheme["scheme"], entity=entity, period=of.period)
    rows = plain(score_parts(scores, points, of.edition))
    heads = "".join(f'<th class="{css}">{esc(words.say(f"evaluation.apart_head.{key}"))}</th>' for key, css in _KEYS)
    body = "".join(_row(of, row, entity) for row in rows[1:])
    table = f'<div class="scroll"><table class="kept"><tr class="h">{heads}</tr>{body}</table></div>'
    said = words.say("evaluation.apart", name=of.names.get(entity, entity))
    folded = f"<details><summary>{esc(words.say('evaluation.apart_open', count=len(rows) - 1))}</summary>{table}</details>"
    return section(said, words.say("evaluation.apart_note"), folded)


def _row(of: Evaluated, row: Record, entity: str) -> str:
    words = of.context.words
    none = words.say("value.none")
    sign = of.records.catalogue.get(str(row["indicator"]))
    inset = f"padding-left:{18 * (int(row['depth']) - 1)}px"
    name, value = esc(of.node_name(str(row["part"]))), ""
    if sign is not None:
        target = of.context.filters.target("sign", indicator=str(row["indicator"]), entity=entity, grain="", scheme="", period="")
        name = link(target, name)
        value = none if absent(row["value"]) else _printed(float(row["value"]), sign)
    points = words.label("evaluation.part_state", row["state"]) if absent(row["points"]) else number(float(row["points"]), 2)
    counts = none if absent(row["counts"]) else number(100 * float(row["counts"]), 1) + "%"
    brings = none if absent(row["brings"]) else number(float(row["brings"]), 2)
    weight = "" if sign is not None else "b"
    return (
        f'<tr class="l"><td class="name {weight}" style="{inset}">{name}</td><td class="r s">{esc(value)}</td>'
        f'<td class="r s {weight}">{esc(points)}</td><td class="r s note">{esc(counts)}</td><td class="r s last">{esc(brings)}</td></tr>'
    )


def _printed(value: float, sign: Record) -> str:
    return (printed(value, int(sign["precision"]), str(sign["unit"] or "")) or "").replace("-", MINUS)
