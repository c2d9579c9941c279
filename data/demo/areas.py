"""Names the areas in which records lie, from their positions in the world."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.demo.world import World


def in_areas(world: World, records: pd.DataFrame) -> pd.DataFrame:
    """Add district_code, street_code and, where there is a column `community`, community_code.

    `street` and `community` hold positions; a negative one is 未归属 of the wider area. What lies in no street has no
    community either: None.
    """
    street_at = records["street"].to_numpy(int)
    street = np.where(street_at < 0, world.root + "U", np.array(world.streets, dtype=object)[street_at])
    placed = records.assign(district_code=world.root, street_code=street)
    if "community" not in records:
        return placed
    community_at = records["community"].to_numpy(int)
    community = np.where(community_at < 0, street + "U", np.array(world.communities, dtype=object)[community_at])
    community[street_at < 0] = None
    return placed.assign(community_code=community)


def in_depts(world: World, records: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Add dept_code, where the column `handler` holds positions in `names`; whom the register does not know is 未归属."""
    known = {spelling: code for code in world.places["dept"] for spelling in world.spellings[code]}
    codes = np.array([*(known.get(name, f"{world.root}U-dept") for name in names)], dtype=object)
    return records.assign(dept_code=codes[records["handler"].to_numpy(int)])


def at_places(world: World, kind: str, records: pd.DataFrame) -> pd.DataFrame:
    """Add district_code and <kind>_code, where the column `kind` holds positions among the places of that kind."""
    codes = np.array(world.places[kind], dtype=object)
    return records.assign(**{"district_code": world.root, f"{kind}_code": codes[records[kind].to_numpy(int)]})
