"""Draws why one score moved: a waterfall by part, and the signs with the largest effect."""

from __future__ import annotations

from charts.markup import esc, image, link
from charts.waterfall import Cause, waterfall
from data.wording import number
from pages.parts.evaluated import WHOLE, Evaluated
from pages.parts.periods import period_name
from pages.parts.tables import section

MOST_CAUSES, MOST_SIGNS = 7, 8


def why(of: Evaluated, entity: str) -> str:
    """Return the steps from the score before to the present one."""
    words = of.context.words
    row = next((one for one in of.units if one["entity"] == entity), None)
    then = of.before.get(entity)
    title = words.say("evaluation.why", name=of.names.get(entity, entity))
    if row is None or then is None or row["score"] is None or then["score"] is None or not of.of(entity):
        known = row is not None and then is not None and row["score"] is not None and then["score"] is not None
        text = words.say("evaluation.cause_none" if known else "evaluation.no_base")
        return section(title, "", f'<div class="dashed" style="height:90px">{esc(text)}</div>')
    parts = list(of.by_part(entity).items())
    shown, rest = parts[:MOST_CAUSES], parts[MOST_CAUSES:]
    if rest:
        shown.append((words.say("evaluation.rest", count=len(rest)), sum(size for _, size in rest)))
    causes = [Cause(name, size, number(size, 2, signed=True)) for name, size in shown]
    ends = [
        Cause(words.say(f"evaluation.{key}", period=period_name(words, one["grain"], one["start"])), one["score"], number(one["score"], 2))
        for key, one in (("before", then), ("after", row))
    ]
    drawn = waterfall(ends[0], causes, ends[1], of.context.colours)
    said = words.say("list.join").join(f"{cause.name} {cause.text}" for cause in [ends[0], *causes, ends[1]])
    return section(title, words.say("evaluation.why_note"), image(drawn, said, "width:100%;max-width:560px;height:auto"))


def causes(of: Evaluated, entity: str) -> str:
    """Return the signs that moved the score most, each with its factor."""
    words = of.context.words
    rows = sorted(of.of(entity), key=lambda one: -abs(float(one["points"])))[:MOST_SIGNS]
    if not rows:
        return ""
    heads = "".join(f'<th class="{css}">{esc(words.say(f"evaluation.cause_head.{key}"))}</th>'
                    for key, css in (("sign", ""), ("factor", ""), ("points", "r last")))  # fmt: skip
    body = "".join(
        f'<tr class="l"><td class="name">{link(_target(of, str(row["indicator"]), entity), esc(of.node_name(str(row["indicator"]))))}</td>'
        f'<td class="s note">{esc(words.label("factor", row["factor"]))}</td>'
        f'<td class="r s last {"better" if row["points"] > 0 else "worse"}">{esc(number(row["points"], 2, signed=True))}</td></tr>'
        for row in rows
    )
    note = words.say("evaluation.causes_note", against=words.label("change.prev", of.scheme["grain"]))
    return section(words.say("evaluation.causes"), note, f'<table class="kept"><tr class="h">{heads}</tr>{body}</table>')


def reading(of: Evaluated) -> str:
    """Return how to read the table: lists, caps, intervals, and the edition."""
    words, rules = of.context.words, of.edition
    lines = []
    if terms := of.body.get("uncertainty"):
        lines.append(words.say("evaluation.read", runs=number(terms["runs"]), weights=number(100 * terms["weights"]) + "%"))
    if lists := rules.get("lists"):
        for key, colour in (("lists", "red"), ("black", "black")):
            names = [of.names[row["entity"]] for row in of.units if row["listed"] == colour]
            said = words.listed(names, 6) if names else words.say("evaluation.none")
            lines.append(words.say(f"evaluation.{key}", **lists, names=said))
    for row in of.rows:
        if row["capped_by"] and row["node"] != WHOLE:
            capped = words.say(
                "evaluation.capped", node=of.node_name(row["node"]), sign=of.node_name(row["capped_by"]), most=rules["cap"]["most"]
            )
            lines.append(f"{of.names[row['entity']]} {capped}")
    least = number(100 * rules["least_coverage"]) + "%"
    normalise = words.label("evaluation.normalise", rules["normalise"])
    lines.append(words.say("evaluation.edition", version=rules["version"], since=rules["from"], normalise=normalise, least=least))
    return f'<p class="note" style="padding-top:8px;line-height:1.6">{"<br>".join(map(esc, lines))}</p>'


def _target(of: Evaluated, indicator: str, entity: str) -> str:
    return of.context.filters.target("sign", indicator=indicator, entity=entity, grain="")
