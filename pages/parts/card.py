"""Draws the definition of an indicator: what is counted, from what, judged by which limits, owned by whom."""

from __future__ import annotations

from datetime import date

from briefing.phrases import absent, with_unit
from charts.markup import esc
from charts.palette import LEVELS
from data.wording import number
from pages.parts.context import Context
from pages.parts.formula import headings, spoken
from pages.parts.periods import naive
from pages.parts.records import Record, Records, listed
from pages.parts.tables import section

MIDNIGHT = "00:00"


def rows(pairs: list[tuple[str, str]]) -> str:
    """Return label and text pairs as a table; both are plain text."""
    body = "".join(f'<tr class="l"><td>{esc(name)}</td><td>{esc(text)}</td></tr>' for name, text in pairs)
    return f'<table class="defs">{body}</table>'


def definition(context: Context, records: Records, indicator: Record) -> str:
    """Return what is counted, from which feed, judged by which limits, owned by whom."""
    words = context.words

    def row(key: str, text: str) -> tuple[str, str]:
        return words.say(f"sign.row.{key}"), text

    columns = headings(context.settings, words, str(indicator["feed"]), str(indicator["table"]))
    names = {code: words.name(one) for code, one in records.catalogue.items()} | columns
    pairs = [row("formula", spoken(words, str(indicator["formula"]), names) + _per(context, str(indicator["per"] or "")))]
    pairs += [row(half, said) for half in ("numerator", "denominator") if (said := words.name(indicator, half))]
    if indicator["by"]:
        axes = words.say("list.comma").join(columns.get(axis, axis) for axis in listed(indicator["by"]))
        pairs.append(row("by", words.say("sign.by", column=axes) + _day(context, indicator)))
    pairs.append(row("source", source(context, records, indicator)))
    pairs.append(row("cadence", words.say("list.comma").join(words.label("grain", grain) for grain in listed(indicator["grains"]))))
    least = indicator["min_n"]
    pairs.append(row("min_n", words.say("sign.min_n", n=int(least)) if least else words.say("sign.min_n_none")))
    if indicator["window_days"]:
        kinds = words.say("list.comma").join(words.label("kind", kind) for kind in listed(indicator["window_kinds"]))
        pairs.append(row("window", words.say("sign.window", kinds=kinds, days=int(indicator["window_days"]))))
    if indicator["active_from"]:
        season = words.say("sign.season", start=year_day(context, indicator["active_from"]), end=year_day(context, indicator["active_to"]))
        pairs.append(row("season", season))
    pairs.append(row("lines", limits(context, indicator)))
    pairs.append(row("direction", words.label("direction", indicator["direction"])))
    pairs.append(row("owner", words.say("list.comma").join(listed(indicator["owner"]))))
    version = words.say(
        "sign.version", version=indicator["version"], since=words.full_day(naive(indicator["since"])), code=indicator["indicator"]
    )
    return section(words.say("sign.definition"), "", rows([*pairs, row("version", version)]))


def _day(context: Context, indicator: Record) -> str:
    """Return when the department's day begins, where that is not midnight."""
    begins = indicator["day_from"]
    return context.words.say("sign.day_from", begins=begins) if begins != MIDNIGHT else ""


def _per(context: Context, per: str) -> str:
    """Return what a figure is divided by, such as `10000 residents`."""
    size, _, whom = per.partition(" ")
    return context.words.say("sign.per", size=number(float(size)), whom=context.words.label("formula.per", whom)) if whom else ""


def year_day(context: Context, text: object) -> str:
    """Return a day of every year (`11-01`) in words."""
    month, day = map(int, str(text).split("-")[-2:])
    return context.words.day(date(2000, month, day))


def source(context: Context, records: Records, indicator: Record) -> str:
    """Return the feed of an indicator with its last arrival; a derived indicator has none of its own."""
    words = context.words
    feed = next((one for one in records.feeds if one["feed"] == indicator["feed"]), None)
    if feed is None:
        return words.say("sign.derived")
    name = records.feed_names[feed["feed"]]
    if feed["arrived_at"] is None:
        return words.say("sign.not_arrived", feed=name)
    moment = naive(feed["arrived_at"])
    return words.say("sign.arrived", feed=name, arrived=f"{words.day(moment)} {moment:%H:%M}")


def limits(context: Context, indicator: Record) -> str:
    """Return the limits with their level words."""
    words = context.words
    given = [level for level in LEVELS[1:] if not absent(indicator[level])]
    if not given:
        return words.say("sign.lines_none")
    text = words.say("list.comma").join(f"{words.label('level_short', level)} {with_unit(indicator[level], indicator)}" for level in given)
    return text + ("" if absent(indicator["target"]) else words.say("sign.target", target=with_unit(indicator["target"], indicator)))
