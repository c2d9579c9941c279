"""What the demonstration knows of a feed: the files that it plans, how they are written and what must come of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.demo.dirt import Soiled
from data.demo.figures import Figure
from data.demo.parcels import Parcel
from data.demo.world import World


@dataclass(frozen=True, slots=True)
class Table:
    """The columns by which the truth keeps the records of a table: what makes a record, and what is computed from it.

    `speaks_until` is the last day that its files can have spoken of by the morning after a day; nothing is told beyond it.
    `time` names the column of a table that `covers: time`: a period that reaches beyond the last `every` (hour, day, month)
    that did come is told to have no figure, and nothing is told of those before the first.
    """

    key: tuple[str, ...]
    facts: tuple[str, ...]
    speaks_until: Callable[[date], date] = lambda until: until
    time: str = ""
    every: str = "day"

    @property
    def columns(self) -> list[str]:
        """Key and facts."""
        return [*self.key, *self.facts]


@dataclass(frozen=True, slots=True)
class Written:
    """One file: its bytes, what the ledger must count over all its sheets, and by table the records that it teaches.

    `refused` is the reason for which a reader must refuse the whole file; then it teaches nothing.
    """

    content: bytes
    rows: int
    skipped: int
    quarantined: Counter[str]
    learnt: dict[str, pd.DataFrame]
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the demonstration city.

    `plan(world, start, until)` yields every parcel that may have arrived by the morning after `until`.
    `write(world, seed, start, parcels)` yields one Written for each of `parcels`, in their order; they share a span: one
    back-file, or some days in a row. The same arguments give the same bytes, and no file depends on its companions.
    `place(world, table, records)` adds a column `<kind>_code` for each kind of entity that the figures are told of.
    """

    feed: str
    tables: Mapping[str, Table]
    plan: Callable[[World, date, date], Iterable[Parcel]]
    write: Callable[[World, int, date, Sequence[Parcel]], Iterator[Written]]
    place: Callable[[World, str, pd.DataFrame], pd.DataFrame]
    figures: tuple[Figure, ...]


def written(content: bytes, sheets: Mapping[str, tuple[Soiled, pd.DataFrame]]) -> Written:
    """Count the sheets of a file, by table; of the records beside each, those are learnt whose row gets through."""
    return Written(
        content,
        rows=sum(len(soiled.rows) for soiled, _ in sheets.values()),
        skipped=sum(soiled.skipped for soiled, _ in sheets.values()),
        quarantined=sum((soiled.quarantined for soiled, _ in sheets.values()), Counter()),
        learnt={table: records[soiled.accepted] for table, (soiled, records) in sheets.items()},
    )
