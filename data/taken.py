"""What became of one drop, while it is being taken and afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from data.coverage import Covered, span_of
from data.journal import Arrival
from data.reasons import DropState
from data.returns import Returned
from data.upsert import Noted, Stored


@dataclass(slots=True)
class Taken:
    """The ledger row of a drop, still without the time of taking, and what is to be noted of it."""

    arrival: Arrival
    encoding: str = ""
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    skipped: int = 0
    records: int = 0
    changed: int = 0
    revised: int = 0
    state: DropState = DropState.TAKEN
    reason: str = ""
    found: str = ""
    wanted: str = ""
    control: str = ""
    covers: dict[str, Covered] = field(default_factory=dict)
    faults: list[pa.Table] = field(default_factory=list)
    returned: list[Returned] = field(default_factory=list)
    parts: list[Noted] = field(default_factory=list)
    kept: dict[str, Stored] = field(default_factory=dict)

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """From when to when the drop speaks, over all its tables."""
        return span_of(self.covers.values())
