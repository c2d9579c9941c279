"""Stands in for the trial of a changed definition in page tests; part of `FakeSource`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from data.problems import DefinitionError, Problem
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.impact import IMPACT_COLUMNS


class FakeChanges:
    """A change of `wrong` is no definition; every other one is tried in no time."""

    def tried_change(
        self, settings: Settings, snapshot: Snapshot, what: str, name: str, changes: Mapping[str, Any], day: date
    ) -> dict[str, Any]:
        """Return the payload of a proposal."""
        if "wrong" in changes:
            raise DefinitionError([Problem("indicators/catalogue/hotline.yaml", 7, "wrong", "1", "a key of the grammar")])
        return {"changes": dict(changes) | {"version": 2}, "effective": day.isoformat()}

    def impact_of(
        self, settings: Settings, snapshot: Snapshot, what: str, name: str, payload: Mapping[str, Any], day: date
    ) -> pd.DataFrame:
        """Return one row."""
        row = (name, "changed", "district", "day", 365, 12, 1.5, 0.5, 3, 0, "normal>blue 3", "2015-03-08", "2016-03-06")
        return pd.DataFrame([row], columns=list(IMPACT_COLUMNS))
