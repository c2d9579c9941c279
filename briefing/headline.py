"""Writes the one sentence of the morning from the latest signs; it never says what no sign says.

Order: the worst sign with its change, then other signs beyond their limits by level, then what could not be judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from briefing.phrases import Record, absent, change, is_judged, level_of, level_word, period_name, rank
from charts.palette import LEVELS
from data.wording import Wording


def headline(
    words: Wording, signs: Sequence[Record], parts: Sequence[Record], catalogue: Mapping[str, Record], room: float = 56, whole: str = ""
) -> str:
    """Return the sentence; `signs` are the latest of `whole` (the city), `parts` those of its areas, `catalogue` maps id to indicator.

    It names as many signs as fit in `room` (in widths of a Chinese character); what is not named is counted, never dropped.
    """
    for most, quiet in ((3, 3), (2, 2), (1, 1), (1, 0), (0, 1), (0, 0)):
        text = _sentence(words, signs, parts, catalogue, most, quiet, whole or words.say("entity.whole"))
        if width(text) <= room:
            break
    return text


def width(text: str) -> float:
    """Return the width of a text in Chinese characters."""
    return sum(0.56 if letter.isascii() else 1.0 for letter in text)


def _sentence(
    words: Wording, signs: Sequence[Record], parts: Sequence[Record], catalogue: Mapping[str, Record], most: int, quiet: int, whole: str
) -> str:
    beyond = sorted((sign for sign in signs if rank(sign) > 0), key=rank, reverse=True)
    worst = max([*beyond, *parts], key=lambda sign: (rank(sign), sign["grain"] == "day"), default=None)
    clauses = []
    if worst is not None and rank(worst) > 0:
        entity = whole if any(sign is worst for sign in beyond) else str(worst["entity_name"])
        clauses.append(_first(words, worst, catalogue, entity, short=most <= 1))
        clauses += _others(words, [sign for sign in beyond if sign is not worst], catalogue, most)
    else:
        judged = sum(map(is_judged, signs))
        clauses.append(words.say("headline.calm" if judged else "headline.nothing", count=len(signs), judged=judged))
    clauses += _not_judged(words, signs, catalogue, quiet)
    return words.say("headline.join").join(clauses) + words.say("headline.stop")


def _first(words: Wording, sign: Record, catalogue: Mapping[str, Record], entity: str, *, short: bool) -> str:
    indicator = catalogue[sign["indicator"]]
    when = "" if sign["grain"] == "day" else words.say("headline.when", period=period_name(words, sign["grain"], sign["start"]))
    first = words.say("headline.first", entity=entity + when, name=words.name(indicator), value=sign["text"], level=level_word(words, sign))
    size = sign["change_week"]
    if short or absent(size):
        return first
    moved = change(words, sign, indicator, "change_week").text
    if moved[:1] not in {"+", "\N{MINUS SIGN}"}:
        return first + words.say("headline.move", against=words.say("change.week"), move=words.say("headline.same"))
    way = words.say("headline.up" if float(size) > 0 else "headline.down", size=moved[1:])
    return first + words.say("headline.move", against=words.say("change.week"), move=way)


def _others(words: Wording, signs: Sequence[Record], catalogue: Mapping[str, Record], most: int) -> list[str]:
    if not most and signs:
        present = [level for level in reversed(LEVELS) if any(level_of(sign) == level for sign in signs)]
        levels = words.say("list.comma").join(words.label("level_short", level) for level in present)
        return [words.say("headline.rest", count=len(signs), levels=levels)]
    found = []
    for level in reversed(LEVELS[1:]):
        names = [words.name(catalogue[sign["indicator"]]) for sign in signs if level_of(sign) == level]
        if names:
            found.append(words.say("headline.others", names=words.listed(names, most), level=words.label("level_short", level)))
    return found


def _not_judged(words: Wording, signs: Sequence[Record], catalogue: Mapping[str, Record], most: int) -> list[str]:
    if not any(map(is_judged, signs)):
        return []
    late = [words.name(catalogue[sign["indicator"]]) for sign in signs if sign["state"] in {"late", "no_data"}]
    quiet = [
        words.name(catalogue[sign["indicator"]])
        for sign in signs
        if not is_judged(sign) and sign["state"] not in {"late", "no_data", "out_of_season"}
    ]
    clauses = (("late", late), ("not_judged", quiet))
    if most:
        return [words.say(f"headline.{key}", names=words.listed(names, most)) for key, names in clauses if names]
    return [words.say(f"headline.{key}_count", count=len(names)) for key, names in clauses if names]
