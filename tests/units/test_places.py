"""A record counts for every wider area, however fine the table tells where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.contracts import load_contracts
from data.places import Places
from data.records import leaf_area
from data.register import Reference, load_reference
from data.settings import Settings

ROOT = Path(__file__).parents[2]
WHERE = Settings(ROOT, ROOT / "var")


@pytest.fixture(scope="module")
def reference() -> Reference:
    """The register of the demonstration city, which has communities below streets."""
    return load_reference(WHERE)


def test_a_record_without_an_area_counts_for_the_widest(reference: Reference) -> None:
    """Whether its table stops at streets or at communities, what lies nowhere lies in the district."""
    leaves = {place.leaf for place in Places(reference).rollup() if place.entity == reference.root.entity}
    tables = [table for contract in load_contracts(WHERE, reference).values() for table in contract.tables.values()]
    nowhere = {leaf_area(table, reference.root.entity, reference.city.areas).rsplit("'", 2)[1] for table in tables}

    assert {"", "U", "UU"} == {leaf.removeprefix(reference.root.entity) for leaf in nowhere}
    assert nowhere <= leaves
