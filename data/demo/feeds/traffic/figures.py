"""What the indicators of traffic must say."""

from __future__ import annotations

import pandas as pd

from data.demo.feeds.traffic.simulate import ARCHIVED_FLOW
from data.demo.figures import NOTHING, Figure, Slice, parts


def _peak(cut: Slice, column: str) -> pd.DataFrame:
    """Return the rows of the peak hours in which `column` was read."""
    return cut.rows[cut.rows["measured_at"].dt.hour.isin(ARCHIVED_FLOW) & cut.rows[column].notna()]


def _index(cut: Slice) -> pd.DataFrame:
    groups = _peak(cut, "index").groupby("entity")["index"]
    return parts(groups.mean(), groups.sum(), groups.count(), groups.count())


def _speed(cut: Slice) -> pd.DataFrame:
    """Return the harmonic mean: the way over the hours that it takes."""
    rows = _peak(cut, "speed")
    way = rows.groupby("entity")["length_km"].sum()
    hours = (rows["length_km"] / rows["speed"]).groupby(rows["entity"]).sum()
    return parts(way / hours, way, hours, hours)


def _ratio(rows: pd.DataFrame, above: str, below: str) -> pd.DataFrame:
    sums = rows.groupby("entity")[[above, below]].sum()
    return parts(100 * sums[above] / sums[below], sums[above], sums[below], sums[below])


def _punctual(cut: Slice) -> pd.DataFrame:
    return _ratio(cut.rows[cut.rows["on_time"].notna()], "on_time", "planned")


def _saturation(cut: Slice) -> pd.DataFrame:
    """Leave out what cannot be: more occupied than there are."""
    return _ratio(cut.rows[cut.rows["occupied"] <= cut.rows["spaces"]], "occupied", "spaces")


FIGURES = (
    Figure("traffic_index", "flow", ("measured_at",), ("district", "street"), _index, NOTHING),
    Figure("peak_speed", "flow", ("measured_at",), ("district", "street"), _speed, NOTHING),
    Figure("bus_punctual_rate", "bus", ("run_on",), ("district", "bus_line"), _punctual, NOTHING),
    Figure("parking_saturation", "parking", ("measured_at",), ("district", "street", "car_park"), _saturation, NOTHING),
)
