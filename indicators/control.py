"""Sets control limits on signs and reads special causes and the two icons off them: a step after judging, which it leaves alone.

Columns: control_centre, control_low, control_high (not clipped), special, variation, assurance, control_basis. Codes of
`control_basis`: `<chart>:<first>:<last>:<points>` of the calculation period behind the limits; where there are none
`baseline_period:<first>:<last>` (it has not ended yet), `few_points:<points>:<least>`, `no_spread` (the past never varied,
or is no share of a whole), `overlapping` (a figure of the last days shares its records with its neighbours). Empty where
the grain has no control limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from data import periods
from data.city import Calculation, SpcTerms
from indicators.baselines import Array
from indicators.calculation import Setting, settings_of
from indicators.definition import Definition
from indicators.judgement import State
from indicators.spc import Chart, Flags, Learnt, Texts, assurance, half_width, learn, special_causes, variation

LIMITS = ("control_centre", "control_low", "control_high")
COLUMNS = (*LIMITS, "special", "variation", "assurance", "control_basis")
WHOLE = 100.0  # per cent


@dataclass(frozen=True, slots=True)
class Series:
    """The signs of one indicator and grain, laid out as arrays (entities x periods), and what teaches nothing."""

    one: Definition
    grain: str
    starts: list[datetime]
    entities: pd.DataFrame
    columns: dict[str, Any]
    left_out: Flags


def terms_of(one: Definition, grain: str, city: SpcTerms) -> Calculation | None:
    """Return how long a calculation period is: the sign's own word at its cadence, else the city's; None: no limits."""
    return (one.spec.spc.baseline if grain == one.spec.cadence else None) or city.calculation.get(grain)  # type: ignore[call-overload]


def plan(one: Definition, grain: str, city: SpcTerms, begins: datetime, end: datetime) -> list[Setting]:
    """Return the settings of limits of one indicator and grain."""
    terms = terms_of(one, grain, city)
    return settings_of(terms, grain, begins, end, [rebase.since for rebase in one.spec.spc.rebases]) if terms else []


def chart_of(one: Definition) -> Chart:
    """Return the chart of an indicator: its own word, else p for a share of a whole, u for a count over a count, else xmr."""
    formula = one.formula
    if one.spec.spc.chart:
        return one.spec.spc.chart
    if formula.is_ratio and one.spec.unit == "%":
        return Chart.P
    counts = formula.denominator is not None and all(atom.unit == "count" for atom in formula.atoms)
    return Chart.U if counts else Chart.XMR


def control(series: Series, settings: list[Setting], terms: SpcTerms) -> dict[str, Any]:
    """Return COLUMNS as arrays (entities x periods)."""
    one, columns, starts = series.one, series.columns, np.array(series.starts, dtype="datetime64[us]")
    shape = columns["value"].shape
    told = np.isin(columns["state"], [State.OK, State.NOT_EVALUATED]) & ~_overlapping(series)[:, None]
    values = np.where(told, columns["value"], np.nan)
    # Where it is known that nothing was due there is no point, and those beside it are neighbours.
    nothing = columns["reason"] == "empty"
    centre, half = np.full(shape, np.nan), np.full(shape, np.nan)
    basis, groups = np.full(shape, None, dtype=object), np.zeros(shape, dtype=np.int64)
    chart, scale = chart_of(one), WHOLE if one.formula.is_ratio and one.spec.unit == "%" else 1.0
    n = columns["denominator"]
    for setting in settings:
        groups[:, starts >= np.datetime64(setting.first)] = setting.group
        basis[:, _between(starts, setting.first, setting.past)] = f"baseline_period:{_span(series.grain, setting)}"
    for setting in settings:
        past, force = _between(starts, setting.first, setting.past), _between(starts, setting.since, setting.until)
        if force.stop <= force.start or setting.first < series.starts[0]:
            continue
        teachers = np.where(series.left_out[:, past], np.nan, values[:, past])
        order = np.argsort(nothing[:, past], axis=1, kind="stable")
        learnt = learn(chart, np.take_along_axis(teachers, order, 1), np.take_along_axis(n[:, past], order, 1), scale)
        enough = learnt.points >= terms.least_points
        half[:, force] = np.where(enough[:, None], half_width(chart, learnt, n[:, force], scale), np.nan)
        centre[:, force] = np.where(enough & ~np.isnan(learnt.spread), learnt.centre, np.nan)[:, None]
        basis[:, force] = _basis(chart, learnt, _span(series.grain, setting), terms.least_points)[:, None]
    basis[_overlapping(series)] = "overlapping" if settings else None
    order = np.argsort(nothing, axis=1, kind="stable")
    points, middle, width = (np.take_along_axis(field, order, 1) for field in (values, centre, half))
    causes = special_causes(points, middle, width, np.take_along_axis(groups, order, 1), (terms.run, terms.trend))
    special = np.full(shape, None, dtype=object)
    np.put_along_axis(special, order, causes, 1)
    judged = ~np.isnan(values) & ~np.isnan(half)
    low, high = centre - half, centre + half
    assured = assurance(low, high, np.broadcast_to(_standard(one, series.starts), shape), one.spec.direction)
    assured[~judged] = None
    return {
        "control_centre": centre, "control_low": low, "control_high": high, "special": special,
        "variation": variation(special, judged, one.spec.direction), "assurance": assured, "control_basis": basis,
    }  # fmt: skip


def _overlapping(series: Series) -> Flags:
    """Whether the figure of an entity speaks of more days than its own."""
    window = series.one.spec.window
    of_window = window is not None and series.grain == "day"
    return np.asarray(series.entities["entity_kind"].isin(window.kinds if window and of_window else ()), dtype=bool)


def _between(starts: Any, first: datetime, past: datetime) -> slice:
    return slice(*np.searchsorted(starts, [np.datetime64(first), np.datetime64(past)]))


def _span(grain: str, setting: Setting) -> str:
    """Return the first and the last period of a calculation period; codes of periods hold no colon."""
    return f"{periods.code(setting.first, grain)}:{periods.code(periods.step(setting.past, grain, -1), grain)}"


def _basis(chart: Chart, learnt: Learnt, span: str, least: int) -> Texts:
    told = [
        f"few_points:{points}:{least}" if points < least else "no_spread" if np.isnan(spread) else f"{chart}:{span}:{points}"
        for points, spread in zip(learnt.points, learnt.spread, strict=True)
    ]
    return np.array(told, dtype=object)


def _standard(one: Definition, starts: list[datetime]) -> Array:
    """Return the line that a period has to keep: where blue begins, else the target; NaN where neither was set.

    `target` is the value that scores full marks; of most shares that is 100 %, which no process reaches for certain.
    """
    found = np.full(len(starts), np.nan)
    for lines in one.spec.thresholds:
        line = lines.blue if lines.blue is not None else lines.target
        found[[start.date() >= lines.since for start in starts]] = np.nan if line is None else line
    return found
