"""What changed definitions would do to a year of signs is known before they are adopted, and nothing is written for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from commands.terminal import Exit
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.directory import load
from indicators.impact import impact
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city
from tests.test_cli import run

NOW = datetime(2024, 5, 9, tzinfo=UTC)
DERIVED = """
domain: operations
indicators:
  - indicator: repairs_doubled
    name: {zh: 双倍}
    formula: repairs_24h * 2
    unit: 倍
    precision: 1
    direction: watch
    grain: [district]
    cadence: day
    owner: [市政处]
    weight: 0
    since: 2024-01-01
    version: 1
"""


@pytest.fixture
def city(tmp_path: Path) -> tuple[Settings, Snapshot]:
    """Return the small city with a derived sign, refreshed."""
    where = write_small_city(tmp_path)
    (where.catalogue_dir / "zz.yaml").write_text(DERIVED, encoding="utf-8")
    return where, refresh(where, NOW).snapshot


def change(where: Settings, old: str, new: str) -> None:
    """Change the catalogue as somebody would with an editor."""
    path = where.catalogue_dir / "operations.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def told(city: tuple[Settings, Snapshot]) -> pd.DataFrame:
    """Return the impact of the definitions as they lie now."""
    return impact(*city, load(city[0]))


def test_unchanged_definitions_do_nothing(city: tuple[Settings, Snapshot]) -> None:
    """Nothing changed, and nothing but wording changed: no row."""
    assert told(city).empty
    change(city[0], "当日修复率", "当天修复率")
    assert set(told(city)["values_changed"]) <= {0}


def test_a_changed_line_changes_levels_and_no_value(city: tuple[Settings, Snapshot]) -> None:
    """50 % was orange below 60 and is red below 55; the derived sign, whose input changed, keeps every value."""
    where, _ = city
    before = sorted(path.name for path in where.parts.iterdir())
    change(where, "red: 30", "red: 55")
    found = told(city)
    days = found[(found["indicator"] == "repairs_24h") & (found["grain"] == "day") & (found["entity_kind"] == "district")].iloc[0]

    assert (days["change"], days["values_changed"], days["levels"]) == ("changed", 0, f"orange>red {days['levels_changed']}")
    assert days["levels_changed"] > 0
    assert days["first"] == "2024-05-07"
    assert set(found[found["indicator"] == "repairs_doubled"]["change"]) == {"derived"}
    assert found["values_changed"].sum() == 0
    assert before == sorted(path.name for path in where.parts.iterdir())


def test_a_changed_formula_changes_values_by_so_much(city: tuple[Settings, Snapshot]) -> None:
    """Counted per 500 instead of 1000 lamps each figure is half; the largest change is said in the unit of the sign."""
    change(city[0], "per: 1000 lamps_standing", "per: 500 lamps_standing")
    days = told(city)[lambda frame: (frame["grain"] == "day") & (frame["entity_kind"] == "district")].iloc[0]

    assert days["indicator"] == "repairs_per_1000"
    assert 0 < days["values_changed"] <= days["periods"]
    assert days["largest"] == pytest.approx(0.75)


def test_what_comes_and_what_goes_is_said(city: tuple[Settings, Snapshot]) -> None:
    """A new definition has signs after and none before; one that is gone the other way round."""
    where, _ = city
    (where.catalogue_dir / "zz.yaml").write_text(DERIVED.replace("repairs_doubled", "repairs_twice"), encoding="utf-8")
    found = told(city).groupby("indicator")["change"].unique().map(list).to_dict()

    assert found == {"repairs_twice": ["new"], "repairs_doubled": ["gone"]}


def test_the_command_line_tells_it(city: tuple[Settings, Snapshot]) -> None:
    """`check --impact` prints a row for each indicator, kind and grain; an unknown name is wrong use."""
    where, _ = city
    change(where, "red: 30", "red: 55")
    said = run(where, "check", "--impact", "--indicator", "repairs_24h", "--json")
    rows = [json.loads(line) for line in said.output.splitlines()]

    assert {row["indicator"] for row in rows} == {"repairs_24h"}
    assert any(row["levels"] and row["levels"].startswith("orange>red") for row in rows)
    assert run(where, "check", "--impact", "--indicator", "nobody").exit_code == Exit.WRONG_USE
