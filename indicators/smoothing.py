"""What is usual for a day: level, rhythm of the week, season and holidays of former years, and what lives on of yesterday's surprise.

Frames are arrays of shape (series, days); a missing value is NaN. Nothing looks ahead, and no day rests on anything
older than `reach`, so that a judgement is the same whenever it is made.

Sources: exponential smoothing with a seasonal part (Holt 1957; Winters 1960), its surprises cut off before they teach
(Gelper, Fried and Croux 2010, J. Forecasting 29:285-300), errors that live on (first-order autoregression, Box and Jenkins 1970),
effects of single weekdays and holidays shrunk by what they are worth against noise (James and Stein 1961; Efron and Morris 1975).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.city import Baseline
from indicators.baselines import Array, shifted, usual_weekday, weighted_mean
from indicators.daykinds import ANY_WORKDAY, DayKinds

_WEEK, _YEAR = 7, 364  # a year of whole weeks
_HALF_SEASON = 15  # days on either side that tell the season of a day of a former year
_CARRIED_FROM = 3.0  # scales: more of yesterday's surprise than this is not carried over
_LEAST_SHARE = 0.2  # of the weight of a memory that must be there
_BEYOND_FORMER_YEARS = 580  # days before the first former year on which a judgement still rests


def reach(terms: Baseline) -> int:
    """Return how many days before a day its judgement rests on at most."""
    return _YEAR * terms.years + _BEYOND_FORMER_YEARS


@dataclass(frozen=True, slots=True)
class Expected:
    """What was expected of each day and how far off that usually is, and what it is made of.

    `holiday` is what a day that is not ordinary adds, `doubt` how unsure that is (0 of ordinary days).
    """

    centre: Array
    scale: Array
    level: Array
    rhythm: Array
    carried: Array
    holiday: Array
    doubt: Array


def expect(values: Array, left_out: npt.NDArray[np.bool_], days: DayKinds, terms: Baseline) -> Expected:
    """Return what each day was expected to be, from the days before it that are not `left_out` (series x days)."""
    ordinary = ~left_out & ~days.special
    known = np.where(ordinary, _cut(values, ~ordinary, terms), np.nan)
    weights = np.exp(-np.arange(terms.pool_days) / terms.memory)
    rhythm, own = _rhythm(known, days, terms)
    steady = known - own
    season = _season(steady, weights, terms.years)
    plain = weighted_mean(steady, weights, _LEAST_SHARE)
    level = plain + season
    usual = np.sqrt(weighted_mean((steady - level) ** 2, weights, _LEAST_SHARE))
    # What holidays add is told without the season, or a judgement would rest on twice as many years.
    effect, doubt = _holidays(np.where(left_out, np.nan, values - rhythm - plain), usual, days, terms)
    surprise = values - rhythm - level - effect
    last = shifted(np.where(left_out, np.nan, np.clip(surprise, -_CARRIED_FROM * usual, _CARRIED_FROM * usual)), 1)
    share = _share_that_lives_on(np.where(ordinary, steady - level, np.nan), last, terms)
    carried = np.nan_to_num(share * last)
    errors = np.where(ordinary, known - own - level - carried, np.nan)
    # The scale itself is learnt from few days: the variance of what is foretold with it is larger by so much.
    worth = np.sum(weights) ** 2 / np.sum(weights**2)
    scale = np.sqrt(weighted_mean(errors**2, weights, _LEAST_SHARE) * worth / (worth - 2))
    return Expected(rhythm + level + effect + carried, np.hypot(scale, doubt), level, rhythm, carried, effect, doubt)


def _cut(values: Array, left_out: npt.NDArray[np.bool_], terms: Baseline) -> Array:
    """Return the values, those beyond `cut` scales of the robust baseline drawn in to there: a blunder teaches little."""
    centre, scale = usual_weekday(values, left_out, terms.weeks, terms.pool_days, terms.least_points)
    reach = np.where(scale > 0, terms.cut * scale, np.inf)
    return np.where(np.isnan(centre), values, np.clip(values, centre - reach, centre + reach))


def _rhythm(known: Array, days: DayKinds, terms: Baseline) -> tuple[Array, Array]:
    """Return what a day's rhythm adds to the level, and what its own weekday adds, as far as it stands out from noise.

    A weekday's deviation is that from the mean of the seven days around it.
    """
    around = np.stack([shifted(known, place) for place in range(-3, 4)])
    enough = np.sum(~np.isnan(around), axis=0) >= _WEEK - 2
    deviation = np.where(enough, known - np.nansum(around, axis=0) / np.maximum(np.sum(~np.isnan(around), axis=0), 1), np.nan)
    every_week = np.zeros(_WEEK * terms.weeks)
    every_week[_WEEK - 1 :: _WEEK] = 1
    effect = weighted_mean(deviation, every_week, 0.5)
    latest = np.stack([shifted(effect, place) for place in range(_WEEK)])
    own = effect - np.sum(latest, axis=0) / _WEEK
    pool = np.ones(terms.pool_days)
    # The deviation of a day is known three days later only.
    chance = weighted_mean(shifted((deviation - effect) ** 2, 3), pool, _LEAST_SHARE) / terms.weeks
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.nan_to_num(np.clip(1 - chance / weighted_mean(own**2, pool, _LEAST_SHARE), 0, 1))
    own = np.nan_to_num(own * worth)
    rhythm = own.copy()
    weekday = (days.first_weekday + np.arange(known.shape[1])) % _WEEK
    for day in np.flatnonzero(days.rhythm != weekday):
        week = np.arange(max(0, int(day) - _WEEK + 1), int(day) + 1)
        alike = week[weekday[week] < 5] if days.rhythm[day] == ANY_WORKDAY else week[weekday[week] == days.rhythm[day]]
        if len(alike):
            rhythm[:, day] = own[:, alike].mean(axis=1)
    return rhythm, own


def _season(steady: Array, weights: Array, years: int) -> Array:
    """Return by how much a day lay above the weeks before it in former years; n years count n/(n+1) of what they say."""
    around = np.zeros_like(steady)
    there = np.zeros_like(steady)
    for place in range(-_HALF_SEASON, _HALF_SEASON + 1):
        moved = shifted(steady, place)
        there += ~np.isnan(moved)
        around += np.nan_to_num(moved)
    of_its_year = np.where(there >= _HALF_SEASON, around / np.maximum(there, 1), np.nan)
    former = np.stack([shifted(of_its_year, _YEAR * year) for year in range(1, years + 1)])
    count = np.sum(~np.isnan(former), axis=0)
    season = np.where(count > 0, np.nansum(former, axis=0) / np.maximum(count, 1), np.nan)
    found: Array = np.nan_to_num(count / (count + 1) * (season - weighted_mean(season, weights, 1 - _LEAST_SHARE)))
    return found


def _holidays(surprise: Array, usual: Array, days: DayKinds, terms: Baseline) -> tuple[Array, Array]:
    """Return what a day that is not ordinary adds, and how unsure that is: its like of former years against all such days."""
    effect, doubt = np.zeros_like(surprise), np.zeros_like(surprise)
    special = np.flatnonzero(days.special)
    for day in special:
        past = special[(special < day) & (special >= day - 366 * terms.years - 40)]
        told = surprise[:, past]
        count = np.sum(~np.isnan(told), axis=1)
        enough = count >= terms.least_points
        if not enough.any():
            continue
        mean = np.nansum(told, axis=1) / np.maximum(count, 1)
        chance = np.nan_to_num(usual[:, day]) ** 2
        spread = np.maximum(np.nansum((told - mean[:, None]) ** 2, axis=1) / np.maximum(count - 1, 1) - chance, 0)
        likes = told[:, days.kind[past] == days.kind[day]]
        alike = np.sum(~np.isnan(likes), axis=1)
        sure = np.divide(alike * spread, alike * spread + chance, out=np.zeros_like(spread), where=alike * spread > 0)
        own = np.nansum(likes, axis=1) / np.maximum(alike, 1)
        effect[:, day] = np.where(enough, mean + sure * (own - mean), 0)
        doubt[:, day] = np.where(enough, np.sqrt(spread * (1 - sure)), 0)
    return effect, doubt


def _share_that_lives_on(surprise: Array, last: Array, terms: Baseline) -> Array:
    """Return which share of a day's surprise the next day has had, as far as it is positive."""
    pool = np.ones(terms.pool_days)
    both = np.where(np.isnan(surprise), np.nan, last)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = weighted_mean(surprise * both, pool, _LEAST_SHARE) / weighted_mean(both**2, pool, _LEAST_SHARE)
    return np.clip(np.nan_to_num(share), 0, terms.carried)
