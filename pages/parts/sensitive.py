"""Draws which choice matters to the ranks: weights, methods and samples by Sobol's index."""

from __future__ import annotations

from charts.markup import esc, image
from charts.ranking import share_of_whole
from data.wording import number
from pages.parts.evaluated import Evaluated
from pages.parts.periods import period_name
from pages.parts.records import plain
from pages.parts.tables import section

MOST = 6


def sensitive(of: Evaluated) -> str:
    """Return a bar for each of the strongest choices, and what they add up to; nothing where the scheme leaves nothing open."""
    words, reading = of.context.words, of.context.reading
    rows = plain(reading.frame("sensitivity", scheme=of.scheme["scheme"])) if reading else []
    if not rows:
        return ""
    body = "".join(
        f'<tr class="l"><td class="name">{esc(_name(of, str(row["factor"])))}</td>'
        f"<td>{image(share_of_whole(float(row['total']), of.context.colours), '', 'width:220px;height:20px;vertical-align:middle')}</td>"
        f'<td class="r s last">{esc(str(row["text"]))}</td></tr>'
        for row in rows[:MOST]
    )
    if rest := rows[MOST:]:
        most = number(max(float(row["total"]) for row in rest), 2)
        said = words.say("evaluation.choice_rest", count=len(rest), most=most)
        body += f'<tr class="l"><td class="s note last" colspan="3">{esc(said)}</td></tr>'
    period = period_name(words, rows[0]["grain"], rows[0]["start"])
    note = words.say("evaluation.choice_note", period=period, shift=number(float(rows[0]["shift"]), 1), runs=number(float(rows[0]["runs"])))
    return section(words.say("evaluation.choice"), note, f'<table class="kept">{body}</table>')


def _name(of: Evaluated, factor: str) -> str:
    words = of.context.words
    if "/" in factor:
        return words.say("evaluation.choice_weight", name=of.node_name(factor))
    return words.label("choice", factor)
