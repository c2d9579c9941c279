"""Compares two issues of the same kind: the figures that changed, with both values, snapshots and versions; the text section by section.

A figure is known again by what it is of, not by its period: the daily of another day says another day of the same sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from briefing.document.content import Bound, Briefing, Section

Key = tuple[str, str, str, str]
SENTENCE = re.compile(r"(?<=[。；;])\s*|(?<=\.)\s+")  # not within a number


class UnlikeError(ValueError):
    """Raised for two issues that are not of the same kind, or not about the same subject."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure in both issues; None where one of them does not print it. `section` is where it stands first."""

    section: str
    before: Bound | None
    after: Bound | None

    @property
    def one(self) -> Bound:
        """The figure itself, of the newer issue where it prints it."""
        found = self.after or self.before
        assert found is not None  # made of at least one
        return found


@dataclass(frozen=True, slots=True)
class TextChange:
    """One section: what only the first says, and what only the second says; sentences and rows of tables, each whole."""

    key: str
    title: str
    gone: tuple[str, ...]
    came: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two issues, `same` figures that both print alike, the changed ones, and the sections in order; of alike ones both lists are empty."""

    before: Briefing
    after: Briefing
    figures: tuple[FigureChange, ...]
    same: int
    sections: tuple[TextChange, ...]


def compared(before: Briefing, after: Briefing) -> Comparison:
    """Return what two issues say differently; raises UnlikeError."""
    if (before.template, before.subject) != (after.template, after.subject):
        raise UnlikeError(f"{before.name} / {after.name}")
    old, new = _figures(before), _figures(after)
    changes, same = [], 0
    for key in dict.fromkeys([*new, *old]):
        (place, then), (spot, now) = old.get(key, ("", None)), new.get(key, ("", None))
        if key[0] == "chart" and not (then and now):
            continue
        if then and now and (then.text, then.version) == (now.text, now.version):
            same += 1
        else:
            changes.append(FigureChange(spot if now else place, then, now))
    order = ["", *(one.title for one in after.sections), *(one.title for one in before.sections)]
    changes.sort(key=lambda one: order.index(one.section))
    return Comparison(before, after, tuple(changes), same, tuple(_sections(before, after)))


def _figures(briefing: Briefing) -> dict[Key, tuple[str, Bound]]:
    """Return every figure that stands there, by what it is of, with the section where it stands first; points of charts by their name.

    What a text says of one address in several phrases, such as what moved an index, is one figure.
    """
    found: dict[Key, tuple[str, Bound]] = {}
    told = [("", briefing.lead_bounds)] + [(one.title, tuple(_bounds(one))) for one in briefing.sections]
    for title, bounds in told:
        for one in bounds:
            key = (one.what, one.field, one.indicator, one.entity)
            place, known = found.get(key, (title, None))
            if known and place == title and one.text not in known.text:
                said = replace(one, text=f"{known.text}；{one.text}")
            elif known is None:
                said = one
            else:
                continue
            if said.text:
                found[key] = (place, said)
    return found


def _bounds(section: Section) -> Iterator[Bound]:
    yield from section.bounds
    yield from (cell.bound for table in section.tables for row in table.rows for cell in row if cell.bound)
    for chart in section.charts:
        yield from chart.bounds
        indicator = next((one.indicator for one in chart.bounds), chart.kind)
        yield from (
            Bound(text, "chart", name, indicator) for name, text in zip(chart.names, chart.texts, strict=True) if chart.kind != "bars"
        )


def _sections(before: Briefing, after: Briefing) -> Iterator[TextChange]:
    """Yield the lead, then the sections in the order of the second issue, then those that only the first has."""
    yield TextChange("lead", "", *_apart([before.lead], [after.lead]))
    old, new = ({one.key: one for one in briefing.sections} for briefing in (before, after))
    for key in dict.fromkeys([*new, *old]):
        one = new.get(key) or old[key]
        yield TextChange(key, one.title, *_apart(*(_lines(held[key]) if key in held else [] for held in (old, new))))


def _lines(section: Section) -> list[str]:
    """Return the sentences of a section, then the rows of its tables."""
    sentences = [part.strip() for text in section.paragraphs for part in SENTENCE.split(text) if part.strip()]
    rows = ["　".join(cell.text for cell in row if cell.text) for table in section.tables for row in table.rows]
    return [*sentences, *rows, *(table.note for table in section.tables if table.note)]


def _apart(old: list[str], new: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what only the first holds and what only the second holds, in their order."""
    gone: list[str] = []
    came: list[str] = []
    for kind, low, high, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += old[low:high]
            came += new[first:last]
    return tuple(gone), tuple(came)
