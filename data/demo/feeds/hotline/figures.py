"""What the indicators of the hotline must say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.figures import NONE_COUNTED, NONE_OF_NONE, NOTHING, Figure, Parts, Slice, counted, parts, residents, share

HEATING_THEME = 0


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


def _per_10k(cut: Slice) -> pd.DataFrame:
    orders = _distinct(cut.rows)
    among = pd.Series({entity: residents(cut, entity) for entity in orders.index}, dtype=float)
    return parts(orders / among * 10_000, orders, among, counted(cut.rows))


def _no_orders(cut: Slice, entity: str) -> Parts:
    return {"value": 0, "numerator": 0, "denominator": residents(cut, entity), "n": 0}


def _ontime(cut: Slice) -> pd.DataFrame:
    in_time = cut.rows[cut.rows["closed_at"] <= cut.rows["due_at"]]
    return share(_distinct(in_time), _distinct(cut.rows))


def _heat_share(cut: Slice) -> pd.DataFrame:
    return share(_distinct(_heating(cut.rows)), _distinct(cut.rows))


def _close_p90(cut: Slice) -> pd.DataFrame:
    hours = (cut.rows["closed_at"] - cut.rows["received_at"]).dt.total_seconds() / 3600
    groups = hours.groupby(cut.rows["entity"])
    return parts(groups.agg(lambda one: np.quantile(one, 0.9)), None, None, groups.size())


_AREAS, _COARSE = ("district", "street", "community"), ("district", "street")
FIGURES = (
    Figure("hotline_volume", "orders", "received_at", _AREAS, _volume, NONE_COUNTED),
    Figure("hotline_10k", "orders", "received_at", _COARSE, _per_10k, _no_orders),
    Figure("hotline_ontime", "orders", "due_at", _COARSE, _ontime, NONE_OF_NONE, window=True),
    Figure("hotline_close_p90", "orders", "closed_at", _COARSE, _close_p90, NOTHING, window=True),
    Figure("heat_orders", "orders", "received_at", _AREAS, _heat_orders, NONE_COUNTED, heating=True),
    Figure("heat_share", "orders", "received_at", _COARSE, _heat_share, NONE_OF_NONE, heating=True),
)
