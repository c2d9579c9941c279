"""Turns signs into the table that people read and take away as CSV."""

from __future__ import annotations

import pandas as pd

from briefing.phrases import level_word, reason
from data.wording import Wording
from pages.parts.periods import period_name
from pages.parts.records import Record, Records

TRIGGERS = ("=", "+", "-", "@", "\t", "\r")


def sign_rows(words: Wording, records: Records, rows: list[Record], indicator: Record) -> pd.DataFrame:
    """Return one row per period, newest first, with headings in the reader's language; empty columns are left out."""
    found = [
        {
            "period": period_name(words, row["grain"], row["start"]),
            "text": row["text"] or words.say("value.none"),
            "value": row["value"],
            "n": row["n"],
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            "level": level_word(words, row),
            "baseline_low": _rounded(row["baseline_low"], indicator),
            "baseline_high": _rounded(row["baseline_high"], indicator),
            "reason": reason(words, row, indicator, records.feed_names),
        }
        for row in reversed(rows)
    ]
    frame = pd.DataFrame(found).dropna(axis="columns", how="all")
    return frame.rename(columns={name: words.say(f"sign.columns.{name}") for name in frame.columns})


def _rounded(value: object, indicator: Record) -> float | None:
    return None if value is None else round(float(str(value)), int(indicator["precision"]))


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return UTF-8 with a mark that spreadsheets recognise; text that could run as a formula is neutralised."""
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(TRIGGERS) else cell)
    return safe.to_csv(index=False).encode("utf-8-sig")
