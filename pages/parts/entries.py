"""Draws the catalogue as a table: each sign with its terms, its limits and where it stands now, by domain."""

from __future__ import annotations

from briefing.phrases import absent, level_word, mark, value_text
from charts.marks import mark_image
from charts.markup import esc, link
from charts.palette import LEVELS
from data.wording import number
from pages.parts.context import Context
from pages.parts.finding import Found
from pages.parts.records import Record, Records, listed

HEADS = (
    ("name", ""), ("value", "r"), ("level", ""), ("unit", ""), ("direction", "wide"), ("cadence", ""), ("kinds", "wide"),
    ("blue", "r"), ("yellow", "r"), ("orange", "r"), ("red", "r"), ("target", "r"),
    ("owner", ""), ("pillar", "wide"), ("feed", "wide"), ("version", "r last"),
)  # fmt: skip


def entries(context: Context, records: Records, shown: Found) -> str:
    """Return the table of the signs that were found; a row leads to the definition."""
    words = context.words
    now = {sign["indicator"]: sign for sign in records.whole}
    body = []
    for domain in records.domains:
        signs = [one for one in shown.signs if one["domain"] == domain["domain"]]
        if signs:
            count = words.say("catalogue.count", count=len(signs))
            body.append(
                f'<tr class="group"><td colspan="{len(HEADS) + 1}"><b>{esc(domain["letter"])} {esc(words.name(domain))}</b>'
                f' <span class="note">{esc(count)}</span></td></tr>'
            )
            body += [_row(context, records, one, now.get(one["indicator"])) for one in signs]
    if not body:
        body.append(f'<tr class="l"><td class="note" colspan="{len(HEADS) + 1}">{esc(words.say("catalogue.none"))}</td></tr>')
    heads = "".join(f'<th class="{css}">{esc(words.say(f"catalogue.head.{key}"))}</th>' for key, css in HEADS)
    head = f'<thead><tr class="h"><th style="width:26px"></th>{heads}</tr></thead>'
    return f'<section class="sec"><div class="scroll"><table class="entries">{head}<tbody>{"".join(body)}</tbody></table></div></section>'


def _row(context: Context, records: Records, one: Record, sign: Record | None) -> str:
    words = context.words
    target = context.filters.target("catalogue", indicator=one["indicator"], entity="", grain="")
    picture, value, level = "", words.say("value.none"), ""
    if sign:
        level = level_word(words, sign, "level_short")
        picture, value = mark_image(mark(sign), context.colours, level), value_text(words, sign)
    lines = "".join(f'<td class="r s">{esc(_line(one[key], one))}</td>' for key in (*LEVELS[1:], "target"))
    codes = words.say("list.comma").join(records.feed_codes.get(feed, feed) for feed in listed(one["feed"]))
    owners = listed(one["owner"])[0].split("、") if listed(one["owner"]) else []
    return (
        f'<tr class="l" data-go="{esc(target)}"><td>{picture}</td><td class="name">{link(target, esc(words.name(one)))}</td>'
        f'<td class="r b">{esc(value)}</td><td class="s">{esc(level)}</td><td class="s note">{esc(one["unit"])}</td>'
        f'<td class="s wide">{esc(words.label("direction_short", one["direction"]))}</td>'
        f'<td class="s">{esc(words.label("grain", one["cadence"]))}</td><td class="s wide note">{esc(_kinds(context, one))}</td>{lines}'
        f'<td class="s owner">{esc(words.listed(owners, 2))}</td><td class="s wide">{esc(one["pillar"])}</td>'
        f'<td class="s wide note">{esc(codes)}</td><td class="r s note last">v{esc(one["version"])}</td></tr>'
    )


def _kinds(context: Context, one: Record) -> str:
    return context.words.say("list.comma").join(context.words.label("kind", kind) for kind in listed(one["entity_kinds"]))


def _line(value: object, one: Record) -> str:
    """Return a limit with no more decimals than it has."""
    if absent(value):
        return ""
    size = float(str(value))
    digits = next(place for place in range(7) if round(size, place) == size or place == int(one["precision"]) + 1)
    return number(size, digits)
