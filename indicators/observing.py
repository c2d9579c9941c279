"""What each period says to the rules: signs laid out as arrays, and of every identity its evidence, its level and whether that breaches.

An identity is a rule, a sign and an entity; of a rule on several signs the sign is the first that it names. Pure: frames in,
arrays out (periods x identities). The same view serves refreshes and backtests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from indicators.alerts import Counts, Evidence, Flags, Observed
from indicators.definition import Catalogue
from indicators.judgement import State
from indicators.rule import Rule
from indicators.trending import reaches
from indicators.watching import RANKS, ChangeBeyond, Lines, SpecialCause, Together, Unusual

KEY = ["indicator", "entity_kind", "entity"]
# Of a sign, what any rule may ask for.
VIEW = (
    "level",
    "state",
    "value",
    "special",
    "variation",
    "control_centre",
    "change_prev",
    "change_week",
    "change_year",
    "baseline",
    "baseline_low",
    "baseline_high",
)
_EVIDENCE = {State.OK.value: Evidence.SEEN, State.OUT_OF_SEASON.value: Evidence.ENDED, State.ERROR.value: Evidence.ERROR}
_NUMBERS = tuple(name for name in VIEW if name not in {"level", "state", "special", "variation"})
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Laid:
    """Signs of one grain: `keys` (KEY), the starts of periods in a row, and each column as an array (periods x signs).

    `rank` is the level as a number, -1 where nothing was judged; `seen` the evidence of the state.
    """

    grain: str
    keys: pd.DataFrame
    starts: list[datetime]
    rank: Counts
    seen: Counts
    numbers: dict[str, Numbers]
    words: dict[str, npt.NDArray[np.object_]]


@dataclass(frozen=True, slots=True)
class Watched:
    """What a rule sees of its identities: `keys` (KEY), where each one's sign stands, and arrays (periods x identities)."""

    keys: pd.DataFrame
    sign: Counts
    evidence: Counts
    level: Counts
    breaches: Flags

    def at(self, place: int, judging: Flags | None = None) -> Observed:
        """Return a period as the state machine takes it, seen by some identities only; the same line raises and ends."""
        evidence = self.evidence[place] if judging is None else np.where(judging, self.evidence[place], Evidence.ERROR)
        return Observed(evidence, self.level[place], self.breaches[place], self.breaches[place])


def lay(frame: pd.DataFrame, grain: str, keys: pd.DataFrame, starts: list[datetime]) -> Laid:
    """Lay out signs (KEY, start and VIEW) of one grain; a period that has none is no evidence."""
    row = pd.MultiIndex.from_frame(keys[KEY]).get_indexer(pd.MultiIndex.from_frame(frame[KEY]))
    column = pd.DatetimeIndex(starts).get_indexer(pd.DatetimeIndex(frame["start"]))
    kept = (row >= 0) & (column >= 0)
    at, shape = (column[kept], row[kept]), (len(starts), len(keys))
    told = frame[kept]
    rank, seen = np.full(shape, -1), np.full(shape, int(Evidence.NONE))
    rank[at] = told["level"].map(RANKS).fillna(-1).to_numpy(np.int64)
    seen[at] = told["state"].map(_EVIDENCE).fillna(Evidence.NONE).to_numpy(np.int64)
    numbers = {name: np.full(shape, np.nan) for name in _NUMBERS}
    for name, array in numbers.items():
        array[at] = told[name].to_numpy(dtype=float, na_value=np.nan)
    words = {name: np.full(shape, "", dtype=object) for name in ("special", "variation")}
    for name, text in words.items():
        text[at] = told[name].fillna("").to_numpy(dtype=object)
    return Laid(grain, keys[KEY].reset_index(drop=True), starts, rank, seen, numbers, words)


def observe(rule: Rule, catalogue: Catalogue, laid: Laid) -> Watched:
    """Return what a rule on signs sees of the signs of one grain that it watches."""
    keys, places = identities(rule, catalogue, laid.grain, laid.keys)
    if rule.when and rule.when.together:
        return _together(rule, rule.when.together, laid, keys, places)
    level, evidence = _levels(rule, catalogue, laid, places)
    lines = {name: rule.line(catalogue.definitions[name]) for name in keys["indicator"].unique()}
    breaches = level >= keys["indicator"].map(lines).to_numpy(np.int64)
    return Watched(keys, places, evidence, level, breaches)


def identities(rule: Rule, catalogue: Catalogue, grain: str, signs: pd.DataFrame) -> tuple[pd.DataFrame, Counts]:
    """Return the identities (KEY) of a rule among signs (KEY) of a grain, and where the sign of each stands; of several the first."""
    names = [one.name for one in catalogue.definitions.values() if watched_at(rule, catalogue, one.name) == grain]
    places = np.flatnonzero(signs["indicator"].isin(names) & signs["entity_kind"].isin(rule.kinds))
    keys = signs[KEY].iloc[places].reset_index(drop=True)
    if rule.when and rule.when.together:
        firsts = ~keys.duplicated(["entity_kind", "entity"]).to_numpy()
        keys, places = keys[firsts].assign(indicator=rule.when.together.of[0]).reset_index(drop=True), places[firsts]
    return keys, places


def watched_at(rule: Rule, catalogue: Catalogue, indicator: str) -> str | None:
    """Return the grain at which a rule watches an indicator; None where it does not."""
    one = catalogue.definitions[indicator]
    grain = rule.grain or one.spec.cadence
    return grain if rule.watches(one) and set(rule.kinds) & set(one.spec.grain) and grain in one.grains else None


def _levels(rule: Rule, catalogue: Catalogue, laid: Laid, places: Counts) -> tuple[Counts, Counts]:
    """Return the level of each sign and period as the rule sees it, and what evidence it is of."""
    rank, seen, when = laid.rank[:, places], laid.seen[:, places], rule.when
    if when is None:
        return _known(np.maximum(rank, 0), seen, rank >= 0)
    directions = np.array([catalogue.definitions[name].spec.direction for name in laid.keys["indicator"].iloc[places]], dtype=object)
    if when.special:
        return _special(when.special, laid, places, seen, directions)
    if when.change:
        return _changed(when.change, laid.numbers[f"change_{when.change.of}"][:, places], seen, directions)
    if when.unusual:
        return _unusual(when.unusual, {name: array[:, places] for name, array in laid.numbers.items()}, seen, directions)
    if when.forecast:
        values = np.where(seen == Evidence.SEEN, laid.numbers["value"][:, places], np.nan)
        signs = [catalogue.definitions[name] for name in laid.keys["indicator"].iloc[places]]
        there, can_tell = reaches(when.forecast, values, laid.starts, signs)
        return _known(there * RANKS[when.forecast.level], seen, can_tell)
    msg = f"a rule on {when.kind} watches no signs"
    raise ValueError(msg)


def _known(level: Counts, seen: Counts, known: Flags) -> tuple[Counts, Counts]:
    """Return levels with their evidence: a figure that the rule cannot judge is none."""
    return np.where(known, level, 0), np.where((seen == Evidence.SEEN) & ~known, Evidence.NONE, seen)


def _special(when: SpecialCause, laid: Laid, places: Counts, seen: Counts, directions: Any) -> tuple[Counts, Counts]:
    special, variation = laid.words["special"][:, places], laid.words["variation"][:, places]
    told = np.isin(special, list(when.causes)) if when.causes else special != ""
    if when.only_concern:
        told &= np.char.startswith(variation.astype(str), "concern") | (directions == "watch")
    return _known(told * RANKS[when.level], seen, ~np.isnan(laid.numbers["control_centre"][:, places]))


def _unusual(when: Unusual, numbers: dict[str, Numbers], seen: Counts, directions: Any) -> tuple[Counts, Counts]:
    half = (numbers["baseline_high"] - numbers["baseline_low"]) / 2
    away = (numbers["value"] - numbers["baseline"]) / np.where(half > 0, half, np.nan)
    ways = {"higher": -1, "lower": 1} if when.only_worse else {}
    return _beyond(when.levels, away, np.array([ways.get(one, 0) for one in directions]), seen)


def _changed(when: ChangeBeyond, change: Numbers, seen: Counts, directions: Any) -> tuple[Counts, Counts]:
    ways = {"higher": -1, "lower": 1} if when.way == "worse" else {}
    sign = np.array([ways.get(one, {"up": 1, "down": -1}.get(when.way, 0)) for one in directions])
    return _beyond(when.levels, change, sign, seen)


def _beyond(lines: Lines, sizes: Numbers, sign: Counts, seen: Counts) -> tuple[Counts, Counts]:
    """Return the level that each size reaches, upwards (1), downwards (-1) or either way (0)."""
    size = np.where(sign == 0, np.abs(sizes), sizes * sign)
    level = np.zeros(sizes.shape, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        for rank, line in lines.said:
            level = np.where(size >= line, np.maximum(level, rank), level)
    return _known(level, seen, ~np.isnan(sizes))


def _together(rule: Rule, when: Together, laid: Laid, keys: pd.DataFrame, firsts: Counts) -> Watched:
    """Return what several signs of one entity say together: known as soon as those not known could not change it."""
    shape = (len(laid.starts), len(keys))
    beyond, unknown, ended = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    places = np.flatnonzero(laid.keys["indicator"].isin(when.of) & laid.keys["entity_kind"].isin(rule.kinds))
    whose = pd.MultiIndex.from_frame(laid.keys.iloc[places][["entity_kind", "entity"]])
    mine = pd.MultiIndex.from_frame(keys[["entity_kind", "entity"]]).get_indexer(whose)
    for place, entity in zip(places, mine, strict=True):
        seen, rank = laid.seen[:, place], laid.rank[:, place]
        over = seen == Evidence.ENDED
        known = (seen == Evidence.SEEN) & (rank >= 0)
        beyond[:, entity] += known & (rank >= RANKS[when.least])
        unknown[:, entity] += ~known & ~over
        ended[:, entity] += over
    breaches = beyond >= when.count
    evidence = np.where(breaches | (beyond + unknown < when.count), Evidence.SEEN, Evidence.NONE)
    evidence = np.where(ended > len(set(when.of)) - when.count, Evidence.ENDED, evidence)  # too few are left to be together
    return Watched(keys, firsts, evidence, breaches * RANKS[when.level], breaches)
