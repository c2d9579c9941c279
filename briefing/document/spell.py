"""Says since when a sign stands where it stands: beyond its limits, within them, or without a level. It looks at levels only.

Rows are records of SIGN_COLUMNS of one sign in order of time, the newest last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.phrases import Record, is_judged, level_of, period_name, rank
from charts.palette import LEVELS
from data.wording import Wording

# A period without a level that lies between others hides nothing; one of these is another time, and ends what came before.
BETWEEN = frozenset({"no_data", "late", "small_sample", "ok"})


@dataclass(frozen=True, slots=True)
class Spell:
    """`kind` is beyond, within or unjudged; `first` its first row, `count` its judged periods, `gaps` those without a level between."""

    kind: str
    first: Record | None = None
    count: int = 0
    gaps: int = 0
    levels: tuple[tuple[str, int], ...] = ()
    is_turned: bool = False  # whether the level before it was on the other side; otherwise nothing was judged before it


def spell_of(rows: Sequence[Record]) -> Spell:
    """Return the spell that the newest row stands in; of an unjudged one, `first` is the last row that had a level."""
    judged = [place for place, row in enumerate(rows) if is_judged(row)]
    if not rows or not judged or judged[-1] != len(rows) - 1:
        return Spell("unjudged", rows[judged[-1]] if judged else None)
    is_beyond, is_turned, kept = rank(rows[-1]) > 0, False, []
    for place in range(len(rows) - 1, -1, -1):
        row = rows[place]
        if not is_judged(row):
            if row["state"] not in BETWEEN and row["reason"] != "empty":
                break
            continue
        if is_turned := (rank(row) > 0) != is_beyond:
            break
        kept.append(place)
    counts = Counter(level_of(rows[place]) for place in kept)
    levels = tuple((level, counts[level]) for level in reversed(LEVELS) if counts[level])
    gaps = kept[0] - kept[-1] + 1 - len(kept)
    return Spell("beyond" if is_beyond else "within", rows[kept[-1]], len(kept), gaps, levels, is_turned)


def said(words: Wording, spell: Spell, rows: Sequence[Record]) -> str:
    """Return a spell in words, without a stop: 自3月4日起3日在限外（红1、橙2）."""
    grain = rows[-1]["grain"] if rows else "day"
    if spell.first is None:
        return words.say("subject.spell.never")
    first = period_name(words, grain, spell.first["start"])
    if grain == "day" and spell.first["start"].year != rows[-1]["start"].year:
        first = words.full_day(spell.first["start"])
    if spell.kind == "unjudged":
        return words.say("subject.spell.unjudged", period=first, level=words.label("level", level_of(spell.first)))
    if spell.count == 1:
        return words.say(f"subject.spell.{spell.kind}_{'turned' if spell.is_turned else 'first'}", period=first)
    count = words.say(f"subject.count.{grain}", count=spell.count)
    levels = words.say("list.comma").join(f"{words.label('level_short', level)}{number}" for level, number in spell.levels)
    gaps = words.say(f"subject.count.{grain}", count=spell.gaps)
    text = words.say(f"subject.spell.{spell.kind}", period=first, count=count, levels=levels)
    return text + (words.say("subject.spell.gaps", gaps=gaps) if spell.gaps else "")
