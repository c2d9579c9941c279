"""What the indicators of the hotline must say."""

from __future__ import annotations

from collections.abc import Callable

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

HEATING_THEME, PROPERTY_THEME, APPEARANCE_THEME, NOISE_THEME, TRAFFIC_THEME, FACILITY_THEME = 0, 1, 2, 3, 4, 9
GOOD_RATING, WORST_RATING = 1, 5
"""The places of 满意 and of 非常不满意 among the answers; what comes after is no rating."""


def _distinct(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("entity")["order"].nunique()


def _volume(cut: Slice) -> pd.DataFrame:
    orders = _distinct(cut.rows)
    return parts(orders, orders, None, counted(cut.rows))


def _of_theme(theme: int) -> Callable[[Slice], pd.DataFrame]:
    """Return the figure that counts the orders of one theme."""

    def compute(cut: Slice) -> pd.DataFrame:
        rows = cut.rows[cut.rows["theme"] == theme]
        orders = _distinct(rows)
        return parts(orders, orders, None, counted(rows))

    return compute


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


_AREAS, _WORKED = ("district", "street", "community"), ("district", "street", "dept")
_COARSE = ("district", "street")
FIGURES = (
    Figure("hotline_volume", "orders", ("received_at",), _AREAS, _volume, NONE_COUNTED),
    Figure("hotline_ontime", "orders", ("due_at",), _WORKED, _ontime, NONE_OF_NONE, window=("street", "dept")),
    Figure("hotline_resolved", "orders", ("called_back_at",), _WORKED, _resolved, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("hotline_satisfied", "orders", ("called_back_at",), _WORKED, _satisfied, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("hotline_repeat", "orders", ("received_at",), _AREAS, _repeated, NONE_OF_NONE, lengths=FROM_WEEK),
    Figure("hotline_connect", "calls", ("day",), ("district",), of_sums("connected", "incoming"), NOTHING),
    Figure("property_orders", "orders", ("received_at",), _AREAS, _of_theme(PROPERTY_THEME), NONE_COUNTED, lengths=FROM_WEEK),
    Figure("heat_orders", "orders", ("received_at",), _COARSE, _of_theme(HEATING_THEME), NONE_COUNTED, heating=True),
    Figure("appearance_orders", "orders", ("received_at",), _COARSE, _of_theme(APPEARANCE_THEME), NONE_COUNTED, lengths=FROM_WEEK),
    Figure("traffic_orders", "orders", ("received_at",), _COARSE, _of_theme(TRAFFIC_THEME), NONE_COUNTED, lengths=FROM_WEEK),
    Figure("noise_orders", "orders", ("received_at",), _COARSE, _of_theme(NOISE_THEME), NONE_COUNTED, lengths=FROM_WEEK),
    Figure("facility_orders", "orders", ("received_at",), _COARSE, _of_theme(FACILITY_THEME), NONE_COUNTED, lengths=FROM_WEEK),
)
