"""Says where a sign is heading: what is expected of it, how sure that is, and how long it is until its yellow line.

Rows are those of `indicators.outlook`, in order of time. It must not know where they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from briefing.phrases import Record, absent, period_name
from data.wording import Wording, number


@dataclass(frozen=True, slots=True)
class Heading:
    """What is expected at the end, how far off the yellow line is, and how that was found."""

    expected: str
    until: str
    method: str


def heading(words: Wording, rows: Sequence[Record]) -> Heading | None:
    """Return the words for a forecast; None where there is no such sign, or it is never foretold."""
    if not rows or rows[0]["reason"] == "not_foretold":
        return None
    last = rows[-1]
    if absent(last["value"]):
        return Heading(words.label("forecast.why", last["reason"]), "", "")
    expected = words.say(
        "forecast.expected", period=period_name(words, last["grain"], last["start"]), value=last["text"],
        share=number(100 * float(last["confidence"])), low=last["low_text"], high=last["high_text"],
    )  # fmt: skip
    method = words.say("forecast.method", name=words.label("forecast.name", last["method"]), n=int(last["n"]))
    return Heading(expected, _until(words, last, len(rows)), method)


def _until(words: Wording, row: Record, count: int) -> str:
    """Return how long it is until the yellow line, as expected and at the earliest; nothing for a sign without lines."""
    if absent(row["level"]):
        return ""
    days, soonest = row["days_until_yellow"], row["soonest_until_yellow"]
    if not absent(days) and not days:
        return words.say("forecast.reached")
    if not absent(days):
        return words.say("forecast.until", days=int(days), soonest=int(soonest))
    span = words.say(f"forecast.span.{row['grain']}", count=count)
    return words.say(
        "forecast.not_within" if absent(soonest) else "forecast.perhaps", span=span, soonest=0 if absent(soonest) else int(soonest)
    )
