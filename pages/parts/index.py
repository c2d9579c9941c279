"""Draws the index of the whole city in one line: its score, its grade and its change, leading to why."""

from __future__ import annotations

import json

from briefing.evaluated import moved_by
from briefing.phrases import absent
from charts.markup import esc, link
from data.periods import GRAINS
from data.wording import number
from pages.parts.context import Context
from pages.parts.reading import Reading
from pages.parts.records import Records, plain


def index(context: Context, reading: Reading, records: Records) -> str:
    """Return the newest score of the scheme that scores the whole city, most often where several do; nothing where none does."""
    whole = [row for row in plain(reading.frame("schemes")) if row["kind"] == records.kinds[0]]
    scheme = min(whole, key=lambda row: GRAINS.index(row["grain"]), default=None)
    told = plain(reading.frame("scores", scheme=scheme["scheme"]).sort_values("start").tail(2)) if scheme else []
    if scheme is None or not told:
        return ""
    words, now = context.words, told[-1]
    target = context.filters.target("evaluation", scheme=scheme["scheme"], indicator="", entity="", grain="")
    if absent(now["score"]):
        said = f'<span class="quiet">{esc(words.say("evaluation.insufficient"))}</span>'
    else:
        grades = json.loads(scheme["body"])["grades"]
        said = f"<b>{esc(number(now['score'], 2))}</b> {esc(words.name(grades[now['grade']], ''))} {_change(context, told)}"
    return link(target, f'<span class="note">{esc(words.say("overview.index"))}</span> {said}', "index")


def _change(context: Context, told: list[dict[str, object]]) -> str:
    """Return by how much it has changed, in its tone, against what."""
    if len(told) < 2 or absent(told[0]["score"]):
        return ""
    size = moved_by(float(str(told[1]["score"])), float(str(told[0]["score"])))
    tone = "better" if size > 0 else "worse" if size < 0 else "quiet"
    against = context.words.label("change.prev", str(told[1]["grain"]))
    return (
        f'<span class="nw"><span class="note">{esc(against)}</span> <span class="{tone}">{esc(number(size, 2, signed=True))}</span></span>'
    )
