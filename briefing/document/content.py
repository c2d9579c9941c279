"""What a briefing says, apart from how it looks: sentences with bound figures, tables, charts; its hash and the code printed on it.

Every form is made from this and from nothing else. A bound figure carries its address, so that it can be found again in the
snapshot that it came from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

CODE = 12  # characters of the hash that are printed as the code
LATER = ("subject", "tag")  # came after the first issues: where they say nothing, the hash of those stays what it was


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure as it is printed, with its address: `what` is sign, score, alerts or feeds, and `field` the column that it is."""

    text: str
    what: str
    field: str
    indicator: str = ""
    entity: str = ""
    period: str = ""
    version: int = 0

    def __str__(self) -> str:
        """Return the figure as it is printed."""
        return self.text

    def __bool__(self) -> bool:
        """Whether there is anything to print."""
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: text, the mark before it (a level or state, or empty), a tone, whether it is bold, and what it is bound to."""

    text: str
    mark: str = ""
    tone: str = ""
    bold: bool = False
    bound: Bound | None = None
    trend: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column and how its cells are set: left or right."""

    head: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; `claimed` is how many there are said to be, and must be how many there are."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    claimed: int
    note: str = ""
    halves: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A chart: values by name (a gap is None), in a unit, the usual range from `low` to `high`, and `lines` (value, label)."""

    kind: str
    title: str
    unit: str
    names: tuple[str, ...]
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    lines: tuple[tuple[float, str], ...] = ()
    bounds: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a briefing: its paragraphs, each with the figures in it, then its tables and charts. `edited` was written by a person."""

    key: str
    title: str
    paragraphs: tuple[str, ...]
    bounds: tuple[Bound, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Series, ...] = ()
    note: str = ""
    beside: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Briefing:
    """A whole briefing. `faults` stand in its head; `definitions` is the hash of what it was computed by, `desk` the last action read."""

    template: str
    title: str
    organ: str
    number: str
    grain: str
    period: str
    day: str
    lead: str
    lead_bounds: tuple[Bound, ...]
    sections: tuple[Section, ...]
    faults: tuple[str, ...]
    snapshot: str
    snapshot_hash: str
    as_of: str
    definitions: str
    desk: int
    marking: str
    demo: str
    recipients: str
    source: str
    corrects: str = ""
    changes: tuple[str, ...] = field(default=())
    subject: str = ""  # of a special one: a name for files
    tag: str = ""  # the word before the lead, where it is not that of the grain

    @property
    def name(self) -> str:
        """A name for its files."""
        return "-".join(filter(None, (self.template, self.subject, self.period)))

    @property
    def hash(self) -> str:
        """The hash of all that it says."""
        return hashlib.sha256(canonical(self).encode()).hexdigest()

    @property
    def code(self) -> str:
        """What a reader types to verify a page: the head of the hash in groups of four."""
        head = self.hash[:CODE].upper()
        return "-".join(head[place : place + 4] for place in range(0, CODE, 4))

    def bounds(self) -> Iterator[Bound]:
        """Yield every bound figure of the lead, text, tables and charts."""
        yield from self.lead_bounds
        for section in self.sections:
            yield from section.bounds
            yield from (cell.bound for table in section.tables for row in table.rows for cell in row if cell.bound)
            yield from (bound for chart in section.charts for bound in chart.bounds)

    def text(self) -> str:
        """Return all of it as plain text, a line a paragraph or row: what every form must hold."""
        lines = [self.title, self.number, self.organ, self.day, *self.faults, self.lead]
        for section in self.sections:
            lines += [section.title, *section.paragraphs]
            for table in section.tables:
                lines.append("\t".join(column.head for column in table.columns))
                lines += ["\t".join(cell.text for cell in row) for row in table.rows]
            for chart in section.charts:
                lines += [chart.title, *(f"{name}\t{text}" for name, text in zip(chart.names, chart.texts, strict=True))]
        return "\n".join(line for line in lines if line)


def canonical(briefing: Briefing) -> str:
    """Return the content as JSON that is the same text for the same content; the hash of the snapshot stands for its id."""
    said = {key: value for key, value in asdict(briefing).items() if value or key not in LATER}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
