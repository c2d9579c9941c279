"""The benchmark of detection injects what its plan says, and compares detectors at one rate of false alarms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.detection.comparison import false_alarms, found, halves, table
from benchmarks.detection.detectors import DETECTORS
from benchmarks.detection.injection import inject, scale_unit
from benchmarks.detection.plan import read_plan
from benchmarks.detection.series import Series
from indicators.daykinds import day_kinds

PLAN = replace(read_plan(), replicates=3, sizes=(2, 6), bootstrap=50)
WHOLE = slice(0, 500)


def series(*, is_count: bool = False) -> Series:
    """A calm daily series with a week's rhythm and some days missing."""
    dice = np.random.default_rng(4)
    daily = 50 + 10 * (np.arange(500) % 7 == 6) + dice.normal(0, 4, 500)
    daily[dice.random(500) < 0.05] = np.nan
    return Series("made", np.round(daily) if is_count else daily, day_kinds(date(2014, 1, 1), 500, []), is_count, 0.0)


def test_the_unit_is_the_scale_about_rhythm_and_season() -> None:
    """Neither the weekday nor the season counts as scale; a count has at least 1."""
    one = series()
    seasonal = replace(one, daily=one.daily + 30 * np.sin(np.arange(500) / 58))

    assert scale_unit(one, WHOLE, 29) == pytest.approx(4, rel=0.1)
    assert scale_unit(seasonal, WHOLE, 29) == pytest.approx(4, rel=0.15)
    assert scale_unit(replace(one, daily=one.daily * 0 + 3, is_count=True), WHOLE, 29) == 1


@pytest.mark.parametrize("name", list(PLAN.kinds))
def test_what_is_injected_is_what_the_plan_says(name: str) -> None:
    """The days from the onset on change by the size, along a slope if it drifts; all others stay; the same seed says the same."""
    one, kind = series(), PLAN.kinds[name]
    injected = inject(one, kind, 20.0, slice(300, 500), 5, [1])
    change = injected.values - one.daily
    sizes = np.linspace(20 / kind.days, 20, kind.days) if kind.form == "slope" else np.full(kind.days, 20.0)

    for row, onset in enumerate(injected.onsets):
        within = slice(onset, onset + kind.days)
        sign = {"up": 1, "down": -1}.get(kind.direction) or np.sign(np.nansum(change[row]))
        there = ~np.isnan(one.daily[within])
        np.testing.assert_allclose(change[row, within][there], sign * sizes[there])
        assert np.nansum(np.abs(np.delete(change[row], np.r_[within]))) == 0
        assert onset >= 300
    np.testing.assert_array_equal(injected.values, inject(one, kind, 20.0, slice(300, 500), 5, [1]).values)


def test_a_count_stays_a_count() -> None:
    """Whole numbers, none below zero."""
    values = inject(series(is_count=True), PLAN.kinds["gap"], 200.5, slice(300, 500), 5, [1]).values

    assert np.nanmin(values) == 0
    assert set(np.mod(values[~np.isnan(values)], 1)) == {0.0}


def test_all_detectors_give_the_same_false_alarms_on_the_clean_half() -> None:
    """Each line stands where the planned share of the clean half's days lie above it."""
    clean = false_alarms(PLAN, [series()]).iloc[0]

    for name in DETECTORS:
        assert clean[f"{name}_clean"] == pytest.approx(100 * PLAN.false_alarm_rate, abs=0.6)


def test_the_table_counts_everything_that_was_injected() -> None:
    """A row per kind and one of all; large things are found more often than small ones."""
    finds = found(PLAN, series(), 0)
    rows = table(finds, ["kind"], PLAN).set_index("kind")

    assert [*PLAN.kinds, "all"] == list(rows.index)
    assert 2 * PLAN.replicates * len(PLAN.sizes) * len(PLAN.kinds) == rows.loc["all", "n"]
    assert finds[finds["size"] == 6]["is_found"].mean() > finds[finds["size"] == 2]["is_found"].mean()


@pytest.mark.parametrize("name", list(DETECTORS))
def test_no_detector_looks_ahead(name: str) -> None:
    """What comes after a day does not change its score."""
    one = series()
    later = one.daily.copy()
    later[400:] += 100

    np.testing.assert_array_equal(DETECTORS[name](one.daily[None], one)[0, :400], DETECTORS[name](later[None], one)[0, :400])


def test_the_halves_take_turns() -> None:
    """They meet, and leave out what no detector can judge yet."""
    first, second = halves(PLAN, series())

    assert (PLAN.warm_up, first.stop, 500) == (first.start, second.start, second.stop)
