"""Says what the definitions as they lie now would do to a year of signs, beside what the snapshot has published, before they are adopted.

The records that the snapshot names are computed again with the changed definitions; nothing is written, and no refresh is
kept waiting. Columns: IMPACT_COLUMNS.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import timedelta

import numpy as np
import pandas as pd

from data import defined, readings
from data.revisions import known_at
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.definition import Catalogue, Indicator, digest_of
from indicators.directory import City
from indicators.judgement import twelve_digits
from indicators.known import ADDRESS, recalled

IMPACT_COLUMNS = (
    "indicator", "change", "entity_kind", "grain", "periods", "values_changed", "largest", "median", "levels_changed", "states_changed",
    "levels", "first", "last",
)  # fmt: skip
YEAR = timedelta(days=366)
CHANGED, NEW, GONE, DERIVED = "changed", "new", "gone", "derived"


def impact(settings: Settings, snapshot: Snapshot, city: City, indicators: Collection[str] = ()) -> pd.DataFrame:
    """Return one row per changed indicator, entity kind and grain (IMPACT_COLUMNS); `indicators` names those that are asked for.

    `change` is changed, new, gone, or derived: of an indicator whose inputs changed. `periods` of the last year stand in both;
    `largest` and `median` are sizes of what the values changed by, in the unit of the sign; `levels` counts each way from level to
    level, `none` where there is none; `first` and `last` are the periods in which anything changed.
    """
    told = changes(settings, snapshot, city.catalogue)
    wanted = {name: how for name, how in told.items() if not indicators or name in indicators}
    there = [name for name, how in wanted.items() if how != GONE]
    since = snapshot.as_of.replace(tzinfo=None) - YEAR
    before = readings.signs(settings, snapshot, indicator=list(wanted), start=since) if wanted else pd.DataFrame()
    after = pd.DataFrame()
    if there:
        after = recalled(settings, known_at(settings, snapshot, snapshot.as_of), city, there).signs
        after = after[after["start"] >= since] if len(after) else after
    rows = [_row(*key, wanted, both) for key, both in _side_by_side(before, after)]
    order = {name: place for place, name in enumerate(wanted)}
    frame = pd.DataFrame(rows, columns=list(IMPACT_COLUMNS))
    return frame.sort_values(["indicator", "entity_kind", "grain"], key=lambda column: column.replace(order), ignore_index=True)


def changes(settings: Settings, snapshot: Snapshot, catalogue: Catalogue) -> dict[str, str]:
    """Return how each indicator differs from what the snapshot was computed with; those that do not are left out."""
    bodies = defined.definitions(settings, snapshot).set_index("indicator")["body"]
    then = {str(name): digest_of(Indicator.model_validate(json.loads(body))) for name, body in bodies.items()}
    now = {name: digest_of(one.spec) for name, one in catalogue.definitions.items()}
    found = {name: NEW if name not in then else CHANGED for name, digest in now.items() if then.get(name) != digest}
    for name, one in catalogue.definitions.items():  # inputs stand before what is derived from them
        if name not in found and any(source in found for source in one.inputs):
            found[name] = DERIVED
    return found | {name: GONE for name in then if name not in now}


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[tuple[str, str, str], pd.DataFrame]]:
    """Return the signs of both sides by indicator, kind and grain: value, level and state before (`_then`) and after."""
    kept = [*ADDRESS, "period", "value", "level", "state"]
    sides = [frame[kept] if len(frame) else pd.DataFrame(columns=kept) for frame in (before, after)]
    if not len(before) and not len(after):
        return []
    both = sides[0].merge(sides[1], on=[*ADDRESS, "period"], how="outer", suffixes=("_then", ""))
    return list(both.groupby(["indicator", "entity_kind", "grain"]))  # type: ignore[arg-type]


def _row(indicator: str, entity_kind: str, grain: str, wanted: Mapping[str, str], both: pd.DataFrame) -> tuple[object, ...]:
    then, now = (twelve_digits(both[name].to_numpy(dtype=float, na_value=np.nan)) for name in ("value_then", "value"))
    moved = np.abs(now - then)
    is_other = ~((now == then) | (np.isnan(now) & np.isnan(then)))
    levels = both[["level_then", "level"]].fillna("none")
    turned = (levels["level_then"] != levels["level"]).to_numpy()
    states = (both["state_then"].fillna("") != both["state"].fillna("")).to_numpy()
    ways = Counter(zip(levels["level_then"][turned], levels["level"][turned], strict=True))
    sizes = moved[is_other & ~np.isnan(moved)]
    touched = both["period"][is_other | turned | states]
    return (
        indicator, wanted[indicator], entity_kind, grain, len(both), int(is_other.sum()),
        float(sizes.max()) if len(sizes) else None, float(np.median(sizes)) if len(sizes) else None, int(turned.sum()), int(states.sum()),
        "; ".join(f"{one}>{other} {count}" for (one, other), count in sorted(ways.items())),
        touched.min() if len(touched) else None, touched.max() if len(touched) else None,
    )  # fmt: skip
