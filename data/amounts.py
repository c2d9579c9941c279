"""Reads a whole column of a workbook's numbers at once, where each plainly is an amount of the decimals that its column declares.

What comes out is what reading cell by cell would give (`data/parse.py`); where that is not certain, nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from data.columns import arrow_type
from data.contract import Column

Amounts = Callable[[Sequence[float]], pa.Array | None]

_EXACT = 1e15  # amounts of up to 15 digits are told apart by a float, and are what a workbook shows


def amounts(column: Column, said_unit: str) -> Amounts | None:
    """Return the function that reads a column's floats, or None: a column of other values, or of amounts that a unit or scale changes."""
    is_plain = not (said_unit or column.format or column.unit_from or column.scale == "fraction")
    if column.type not in {"integer", "number", "percent"} or (column.type != "integer" and column.decimals is None) or not is_plain:
        return None
    digits, tokens = (0 if column.type == "integer" else column.decimals or 0), [token for token in column.missing if _is_number(token)]
    means_missing, one = np.array(tokens, np.float64), 10.0**digits

    def read(cells: Sequence[float]) -> pa.Array | None:
        said = np.array(cells, np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            smallest = np.rint(said * one)  # counted in the last decimal
            is_exact = (np.abs(smallest) < _EXACT) & (smallest / one == said)
        if not is_exact.all() or np.isin(said, means_missing).any():
            return None
        return _array(smallest.astype(np.int64), column)

    return read


def _array(smallest: np.ndarray, column: Column) -> pa.Array:
    if column.type == "integer":
        return pa.array(smallest)
    halves = np.column_stack([smallest, smallest >> 63])  # a decimal lies as two halves, the upper one all sign here
    return pa.Array.from_buffers(arrow_type(column), len(smallest), [None, pa.py_buffer(halves)])


def _is_number(token: str) -> bool:
    try:
        float(token)
    except ValueError:
        return False
    return True
