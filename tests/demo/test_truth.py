"""The demonstration city, compared with its own truth: every drop, every reason, every expected figure."""

from __future__ import annotations

import json
from collections import Counter

import pandas as pd
import pytest

from data import readings
from data.reasons import RowReason
from data.settings import Settings
from data.snapshots import Snapshot, open_snapshot

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def told(demo_city: Settings) -> tuple[Settings, Snapshot, dict[str, list[dict[str, object]]]]:
    """The demonstration written, taken in and published, with its truth."""
    return demo_city, open_snapshot(demo_city), json.loads((demo_city.var_dir / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.timeout(900)
def test_every_drop_is_what_truth_says(told: tuple[Settings, Snapshot, dict[str, list[dict[str, object]]]]) -> None:
    """Rows, accepted, skipped and each reason of every drop agree, and nothing is left over."""
    settings, snapshot, truth = told
    faults = readings.quarantine(settings, snapshot)
    faults["rank"] = faults["reason"].map([reason.value for reason in RowReason].index)
    first = faults.sort_values("rank").drop_duplicates(["drop", "table", "sheet", "line"])
    reasons = {str(drop): dict(Counter(rows["reason"])) for drop, rows in first.groupby("drop")}

    invented = {drop["feed"] for drop in truth["drops"]}  # what the desk reports of itself is nobody's invention
    actual = [
        (row.feed, row.file, row.sha256, row.state, row.rows, row.accepted, row.skipped, sorted(reasons.get(row.drop, {}).items()))
        for row in readings.drops(settings, snapshot).itertuples()
        if row.feed in invented
    ]

    expected = [
        (drop["feed"], drop["file"], drop["sha256"], drop["state"], drop["rows"], drop["accepted"], drop["skipped"],
         sorted(drop["quarantined"].items()))  # type: ignore[attr-defined]  # JSON
        for drop in truth["drops"]
    ]  # fmt: skip
    assert sorted(expected) == sorted(actual)
    assert len(expected) > 250


def test_every_figure_is_what_truth_says(told: tuple[Settings, Snapshot, dict[str, list[dict[str, object]]]]) -> None:
    """Each expected value of every indicator, kind and grain comes out; none is missing."""
    settings, snapshot, truth = told
    keys = ["indicator", "entity_kind", "entity", "period"]
    figures = readings.signs(settings, snapshot)[[*keys, "value"]]
    expected = pd.DataFrame(truth["signs"])[[*keys, "value"]].astype({"value": float})

    both = expected.merge(figures, on=keys, how="left", suffixes=("_expected", "_actual"), indicator=True)

    off = (both["value_expected"] - both["value_actual"]).abs() > TOLERANCE * both["value_expected"].abs().clip(lower=1)
    wrong = both[(both["_merge"] != "both") | off | (both["value_expected"].isna() != both["value_actual"].isna())]
    assert wrong.empty, wrong.head(10).to_string()
    assert len(both) > 5000
