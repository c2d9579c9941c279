"""Answers what was known: the signs as a refresh at an earlier moment would have published them.

They are computed from the revisions that had arrived by then, with the formulas in force now, never from the current records.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pandas as pd

from data import periods
from data.deliveries import Deliveries, feed_states
from data.festivals import Festivals
from data.quality import quality
from data.revisions import known_at, remembered
from data.settings import Settings
from data.snapshots import Recalled, Snapshot
from indicators.bases import year_bases
from indicators.comparison import compared_anew
from indicators.definition import Catalogue, Definition
from indicators.directory import City
from indicators.publication import feed_frame
from indicators.refresh import compute

ADDRESS = ["indicator", "entity_kind", "entity", "grain", "start"]


def recalled(
    settings: Settings, then: Snapshot, city: City, indicators: Collection[str], *, grain: str | None = None,
    entity_kind: str | None = None, same_lag: bool = False,
) -> Recalled:  # fmt: skip
    """Return a snapshot that was set back (`data.revisions.known_at`) with the signs of the indicators as they stood then.

    One grain or one entity kind is quicker than all. With `same_lag`, provisional figures are compared with what was known of
    last year's as long after its end, where anything was; that computes once more for each distance between the two.
    """
    narrow = only(city, indicators, grain, entity_kind)
    signs = _signs(settings, then, narrow, indicators)
    if same_lag and len(signs):
        signs = _against_the_same_lag(settings, then, narrow, indicators, signs)
    return Recalled(**{field.name: getattr(then, field.name) for field in fields(then)}, signs=signs)


def feeds_known(settings: Settings, then: Snapshot, city: City) -> pd.DataFrame:
    """Return how the feeds stood (FEED_COLUMNS of readings) at the moment of a snapshot that was set back, by the contracts of now."""
    with remembered(settings, then, city.reference, {}) as con:
        known = Deliveries(con, city.contracts, city.reference, then.as_of)
        return feed_frame(known, city.catalogue, feed_states(known), quality(known, city.reference.city.quality))


def _signs(settings: Settings, then: Snapshot, narrow: City, indicators: Collection[str]) -> pd.DataFrame:
    with remembered(settings, then, narrow.reference, narrow.contracts) as con:
        compute(con, narrow, then.as_of)
        return con.execute("SELECT * FROM signs WHERE list_contains(?::VARCHAR[], indicator)", [list(indicators)]).df()


def _against_the_same_lag(
    settings: Settings, then: Snapshot, narrow: City, indicators: Collection[str], signs: pd.DataFrame
) -> pd.DataFrame:
    """Return the signs with change_year of the provisional ones against what was known of their base at the same lag."""
    festivals = Festivals(narrow.reference.festivals)
    rows = {row: {str(name): value for name, value in sign.items()} for row, sign in enumerate(signs.to_dict("records"))}
    places: dict[timedelta, list[tuple[int, datetime]]] = {}
    for row, sign in rows.items():
        if sign["vintage"] == "provisional" and not pd.isna(sign["value"]):
            start, grain = sign["start"].to_pydatetime(), sign["grain"]
            base = year_bases([start], grain, festivals)[0][0]
            places.setdefault(periods.step(start, grain) - periods.step(base, grain), []).append((row, base))
    for lag, compared in sorted(places.items()):
        known = _signs(settings, known_at(settings, then, then.as_of - lag), narrow, indicators).dropna(subset="value")
        bases = {tuple(row[:-2]): row[-2:] for row in known[[*ADDRESS, "value", "vintage"]].itertuples(index=False)} if len(known) else {}
        for row, base in compared:
            address = (*(rows[row][name] for name in ADDRESS[:-1]), pd.Timestamp(base))
            if address in bases:
                rows[row] |= compared_anew(narrow.catalogue.definitions[rows[row]["indicator"]], rows[row], *bases[address])
    return pd.DataFrame(list(rows.values()), columns=signs.columns).astype(signs.dtypes)


def only(city: City, indicators: Collection[str], grain: str | None = None, entity_kind: str | None = None) -> City:
    """Return the city with nothing but the indicators, what they are derived from, and the tables that those read; nothing is scored."""
    wanted: set[str] = set()
    waiting = list(indicators)
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        waiting += city.catalogue.definitions[name].inputs
    narrowed = {name: _narrowed(one, grain, entity_kind) for name, one in city.catalogue.definitions.items() if name in wanted}
    definitions = {name: one for name, one in narrowed.items() if one.grains and one.spec.grain}
    read = {one.spec.feed_table for one in definitions.values() if one.spec.table}
    contracts = {
        feed: contract.model_copy(update={"tables": {name: table for name, table in contract.tables.items() if (feed, name) in read}})
        for feed, contract in city.contracts.items()
        if feed in {feed for feed, _ in read}
    }
    return replace(city, contracts=contracts, catalogue=Catalogue(definitions), schemes={})


def _narrowed(one: Definition, grain: str | None, entity_kind: str | None) -> Definition:
    grains = tuple(said for said in one.grains if grain in {None, said})
    # What is withheld of one kind depends on the others that make its whole.
    kinds = tuple(kind for kind in one.spec.grain if one.persons or entity_kind in {None, kind})
    return replace(one, grains=grains, spec=one.spec.model_copy(update={"grain": kinds}))
