"""Draws the head of one sign, and turns its past into what the trend draws: points, lines, and where the data stop."""

from __future__ import annotations

from typing import Any

from briefing.phrases import absent, basis, change, level_of, level_word, mark, reason, value_text, with_unit
from briefing.standing import Standing, standing
from briefing.variation import assurance_note, has_limits, marked, tone, variation_note
from charts.icons import assurance_icon, variation_icon
from charts.marks import mark_image
from charts.markup import esc
from charts.palette import LEVELS
from charts.trend import Line, Stop
from data.readings import printed
from data.wording import number
from pages.parts.context import Context
from pages.parts.periods import period_name
from pages.parts.records import Record, Records
from pages.parts.tables import tinted

WHOLE = 100.0  # per cent
FEW = 100  # of what is measured and not counted: below it decimals are told
SMOOTH = 2  # days to either side that last year's line of days is smoothed over


def face(context: Context, records: Records, indicator: Record, rows: list[Record], season: str) -> str:
    """Return value, level, sample, changes of the newest sign, and its two icons, or why there is no level."""
    words, sign = context.words, rows[-1]
    domain = next((row for row in records.domains if row["domain"] == indicator["domain"]), None)
    crumbs = words.say(
        "sign.crumbs",
        domain=words.name(domain) if domain else "",
        entity=records.entity_name(sign),
        grain=words.label("grain", sign["grain"]),
    )
    stands = standing(words, rows, indicator, records.feed_names, season)
    word, level = level_word(words, sign), level_of(sign)
    picture = mark_image(mark(sign), context.colours, word, 15, on_fill=level is not None and level != "normal")
    prev = words.label("change.prev", sign["grain"])
    moves = [(prev, "change_prev"), (words.say("change.week"), "change_week"), (words.say("change.year"), "change_year")]
    shown = moves if sign["grain"] == "day" else [moves[0], moves[2]]
    lines = "".join(_moved(context, sign, indicator, name, field) for name, field in shown)
    value = stands.head if stands and sign["state"] in {"out_of_season", "suppressed"} else value_text(words, sign)
    why = reason(words, sign, indicator, records.feed_codes) if not stands else ""
    if sign["state"] == "ok" and sign["value"] == 0:
        why = words.say("list.pair", first=words.say("value.zero"), second=why) if why else words.say("value.zero")
    beside = words.say("list.comma").join(filter(None, [f"{period_name(words, sign['grain'], sign['start'])} {sample(sign)}".strip(), why]))
    return (
        f'<div class="face"><div><div class="note">{esc(crumbs)}</div><div class="title">{esc(words.name(indicator))}</div></div>'
        f'<div class="big{" quiet" if stands else ""}">{esc(value)}</div>'
        f'<div><span class="chip lv-{level or "none"}">{picture}{esc(word)}</span>'
        f'<div class="note beside">{esc(beside)}</div></div><div class="part moves">{lines}</div>'
        f"{_stands(stands) if stands else ''}{_icons(context, indicator, _spoken(rows))}</div>"
    )


def _stands(stands: Standing) -> str:
    """Return what is said where no level could be given: why, what is known, what comes next."""
    known, next_ = f"<span>{esc(stands.known)}</span>", f'<span class="note">{esc(stands.next)}</span>'
    return f'<div class="dashed stands"><b>{esc(stands.head)}</b>{known}{next_}</div>'


def _spoken(rows: list[Record]) -> list[Record]:
    """Return the rows up to the newest point: a day on which nothing was due is none."""
    last = next((place for place in reversed(range(len(rows))) if rows[place]["reason"] != "empty"), len(rows) - 1)
    return rows[: last + 1]


def _icons(context: Context, indicator: Record, rows: list[Record]) -> str:
    """Return the icons of variation and assurance with their words; where neither limits nor a level are there, nothing."""
    words, sign, colours = context.words, rows[-1], context.colours
    varied = None if absent(sign["variation"]) else str(sign["variation"])
    assured = None if absent(sign["assurance"]) else str(sign["assurance"])
    if not varied and sign["state"] != "ok":
        return ""
    word, said = words.label("variation", varied or "none"), words.label("assurance", assured or "none")
    inner, also = (words.label("control.icon", code or "none") for code in (varied, assured))
    first, second = words.say("control.head.variation", word=word), words.say("control.head.assurance", word=said)
    drawn = _icon(variation_icon(varied, colours, inner, word), first, variation_note(words, rows), tone(sign))
    return drawn + _icon(assurance_icon(assured, colours, also, said), second, assurance_note(words, sign, indicator))


def _icon(picture: str, head: str, note: str, way: str = "") -> str:
    css = way if way in {"better", "worse"} else ""
    return f'<div class="part icon">{picture}<div><b class="{css}">{esc(head)}</b><br>{esc(note)}</div></div>'


def _moved(context: Context, sign: Record, indicator: Record, name: str, field: str) -> str:
    note = basis(context.words, sign, field)
    beside = f' <span class="note">{esc(note)}</span>' if note else ""
    return f"<div>{esc(name)} <b>{tinted(change(context.words, sign, indicator, field))}</b>{beside}</div>"


def sample(sign: Record) -> str:
    """Return numerator over denominator, or n."""
    if sign["unit"] == "%" and not absent(sign["numerator"]) and not absent(sign["denominator"]):
        halves = (float(sign["numerator"]), float(sign["denominator"]))
        # A few hectares or kilometres are no counts: without decimals 0.85 of 3.3 would read as 1 of 3.
        digits = 2 if abs(halves[1]) < FEW and any(half != int(half) for half in halves) else 0
        return "/".join(number(half, digits) for half in halves)
    return "" if absent(sign["n"]) else f"n={number(sign['n'])}"


def points(context: Context, rows: list[Record]) -> list[dict[str, Any]]:
    """Return signs as the records of `charts.trend`: limits of control where there are any, else what is usual."""
    words, found = context.words, []
    is_controlled, before = any(map(has_limits, rows)), _year_before(rows)
    names = ("control_low", "control_high") if is_controlled else ("baseline_low", "baseline_high")
    floor = 0.0 if all(absent(row["value"]) or float(row["value"]) >= 0 for row in rows) else None
    share = [row for row in rows if row["unit"] == "%" and not absent(row["value"])]
    ceiling = WHOLE if share and all(float(row["value"]) <= WHOLE for row in share) else None
    for row, (special, way), year in zip(rows, marked(rows), before, strict=True):
        name = period_name(words, row["grain"], row["start"])
        said = words.label("special", special) if special else ""
        told = "　".join(filter(None, [level_word(words, row), sample(row), said]))
        low, high = (None if absent(row[key]) else float(row[key]) for key in names)
        found.append({
            "value": None if absent(row["value"]) else row["value"], "start": row["start"], "text": esc(row["text"]), "state": row["state"],
            "level": row["level"], "low": low if low is None or floor is None else max(low, floor),
            "high": high if high is None or ceiling is None else min(high, ceiling),
            "centre": float(row["control_centre"]) if is_controlled and not absent(row["control_centre"]) else None,
            "special": special, "tone": way, "before": year, "is_skipped": absent(row["value"]) and row["reason"] == "empty",
            "name": esc(name if row["grain"] != "week" else words.day(row["start"])),
            "hover": f"{esc(name)}　<b>{esc(value_text(words, row))}</b><br>{esc(told)}",
        })  # fmt: skip
    return found


def _year_before(rows: list[Record]) -> list[float | None]:
    """Return the aligned value of a year before for every row; that of days is smoothed over five."""
    raw = [
        None if absent(row["value"]) or absent(row["difference_year"]) else float(row["value"]) - float(row["difference_year"])
        for row in rows
    ]
    if not rows or rows[0]["grain"] != "day":
        return raw
    near = [[one for one in raw[max(place - SMOOTH, 0) : place + SMOOTH + 1] if one is not None] for place in range(len(raw))]
    return [None if one is None else sum(around) / len(around) for one, around in zip(raw, near, strict=True)]


def limit_lines(context: Context, indicator: Record, rows: list[Record] | None = None) -> list[Line]:
    """Return the limits of an indicator with labels; with `rows`, also its target and the newest centre."""
    words = context.words
    side = "below" if indicator["direction"] == "higher" else "above"
    found = [
        Line(
            float(indicator[level]),
            level,
            esc(words.say(f"sign.line_{side}", line=with_unit(indicator[level], indicator), level=words.label("level_short", level))),
        )
        for level in LEVELS[1:]
        if not absent(indicator[level])
    ]
    target = indicator["target"]
    if rows and not absent(target) and target not in {line.value for line in found}:
        found.append(Line(float(target), "target", esc(words.say("sign.line_target", line=with_unit(target, indicator)))))
    middle = next((row["control_centre"] for row in reversed(rows or []) if not absent(row["control_centre"])), None)
    if middle is not None:
        text = printed(float(middle), int(indicator["precision"]), str(indicator["unit"] or ""))
        found.append(Line(float(middle), "centre", esc(words.say("sign.line_centre", line=text))))
    return found


def stop_of(context: Context, rows: list[Record]) -> Stop | None:
    """Return where the data stop, if the newest period is late or missing."""
    if not rows or rows[-1]["state"] not in {"late", "no_data"}:
        return None
    last = next((row for row in reversed(rows) if not absent(row["value"])), None)
    if last is None:
        return None
    name = period_name(context.words, last["grain"], last["start"])
    return Stop(last["start"], esc(context.words.say("sign.stopped", day=name)))
