"""Draws one definition whole: its terms, its limits over time, its example, where it comes from and what rests on it."""

from __future__ import annotations

import json
from typing import Any

from briefing.phrases import absent, level_word, mark, value_text
from charts.lineage import Box, joined, lineage
from charts.marks import mark_image
from charts.markup import esc, image, link
from charts.palette import LEVELS
from data.wording import number
from pages.parts.card import definition, rows
from pages.parts.context import Context
from pages.parts.formula import headings
from pages.parts.records import Record, Records, listed
from pages.parts.tables import section, verdict

Body = dict[str, Any]


def dossier(context: Context, records: Records, indicator: Record, kept: dict[str, Record]) -> str:
    """Return everything that is known of one indicator; `kept` are the rows of `definitions` by indicator."""
    own = kept.get(indicator["indicator"])
    body: Body = json.loads(own["body"]) if own else {}
    left = definition(context, records, indicator) + _space(_standing(context, indicator))
    right = (
        _now(context, records, indicator) + _space(_history(context, indicator, body)) + _space(_example(context, records, indicator, body))
    )
    low = _lineage(context, records, indicator, kept) if own else ""
    return f'<div class="dossier">{_shelf(context, records, indicator)}<div>{left}</div><div>{right}{_space(low)}</div></div>'


def _space(html: str) -> str:
    return f'<div style="height:14px"></div>{html}' if html else ""


def _shelf(context: Context, records: Records, indicator: Record) -> str:
    """Return the signs of the same domain, and the way back to all of them."""
    words = context.words
    domain = next((row for row in records.domains if row["domain"] == indicator["domain"]), {})
    signs = [one for one in records.catalogue.values() if one["domain"] == indicator["domain"]]
    links = "".join(_book(context, one, is_here=one is indicator) for one in signs)
    back = link(context.filters.target("catalogue", indicator=""), esc(words.say("catalogue.back")), "b")
    note = words.say("catalogue.count", count=len(signs))
    return section(words.name(domain), note, f'<table class="shelf">{links}</table><p class="note" style="padding-top:8px">{back}</p>')


def _book(context: Context, one: Record, *, is_here: bool) -> str:
    target = context.filters.target("catalogue", indicator=one["indicator"], entity="", grain="")
    look, name = "l here" if is_here else "l", link(target, esc(context.words.name(one)))
    version = f'<td class="r s note last">v{esc(one["version"])}</td>'
    return f'<tr class="{look}" data-go="{esc(target)}"><td class="wrap">{name}</td>{version}</tr>'


def _standing(context: Context, indicator: Record) -> str:
    """Return how a sign is weighed and scored, how its data come about, and what it rests on."""
    words = context.words
    pairs = [("pillar", indicator["pillar"]), ("weight", number(100 * float(indicator["weight"] or 0), 2) + "%")]
    low, high = indicator["goalpost_low"], indicator["goalpost_high"]
    if not absent(low) and not absent(high):
        watched = "catalogue.goalposts_watch" if indicator["direction"] == "watch" else "catalogue.goalposts"
        pairs.append(("goalposts", words.say(watched, low=f"{low:g}", high=f"{high:g}")))
    if indicator["credibility"]:
        pairs.append(("credibility", words.label("credibility", indicator["credibility"])))
    pairs += [(key, indicator[key]) for key in ("reference", "note") if indicator[key]]
    return section(words.say("catalogue.standing"), "", rows([(words.say(f"catalogue.row.{key}"), str(text or "")) for key, text in pairs]))


def _now(context: Context, records: Records, indicator: Record) -> str:
    """Return where the whole city stands, with the way to the sign."""
    words = context.words
    sign = next((one for one in records.whole if one["indicator"] == indicator["indicator"]), None)
    target = context.filters.target("sign", indicator=indicator["indicator"], entity="", grain="")
    go = link(target, esc(words.say("catalogue.open")), "mark solid")
    if sign is None:
        shown = f'<span class="note">{esc(words.say("catalogue.no_value"))}</span>'
    else:
        picture = mark_image(mark(sign), context.colours, level_word(words, sign), 18)
        shown = f'<b class="size">{esc(value_text(words, sign))}</b><span>{picture} {esc(verdict(context, records, sign))}</span>'
    return section(words.say("catalogue.now"), "", f'<div class="standing">{shown}{go}</div>')


def _history(context: Context, indicator: Record, body: Body) -> str:
    """Return the limits from each date on."""
    words, lines = context.words, body.get("thresholds", [])
    if not lines:
        return section(words.say("catalogue.limits"), words.say("catalogue.limits_none"), "")
    keys = [key for key in (*LEVELS[1:], "target") if any(line.get(key) is not None for line in lines)]
    heads = "".join(f'<th class="r">{esc(words.say(f"catalogue.head.{key}"))}</th>' for key in keys)
    ends = [line["from"] for line in lines[1:]] + [words.say("catalogue.until_now")]
    body_rows = "".join(
        f'<tr class="l{" here" if place == len(lines) - 1 else ""}"><td>{esc(line["from"])}</td><td>{esc(end)}</td>'
        + "".join(f'<td class="r">{esc("" if line.get(key) is None else f"{line[key]:g}")}</td>' for key in keys)
        + "</tr>"
        for place, (line, end) in enumerate(zip(lines, ends, strict=True))
    )
    head = f'<tr class="h"><th>{esc(words.say("catalogue.head.from"))}</th><th>{esc(words.say("catalogue.head.to"))}</th>{heads}</tr>'
    note = words.label("catalogue.limits_note", indicator["direction"])
    return section(words.say("catalogue.limits"), note, f'<div class="scroll"><table class="kept">{head}{body_rows}</table></div>')


def _example(context: Context, records: Records, indicator: Record, body: Body) -> str:
    """Return the examples that prove the definition: what goes in, and what must come out."""
    words, examples = context.words, body.get("example", [])
    names = headings(context.settings, words, str(indicator["feed"] or ""), str(indicator["table"] or ""))
    names |= {code: words.name(one) for code, one in records.catalogue.items()}
    drawn = "".join(_one(context, example, names) for example in (examples if isinstance(examples, list) else [examples]))
    return section(words.say("catalogue.example"), words.say("catalogue.example_note"), drawn) if drawn else ""


def _one(context: Context, example: Body, names: dict[str, str]) -> str:
    words = context.words
    rows_in = [dict(row) for row in example.get("rows", [])] or ([example["inputs"]] if example.get("inputs") else [])
    keys = list(dict.fromkeys(key for row in rows_in for key in row if key != "_times"))
    many = any("_times" in row for row in rows_in)
    heads = "".join(f"<th>{esc(names.get(key, key))}</th>" for key in keys) + (
        f"<th>{esc(words.say('catalogue.times'))}</th>" if many else ""
    )
    lines = "".join(
        '<tr class="l">' + "".join(f"<td>{esc(_cell(words.say('value.none'), row.get(key)))}</td>" for key in keys)
        + (f"<td>{esc(row.get('_times', 1))}</td>" if many else "") + "</tr>"
        for row in rows_in
    )  # fmt: skip
    table = f'<div class="scroll"><table class="kept"><tr class="h">{heads}</tr>{lines}</table></div>' if keys else ""
    said = [(key, example[key]) for key in ("numerator", "denominator", "n") if key in example]
    value = example["value"]
    parts = [words.say("catalogue.gives", period=example["period"], value=words.say("value.none") if value is None else f"{value:g}")]
    parts += [f"{words.say(f'sign.row.{key}')} {words.say('value.none') if size is None else f'{size:g}'}" for key, size in said]
    given = words.say("list.comma").join(f"{words.label('formula.per', key)} {size:g}" for key, size in example.get("measures", {}).items())
    return f'{table}<p class="gives">{esc(words.say("list.join").join([*parts, *([given] if given else [])]))}</p>'


def _cell(none: str, value: object) -> str:
    return none if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _lineage(context: Context, records: Records, indicator: Record, kept: dict[str, Record]) -> str:
    """Return the drawing from the feeds to the signs that rest on this one."""
    words, code = context.words, str(indicator["indicator"])
    own = kept[code]
    inputs, derived, columns = listed(own["inputs"]), listed(own["derived"]), listed(own["columns"])
    tables = list(dict.fromkeys(column.rsplit(".", 1)[0] for column in columns))
    feeds = list(dict.fromkeys(table.split(".")[0] for table in tables))
    names = {f"{row['feed']}.{row['table']}": words.name(row) for row in records.tables}
    called = {table: headings(context.settings, words, *table.split(".")) for table in tables}
    layers = [
        ("feed", [Box(feed, records.feed_names.get(feed, feed)) for feed in feeds]),
        ("table", [Box(table, names.get(table, table)) for table in tables]),
        ("column", [Box(column, _column(called, column)) for column in columns]),
        *([("input", [Box(one, words.name(records.catalogue[one])) for one in inputs])] if inputs else []),
        ("sign", [Box(code, words.name(indicator), is_here=True)]),
        *([("derived", [Box(one, words.name(records.catalogue[one])) for one in derived])] if derived else []),
    ]
    above = {feed: [table for table in tables if table.split(".")[0] == feed] for feed in feeds}
    above |= {table: [column for column in columns if column.rsplit(".", 1)[0] == table] for table in tables}
    above |= {column: [one for one in inputs or [code] if column in listed(kept[one]["columns"])] for column in columns}
    above |= {one: [code] for one in inputs} | {code: derived}
    joins = joined([[box.name for box in boxes] for _, boxes in layers], above)
    drawn = lineage([(words.say(f"catalogue.layer.{name}"), boxes) for name, boxes in layers], joins, context.colours)
    picture = image(drawn, words.say("catalogue.lineage_alt", name=words.name(indicator)), "width:100%;max-width:780px;height:auto")
    return section(words.say("catalogue.lineage"), words.say("catalogue.lineage_note"), picture)


def _column(called: dict[str, dict[str, str]], column: str) -> str:
    table, name = column.rsplit(".", 1)
    return called[table].get(name, name)
