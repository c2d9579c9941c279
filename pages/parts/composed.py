"""Draws what the score of a single unit is made of: its parts with weight, coverage, score and what each moved."""

from __future__ import annotations

from briefing.phrases import absent
from charts.markup import esc, image
from charts.ranking import score_in_interval
from data.wording import number
from pages.parts.evaluated import Evaluated
from pages.parts.records import Record
from pages.parts.tables import section


def composed(of: Evaluated, entity: str) -> str:
    """Return the table of the nodes below the whole."""
    words = of.context.words
    rows = {row["node"]: row for row in of.rows if row["entity"] == entity}
    effects = of.by_part(entity)
    keys = (("part", ""), ("weight", "r"), ("coverage", "r"), ("score", ""), ("text", "r"), ("effect", "r last"))
    low = _low([rows[path] for path in of.parts if path in rows])
    heads = "".join(f'<th class="{css}">{esc(words.say(f"evaluation.head.{key}", low=low))}</th>' for key, css in keys)
    body = "".join(_row(of, path, rows[path], effects, low) for path in of.parts if path in rows)
    table = f'<div class="scroll"><table class="ranking"><tr class="h">{heads}</tr>{body}</table></div>'
    return section(words.say("evaluation.single"), words.say("evaluation.single_note"), table)


def _row(of: Evaluated, path: str, row: Record, effects: dict[str, float], low: int) -> str:
    words = of.context.words
    name = of.node_name(path)
    known = words.say("evaluation.known", known=number(row["signs_known"]), due=number(row["signs"]))
    effect = effects.get(name)
    moved = "" if effect is None else f'<span class="{"better" if effect > 0 else "worse"}">{esc(number(effect, 2, signed=True))}</span>'
    weight = number(100 * float(of.edition["shares"][path]), 1) + "%"
    if absent(row["score"]):
        why = words.say("evaluation.no_data" if row["state"] == "no_data" else "evaluation.insufficient")
        score = f'<td class="s quiet" colspan="2">{esc(why)}</td>'
    else:
        drawn = score_in_interval(float(row["score"]), None, (low, 100), of.context.colours)
        picture = image(drawn, "", "width:200px;height:26px;vertical-align:middle")
        score = f'<td>{picture}</td><td class="r b">{esc(number(row["score"], 2))}</td>'
    return (
        f'<tr class="l"><td class="name">{esc(name)}</td><td class="r s">{esc(weight)}</td><td class="r s">{esc(known)}</td>'
        f'{score}<td class="r s last">{moved}</td></tr>'
    )


def _low(rows: list[Record]) -> int:
    return int(min((float(row["score"]) for row in rows if not absent(row["score"])), default=0) // 10) * 10
