"""Draws who scored what: each unit with its interval, its change, its rank and what its score is made of."""

from __future__ import annotations

from briefing.phrases import absent
from charts.markup import esc, image, link
from charts.ranking import part_against_mean, rank_in_interval, score_in_interval
from data.wording import number
from pages.parts.evaluated import Evaluated
from pages.parts.records import Record
from pages.parts.tables import section

MOST_PARTS = 7


def ranking(of: Evaluated, here: str) -> str:
    """Return the table of units, the one that is looked at marked."""
    words = of.context.words
    scored = [float(row["score"]) for row in of.units if row["score"] is not None]
    ends = [float(row[key]) for row in of.units for key in ("score_low", "score_high") if not absent(row[key]) and row["rank"] is not None]
    low = max(0, int(min([*scored, *ends], default=0) // 10) * 10)
    ranked = [row for row in of.units if row["rank"] is not None]
    parts = of.parts if len(of.parts) <= MOST_PARTS else []
    most = max((abs(size) for row in ranked for path in parts if (size := of.lift(row["entity"], path)) is not None), default=1.0)
    share = number(100 * float((of.body.get("uncertainty") or {}).get("interval", 0.9))) + "%"
    against = words.label("change.prev", of.scheme["grain"])
    sure = any(not absent(row["rank_low"]) for row in of.units)
    heads = [("rank", "r"), ("name", ""), ("turn", ""), ("score", ""), ("text", "r"), ("change", "r")]
    heads += [("places", "")] if sure else []
    spoken = {"low": low, "against": against, "share": share}
    cells = "".join(f'<th class="{css}">{esc(words.say(f"evaluation.head.{key}", **spoken))}</th>' for key, css in heads)
    cells += "".join(f'<th class="wide part">{esc(of.node_name(path))}</th>' for path in parts)
    cells += f'<th class="r last">{esc(words.say("evaluation.head.n"))}</th>' if of.body["min_n"] else ""
    body = "".join(_row(of, row, here, (low, 100), parts, most, sure=sure) for row in of.units)
    kind = words.label("kind", of.scheme["kind"])
    title = words.say("evaluation.ranking", count=len(of.units), kind=kind)
    table = f'<div class="scroll"><table class="ranking"><tr class="h">{cells}</tr>{body}</table></div>'
    return section(title, words.say("evaluation.ranking_note"), table)


def _row(of: Evaluated, row: Record, here: str, span: tuple[int, int], parts: list[str], most: float, *, sure: bool) -> str:
    words, colours = of.context.words, of.context.colours
    entity = str(row["entity"])
    target = of.context.filters.target("evaluation", entity=entity, scheme=of.scheme["scheme"], period=of.period)
    name = f'<td class="name">{link(target, esc(of.names[entity]))}</td>'
    look = "l here" if entity == here else "l"
    if row["rank"] is None:
        width = 4 + sure + len(parts)
        size = f'<td class="r s last">{esc(_whole(row["n"]))}</td>' if of.body["min_n"] else ""
        return (
            f'<tr class="{look} quiet" data-go="{esc(target)}"><td class="r">{esc(words.say("value.none"))}</td>{name}'
            f'<td class="s wrap" colspan="{width}">{esc(of.why_not(row))}</td>{size}</tr>'
        )
    interval = None if absent(row["score_low"]) else (float(row["score_low"]), float(row["score_high"]))
    dot = image(score_in_interval(float(row["score"]), interval, span, colours), "", "width:200px;height:26px;vertical-align:middle")
    change = of.changes.get(entity)
    moved = f'<span class="{_tone(change)}">{esc(number(change, 2, signed=True))}</span>' if change is not None else words.say("value.none")
    shown = esc(number(row["score"], 2))
    cells = [f'<td class="r b">{number(row["rank"])}</td>{name}<td class="s note">{_turn(of, row)}</td>']
    cells.append(f'<td>{dot}</td><td class="r b">{shown}</td><td class="r">{moved}</td>')
    if sure:
        cells.append(f"<td>{_places(of, row)}</td>")
    cells += [f'<td class="wide part">{_lift(of, of.lift(entity, path), most)}</td>' for path in parts]
    if of.body["min_n"]:
        cells.append(f'<td class="r s last">{esc(_whole(row["n"]))}</td>')
    return f'<tr class="{look}" data-go="{esc(target)}">{"".join(cells)}</tr>'


def _lift(of: Evaluated, lift: float | None, most: float) -> str:
    """Return what a node adds against the mean as a bar, the larger ones with their figure; a dash where it has no score."""
    if lift is None:
        return f'<span class="s note">{esc(of.context.words.say("value.none"))}</span>'
    said = number(lift, 1, signed=True)
    told = f'<span class="s note">{esc(said)}</span>' if abs(lift) >= most / 3 else ""
    return image(part_against_mean(lift, most, of.context.colours), said, "width:52px;height:26px;vertical-align:middle") + told


def _places(of: Evaluated, row: Record) -> str:
    """Return the rank within its interval, with the interval in figures."""
    if absent(row["rank_low"]):
        return ""
    low, high = float(row["rank_low"]), float(row["rank_high"])
    count = sum(one["rank"] is not None for one in of.units)
    said = number(low) if low == high else f"{number(low)}–{number(high)}"
    drawn = rank_in_interval(float(row["rank"]), (low, high), count, of.context.colours)
    return f'{image(drawn, said, "width:130px;height:26px;vertical-align:middle")}<span class="s note">{esc(said)}</span>'


def _turn(of: Evaluated, row: Record) -> str:
    size = of.turn(row)
    if size is None:
        return ""
    key = "up" if size > 0 else "down" if size < 0 else "same"
    return f'<span class="{_tone(size)}">{esc(of.context.words.say(f"evaluation.turn.{key}", size=abs(size)))}</span>'


def _whole(size: object) -> str:
    return number(float(str(size))) if not absent(size) else ""


def _tone(size: float | None) -> str:
    return "better" if size and size > 0 else "worse" if size and size < 0 else ""
