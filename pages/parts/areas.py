"""Draws the areas inside one, or beside it, as small multiples on one axis, worst first, and says that they add up."""

from __future__ import annotations

from briefing.headline import width
from briefing.phrases import absent, is_judged, level_of, level_word, mark, rank, value_text, with_unit
from charts.marks import mark_image
from charts.markup import esc, image
from charts.multiples import common_span, panel
from data.wording import number
from pages.parts.context import Context
from pages.parts.records import Record, Records
from pages.parts.signface import limit_lines, sample
from pages.parts.tables import section

MOST_PANELS, PANEL_ROOM, WIDEST = 14, 142, 240  # pixels: beside a mark, at 20 for the name and 16 for the value; of a panel
SAME = 1e-9  # of a sum of binary floats


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
    note += _adds_up(context, indicator, whole, [own[-1] for own in groups.values()])
    if len(order) > MOST_PANELS:
        note += words.say("sign.parts_more", shown=MOST_PANELS, count=len(order))
    room = f"max-width:{max(len(panels), 1) * WIDEST}px"
    return section(words.say(key, kind=words.label("kind", first["entity_kind"])), note, f'<div class="multi" style="{room}">{body}</div>')


def _adds_up(context: Context, indicator: Record, whole: Record, parts: list[Record]) -> str:
    """Return that the parts with what lies in none make the whole, where all speak of the same time and count what adds up."""
    of_window = indicator["window_days"] and whole["grain"] == "day" and parts[0]["entity_kind"] in str(indicator["window_kinds"])
    keys = ("numerator", "denominator") if indicator["unit"] == "%" else ("numerator",)
    is_inside = parts[0]["entity_kind"] != whole["entity_kind"]
    if of_window or not is_inside or any(absent(row[key]) for row in (whole, *parts) for key in keys):
        return ""
    sums = [sum(float(row[key]) for row in parts) for key in keys]
    if any(abs(total - float(whole[key])) > SAME * max(abs(total), 1) for key, total in zip(keys, sums, strict=True)):
        return ""
    return context.words.say("sign.parts_sum", sum="/".join(number(total) for total in sums), count=len(parts))


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
