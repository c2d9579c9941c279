"""Turns signs into the table that people read and take away, as CSV or as a workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter

from briefing.phrases import absent, level_word, reason
from charts.markup import esc
from data.wording import Wording, number
from pages.parts.periods import period_name
from pages.parts.records import Record, Records

TRIGGERS = ("=", "+", "-", "@", "\t", "\r")


def sign_rows(words: Wording, records: Records, rows: list[Record], indicator: Record) -> pd.DataFrame:
    """Return one row per period, newest first, with headings in the reader's language; empty columns are left out."""
    return headed(words, [_told(words, records, row, indicator) for row in reversed(rows)])


def latest_rows(words: Wording, records: Records, signs: list[Record]) -> pd.DataFrame:
    """Return one row per sign in the order given, with its name and area first; else as `sign_rows`."""
    found = []
    for sign in signs:
        indicator = records.catalogue[sign["indicator"]]
        found.append({"name": words.name(indicator), "area": sign["entity_name"]} | _told(words, records, sign, indicator))
    return headed(words, found)


def headed(words: Wording, rows: list[Record]) -> pd.DataFrame:
    """Return rows as a frame with headings in the reader's language; empty columns are left out."""
    frame = pd.DataFrame(rows).dropna(axis="columns", how="all")
    return frame.rename(columns={name: words.say(f"sign.columns.{name}") for name in frame.columns})


def _told(words: Wording, records: Records, row: Record, indicator: Record) -> Record:
    return {
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


def _rounded(value: object, indicator: Record) -> float | None:
    return None if value is None else round(float(str(value)), int(indicator["precision"]))


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return UTF-8 with a mark that spreadsheets recognise; text that could run as a formula is neutralised."""
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(TRIGGERS) else cell)
    return safe.to_csv(index=False).encode("utf-8-sig")


def xlsx_bytes(frame: pd.DataFrame, said: str) -> bytes:
    """Return a workbook with `said` above the table; text stays text whatever it begins with."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        bold, sheet = book.add_format({"bold": True, "bottom": 1}), book.add_worksheet()
        sheet.write_string(0, 0, said)
        for place, name in enumerate(frame.columns):
            sheet.write_string(2, place, str(name), bold)
        for line, row in enumerate(frame.itertuples(index=False), start=3):
            for place, cell in enumerate(row):
                if isinstance(cell, bool | str):
                    sheet.write_string(line, place, str(cell))
                elif not absent(cell):
                    sheet.write_number(line, place, float(cell))
        sheet.freeze_panes(3, 0)
        sheet.set_column(0, len(frame.columns), 16)
    return made.getvalue()


def table(frame: pd.DataFrame) -> str:
    """Return the periods as a table, newest first; numbers stand to the right."""
    right = [f' class="{"r" if pd.api.types.is_numeric_dtype(frame[name]) else ""}"' for name in frame.columns]
    heads = "".join(f"<th{css}>{esc(name)}</th>" for name, css in zip(frame.columns, right, strict=True))
    rows = "".join(
        f'<tr class="l">{"".join(f"<td{css}>{esc(cell_text(cell))}</td>" for cell, css in zip(row, right, strict=True))}</tr>'
        for row in frame.itertuples(index=False)
    )
    return f'<div class="long note"><table><thead><tr class="h">{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def cell_text(cell: Any) -> str:
    """Return a cell as people write it: no decimals that say nothing, nothing for what is missing."""
    if absent(cell):
        return ""
    if isinstance(cell, float):
        return number(cell, 0 if cell == int(cell) else 2)
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
