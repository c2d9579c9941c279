"""Draws tables of signs as text: all signs by domain, the movers, the worst sign of each area."""

from __future__ import annotations

from briefing.phrases import Change, absent, change, is_judged, level_of, level_word, mark, rank, reason, value_text
from charts.marks import mark_image
from charts.markup import esc, image, link
from charts.sparkline import sparkline
from pages.parts.context import Context
from pages.parts.periods import period_name
from pages.parts.records import Record, Records

CHANGES = ("change_prev", "change_week", "change_year")


def sign_table(context: Context, records: Records) -> str:
    """Return every sign of the whole city under its domain."""
    words = context.words
    trends = records.trends()
    body, quiet = [], []
    for domain in records.domains:
        signs = [sign for sign in records.whole if records.catalogue[sign["indicator"]]["domain"] == domain["domain"]]
        if not signs:
            quiet.append(words.name(domain))
            continue
        body.append(f'<tr class="d"><td colspan="9">{esc(words.name(domain))}</td></tr>')
        body += [_sign_row(context, records, sign, trends.get(sign["indicator"], [])) for sign in signs]
    head = (
        ("", "name"),
        ("r", "value"),
        ("r wide", "n"),
        ("", "trend"),
        ("r", "prev"),
        ("r", "week"),
        ("r", "year"),
        ("last why", "reason"),
    )
    cells = "".join(f'<th class="{css}">{esc(words.say(f"overview.head.{key}"))}</th>' for css, key in head)
    title = words.say("overview.signs", entity=words.say("entity.whole"))
    rest = words.say("overview.not_connected", domains=words.say("list.comma").join(quiet)) if quiet else ""
    return (
        f'<section class="sec"><h2>{esc(title)}<small>{esc(words.say("overview.signs_note"))}</small></h2>'
        f'<div class="scroll"><table class="signs"><thead><tr class="h"><th style="width:24px"></th>{cells}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
        f'<p class="note quiet" style="padding-top:5px;border-top:1px solid var(--ink-3)">{esc(rest)}</p></section>'
    )


def _sign_row(context: Context, records: Records, sign: Record, values: list[float | None]) -> str:
    words, indicator = context.words, records.catalogue[sign["indicator"]]
    target = sign_target(context, sign)
    name = words.name(indicator)
    when = ""
    if sign["grain"] != "day":
        when = f' <span class="note">{esc(period_name(words, sign["grain"], sign["start"]))}</span>'
    picture = image(
        sparkline(values, context.colours, 96), f"{name} {words.say('overview.head.trend')}", "width:96px;height:28px;vertical-align:middle"
    )
    changes = "".join(f'<td class="r s">{tinted(change(words, sign, indicator, field))}</td>' for field in CHANGES)
    grey = "" if is_judged(sign) or sign["state"] == "ok" else " grey"
    ink = f"ink-{level_of(sign)}" if rank(sign) > 0 else ""
    n = "" if absent(sign["n"]) else f"{int(sign['n']):,}"
    return (
        f'<tr class="l" data-go="{esc(target)}"><td>{mark_image(mark(sign), context.colours, level_word(words, sign))}</td>'
        f'<td class="name">{link(target, esc(name))}{when}</td><td class="r b{grey}">{esc(value_text(words, sign))}</td>'
        f'<td class="r s wide note">{esc(n)}</td><td>{picture}</td>{changes}'
        f'<td class="s last why {ink}">{esc(verdict(context, records, sign))}</td></tr>'
    )


def verdict(context: Context, records: Records, sign: Record) -> str:
    """Return level or state and the reason, in words."""
    words = context.words
    text = reason(words, sign, records.catalogue[sign["indicator"]], records.feed_codes)
    level = level_of(sign)
    if sign["state"] == "ok" and sign["value"] == 0:
        text = words.say("list.comma").join([words.say("value.zero"), text] if text else [words.say("value.zero")])
    if level == "normal":
        return text or words.label("level", level)
    if sign["state"] == "late" and text:
        return text
    head = words.label("level_short", level) if level else words.label("state", sign["state"])
    return f"{head} {text}".strip()


def sign_target(context: Context, sign: Record) -> str:
    """Return the address of a sign's own page."""
    return context.filters.target("sign", indicator=sign["indicator"], entity=sign["entity"], grain=sign["grain"], feed="")


def tinted(moved: Change) -> str:
    """Return a change in the colour of its direction; the sign says it too."""
    css = moved.tone or "quiet" if moved.text[:1] not in "+\N{MINUS SIGN}" else moved.tone
    return f'<span class="{css}">{esc(moved.text)}</span>'


def movers(context: Context, records: Records, tone: str, most: int = 5) -> str:
    """Return the signs of the whole city that moved most to the better or the worse since the same weekday."""
    words = context.words
    found = []
    for sign in records.whole:
        indicator = records.catalogue[sign["indicator"]]
        moved = change(words, sign, indicator, "change_week")
        if moved.tone == tone and not absent(sign["value"]):
            found.append((step(sign), sign, indicator, moved))
    found.sort(key=lambda entry: -entry[0])
    rows = "".join(_mover(context, *entry[1:]) for entry in found[:most])
    if len(found) < most:
        rest = words.say(f"overview.{tone}_{'rest' if found else 'none'}")
        rows += f'<tr class="l"><td class="note" colspan="4">{esc(rest)}</td></tr>'
    return section(words.say(f"overview.{tone}"), words.say("overview.rank_note"), f'<table class="rows">{rows}</table>')


def step(sign: Record) -> float:
    """Return how far a sign moved, in halves of its usual range; without one, relative to where it came from."""
    value, moved = float(sign["value"]), float(sign["change_week"])
    base = 1 + moved / 100
    size = abs(value - value / base) if sign["change_unit"] == "%" and base > 0 else abs(moved)
    low, high = sign["baseline_low"], sign["baseline_high"]
    if not absent(low) and not absent(high) and float(high) > float(low):
        return size / ((float(high) - float(low)) / 2)
    return size / (abs(value) or 1.0)


def _mover(context: Context, sign: Record, indicator: Record, moved: Change) -> str:
    words, target = context.words, sign_target(context, sign)
    return (
        f'<tr class="l" data-go="{esc(target)}">'
        f'<td style="width:24px">{mark_image(mark(sign), context.colours, level_word(words, sign))}</td>'
        f'<td>{link(target, esc(words.name(indicator)))}</td><td class="r b">{esc(value_text(words, sign))}</td>'
        f'<td class="r s last" style="width:130px">{tinted(moved)}</td></tr>'
    )


def worst_areas(context: Context, records: Records, most: int = 11, shown: int = 5) -> str:
    """Return the areas whose worst sign is beyond its limits, red first; narrow screens have room for more than `shown`."""
    words = context.words
    found = [sign for row in records.tiles if (sign := records.worst(row["entity"])) and rank(sign) > 0]
    found.sort(key=rank, reverse=True)
    rows = "".join(_area(context, records, sign, "l" if place < shown else "l extra") for place, sign in enumerate(found[:most]))
    if not rows:
        rows = f'<tr class="l"><td class="note">{esc(words.say("overview.streets_none"))}</td></tr>'
    return section(words.say("overview.streets"), words.say("overview.streets_note"), f'<table class="rows">{rows}</table>')


def _area(context: Context, records: Records, sign: Record, look: str) -> str:
    words, indicator, target = context.words, records.catalogue[sign["indicator"]], sign_target(context, sign)
    level, word = level_of(sign), level_word(words, sign)
    chip = f'<span class="chip lv-{level}">{mark_image(mark(sign), context.colours, word, 15, on_fill=True)}{esc(word)}</span>'
    text = reason(words, sign, indicator, records.feed_names)
    return (
        f'<tr class="{look}" data-go="{esc(target)}"><td style="width:120px">{chip}</td>'
        f'<td class="b">{link(target, esc(records.entity_name(sign)))}</td>'
        f'<td class="s">{esc(words.name(indicator))}</td><td class="r b">{esc(value_text(words, sign))}</td>'
        f'<td class="s last note">{esc(text)}</td></tr>'
    )


def section(title: str, note: str, body: str) -> str:
    """Return a section with its heading; `body` is HTML."""
    return f'<section class="sec"><h2>{esc(title)}<small>{esc(note)}</small></h2><div style="margin-top:4px">{body}</div></section>'
