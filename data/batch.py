"""One table of a drop on its way into the records: what was read, before it is judged and kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from data.landing import RowFault
from data.layout import DropPeriod
from data.spot import line_of


@dataclass(slots=True)
class Batch:
    """The records of one table (`records`: SQL with `_spot` and the table's columns), and how they stood in the file.

    `rows` and `skipped` count rows of the file; `in_a_row` is how many records each of them holds. `cells` gives the cells
    of some rows as people may see them, under `headings`; `given` are the names that each of its sheets gives, such as `sheet`.
    """

    table: str
    records: str
    rows: int
    skipped: int
    faults: list[RowFault]
    cells: Callable[[Collection[int]], Mapping[int, list[str]]]
    headings: list[str]
    period: DropPeriod | None = None
    control: str = ""
    in_a_row: int = 1
    frame: pa.Table | None = None
    line: Callable[[int], int] = line_of
    sheet: Callable[[int], str] = field(default=lambda _: "")
    given: Sequence[Mapping[str, str]] = ()
