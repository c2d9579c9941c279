"""The register of systems is held against the entities, the feeds and the signs of its city."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.contracts import load_contracts
from data.problems import DefinitionError
from data.register import load_reference
from data.settings import Settings
from indicators.cataloguing import load_catalogue
from indicators.directory import load

ROOT = Path(__file__).parents[2]
FILE = "data/reference/systems.csv"


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A copy of the demonstration city's definitions."""
    for folder in ("data/feeds", "data/reference", "indicators/catalogue"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in ("city.yaml", "annotations.yaml"):
        shutil.copy(ROOT / "data" / name, tmp_path / "data")
    return Settings(tmp_path, tmp_path / "var")


def test_the_city_knows_its_33_systems(city: Settings) -> None:
    """25 are named in a source and 8 are examples; each delivers something that exists, and is of one of four classes."""
    found = load(city).reference

    assert (33, 25) == (len(found.systems), sum(bool(one.named_in) for one in found.systems))
    assert all(one.note.startswith("示例") for one in found.systems if not one.named_in)
    assert {"智慧基础", "智慧政务", "智慧民生", "智慧产业"} == {one.system_class for one in found.systems}


@pytest.mark.parametrize(
    ("line", "row", "problem"),
    [
        (2, "S99,智慧政务,善政,smartcity,,A1,smartcity,,", "system: found 'S99'"),
        (2, "S02,智慧政务,善政,smartcity,,A1,smartcity,,", "system: found 'S02' twice"),
        (2, "S01,智慧政务,善政,nobody,,A1,smartcity,,", "department: found 'nobody'"),
        (2, "S01,智慧政务,善政,smartcity,,A1,,,", "feeds: found neither a feed nor a sign"),
        (2, "S01,智慧政务,善政,smartcity,,A1,smartcity;nothing,,", "feeds: found 'nothing'"),
        (2, "S01,智慧政务,善政,smartcity,,A1,,no_such_sign,", "signs: found 'no_such_sign'"),
        (1, "", "system: found no row of 'S01'"),
    ],
)
def test_every_problem_has_its_line(city: Settings, line: int, row: str, problem: str) -> None:
    """A row that is wrong is named with file and line, whatever it is that the city does not know."""
    file = city.city_dir / FILE
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1:2] = [row] if row else []
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    with pytest.raises(DefinitionError) as error:
        load(city)

    assert any(str(one).startswith(f"{FILE}:{line}: {problem}") for one in error.value.problems), str(error.value)


def test_a_contract_names_a_registered_system(city: Settings) -> None:
    """Where the city keeps a register, a feed comes from a system of it."""
    file = city.feeds_dir / "safety.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("system: 应急与安全生产", "system: 别的系统"), encoding="utf-8")
    reference = load_reference(city)

    with pytest.raises(DefinitionError, match=r"safety\.yaml:7: system: found '别的系统'"):
        load_contracts(city, reference)


def test_a_city_may_keep_no_register(city: Settings) -> None:
    """Without the table, contracts name their systems as they like."""
    (city.city_dir / FILE).unlink()
    text = city.city_file.read_text(encoding="utf-8")
    city.city_file.write_text(text.replace("  systems: reference/systems.csv\n", ""), encoding="utf-8")
    reference = load_reference(city)
    contracts = load_contracts(city, reference)

    assert () == reference.systems
    assert "hotline_volume" in load_catalogue(city, reference, contracts).definitions
