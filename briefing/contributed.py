"""Says what each area adds to a figure: of a share that should be high what is missing from the whole, of all else what was counted.

Rows are records of SIGN_COLUMNS of areas in one period. It is arithmetic, not a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from briefing.phrases import absent

Record = Mapping[str, Any]
Row = TypeVar("Row", bound=Record)


def contributed(indicator: Record, rows: Iterable[Row]) -> list[tuple[Row, float]]:
    """Return the areas that add something with how much, the largest first; nothing where figures of areas do not add up."""
    is_short = indicator["direction"] == "higher"
    if is_short and indicator["unit"] != "%":
        return []
    sizes = [(row, size) for row in rows if (size := _size(row, is_short=is_short)) is not None and size > 0]
    return sorted(sizes, key=lambda pair: (-pair[1], pair[0]["entity"]))


def way_of(indicator: Record) -> str:
    """Return what is added up: `short` what is missing, `high` what is too much, `all` what was counted."""
    return {"higher": "short", "lower": "high"}.get(str(indicator["direction"]), "all")


def is_of_window(indicator: Record, row: Record) -> bool:
    """Whether a figure of an area rests on several days, because one would be too few."""
    return bool(indicator["window_days"]) and row["grain"] == "day" and row["entity_kind"] in str(indicator["window_kinds"]).split(";")


def _size(row: Record, *, is_short: bool) -> float | None:
    """Return what an area adds; only counts add up."""
    if absent(row["numerator"]) or (row["unit"] == "%" and absent(row["denominator"])):
        return None
    if is_short:
        return float(row["denominator"] or 0) - float(row["numerator"])
    return float(row["numerator"])
