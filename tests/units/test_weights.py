"""The shares by which entities are spread over areas are whole, and what is wrong with them has its line."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from data.problems import DefinitionError
from data.register import load_reference
from data.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A copy of the demonstration city's register."""
    shutil.copytree(ROOT / "data/reference", tmp_path / "data/reference")
    for name in ("city.yaml", "annotations.yaml"):
        shutil.copy(ROOT / "data" / name, tmp_path / "data")
    return Settings(tmp_path, tmp_path / "var")


def test_every_police_station_is_spread_wholly(city: Settings) -> None:
    """Each police station belongs to streets with shares that sum to 1; some streets have several stations."""
    reference = load_reference(city)
    shares: Counter[str] = Counter()
    for one in reference.weights:
        shares[one.entity] += one.weight  # type: ignore[assignment]

    assert {one.entity for one in reference.of_kind("police_station")} == set(shares)
    assert [1.0] * len(shares) == [pytest.approx(total) for total in shares.values()]
    assert {one.area for one in reference.weights} == {one.entity for one in reference.of_kind("street")}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("HP-PS-01,210102019,2013-01-01,0.9", "weight: found shares of HP-PS-01 that sum to 0.9"),
        ("HP-PS-01,210102019,2013-01-01,1.5", "weight: found 1.5, wanted more than 0, at most 1"),
        ("HP-PS-99,210102019,2013-01-01,1", "entity: found 'HP-PS-99'"),
        ("HP-PS-01,nowhere,2013-01-01,1", "area: found 'nowhere'"),
        ("HP-PS-01,210102019,2013-13-01,1", "row: found"),
    ],
)
def test_every_problem_has_its_line(city: Settings, row: str, problem: str) -> None:
    """A share that cannot be is named with file and line."""
    file = city.city_dir / "data/reference/weights.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0], row, *lines[2:]]) + "\n", encoding="utf-8")

    with pytest.raises(DefinitionError) as error:
        load_reference(city)

    assert any(f"data/reference/weights.csv:2: {problem}" in str(one) for one in error.value.problems), error.value.problems
