"""What is expected of a day: nothing looks ahead, blunders and incidents teach little or nothing, and noise raises few levels."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data.city import Baseline
from data.festivals import Festival
from data.register import Day
from indicators.baselines import Array, at_least_poisson, robust_z, usual_season
from indicators.daykinds import day_kinds
from indicators.smoothing import Expected, expect, reach

TERMS = Baseline()
FIRST = date(2013, 1, 1)


def expected(values: Array, left_out: Any = None, calendar: list[Day] | None = None, festivals: list[Festival] | None = None) -> Expected:
    """What is expected of days from 2013-01-01 on."""
    none = np.zeros(values.shape, dtype=bool) if left_out is None else left_out
    return expect(values, none, day_kinds(FIRST, values.shape[1], calendar or [], festivals or []), TERMS)


def noise(seed: int, shape: tuple[int, int]) -> Array:
    """Noise with a week's rhythm, a season and missing values."""
    dice, days = np.random.default_rng(seed), np.arange(shape[1])
    values = 100 + 20 * np.sin(days / 58) + 10 * (days % 7 == 5) + dice.normal(0, 5, shape)
    values[dice.random(shape) < 0.05] = np.nan
    return values


def holidays(count: int) -> list[Day]:
    """A calendar in which the first three days of October are a holiday and the Sunday before them is worked."""
    found = []
    for place in range(count):
        day = FIRST + timedelta(days=place)
        off = day.month == 10 and day.day <= 3
        found.append(
            Day(
                day,
                (not off and day.weekday() < 5) or (day.month, day.day) == (9, 29),
                "国庆节" if off or (day.month, day.day) == (9, 29) else "",
            )
        )
    return found


def test_neither_the_day_nor_the_future_teaches() -> None:
    """Changing a day and all after it leaves what was expected of it as it was."""
    values = noise(1, (3, 900))
    other = values.copy()
    other[:, 800:] += 500
    before, after = expected(values), expected(other)

    np.testing.assert_array_equal(before.centre[:, :801], after.centre[:, :801])
    np.testing.assert_array_equal(before.scale[:, :801], after.scale[:, :801])


def test_what_lies_further_back_than_its_reach_is_not_missed() -> None:
    """A judgement is the same to the last bit whether or not older days are at hand, with holidays and festivals too."""
    count = reach(TERMS) + 420
    values, calendar = noise(2, (3, count)), holidays(count)
    festivals = [
        Festival("春节", FIRST + timedelta(days=365 * n + 30), FIRST + timedelta(days=365 * n + 40), FIRST + timedelta(days=365 * n + 50))
        for n in range(6)
    ]
    whole = expected(values, calendar=calendar, festivals=festivals)
    cut = 400
    kinds = day_kinds(FIRST + timedelta(days=cut), count - cut, calendar, festivals)
    part = expect(values[:, cut:], np.zeros((3, count - cut), dtype=bool), kinds, TERMS)

    for one, two in ((whole.centre, part.centre), (whole.scale, part.scale)):
        np.testing.assert_array_equal(one[:, cut + reach(TERMS) :], two[:, reach(TERMS) :])


def test_an_incident_that_is_left_out_teaches_nothing() -> None:
    """Whatever the values of days that are left out, nothing else is expected of all other days."""
    values = noise(3, (2, 500))
    left_out = np.zeros(values.shape, dtype=bool)
    left_out[0, 300:310] = True
    wild = np.where(left_out, 1e5, values)
    calm, loud = expected(values, left_out), expected(wild, left_out)

    np.testing.assert_array_equal(calm.centre, loud.centre)
    np.testing.assert_array_equal(calm.scale, loud.scale)
    assert np.isfinite(loud.centre[0, 305])


def test_a_blunder_teaches_little() -> None:
    """A value a thousand scales off moves no later expectation by more than a scale and a half."""
    values = np.random.default_rng(4).normal(100, 5, (20, 400))
    wild = values.copy()
    wild[:, 300] = 5000
    calm, loud = expected(values), expected(wild)

    assert np.nanmax(np.abs(loud.centre - calm.centre)[:, 302:]) < 7.5


def test_the_rhythm_of_the_week_is_expected() -> None:
    """Saturdays that lie ten scales higher are usual."""
    values = np.random.default_rng(5).normal(100, 2, (5, 400)) + 20 * (np.arange(400) % 7 == 4)
    z = robust_z(values, expected(values).centre, expected(values).scale)[:, 150:]

    assert np.mean(np.abs(z) >= TERMS.red) < 0.01


def test_a_holiday_is_expected_as_in_former_years() -> None:
    """What a holiday did last year is expected of it this year, and a make-up workday is a workday."""
    count = 3 * 365
    days = [FIRST + timedelta(days=place) for place in range(count)]
    calendar = holidays(count)
    is_off = np.array([not one.is_workday for one in calendar])
    extra = np.array([-40.0 if one.holiday and not one.is_workday else 0.0 for one in calendar])
    values = 100 - 20 * is_off + extra + np.random.default_rng(6).normal(0, 2, (20, count))
    found = expected(values, calendar=calendar)
    holiday, made_up = days.index(date(2015, 10, 2)), days.index(date(2013, 9, 29))

    np.testing.assert_allclose(found.centre[:, holiday].mean(), 40, atol=6)
    assert np.all(np.abs(robust_z(values, found.centre, found.scale)[:, holiday]) < TERMS.red)
    np.testing.assert_allclose(found.centre[:, made_up].mean(), 100, atol=3)


def test_a_festival_is_found_by_its_own_day() -> None:
    """Days of a festival are alike by their distance from it, whatever their dates."""
    days = [date(2014, 1, 31), date(2015, 2, 19)]
    festivals = [Festival("春节", day - timedelta(days=8), day, day + timedelta(days=14)) for day in days]
    kinds = day_kinds(FIRST, 900, [], festivals)
    first, second = ((day - FIRST).days for day in days)

    np.testing.assert_array_equal(kinds.kind[first - 8 : first + 15], kinds.kind[second - 8 : second + 15])
    assert 23 == len(set(kinds.kind[first - 8 : first + 15]))
    assert not kinds.special[first - 9]


@given(arrays(float, (2, 160), elements=st.integers(-50, 50).map(float) | st.just(np.nan)))
@settings(max_examples=15, deadline=None)
def test_the_mirrored_series_has_the_mirrored_baseline(values: Any) -> None:
    """Turned around zero, the same is expected turned around zero, as sure: lower-is-better mirrors higher-is-better."""
    one, other = expected(values), expected(-values)

    np.testing.assert_allclose(one.centre, -other.centre, atol=1e-9)
    np.testing.assert_allclose(one.scale, other.scale, atol=1e-9)


@given(st.integers(-20, 20), st.integers(1, 9))
@settings(max_examples=10, deadline=None)
def test_units_do_not_matter(shift: int, factor: int) -> None:
    """In other units, or from another zero, every z is the same."""
    values = noise(7, (2, 250))
    one, other = expected(values), expected(values * factor + shift)

    np.testing.assert_allclose(
        robust_z(values, one.centre, one.scale), robust_z(values * factor + shift, other.centre, other.scale), rtol=1e-6, atol=1e-6
    )


WEEK = 1 + 0.4 * np.sin(2 * np.pi * np.arange(800) / 7)
DICE = np.random.default_rng(2016)
PURE = {
    "gaussian": DICE.normal(100, 15, (120, 800)) + 40 * WEEK,
    "poisson": DICE.poisson(20 * WEEK, (120, 800)).astype(float),
    "rare": DICE.poisson(0.3, (120, 800)).astype(float),
    "binomial": DICE.binomial(100, 0.9, (120, 800)).astype(float),
}


@pytest.mark.parametrize("kind", list(PURE))
def test_noise_raises_few_levels(kind: str) -> None:
    """Reference 1.9 promises 4-5, 1.2-2.0, 0.3-0.8 and 0.02-0.2 % at or beyond the lines; none is passed, and amounts reach them."""
    values = PURE[kind]
    found = expected(values)
    scale = at_least_poisson(found.centre, found.scale) if kind in {"poisson", "rare"} else found.scale
    z = np.abs(robust_z(values, found.centre, scale)[:, 200:])
    blue, yellow, orange, red = (100 * float(np.mean(z >= line)) for line in (2.0, 2.5, 3.0, 4.0))

    assert blue <= 5.0
    assert yellow <= 2.0
    assert orange <= 0.8
    assert red <= 0.2
    if kind == "gaussian":
        assert min(blue / 4.0, yellow / 1.2, orange / 0.3) >= 1


def test_the_season_of_former_years_is_expected_of_a_month() -> None:
    """A month that is high every year is usual in the third; in the second nothing is known of two years yet."""
    months = np.arange(60)
    values = 100 + 40 * (months % 12 == 11) + np.random.default_rng(8).normal(0, 4, (30, 60))
    centre, scale = usual_season(values, 12, 12, 4)

    assert np.isnan(centre[:, 23]).all()
    assert np.mean(np.abs(robust_z(values, centre, scale)[:, 47])) < np.mean(np.abs(values[:, 47] - 100)) / 5


def test_noise_raises_few_levels_of_months() -> None:
    """Twelve periods are few: blue comes on up to 8 % of months of pure noise, red on less than 1 %."""
    values = np.random.default_rng(9).normal(100, 15, (3000, 72))
    z = np.abs(robust_z(values, *usual_season(values, 12, 12, 4))[:, 48:])

    assert 4 <= 100 * np.mean(z >= 2) <= 8
    assert 100 * np.mean(z >= 4) <= 1
