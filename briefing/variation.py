"""Puts a control chart into words: what the newest point says and since when, whether the standard is kept, what limits rest on.

A row is one record of SIGN_COLUMNS, rows are those of one sign in order of time. It must not know where they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from briefing.phrases import Record, absent, period_name, with_unit
from charts.palette import LEVELS
from data import periods
from data.wording import Wording

NEAR = 2 / 3  # of the way from the centre to a limit, where a point lies close to it
TONES = {"improvement": "better", "concern": "worse", "neutral": "accent"}


def tone(row: Record) -> str:
    """Return better, worse or accent (neither) of a special cause, or nothing."""
    return TONES.get(str(row["variation"] or "").partition("_")[0], "") if not absent(row["variation"]) else ""


def basis(row: Record) -> tuple[str, list[str]]:
    """Return the code of what the limits of a row rest on, and its values."""
    parts = [""] if absent(row["control_basis"]) else str(row["control_basis"]).split(":")
    return parts[0], parts[1:]


def has_limits(row: Record) -> bool:
    """Whether control limits are in force at a row."""
    return basis(row)[0] in {"xmr", "p", "u"}


def marked(rows: Sequence[Record]) -> list[tuple[str, str]]:
    """Return special cause and tone of every row, looking back: all points of a pattern, not only the one that completed it."""
    found = [("", "")] * len(rows)
    told = [place for place, row in enumerate(rows) if not absent(row["special"])]
    for place in told:
        kind = str(rows[place]["special"])
        for member in _members(rows, place, kind):
            if not found[member][0] or member == place:
                found[member] = (kind, tone(rows[place]))
    for place in told:
        found[place] = (str(rows[place]["special"]), tone(rows[place]))
    return found


def since(rows: Sequence[Record]) -> tuple[int, int]:
    """Return the place of the first point of the newest pattern, and how many points it has."""
    last = len(rows) - 1
    members = _members(rows, last, str(rows[last]["special"])) if rows and not absent(rows[last]["special"]) else []
    return (min(members), len(members)) if members else (last, 0)


def _members(rows: Sequence[Record], place: int, kind: str) -> list[int]:
    """Return the places of a pattern that ends at `place`; days on which nothing was due are passed over."""
    if kind.startswith("outside"):
        return [place]
    way = 1 if kind.endswith(("high", "up")) else -1
    found, before = [place], place
    for back in range(place - 1, -1, -1):
        row = rows[back]
        if absent(row["value"]) and row["reason"] == "empty":
            continue
        if absent(row["value"]) or absent(row["control_centre"]):
            break
        away = way * (float(row["value"]) - float(row["control_centre"]))
        if kind.startswith("two"):
            if len(found) + (before - back) > 3 or before - back > 2:
                break
            if away > NEAR * (float(row["control_high"]) - float(row["control_centre"])):
                found.append(back)
            if len(found) == 2:
                break
            continue
        if kind.startswith("run") and away <= 0:
            break
        if kind.startswith("trend") and way * (float(rows[before]["value"]) - float(row["value"])) <= 0:
            break
        found.append(back)
        before = back
    return found


def variation_note(words: Wording, rows: Sequence[Record]) -> str:
    """Return why the variation icon looks as it does: the cause, since when, or why nothing is judged."""
    if not rows:
        return ""
    last = rows[-1]
    name = period_name(words, last["grain"], last["start"])
    if absent(last["variation"]):
        code, rest = basis(last)
        if absent(last["value"]):
            return words.label("state_note", last["state"])
        if code == "baseline_period":
            return words.say("control.baseline_period", first=_named(words, rest[0]), last=_named(words, rest[1]))
        if code == "few_points":
            return words.say("control.few_points", points=rest[0], least=rest[1])
        return words.label("control", code or "none")
    if absent(last["special"]):
        return words.say("control.common")
    first, count = since(rows)
    kind = str(last["special"])
    if kind.startswith(("run", "trend")):
        start = period_name(words, last["grain"], rows[first]["start"])
        return words.say(f"control.note.{kind}", day=start, count=count)
    return words.say("control.note.one", day=name, cause=words.label("special", kind))


def assurance_note(words: Wording, row: Record, indicator: Record) -> str:
    """Return how the standard lies to the limits, or why nothing is said."""
    line = standard(indicator)
    if absent(row["assurance"]) or line is None:
        why = "no_line" if line is None else "neutral" if indicator["direction"] not in {"higher", "lower"} else "no_limits"
        return words.say(f"control.assured.{why}")
    return words.say(f"control.assured.{row['assurance']}", line=with_unit(line, indicator))


def standard(indicator: Record) -> float | None:
    """Return the line that a period has to keep: where the first level begins, else the target."""
    line = next((indicator[key] for key in (LEVELS[1], "target") if not absent(indicator[key])), None)
    return None if line is None else float(line)


def basis_note(words: Wording, row: Record) -> str:
    """Return the calculation period behind the limits of a row, or nothing."""
    code, rest = basis(row)
    if not has_limits(row):
        return ""
    first, last = (_named(words, text) for text in rest[:2])
    return words.say("control.basis", chart=words.label("chart", code), first=first, last=last, points=rest[2])


def _named(words: Wording, text: str) -> str:
    """Return a period by its code."""
    grain, start = periods.read(text)
    return words.full_day(start) if grain == "day" else period_name(words, grain, start)
