"""Puts one sign into words: its level or state, its change with good or bad, and the reason for its level.

A sign is one record of SIGN_COLUMNS, its indicator one record of INDICATOR_COLUMNS. It must not know where they are shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from charts.marks import mark_of
from charts.palette import LEVELS
from data.readings import printed
from data.wording import MINUS, Wording, number

Record = Mapping[str, Any]
RANK = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Change:
    """A change in words and whether it is `better`, `worse` or neither (empty)."""

    text: str
    tone: str = ""


def absent(value: object) -> bool:
    """Return whether a cell of a frame holds nothing."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or value != value  # noqa: PLR0124


def level_of(sign: Record) -> str | None:
    """Return the level that was judged, or None."""
    return str(sign["level"]) if sign["level"] in LEVELS else None


def is_judged(sign: Record) -> bool:
    """Return whether a level was given."""
    return level_of(sign) is not None


def rank(sign: Record) -> int:
    """Return the weight of a sign's level: -1 unjudged, 0 normal ... 4 red."""
    level = level_of(sign)
    return RANK[level] if level else -1


def level_word(words: Wording, sign: Record, group: str = "level") -> str:
    """Return the word of the mark that stands for a sign."""
    level = level_of(sign)
    if level:
        return words.label(group, level)
    state = str(sign["state"])
    return words.label("state", state)


def mark(sign: Record) -> str:
    """Return the mark that stands for a sign."""
    return mark_of(level_of(sign), str(sign["state"]))


def value_text(words: Wording, sign: Record) -> str:
    """Return the printed value, or a dash."""
    return str(sign["text"]) if not absent(sign["value"]) and sign["text"] else words.say("value.none")


def with_unit(line: object, indicator: Record) -> str:
    """Return a threshold or limit with the unit of its indicator, without needless decimals."""
    size = float(str(line))
    digits = 0 if size == int(size) else int(indicator["precision"])
    return printed(size, digits, str(indicator["unit"] or "")) or ""


def change(words: Wording, sign: Record, indicator: Record, field: str) -> Change:
    """Return the change of a sign in `field` (change_prev, change_week, change_year): few things by their difference."""
    of = field.removeprefix("change_")
    infix = "" if of == "prev" else f"_{of}"
    size, difference, why = sign[field], sign[f"difference_{of}"], sign[f"change{infix}_reason"]
    if absent(difference):
        return Change(words.label("change.why", why) if why and not absent(why) else words.say("change.none"))
    precision, unit = int(indicator["precision"]), str(sign["change_unit"] or "")
    tinted = tone(float(difference), str(indicator["direction"]))
    moved = (printed(abs(difference), precision, str(indicator["unit"] or "")) or "").removeprefix("-")
    moved = f"{'+' if difference > 0 else MINUS}{moved}"
    same = number(float(difference), precision).strip("0.") == ""
    if absent(size) and not same:
        turned = why == "base_negative" and float(sign["value"]) >= 0
        reason_text = words.say("change.turned") if turned else words.label("change.why", why)
        return Change(words.say("change.with_why", difference=moved, why=reason_text), tinted)
    text = number(float(size), 1 if unit == "%" else precision, signed=True) if not absent(size) else ""
    if text.strip("0.") == "":
        return Change(words.say("change.same")) if same else Change(moved, tinted)
    if "small" in str(sign[f"change{infix}_basis"]) and not same:
        return Change(moved, tinted)
    return Change(text + (words.say("change.points") if unit == "points" else unit), tone(float(size), str(indicator["direction"])))


def basis(words: Wording, sign: Record, field: str) -> str:
    """Return what a reader must know of the two periods that a change compares, or nothing."""
    of = field.removeprefix("change_")
    marks = sign["change_basis" if of == "prev" else f"change_{of}_basis"]
    said = [] if absent(marks) else [words.label("change.basis", mark) for mark in str(marks).split(",") if mark != "small"]
    if of == "year" and sign["vintage"] == "provisional" and sign["change_year_vintage"] == "final":
        said.append(words.say("change.later_known"))
    return words.say("list.comma").join(said)


def tone(size: float, direction: str) -> str:
    """Return whether a move is good or bad for a direction; watch and band signs have neither."""
    if direction not in {"higher", "lower"} or not size:
        return ""
    return "better" if (size > 0) == (direction == "higher") else "worse"


def reason(words: Wording, sign: Record, indicator: Record, feeds: Mapping[str, str]) -> str:
    """Return why a sign has its level or state; `feeds` maps feed ids to names."""
    code = sign["reason"]
    if absent(code) or not code:
        return words.label("state_note", sign["state"]) if sign["state"] != "ok" else ""
    kind, *rest = str(code).split(":")
    match kind, rest:
        case "threshold", [_, line]:
            side = _side(sign, indicator, float(line))
            return words.say(f"reason.{side}", line=with_unit(line, indicator))
        case "baseline", [z]:
            size = number(abs(float(z)), 1)
            return words.say("reason.baseline_ok" if sign["level"] == "normal" else "reason.baseline", z=size)
        case "n", [n, least]:
            return words.say("reason.n", n=n, min_n=least)
        case "feed_late" | "not_due" | "unheard", [feed]:
            return words.say(f"reason.{kind}", feed=feeds.get(feed, feed))
    return words.label("reason", kind)


def _side(sign: Record, indicator: Record, line: float) -> str:
    if indicator["direction"] == "higher":
        return "below"
    if indicator["direction"] == "lower" or absent(sign["value"]):
        return "above"
    return "below" if float(sign["value"]) < line else "above"


def period_name(words: Wording, grain: str, start: Any) -> str:
    """Return a period in words."""
    moment = pd.Timestamp(start).to_pydatetime()
    match grain:
        case "hour":
            return words.say("date.hour", day=words.day(moment), hour=moment.hour)
        case "week":
            iso = moment.isocalendar()
            return words.say("date.week", year=iso.year, week=iso.week, day=words.day(moment))
        case "month":
            return words.say("date.month", year=moment.year, month=moment.month, month_name=words.label("month", moment.month))
        case "quarter":
            return words.say("date.quarter", year=moment.year, quarter=(moment.month + 2) // 3)
        case "year":
            return words.say("date.year", year=moment.year)
    return words.day(moment)
