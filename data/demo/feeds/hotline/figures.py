"""What the indicators of the hotline must say."""

from __future__ import annotations

import pandas as pd

from data.demo.figures import (
    FROM_WEEK,
    NONE_COUNTED,
    NONE_OF_NONE,
    NOTHING,
    Figure,
    Slice,
    counted,
    of_sums,
    parts,
    share,
)
from data.demo.world import BLANK

HEATING_THEME = 0
GOOD_RATING, WORST_RATING = 1, 5
"""The places of 满意 and of 非常不满意 among the answers; what comes after is no rating."""


def _distinct(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("entity")["order"].nunique()


def _volume(cut: Slice) -> pd.DataFrame:
    orders = _distinct(cut.rows)
    return parts(orders, orders, None, counted(cut.rows))


def _heating(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["theme"] == HEATING_THEME]


def _heat_orders(cut: Slice) -> pd.DataFrame:
    heating = _heating(cut.rows)
    orders = _distinct(heating)
    return parts(orders, orders, None, counted(heating))


def _ontime(cut: Slice) -> pd.DataFrame:
    in_time = cut.rows[cut.rows["closed_at"] <= cut.rows["due_at"]]
    return share(_distinct(in_time), _distinct(cut.rows))


def _resolved(cut: Slice) -> pd.DataFrame:
    """Of the orders called back those of which people said that they were settled."""
    asked = cut.rows[cut.rows["resolved"] != BLANK]
    return share(_distinct(asked[asked["resolved"] == 1]), _distinct(asked))


def _satisfied(cut: Slice) -> pd.DataFrame:
    rated = cut.rows[cut.rows["satisfaction"].between(0, WORST_RATING)]
    return share(_distinct(rated[rated["satisfaction"] <= GOOD_RATING]), _distinct(rated))


def _repeated(cut: Slice) -> pd.DataFrame:
    return share(_distinct(cut.rows[cut.rows["repeated"] == 1]), _distinct(cut.rows))


_AREAS, _COARSE = ("district", "street", "community"), ("district", "street")
FIGURES = (
    Figure("hotline_volume", "orders", "received_at", _AREAS, _volume, NONE_COUNTED),
    Figure("hotline_ontime", "orders", "due_at", _COARSE, _ontime, NONE_OF_NONE, window=True),
    Figure("hotline_resolved", "orders", "called_back_at", _COARSE, _resolved, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("hotline_satisfied", "orders", "called_back_at", _COARSE, _satisfied, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("hotline_repeat", "orders", "received_at", _AREAS, _repeated, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("hotline_connect", "calls", "day", ("district",), of_sums("connected", "incoming"), NOTHING),
    Figure("heat_orders", "orders", "received_at", _COARSE, _heat_orders, NONE_COUNTED, heating=True),
)
