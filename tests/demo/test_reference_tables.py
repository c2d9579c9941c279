"""The reference tables of Heping agree with each other and with what is verified about the district."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from data.contracts import load_contracts
from data.register import Reference, load_reference
from data.settings import Settings

ROOT = Path(__file__).parents[2]
VERIFIED = {
    "宝环社区", "桂林社区", "和平新村社区", "红塔社区", "沈电社区", "延安里社区",
    "北市社区", "大庆路社区", "皇寺路社区", "民富社区", "市府路社区", "总站路社区",
}  # fmt: skip


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The reference tables of the repository's own city."""
    return load_reference(Settings(ROOT, tmp_path_factory.mktemp("var")))


def test_numbers_of_areas(reference: Reference) -> None:
    """The district has 13 streets, 102 communities and 6 example stations."""
    found = Counter(entity.entity_kind for entity in reference.entities)

    assert (1, 13, 102, 6) == tuple(found[kind] for kind in ("district", "street", "community", "station"))


def test_only_verified_names_lack_the_note(reference: Reference) -> None:
    """Whoever reads a community's name knows whether it is real."""
    assert VERIFIED == {one.name_zh for one in reference.of_kind("community") if one.note != "示例"}


def test_names_are_unique_where_they_are_resolved(reference: Reference) -> None:
    """No spelling means two streets, or two communities of one street."""
    parents = {entity.entity: entity.parent for entity in reference.entities}
    spellings = {(entity.entity_kind, entity.name_zh, entity.entity) for entity in reference.entities}
    spellings |= {(alias.entity_kind, alias.alias, alias.entity) for alias in reference.aliases}
    meant = Counter((kind, name, parents[entity] if kind == "community" else "") for kind, name, entity in spellings)

    assert [] == [spelling for spelling, count in meant.items() if count > 1]


def test_residents_add_up(reference: Reference) -> None:
    """Communities sum to their street and streets to the district, exactly, in every year."""
    parents = {entity.entity: entity.parent for entity in reference.entities}
    told = {(value.entity, value.valid_from): value.value for value in reference.measures if value.measure == "residents"}
    sums: Counter[tuple[str, date]] = Counter()
    for (entity, since), value in told.items():
        sums[parents[entity], since] += value  # type: ignore[assignment]

    assert {key: told[key] for key in sums if key[0]} == {key: value for key, value in sums.items() if key[0]}


def test_each_feed_is_an_entity_below_its_department(reference: Reference, tmp_path: Path) -> None:
    """What is said of a feed counts for the department that sends it."""
    contracts = load_contracts(Settings(ROOT, tmp_path), reference).values()
    registered = {one.entity: one.parent for one in reference.of_kind("feed")}

    sent = {one.code: one.department for one in contracts if one.source == "department"}  # what the desk reports no department sends
    assert sent.items() <= registered.items()


def test_working_days(reference: Reference) -> None:
    """The calendar knows the make-up days and the holiday of 2015-09-03."""
    worked = Counter(day.date.year for day in reference.calendar if day.is_workday)
    parade = next(day for day in reference.calendar if day.date == date(2015, 9, 3))

    assert (250, 250, 249) == (worked[2013], worked[2014], worked[2015])
    assert not parade.is_workday
