"""Lays rows out as the sheet that a clerk would send: a title above, totals and remarks below, all counted as skipped."""

from __future__ import annotations

from collections.abc import Sequence

from data.demo.dirt import Row, Soiled
from data.demo.workbook import Sheet, letters


def lay_out(name: str, title: str, headings: Sequence[str], soiled: Soiled, tail: Sequence[Row] = ()) -> tuple[Sheet, Soiled]:
    """Return the sheet and what is in it; without a title the header stands in the first row."""
    above: list[Row] = [[title]] if title else []
    merged = [f"A1:{letters(len(headings) - 1)}1"] if title else []
    return (
        Sheet(name, [*above, list(headings), *soiled.rows, *tail], merged),
        Soiled([*above, *soiled.rows, *tail], soiled.accepted, soiled.quarantined, soiled.skipped + len(above) + len(tail)),
    )
