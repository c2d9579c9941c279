"""Compares detectors at the same rate of false alarms: what each finds, how soon, and how sure that is.

`found` gives columns series, half, kind, size, detector, copy, is_found, delay (days from the onset; what is missed counts
the whole length of what was injected).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.detection.detectors import DETECTORS, Array
from benchmarks.detection.injection import Injected, inject, scale_unit
from benchmarks.detection.plan import Plan
from benchmarks.detection.series import Series

OURS, WHOLE = "ours", "all"


def halves(plan: Plan, series: Series) -> tuple[slice, slice]:
    """Return the two halves of the days that are judged."""
    middle = (plan.warm_up + len(series.daily)) // 2
    return slice(plan.warm_up, middle), slice(middle, len(series.daily))


def lines(plan: Plan, series: Series) -> list[dict[str, float]]:
    """Return for each half, while it is the clean one, the line of each detector: what the planned share of its days lie above."""
    scores = {name: score(series.daily[None], series)[0] for name, score in DETECTORS.items()}
    share = 1 - plan.false_alarm_rate
    return [{name: float(np.nanquantile(one[half], share)) for name, one in scores.items()} for half in halves(plan, series)]


def found(plan: Plan, series: Series, place: int) -> pd.DataFrame:
    """Inject everything of the plan into one series, the `place`-th, and return what each detector finds above its line."""
    parts, at = halves(plan, series), lines(plan, series)
    frames = []
    for half, clean in enumerate(parts):
        unit = scale_unit(series, clean, plan.scale_days)
        for number, (name, kind) in enumerate(plan.kinds.items()):
            for size in plan.sizes:
                seed = [plan.seed, place, half, number, int(10 * size)]
                injected = inject(series, kind, size * unit, parts[1 - half], plan.replicates, seed)
                for detector, score in DETECTORS.items():
                    delays = _delays(score(injected.values, series), at[half][detector], injected)
                    frames.append(pd.DataFrame({
                        "series": series.name, "half": half, "kind": name, "size": size, "detector": detector,
                        "copy": range(plan.replicates), "is_found": delays < kind.days, "delay": delays,
                    }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _delays(scores: Array, line: float, injected: Injected) -> npt.NDArray[np.int64]:
    """Return the days from onset to the first score above the line; the whole length where there is none."""
    within = np.take_along_axis(scores, injected.onsets[:, None] + np.arange(injected.days), 1) > line
    return np.where(within.any(axis=1), within.argmax(axis=1), injected.days)


def false_alarms(plan: Plan, series: Sequence[Series]) -> pd.DataFrame:
    """Return columns series and, for each detector, the per cent of days above its line while clean and while injected into."""
    rows = []
    for one in series:
        row: dict[str, object] = {"series": one.name}
        at = lines(plan, one)
        for name, score in DETECTORS.items():
            scores, parts = score(one.daily[None], one)[0], halves(plan, one)
            for label, turn in (("clean", 0), ("other", 1)):
                above = [_share_above(scores[parts[half ^ turn]], at[half][name]) for half in range(2)]
                row[f"{name}_{label}"] = round(100 * float(np.mean(above)), 1)
        rows.append(row)
    frame = pd.DataFrame(rows)
    return pd.concat([frame, pd.DataFrame([{"series": WHOLE} | frame.drop(columns="series").mean().round(1).to_dict()])])


def _share_above(scores: Array, line: float) -> float:
    return float(np.mean(scores[~np.isnan(scores)] > line))


def table(finds: pd.DataFrame, by: list[str], plan: Plan) -> pd.DataFrame:
    """Return a row per group and one of all: recall in % and median delay of each detector, and ours minus the better plain one."""
    groups = [(dict(zip(by, key, strict=True)), group) for key, group in finds.groupby(by, sort=False)]
    return pd.DataFrame([said | _compared(group, plan) for said, group in [*groups, ({by[0]: WHOLE}, finds)]]).fillna("")


def _compared(group: pd.DataFrame, plan: Plan) -> dict[str, object]:
    """Return recall and median delay with intervals; the same injections are drawn for all detectors."""
    keys = ["series", "half", "kind", "size", "copy"]
    hits = group.pivot_table(index=keys, columns="detector", values="is_found", sort=False)[list(DETECTORS)].to_numpy(dtype=float)
    delays = group.pivot_table(index=keys, columns="detector", values="delay", sort=False)[list(DETECTORS)].to_numpy(dtype=float)
    drawn = list(_drawn(len(hits), plan))
    recalls = 100 * np.array([hits[one].mean(axis=0) for one in drawn])
    medians = np.array([np.median(delays[one], axis=0) for one in drawn])
    recall, median = 100 * hits.mean(axis=0), np.median(delays, axis=0)
    row: dict[str, object] = {"n": len(hits)}
    for place, name in enumerate(DETECTORS):
        low, high = np.quantile(recalls[:, place], [0.025, 0.975])
        soon, far = np.quantile(medians[:, place], [0.025, 0.975])
        row[name] = f"{recall[place]:.1f} [{low:.1f}, {high:.1f}]"
        row[f"{name}_delay"] = f"{median[place]:g} [{soon:g}, {far:g}]"
    own = list(DETECTORS).index(OURS)
    best = int(np.argmax(np.delete(recall, own)))
    low, high = np.quantile(recalls[:, own] - np.delete(recalls, own, axis=1)[:, best], [0.025, 0.975])
    row["gain"] = f"{recall[own] - np.delete(recall, own)[best]:+.1f} [{low:+.1f}, {high:+.1f}]"
    return row


def _drawn(count: int, plan: Plan) -> Iterator[npt.NDArray[np.int64]]:
    dice = np.random.default_rng(plan.seed)
    for _ in range(plan.bootstrap):
        yield dice.integers(0, count, count)
