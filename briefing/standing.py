"""Says why a sign has no level, what is known all the same, and when there will be one: a face of its own for each state.

Rows are records of SIGN_COLUMNS of one sign in order of time. An older value is named with its period, never as today's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from briefing.phrases import Record, absent, is_judged, period_name, reason, value_text
from data.wording import Wording, number

WILSON = 1.959964  # the two-sided 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the place of a judgement: a headline, what is known, and what comes next."""

    head: str
    known: str
    next: str


def standing(words: Wording, rows: Sequence[Record], indicator: Record, feeds: Mapping[str, str], season: str = "") -> Standing | None:
    """Return how a sign without a level stands, or None where its level says it; `season` names the rest of the year."""
    last = rows[-1]
    state = str(last["state"])
    if is_judged(last) or state == "ok":
        return None
    head, next_ = words.label("state", state), words.label("state_next", state)
    why = reason(words, last, indicator, feeds)
    match state:
        case "small_sample":
            known = words.say("list.pair", first=why, second=_interval(words, last)) if _is_share(last) else why
            next_ = words.say("state_next.small_sample", least=int(indicator["min_n"] or 0))
        case "out_of_season":
            head = season or head
            known = words.say("sign.season", start=_day(words, indicator["active_from"]), end=_day(words, indicator["active_to"]))
            next_ = words.say("state_next.out_of_season", day=_day(words, indicator["active_from"]))
        case "late" | "no_data" | "not_evaluated":
            known = words.say("list.pair", first=why, second=_before(words, rows)) if _before(words, rows) else why
            next_ = words.label("state_next", str(last["reason"]).partition(":")[0]) if state == "not_evaluated" else next_
            next_ = next_ if words.has(f"state_next.{str(last['reason']).partition(':')[0]}") or state != "not_evaluated" else ""
        case _:
            known = words.label("state_note", state)
    return Standing(head, known, next_ or words.label("state_note", state))


def _before(words: Wording, rows: Sequence[Record]) -> str:
    """Return the newest value that there was, by its period, where the last row has none."""
    if not absent(rows[-1]["value"]):
        return ""
    found = next((row for row in reversed(rows) if not absent(row["value"])), None)
    return (
        ""
        if found is None
        else words.say("state_next.before", value=value_text(words, found), period=period_name(words, found["grain"], found["start"]))
    )


def _is_share(sign: Record) -> bool:
    return sign["unit"] == "%" and not absent(sign["denominator"]) and not absent(sign["numerator"]) and float(sign["denominator"]) > 0


def _interval(words: Wording, sign: Record) -> str:
    """Return Wilson's 95 % interval of a share."""
    low, high = wilson(float(sign["numerator"]), float(sign["denominator"]))
    return words.say("state_next.interval", low=number(100 * low, 1), high=number(100 * high, 1))


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion at 95 %. Source: Wilson 1927, JASA 22:209-212."""
    share, z = min(max(part / whole, 0.0), 1.0), WILSON
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _day(words: Wording, text: object) -> str:
    month, day = map(int, str(text).split("-")[-2:])
    return words.day(date(2000, month, day))
