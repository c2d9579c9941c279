"""Draws the head of one sign, its trend as points for the chart, and its areas as small multiples."""

from __future__ import annotations

from typing import Any

import pandas as pd

from briefing.headline import width
from briefing.phrases import absent, basis, change, is_judged, level_of, level_word, mark, rank, value_text, with_unit
from charts.marks import mark_image
from charts.markup import esc, image
from charts.multiples import common_span, panel
from charts.palette import LEVELS
from charts.trend import Line, Stop
from data.wording import number
from pages.parts.context import Context
from pages.parts.periods import period_name
from pages.parts.records import Record, Records
from pages.parts.tables import section, tinted, verdict

WHOLE = 100.0  # per cent
MOST_PANELS, PANEL_ROOM, WIDEST = 14, 142, 240  # pixels: beside a mark, at 20 for the name and 16 for the value; of a panel


def face(context: Context, records: Records, indicator: Record, sign: Record) -> str:
    """Return value, level, sample, changes and reason of one sign."""
    words = context.words
    domain = next((row for row in records.domains if row["domain"] == indicator["domain"]), None)
    crumbs = words.say(
        "sign.crumbs",
        domain=words.name(domain) if domain else "",
        entity=records.entity_name(sign),
        grain=words.label("grain", sign["grain"]),
    )
    word, level = level_word(words, sign), level_of(sign)
    picture = mark_image(mark(sign), context.colours, word, 15, on_fill=level is not None and level != "normal")
    prev = words.label("change.prev", sign["grain"])
    moves = [(prev, "change_prev"), (words.say("change.week"), "change_week"), (words.say("change.year"), "change_year")]
    shown = moves if sign["grain"] == "day" else [moves[0], moves[2]]
    lines = "".join(_moved(context, sign, indicator, name, field) for name, field in shown)
    grey = "" if is_judged(sign) or sign["state"] == "ok" else " quiet"
    spoken = sign["state"] not in {"ok", "not_evaluated"} or absent(sign["reason"])
    note = words.label("state_note", sign["state"]) if spoken else words.label("method", sign["method"] or "none")
    return (
        f'<div class="face"><div><div class="note">{esc(crumbs)}</div><div class="title">{esc(words.name(indicator))}</div></div>'
        f'<div class="big{grey}">{esc(value_text(words, sign))}</div>'
        f'<div><span class="chip lv-{level or "none"}">{picture}{esc(word)}</span>'
        f'<div class="note" style="margin-top:6px">{esc(period_name(words, sign["grain"], sign["start"]))} {esc(sample(sign))}</div></div>'
        f'<div class="part">{lines}</div>'
        f'<div class="part"><b style="font-size:var(--t-body)">{esc(verdict(context, records, sign))}</b>'
        f'<div class="note">{esc(note)}</div></div></div>'
    )


def _moved(context: Context, sign: Record, indicator: Record, name: str, field: str) -> str:
    note = basis(context.words, sign, field)
    beside = f' <span class="note">{esc(note)}</span>' if note else ""
    return f"<div>{esc(name)} <b>{tinted(change(context.words, sign, indicator, field))}</b>{beside}</div>"


def sample(sign: Record) -> str:
    """Return numerator over denominator, or n."""
    if sign["unit"] == "%" and not absent(sign["numerator"]) and not absent(sign["denominator"]):
        return f"{number(sign['numerator'])}/{number(sign['denominator'])}"
    return "" if absent(sign["n"]) else f"n={number(sign['n'])}"


def points(context: Context, rows: list[Record]) -> list[dict[str, Any]]:
    """Return signs as the records of `charts.trend`."""
    words = context.words
    found = []
    for row in rows:
        name = period_name(words, row["grain"], row["start"])
        hover = f"{esc(name)}　<b>{esc(value_text(words, row))}</b><br>{esc(level_word(words, row))}　{esc(sample(row))}"
        kept = {key: None if absent(row[key]) else row[key] for key in ("value", "baseline_low", "baseline_high")}
        short = name if row["grain"] != "week" else words.day(row["start"])
        found.append(
            {
                **kept,
                "start": row["start"],
                "text": esc(row["text"]),
                "state": row["state"],
                "level": row["level"],
                "name": esc(short),
                "hover": hover,
            }
        )
    return found


def limit_lines(context: Context, indicator: Record) -> list[Line]:
    """Return the limits of an indicator with labels."""
    words = context.words
    side = "below" if indicator["direction"] == "higher" else "above"
    return [
        Line(
            float(indicator[level]),
            level,
            esc(words.say(f"sign.line_{side}", line=with_unit(indicator[level], indicator), level=words.label("level_short", level))),
        )
        for level in LEVELS[1:]
        if not absent(indicator[level])
    ]


def table(frame: pd.DataFrame) -> str:
    """Return the periods as a table, newest first; numbers stand to the right."""
    right = [f' class="{"r" if pd.api.types.is_numeric_dtype(frame[name]) else ""}"' for name in frame.columns]
    heads = "".join(f"<th{css}>{esc(name)}</th>" for name, css in zip(frame.columns, right, strict=True))
    rows = "".join(
        f'<tr class="l">{"".join(f"<td{css}>{esc(cell_text(cell))}</td>" for cell, css in zip(row, right, strict=True))}</tr>'
        for row in frame.itertuples(index=False)
    )
    return f'<div class="long note"><table><thead><tr class="h">{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def cell_text(cell: Any) -> str:
    """Return a cell as people write it: no decimals that say nothing, nothing for what is missing."""
    if absent(cell):
        return ""
    if isinstance(cell, float):
        return number(cell, 0 if cell == int(cell) else 2)
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def stop_of(context: Context, rows: list[Record]) -> Stop | None:
    """Return where the data stop, if the newest period is late or missing."""
    if not rows or rows[-1]["state"] not in {"late", "no_data"}:
        return None
    last = next((row for row in reversed(rows) if not absent(row["value"])), None)
    if last is None:
        return None
    name = period_name(context.words, last["grain"], last["start"])
    return Stop(last["start"], esc(context.words.say("sign.stopped", day=name)))


def areas(context: Context, records: Records, indicator: Record, whole: Record, rows: list[Record]) -> str:
    """Return one panel per smaller area on a common axis, worst first; `rows` are their signs in order of time."""
    words = context.words
    if not rows:
        return f'<p class="note panel">{esc(words.say("sign.parts_none"))}</p>'
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(row["entity"], []).append(row)
    series = {entity: [None if absent(row["value"]) else float(row["value"]) for row in own] for entity, own in groups.items()}
    lines = limit_lines(context, indicator)
    firm = [series[entity] for entity, own in groups.items() if own[-1]["state"] != "small_sample"]
    span = common_span(firm or list(series.values()), [line.value for line in lines])
    line = next(((one.value, one.level) for one in lines if span[0] <= one.value <= span[1]), None)
    order = sorted(groups, key=lambda entity: _badness(groups[entity][-1], indicator), reverse=True)
    ribbon = None
    if not absent(whole["baseline_low"]) and indicator["unit"] == "%":
        ribbon = (float(whole["baseline_low"]), float(whole["baseline_high"]))
    panels = []
    for entity in order[:MOST_PANELS]:
        last = groups[entity][-1]
        is_grey = last["state"] == "small_sample"
        drawn = panel(series[entity], span, context.colours, line=line, ribbon=ribbon, is_grey=is_grey)
        panels.append((last, drawn))
    is_long = any(_is_long(context, records, last) for last, _ in panels)
    body = "".join(_panel(context, records, last, whole["entity"], drawn, is_long=is_long) for last, drawn in panels)
    first, digits = rows[0], int(indicator["precision"])
    length = words.say(f"per_grain.{first['grain']}", count=max(map(len, groups.values())))
    key = "sign.parts" if first["entity_kind"] != whole["entity_kind"] else "sign.neighbours"
    note = words.say(
        "sign.parts_note", span=length, low=number(span[0], digits), high=number(span[1], digits) + str(indicator["unit"] or "")
    )
    if line:
        note += words.say("sign.parts_line", line=with_unit(line[0], indicator))
    if len(order) > MOST_PANELS:
        note += words.say("sign.parts_more", shown=MOST_PANELS, count=len(order))
    room = f"max-width:{max(len(panels), 1) * WIDEST}px"
    return section(words.say(key, kind=words.label("kind", first["entity_kind"])), note, f'<div class="multi" style="{room}">{body}</div>')


def _badness(sign: Record, indicator: Record) -> tuple[float, ...]:
    value = 0.0 if absent(sign["value"]) else float(sign["value"])
    return (float(not absent(sign["value"])), float(rank(sign)), -value if indicator["direction"] == "higher" else value)


def _area_name(records: Records, sign: Record) -> str:
    return records.tile_name({"entity_kind": sign["entity_kind"], "name_zh": records.entity_name(sign)})


def _is_long(context: Context, records: Records, sign: Record) -> bool:
    """Whether name and value do not fit in one line of a panel."""
    return width(_area_name(records, sign)) * 20 + width(str(value_text(context.words, sign))) * 16 > PANEL_ROOM


def _panel(context: Context, records: Records, sign: Record, here: str, document: str, *, is_long: bool) -> str:
    words = context.words
    word = level_word(words, sign, "level_short")
    ink = f"ink-{level_of(sign)}" if rank(sign) > 0 else ""
    target = context.filters.target("sign", indicator=sign["indicator"], entity=sign["entity"], grain=sign["grain"], feed="")
    name = _area_name(records, sign)
    grey = "" if is_judged(sign) or sign["state"] == "ok" else " quiet"
    line = image(document, name, "").replace("<img ", '<img class="line" ', 1)
    value = f'<span class="v {"quiet" if grey else "b"}">{esc(value_text(words, sign))}</span>'
    picture = mark_image(mark(sign), context.colours, word, 15)
    head = f'<span class="nm{" long" if is_long else ""}">{picture} {esc(name)}</span>{"" if is_long else value}'
    low = value if is_long else f"<span>{esc(sample(sign))}</span>"
    return (
        f'<a class="{"here" if sign["entity"] == here else ""}" href="{esc(target)}" data-go="{esc(target)}">'
        f'<span class="row">{head}</span>'
        f'{line}<span class="row note">{low}<span class="{ink}">{esc(word)}</span></span></a>'
    )
