"""Sends mistakes back: for each drop with faults a workbook of the faulty rows, each faulty cell marked and explained.

A clerk corrects the cells where they stand and sends the rows again; the newer arrival clears the older one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from data.batch import Batch
from data.journal import Arrival
from data.landing import RowFault
from data.phrase import kept
from data.settings import Settings
from data.wording import Wording, told

MOST_ROWS = 5000
_LONGEST_CELL = 2000
_WIDEST = 40
# Text is written as text: what a department sent as `=1+1` is no formula here either.
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Returned:
    """The faults of one table of a drop, as they go back."""

    batch: Batch
    faults: Sequence[RowFault]


def return_path(settings: Settings, feed: str, drop: str) -> Path:
    """Return where the workbook of a drop lies."""
    return settings.returns / feed / f"{drop}.xlsx"


def refusal_path(settings: Settings, feed: str, drop: str) -> Path:
    """Return where the note of a refused drop lies."""
    return settings.refused / feed / f"{drop}.txt"


def write_refusal(settings: Settings, arrival: Arrival, why: str) -> None:
    """Leave the note of a refused drop where the department's file would be looked for."""
    if Path(arrival.feed).name == arrival.feed:
        path = refusal_path(settings, arrival.feed, arrival.drop)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(why, encoding="utf-8")


def write_return(path: Path, file: str, tables: Sequence[Returned], words: Wording) -> None:
    """Write the workbook: a first sheet that says every fault in words, then one sheet a table with its rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with xlsxwriter.Workbook(str(draft), _AS_TEXT | {"in_memory": True}) as book:
        title = book.add_format({"bold": True, "font_size": 13})
        head = book.add_format({"bold": True, "bg_color": "#E8EEF5", "bottom": 1, "text_wrap": True, "valign": "top"})
        wrong = book.add_format({"bg_color": "#FDE3DF", "font_color": "#A61B12", "border": 1, "border_color": "#A61B12"})
        listing = book.add_worksheet(words.say("returned.listing"))
        listing.write_string(0, 0, words.say("returned.title", file=file), title)
        listing.write_string(1, 0, words.say("returned.how"))
        columns = ("sheet", "line", "column", "reason", "found", "wanted")
        for place, name in enumerate(columns):
            listing.write_string(3, place, words.say(f"returned.{name}"), head)
        listing.freeze_panes(4, 0)
        listing.set_column(0, 5, 18)
        listing.set_column(4, 5, _WIDEST)
        row = 4
        for number, table in enumerate(tables, start=1):
            for fault in table.faults[:MOST_ROWS]:
                said = (
                    table.batch.sheet(fault.spot), str(table.batch.line(fault.spot)), fault.column or words.say("returned.row"),
                    words.label("fault", fault.reason.value), told(kept(fault.found), words), told(fault.wanted.kept, words),
                )  # fmt: skip
                for place, text in enumerate(said):
                    listing.write_string(row, place, text[:_LONGEST_CELL])
                row += 1
            _write_rows(book, words.say("returned.rows", number=number), table, words, (head, wrong))
    draft.replace(path)


def _write_rows(book: xlsxwriter.Workbook, name: str, table: Returned, words: Wording, formats: tuple[Any, Any]) -> None:
    """Write the faulty rows of one table under their own headings, so that they can be sent again as they stand."""
    head, wrong = formats
    batch, sheet = table.batch, book.add_worksheet(name)
    for place, text in enumerate(batch.headings):
        sheet.write_string(0, place, text, head)
    sheet.set_column(0, max(len(batch.headings) - 1, 0), 16)
    sheet.freeze_panes(1, 0)
    by_spot: dict[int, list[RowFault]] = {}
    for fault in table.faults:
        by_spot.setdefault(fault.spot, []).append(fault)
    spots = sorted(by_spot, key=lambda spot: (batch.sheet(spot), batch.line(spot)))[:MOST_ROWS]
    cells = batch.cells(spots)
    for row, spot in enumerate(spots, start=1):
        marked = {place: fault for fault in by_spot[spot] for place in _places(fault, batch.headings)}
        for place, text in enumerate(cells[spot]):
            sheet.write_string(row, place, text[:_LONGEST_CELL], wrong if place in marked else None)
        for place, fault in marked.items():
            reason, wanted = words.label("fault", fault.reason.value), told(fault.wanted.kept, words)
            sheet.write_comment(row, place, words.say("returned.note", reason=reason, wanted=wanted))


def _places(fault: RowFault, headings: Sequence[str]) -> list[int]:
    """Return the cells that a fault speaks of: one, those of the key, or the first where it is the whole row."""
    named = [headings.index(name) for name in (fault.column, *fault.column.split(" + ")) if name in headings]
    return named or [0]
