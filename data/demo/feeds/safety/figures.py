"""What the indicators of safety and market regulation must say."""

from __future__ import annotations

import pandas as pd

from data.demo.figures import LONG, NONE_COUNTED, NONE_OF_NONE, NOTHING, Figure, Slice, counted, parts, share


def _put_right(cut: Slice) -> pd.DataFrame:
    in_time = cut.rows[cut.rows["fixed_on"] <= cut.rows["due_on"]]
    return share(counted(in_time), counted(cut.rows))


def _trapped(cut: Slice) -> pd.DataFrame:
    groups = cut.rows.groupby("entity")["trapped"]
    return parts(groups.sum(), groups.sum(), None, groups.count())


def _passed(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["passed", "sampled"]].sum()
    return share(sums["passed"], sums["sampled"])


def _exceeded(cut: Slice) -> pd.DataFrame:
    sums = cut.rows.groupby("entity")[["exceeded", "measured"]].sum()
    return share(sums["exceeded"], sums["measured"])


def _deaths(cut: Slice) -> pd.DataFrame:
    groups = cut.rows.groupby("entity")["deaths"]
    return parts(groups.sum(), groups.sum(), None, groups.count())


_COARSE = ("district", "street")
FIGURES = (
    Figure("hazard_rect_ontime", "hazards", ("due_on",), _COARSE, _put_right, NONE_OF_NONE, lengths=("week", *LONG)),
    Figure("lift_trapped", "lifts", ("day",), ("district",), _trapped, NOTHING),
    Figure("food_pass_rate", "samples", ("month",), ("district",), _passed, NOTHING, lengths=LONG),
    Figure("dust_exceed_rate", "dust", ("day",), (*_COARSE, "worksite"), _exceeded, NOTHING),
    Figure("work_death", "accidents", ("day",), ("district",), _deaths, NONE_COUNTED),
)
