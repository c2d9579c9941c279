"""A case of the corpus: a file, and what the policy says must become of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from data.reasons import DropState, FileReason, RowReason
from tests.corpus.forms import write

Build = Callable[[date], bytes]
Cell = tuple[Any, RowReason | str | None]

EXTENSIONS = {"texts": "csv", "small": "csv", "named": "csv", "books": "xlsx", "trees": "json", "lines": "jsonl", "columns": "parquet"}
HEADINGS = {"taken": "时间", "street": "街道", "meter": "表号", "amount": "金额", "note": "说明"}
MORE = {
    "cases": "件数", "fires": "火灾起数", "rate": "办结率", "share": "占比", "level": "水位", "status": "状态", "open": "是否开放",
    "community": "社区", "planned": "计划日期", "closed": "办结时间", "contact": "联系人",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A bad or tricky drop. `file` and texts may hold `{d}` (the case's own day) and `{c}` (the same without dashes).

    `reason`: the code of a refusal; two codes with `|` between where the policy allows either. `faults`: the reason of each
    quarantined row. `kept`: by meter, the columns of a record as text. `before`: another drop taken just before. `control`: what
    the sum row says against the rows. `fresh`: how many records are its own in current, where not each accepted row.
    """

    name: str
    feed: str
    file: str
    make: Build
    state: DropState
    reason: str = ""
    accepted: int = 0
    skipped: int = 0
    faults: tuple[RowReason, ...] = ()
    kept: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    before: Build | None = None
    control: str = ""
    fresh: int = -1

    @property
    def rows(self) -> int:
        """Every row is accepted, quarantined or skipped."""
        return self.accepted + len(self.faults) + self.skipped

    @property
    def good_feed(self) -> str:
        """The feed of the good drops around the bad one."""
        return self.feed if self.feed in EXTENSIONS else "texts"

    @property
    def is_alone(self) -> bool:
        """Whether the case speaks of the good drop before it, or of a name or size that only one day can have."""
        return self.state is DropState.DUPLICATE or self.before is not None or self.fresh >= 0 or self.feed in {"small", "named"}


def on(day: date, text: str) -> str:
    """Fill in the day of a case, the day after it, and its compact form."""
    return text.replace("{d}", f"{day}").replace("{n}", f"{day + timedelta(days=1)}").replace("{c}", f"{day:%Y%m%d}")


def filled(day: date, cell: Any) -> Any:
    """Return a cell with the day filled in, of the kind that it was."""
    return type(cell)(on(day, cell)) if isinstance(cell, str) else cell


def default_file(feed: str) -> str:
    """Return a plain name of a file of a feed."""
    return "日报_{c}.csv" if feed == "named" else f"日报_{{c}}.{EXTENSIONS[feed]}"


def refused(name: str, feed: str, make: Build, reason: str, file: str = "") -> Case:
    """Return a case of a file that changes nothing."""
    assert all(code in FileReason.__members__ for code in reason.split("|"))
    return Case(name, feed, file or default_file(feed), make, DropState.REFUSED, reason)


def taken(
    name: str, feed: str, make: Build, accepted: int, *faults: RowReason, skipped: int = 0, file: str = "",
    kept: Mapping[str, Mapping[str, str | None]] | None = None, before: Build | None = None, control: str = "", fresh: int = -1,
) -> Case:  # fmt: skip
    """Return a case of a file that is taken, with what becomes of its rows."""
    shown = file or default_file(feed)
    return Case(name, feed, shown, make, DropState.TAKEN, "", accepted, skipped, faults, kept or {}, before, control, fresh)


def duplicate(name: str, feed: str, make: Build, file: str = "") -> Case:
    """Return a case of a file that was taken before, and whose values stand."""
    return Case(name, feed, file or default_file(feed), make, DropState.DUPLICATE, "DUPLICATE_FILE")


def good(feed: str, *hours: tuple[int, str], days: Sequence[date] = ()) -> Build:
    """Return a plain drop of hours with their amounts, of the meter `good`, for a case's day or for several days."""
    said = [f"{day}" for day in days] or ["{d}"]
    return rows(feed, *([f"{day} {hour:02d}:00:00", "南湖街道", "good", amount, "好"] for day in said for hour, amount in hours))


GOOD = ((1, "1.00"), (2, "2.00"), (3, "3.00"))
CORRECTED = ((2, "2.50"),)
# What every refused file says: were it taken, the good rows of the day would be other ones.
POISON = ["{d} 01:00:00", "南湖街道", "good", "666.00", "坏"]
POISONED = "时间,街道,表号,金额,说明\n" + ",".join(POISON) + "\n"
# A row that is in order, and stays out of the good ones' way.
PLAIN = ["{d} 04:00:00", "太原街街道", "m0", "4.25", "平"]


def rows(feed: str, *lines: Sequence[Any], head: Sequence[str] = tuple(HEADINGS.values())) -> Build:
    """Return a drop of rows in the form of its feed."""
    return lambda day: write(EXTENSIONS[feed], head, [[filled(day, cell) for cell in line] for line in lines])


def text(content: str, encoding: str = "utf-8") -> Build:
    """Return a text as it stands."""
    return lambda day: on(day, content).encode(encoding)


def table(content: str, encoding: str = "utf-8") -> Build:
    """Return delimited lines below the usual headings."""
    return text("时间,街道,表号,金额,说明\n" + content, encoding)


def raw(content: bytes) -> Build:
    """Return bytes as they are."""
    return lambda _: content


def cells(name: str, feed: str, column: str, *tried: Cell) -> Case:
    """Return a drop with one row for each cell tried in a column, beside a plain row: what it is kept as, or its fault."""
    head = HEADINGS | ({column: MORE[column]} if column in MORE else {})
    lines, kept, faults = [], {}, []
    for place, (cell, expected) in enumerate([("", ""), *tried]):
        record = {
            "taken": f"{{d}} 05:{place:02d}:00",
            "street": "太原街街道",
            "meter": f"m{place}",
            "amount": "1.5" if isinstance(tried[0][0], str) else 1.5,
            "note": "平",
        }
        if place:
            record |= {column: cell}
            if isinstance(expected, RowReason):
                faults.append(expected)
            else:
                kept[f"m{place}" if column != "meter" else expected or ""] = {column: expected}
        lines.append([record.get(key, "") for key in head])
    if column in {"rate", "share", "cases", "fires", "level", "planned", "closed", "status", "open", "contact", "community"}:
        lines[0][-1] = None if feed in {"books", "trees", "lines", "columns"} else ""
    make = rows(feed, *lines, head=tuple(head.values()))
    return taken(name, feed, make, 1 + len(tried) - len(faults), *faults, kept=kept)
