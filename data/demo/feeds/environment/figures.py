"""What the indicators of the air must say."""

from __future__ import annotations

import pandas as pd

from data.demo.figures import LONG, NOTHING, Figure, Parts, Slice, counted, measured, parts, share

NIGHT_FROM, NIGHT_UNTIL = 22, 6


def _pm25(cut: Slice) -> pd.DataFrame:
    tenths = (cut.rows["pm25"] * 10).round()
    groups = tenths.groupby(cut.rows["entity"])
    total, count = groups.sum() / 10, groups.count()
    return parts(total / count.where(count > 0), total, count, count)


def _aqi(cut: Slice) -> pd.DataFrame:
    groups = cut.rows.groupby("entity")["aqi"]
    return parts(groups.max(), None, None, groups.count())


def _good_air(cut: Slice) -> pd.DataFrame:
    days = cut.rows.groupby(["entity", cut.rows["hour"].dt.floor("D")])["aqi"].agg(["max", "count"]).reset_index()
    valid = days[days["count"] >= 20]
    return share(valid[valid["max"] <= 100].groupby("entity").size(), valid.groupby("entity").size())


def _expected(cut: Slice) -> int:
    stations = len(cut.reference.of_kind("station")) if cut.entity_kind == "district" else 1
    return (cut.end - cut.start).days * 24 * stations


def _valid_share(cut: Slice) -> pd.DataFrame:
    valid = cut.rows.groupby("entity")["pm25"].count()
    expected = _expected(cut)
    return parts(100 * valid / expected, valid, expected, expected)


def _none_valid(cut: Slice, _entity: str) -> Parts:
    expected = _expected(cut)
    return {"value": 0, "numerator": 0, "denominator": expected, "n": expected}


def _quiet(cut: Slice) -> pd.DataFrame:
    """Of the readings at night those within the limit of their station."""
    hour = cut.rows["hour"].dt.hour
    night = cut.rows[((hour >= NIGHT_FROM) | (hour < NIGHT_UNTIL)) & cut.rows["noise"].notna()]
    limits = night["station_code"].map({code: measured(cut, "night_limit", code) for code in night["station_code"].unique()})
    return share(counted(night[night["noise"] <= limits.astype(float)]), counted(night))


_AIR = ("district", "station")
FIGURES = (
    Figure("pm25_24h", "hourly", ("hour",), _AIR, _pm25, NOTHING),
    Figure("aqi", "hourly", ("hour",), _AIR, _aqi, NOTHING),
    Figure("noise_night_ok", "hourly", ("hour",), ("district", "street"), _quiet, NOTHING, window=("street",)),
    Figure("good_air_ratio", "hourly", ("hour",), _AIR, _good_air, NOTHING, lengths=LONG),
    Figure("air_valid_share", "hourly", ("hour",), _AIR, _valid_share, _none_valid),
)
