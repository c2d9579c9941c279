"""Gathers what a trend must show beside its values: holidays, what happened, and dates on which limits were learnt anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from charts.markup import esc
from charts.trend import Note
from pages.parts.context import Context
from pages.parts.picker import Choice
from pages.parts.reading import Reading
from pages.parts.records import Record, plain

FLAGS = "①②③④⑤⑥⑦⑧⑨⑩"


@dataclass(frozen=True, slots=True)
class Happened:
    """The marks on the chart, and what they mean in words, already HTML."""

    notes: list[Note]
    told: str


def definition_body(reading: Reading, indicator: str) -> Record:
    """Return a definition by the keys of its grammar; empty where the snapshot does not keep it."""
    frame = reading.frame("definitions")
    rows = frame[frame["indicator"] == indicator] if len(frame) else frame
    return dict(json.loads(rows.iloc[0]["body"])) if len(rows) else {}


def happened(context: Context, reading: Reading, chosen: Choice, rows: list[Record]) -> Happened:
    """Return what touches the time of `rows`; holidays only where a period is a day."""
    words = context.words
    if not rows:
        return Happened([], "")
    first, last = _moment(rows[0]["start"]), _moment(rows[-1]["start"])
    notes: list[Note] = []
    if chosen.grain == "day":
        for row in plain(reading.frame("holidays")):
            start, end = _moment(row["start"]), _moment(row["end"])
            if end >= first and start <= last:
                notes.append(Note(start, end, esc(words.label("holiday", row["holiday"])), is_span=True))
    told = []
    events = _annotations(context, reading, chosen, first, last) + _rebases(context, reading, chosen, first, last)
    for flag, (start, end, text) in zip(FLAGS, sorted(events, key=lambda event: event[0]), strict=False):
        notes.append(Note(max(start, first), end, flag))
        day = words.day(start) if start == end else words.say("sign.from_to", start=words.day(start), end=words.day(end))
        told.append(f"<span><b>{flag}</b> {esc(day)} {esc(text)}</span>")
    return Happened(notes, f'<div class="told note">{"".join(told)}</div>' if told else "")


Event = tuple[Any, Any, str]


def _annotations(context: Context, reading: Reading, chosen: Choice, first: Any, last: Any) -> list[Event]:
    words = context.words
    frame = reading.frame(
        "annotations", indicator=chosen.indicator["indicator"], entity=chosen.entity["entity"], start=first, end=last + timedelta(days=1)
    )
    return [
        (
            _moment(row["start"]),
            _moment(row["end"]),
            words.name(row, "text") + (words.say("sign.excluded") if row["excluded"] else ""),
        )
        for row in plain(frame)
    ]


def _rebases(context: Context, reading: Reading, chosen: Choice, first: Any, last: Any) -> list[Event]:
    """Return the rebases of a definition; one between two periods says from which on it applies."""
    words, found = context.words, []
    for one in (definition_body(reading, str(chosen.indicator["indicator"])).get("spc") or {}).get("rebases", ()):
        asked = _moment(date.fromisoformat(str(one.get("from") or one.get("since"))))
        if first <= asked <= last:
            text = words.say("sign.rebase", reason=words.name(one["reason"], ""), by=one["by"])
            later = "" if chosen.grain == "day" else words.say("sign.rebase_next")
            found.append((asked, asked, text + later))
    return found


def _moment(day: Any) -> Any:
    return pd.Timestamp(day).to_pydatetime()
