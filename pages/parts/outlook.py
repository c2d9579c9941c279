"""Shows where a sign is heading: the periods to come as points of its trend, and the sentence below it."""

from __future__ import annotations

from typing import Any

from briefing.outlook import heading
from briefing.phrases import absent, period_name
from charts.markup import esc
from data.wording import Wording
from pages.parts.picker import Choice
from pages.parts.reading import Reading
from pages.parts.records import Record, plain

SHARE = 4  # of the periods shown, at most a fourth as many are drawn ahead


def foretold(reading: Reading, chosen: Choice) -> list[Record]:
    """Return what is expected of the chosen sign's next periods, in order of time."""
    frame = reading.frame(
        "forecasts", indicator=chosen.indicator["indicator"], entity_kind=chosen.entity["entity_kind"], entity=chosen.entity["entity"],
        grain=chosen.grain,
    )  # fmt: skip
    return plain(frame)


def ahead_of(words: Wording, coming: list[Record], rows: list[Record]) -> list[dict[str, Any]]:
    """Return the periods to come as the records of `charts.trend`; those that are over without a figure come first."""
    known = [row for row in coming if not absent(row["value"])]
    over = sum(row["start"] <= rows[-1]["start"] for row in known)
    return [
        {
            "start": row["start"], "value": row["value"], "low": row["low"], "high": row["high"],
            "name": esc(period_name(words, row["grain"], row["start"]) if row["grain"] != "week" else words.day(row["start"])),
            "hover": f"{esc(period_name(words, row['grain'], row['start']))}　<b>{esc(row['text'])}</b><br>"
            f"{esc(words.say('forecast.within', low=row['low_text'], high=row['high_text']))}",
        }
        for row in known[: over + max(len(rows) // SHARE, 1)]
    ]  # fmt: skip


def outlook(words: Wording, coming: list[Record]) -> str:
    """Return what is expected in words; nothing for a sign that is never foretold."""
    said = heading(words, coming)
    if said is None:
        return ""
    told = "".join(f"<span>{esc(text)}</span>" for text in (said.expected, said.method) if text)
    until = f"<span><b>{esc(said.until)}</b></span>" if said.until else ""
    return f'<div class="told note outlook"><span><b>{esc(words.say("forecast.head"))}</b></span>{until}{told}</div>'
