"""Answers what was known: the signs as a refresh at an earlier moment would have published them.

They are computed from the revisions that had arrived by then, with the formulas in force now, never from the current records.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace

from data.revisions import remembered
from data.settings import Settings
from data.snapshots import Recalled, Snapshot
from indicators.definition import Catalogue, Definition
from indicators.refresh import City, compute


def recalled(
    settings: Settings, then: Snapshot, city: City, indicators: Collection[str], *, grain: str | None = None, entity_kind: str | None = None
) -> Recalled:
    """Return a snapshot that was set back (`data.revisions.known_at`) with the signs of the indicators as they stood then.

    One grain or one entity kind is quicker than all.
    """
    narrow = only(city, indicators, grain, entity_kind)
    with remembered(settings, then, narrow.reference, narrow.contracts) as con:
        compute(con, narrow, then.as_of)
        signs = con.execute("SELECT * FROM signs WHERE list_contains(?::VARCHAR[], indicator)", [list(indicators)]).df()
    return Recalled(**{field.name: getattr(then, field.name) for field in fields(then)}, signs=signs)


def only(city: City, indicators: Collection[str], grain: str | None = None, entity_kind: str | None = None) -> City:
    """Return the city with nothing but the indicators, what they are derived from, and the tables that those read."""
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
    return replace(city, contracts=contracts, catalogue=Catalogue(definitions))


def _narrowed(one: Definition, grain: str | None, entity_kind: str | None) -> Definition:
    grains = tuple(said for said in one.grains if grain in {None, said})
    kinds = tuple(kind for kind in one.spec.grain if entity_kind in {None, kind})
    return replace(one, grains=grains, spec=one.spec.model_copy(update={"grain": kinds}))
