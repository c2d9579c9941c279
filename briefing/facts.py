"""Facts as they leave the system: absent is null, times carry their offset, whole numbers are whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

WHOLE_FLOATS_BELOW = 1e15


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame with None for every missing cell."""
    records: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
    return records


def fact(row: Mapping[Any, Any], zone: Any) -> dict[str, Any]:
    """Return a row as facts: absent is null, times carry their offset, whole numbers are whole."""
    return {key: _value(value, zone) for key, value in row.items()}


def _value(value: Any, zone: Any) -> Any:
    if value is None or str(value) in {"nan", "NaT", "<NA>"}:
        return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE_FLOATS_BELOW:
        return int(value)
    return value
