"""Draws beside the signs of one area: how it scores and what makes its score, and which alerts are open there."""

from __future__ import annotations

from dataclasses import replace

from briefing.phrases import absent
from charts.markup import esc, image, link
from charts.ranking import part_against_mean, score_in_interval
from data.wording import number
from pages.parts.evaluated import Evaluated, evaluated
from pages.parts.locality import Locality
from pages.parts.openlist import open_list
from pages.parts.queue import unit_name
from pages.parts.records import Record
from pages.parts.tables import section
from pages.parts.worklist import Worklist

_PART_HEADS = (("name", ""), ("own", "r"), ("mean", "r"), ("lift", "r last"), ("bar", "last"))


def score(of: Locality) -> str:
    """Return the score with its interval, its rank, and each part against the mean; where it has none, why."""
    words, found = of.context.words, _evaluated(of)
    row = next((one for one in found.units if one["entity"] == of.entity["entity"]), None) if found else None
    if found is None or row is None or absent(row["score"]):
        return section(words.say("area.score"), "", f'<p class="note">{esc(words.say("area.score_none"))}</p>')
    target = of.context.filters.target("evaluation", entity=of.entity["entity"], scheme=found.scheme["scheme"], period=found.period)
    moved = found.changes.get(of.entity["entity"])
    parts = [words.say("area.scored", score=number(row["score"], 2))]
    if moved is not None:
        parts.append(words.say("area.moved", against=words.label("change.prev", found.scheme["grain"]), size=number(moved, 2, signed=True)))
    if row["rank"] is not None:
        parts.append(words.say("area.rank", rank=number(row["rank"]), count=sum(one["rank"] is not None for one in found.units)))
    if not absent(row["rank_low"]):
        parts.append(words.say("area.rank_span", low=number(row["rank_low"]), high=number(row["rank_high"])))
    interval = None if absent(row["score_low"]) else (float(row["score_low"]), float(row["score_high"]))
    known = [float(one["score"]) for one in found.units if not absent(one["score"])]
    span = (int(min([*known, *(interval or ())]) // 10) * 10, 100)
    drawn = image(score_in_interval(float(row["score"]), interval, span, of.context.colours, 480), parts[0], "width:100%;height:26px")
    axis = f'<div class="split note"><span>{span[0]}</span><span>{span[1]}</span></div>'
    said = f'<p class="b">{link(target, esc(words.say("area.join").join(parts)))}</p>'
    return section(words.say("area.score"), words.say("area.score_note", period=found.period), said + drawn + axis + _parts(of, found))


def _evaluated(of: Locality) -> Evaluated | None:
    """Return the newest evaluation of areas of this kind."""
    frame = of.reading.frame("schemes")
    codes = list(frame[frame["kind"] == of.entity["entity_kind"]]["scheme"]) if len(frame) else []
    if not codes:
        return None
    narrowed = replace(of.context, filters=replace(of.context.filters, scheme=codes[0], period=""))
    return evaluated(narrowed, of.reading, of.records)


def _parts(of: Locality, found: Evaluated) -> str:
    """Return each part of the score: its own, the mean of all, and what that adds or takes away."""
    words, rows, entity = of.context.words, [], of.entity["entity"]
    for path in found.parts:
        lift = found.lift(entity, path)
        if lift is not None:
            rows.append((found.node_name(path), found.scored[path][entity], found.means[path], lift))
    most = max((abs(lift) for *_, lift in rows), default=1.0)
    body = "".join(_part(of, *row, most) for row in sorted(rows, key=lambda one: one[-1]))
    heads = "".join(f'<th class="{css}">{esc(words.say(f"area.part.{key}"))}</th>' for key, css in _PART_HEADS)
    return f'<table class="rows"><tr class="h">{heads}</tr>{body}</table>' if body else ""


def _part(of: Locality, name: str, own: float, mean: float, lift: float, most: float) -> str:
    css = "better" if lift > 0 else "worse" if lift < 0 else ""
    bar = image(part_against_mean(lift, most, of.context.colours, 90), "", "width:90px;height:26px;vertical-align:middle")
    return (
        f'<tr class="l"><td class="name">{esc(name)}</td><td class="r b">{number(own, 1)}</td><td class="r s">{number(mean, 1)}</td>'
        f'<td class="r s"><span class="{css}">{number(lift, 1, signed=True)}</span></td><td class="last">{bar}</td></tr>'
    )


def local_alerts(of: Locality, work: Worklist) -> str:
    """Return the alerts that are open in the area and inside it, with who has each and, inside, where."""
    words, own = of.context.words, of.entity["entity"]

    def beside(row: Record) -> str:
        told = [unit_name(work, row)] + ([str(of.records.entity_name(row))] if row["entity"] != own else [])
        return words.say("list.comma").join(told)

    return open_list(work, of.records, [row for row in work.waiting if row["entity"] in of.inside], beside)
