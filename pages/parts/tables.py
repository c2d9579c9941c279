"""Draws tables of signs as text: the worst of each domain, the movers, what stands beyond its limits."""

from __future__ import annotations

from briefing.phrases import Change, absent, change, is_judged, level_of, level_word, mark, rank, reason, value_text
from charts.marks import mark_image
from charts.markup import esc, image, link
from charts.palette import LEVELS
from charts.sparkline import sparkline
from pages.parts.context import Context
from pages.parts.records import Record, Records


def domain_table(context: Context, records: Records, total: str) -> str:
    """Return a row for each domain: how many of its signs stand beyond their limits, and the worst; below it `total`, HTML already."""
    words = context.words
    trends = records.trends()
    body, quiet = [], []
    for domain in records.domains:
        signs = [sign for sign in records.ranked if records.catalogue[sign["indicator"]]["domain"] == domain["domain"]]
        if signs:
            body.append(_domain_row(context, records, words.name(domain), signs, trends))
        else:
            quiet.append(words.name(domain))
    heads = (
        ("name", ""),
        ("judged", "r"),
        ("beyond", ""),
        ("worst", ""),
        ("value", "r"),
        ("trend", "wide"),
        ("week", "r"),
        ("reason", "last why"),
    )
    cells = "".join(f'<th class="{css}">{esc(words.say(f"overview.head.{key}"))}</th>' for key, css in heads)
    rest = words.say("overview.not_connected", domains=words.say("list.comma").join(quiet)) if quiet else ""
    return (
        f'<section class="sec"><h2>{esc(words.say("overview.domains", count=len(body)))}<small>{esc(words.say("overview.domains_note"))}'
        f'</small></h2><div class="scroll"><table class="signs"><thead><tr class="h"><th style="width:24px"></th>{cells}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
        f'<p class="note quiet" style="padding-top:5px;border-top:1px solid var(--ink-3)">{esc(rest)}</p>{total}</section>'
    )


def _domain_row(context: Context, records: Records, name: str, signs: list[Record], trends: dict[str, list[float | None]]) -> str:
    words = context.words
    worst = max(signs, key=rank)
    judged, target = sum(map(is_judged, signs)), sign_target(context, worst)
    counts = [(level, sum(level_of(sign) == level for sign in signs)) for level in reversed(LEVELS[1:])]
    beyond = " ".join(
        f'<span class="ink-{level} b nw">{esc(words.label("level_short", level))}{count}</span>' for level, count in counts if count
    )
    head = (
        f'<tr class="l" data-go="{esc(target)}"><td>{mark_image(mark(worst), context.colours, level_word(words, worst))}</td>'
        f'<td class="name b">{link(target, esc(name))}</td><td class="r s">{judged}/{len(signs)}</td>'
    )
    if rank(worst) <= 0:
        text = words.say("overview.map_normal") if judged else verdict(context, records, worst)
        return f'{head}<td class="note">{esc(words.say("overview.beyond_none"))}</td><td class="note" colspan="5">{esc(text)}</td></tr>'
    indicator = records.catalogue[worst["indicator"]]
    called = words.name(indicator)
    picture = image(
        sparkline(trends.get(worst["indicator"], []), context.colours, 96), f"{called} {words.say('overview.head.trend')}",
        "width:96px;height:28px;vertical-align:middle",
    )  # fmt: skip
    return (
        f'{head}<td>{beyond}</td><td class="name">{link(target, esc(called))}</td><td class="r b">{esc(value_text(words, worst))}</td>'
        f'<td class="wide">{picture}</td><td class="r s">{tinted(change(words, worst, indicator, "change_week"))}</td>'
        f'<td class="s last why ink-{level_of(worst)}">{esc(verdict(context, records, worst))}</td></tr>'
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
    for sign in records.ranked:
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
    value, size = float(sign["value"]), abs(float(sign["difference_week"]))
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


def section(title: str, note: str, body: str) -> str:
    """Return a section with its heading; `body` is HTML."""
    return f'<section class="sec"><h2>{esc(title)}<small>{esc(note)}</small></h2><div style="margin-top:4px">{body}</div></section>'
