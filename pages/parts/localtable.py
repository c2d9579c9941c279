"""Draws the signs of one area by domain: what is beyond its limits beside the whole city, and in one line what is not."""

from __future__ import annotations

from briefing.phrases import change, level_of, level_word, mark, rank, value_text
from charts.marks import mark_image
from charts.markup import esc, image, link
from charts.sparkline import sparkline
from pages.parts.locality import Locality
from pages.parts.records import Record
from pages.parts.signface import sample
from pages.parts.tables import sign_target, tinted, verdict

_HEADS = (
    ("domain", ""),
    ("sign", ""),
    ("own", "r"),
    ("whole", "r"),
    ("trend", "wide"),
    ("week", "r"),
    ("sample", "r wide"),
    ("level", "last why"),
)


def local_table(of: Locality) -> str:
    """Return the table."""
    words = of.context.words
    whole = words.say("entity.whole")
    heads = "".join(f'<th class="{css}">{esc(words.say(f"area.head.{key}", whole=whole))}</th>' for key, css in _HEADS)
    body = "".join(_domain(of, words.name(domain), domain["domain"]) for domain in of.records.domains)
    note = words.say("area.signs_note", whole=whole)
    title = words.say("area.signs", count=len(of.signs))
    return (
        f'<section class="sec"><h2>{esc(title)}<small>{esc(note)}</small></h2><div class="scroll">'
        f'<table class="signs local"><thead><tr class="h">{heads}</tr></thead><tbody>{body}</tbody></table></div></section>'
    )


def _domain(of: Locality, name: str, domain: str) -> str:
    """Return the rows of a domain; none where the area has no sign of it."""
    mine = [sign for sign in of.signs if of.records.catalogue[sign["indicator"]]["domain"] == domain]
    if not mine:
        return ""
    beyond = sorted((sign for sign in mine if rank(sign) > 0), key=rank, reverse=True)
    rows = [_row(of, sign) for sign in beyond]
    if quiet := _quiet(of, [sign for sign in mine if rank(sign) <= 0]):
        rows.append(f'<td class="note wrap" colspan="7">{quiet}</td></tr>')
    heads = [f'<td class="s nw">{esc(name)}</td>', *["<td></td>"] * (len(rows) - 1)]
    targets = [f' data-go="{esc(sign_target(of.context, sign))}"' for sign in beyond] + [""]
    return "".join(f'<tr class="l{" first" if not at else ""}"{targets[at]}>{heads[at]}{row}' for at, row in enumerate(rows))


def _row(of: Locality, sign: Record) -> str:
    words, indicator = of.context.words, of.records.catalogue[sign["indicator"]]
    target, called = sign_target(of.context, sign), words.name(indicator)
    city = of.whole.get(sign["indicator"])
    beside = value_text(words, city) if city else words.say("value.none")
    drawn = sparkline(of.trends.get(sign["indicator"], []), of.context.colours, 120)
    picture = image(drawn, words.say("area.head.trend"), "width:120px;height:28px;vertical-align:middle")
    grain = "" if sign["grain"] == "day" else words.say("area.grain", grain=words.label("grain", sign["grain"]))
    icon = mark_image(mark(sign), of.context.colours, level_word(words, sign), 15)
    return (
        f'<td class="name">{icon} {link(target, esc(called + grain), "b")}</td>'
        f'<td class="r b">{esc(value_text(words, sign))}</td><td class="r">{esc(beside)}</td>'
        f'<td class="wide">{picture}</td><td class="r s">{tinted(change(words, sign, indicator, _against(sign)))}</td>'
        f'<td class="r s wide">{esc(sample(sign))}</td>'
        f'<td class="s last why ink-{level_of(sign)}">{esc(verdict(of.context, of.records, sign))}</td></tr>'
    )


def _against(sign: Record) -> str:
    """Return which change is told: of a day against the same weekday, of a longer period against the one before."""
    return "change_week" if sign["grain"] == "day" else "change_prev"


def _quiet(of: Locality, signs: list[Record]) -> str:
    """Return in one line, HTML, what is normal and what could not be judged, by its state."""
    words = of.context.words
    groups: dict[str, list[str]] = {}
    for sign in sorted(signs, key=rank, reverse=True):
        target = sign_target(of.context, sign)
        named = link(target, esc(words.name(of.records.catalogue[sign["indicator"]])), "plain")
        groups.setdefault(level_word(words, sign, "level_short"), []).append(named)
    said = [words.say("area.quiet", word=esc(word), names=words.say("list.comma").join(names)) for word, names in groups.items()]
    return words.say("list.join").join(said)
