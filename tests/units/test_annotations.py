"""What happened is noted in a file of the city: it concerns some signs, is published with them, and may teach nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import noted
from data.problems import DefinitionError
from data.settings import Settings
from indicators.directory import City, load
from indicators.left_out import left_out, mark_of
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city

STORM = "{annotation: storm, span: [2024-05-06, 2024-05-08], kind: weather, text: {zh: 暴雨}, author: 甲, excluded: true}"
EAST = (
    "{annotation: works, span: [2024-05-07, 2024-05-07], kind: fault, text: {zh: 抢修, en: Works}, author: 乙, entities: [G1001],"
    " indicators: [repairs_24h]}"
)
DAY = datetime(2024, 5, 5)


def with_annotations(directory: Path, *notes: str) -> Settings:
    """Return the small city with a file of annotations (flow YAML)."""
    where = write_small_city(directory)
    text = where.city_file.read_text(encoding="utf-8")
    where.city_file.write_text(text.replace("reference:\n", "reference:\n  annotations: annotations.yaml\n"), encoding="utf-8")
    body = "".join(f"  - {note}\n" for note in notes)
    (where.city_dir / "data" / "annotations.yaml").write_text(f"annotations:\n{body}", encoding="utf-8")
    return where


def mask(city: City, grain: str, starts: list[datetime], *entities: str) -> list[list[bool]]:
    """Return what is left out of the share of repairs."""
    return left_out(city.catalogue.definitions["repairs_24h"], grain, starts, entities, city.reference).tolist()


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (STORM.replace("05-08", "05-01"), "span: found ['2024-05-06', '2024-05-01'], wanted the first day before the last"),
        (EAST.replace("G1001", "G9"), "entities.0: found 'G9', wanted an entity of the register"),
        (EAST.replace("repairs_24h", "nothing"), "indicators.0: found 'nothing', wanted an indicator of the catalogue"),
        (EAST.replace("indicators:", "domains:"), "domains.0: found 'repairs_24h', wanted a domain of city.yaml"),
        (STORM.replace("weather", "mood"), "kind: found 'mood'"),
        (EAST.replace("author: 乙", "writer: 乙"), "writer: found the unknown key 'writer'"),
    ],
)
def test_what_is_wrong_has_its_line(tmp_path: Path, note: str, said: str) -> None:
    """A span that runs backwards, and what the city does not know."""
    where = with_annotations(tmp_path, STORM.replace("storm", "first"), note)

    with pytest.raises(DefinitionError) as error:
        load(where)

    assert {("data/annotations.yaml", 3)} == {(one.file, one.line) for one in error.value.problems}
    assert said in str(error.value).replace("datetime.date(2024, 5, 6)", "'2024-05-06'").replace(
        "datetime.date(2024, 5, 1)", "'2024-05-01'"
    )


def test_an_id_twice_and_a_missing_file_are_named(tmp_path: Path) -> None:
    """Each with its file."""
    where = with_annotations(tmp_path, STORM, STORM)
    with pytest.raises(DefinitionError, match=r"data/annotations\.yaml:3: annotations\.1\.annotation: found 'storm' twice"):
        load(where)
    (where.city_dir / "data" / "annotations.yaml").unlink()

    with pytest.raises(DefinitionError, match=r"data/annotations\.yaml:1: file: found nothing, wanted this file of annotations"):
        load(where)


def test_excluded_days_are_left_out(tmp_path: Path) -> None:
    """Days wholly; of longer periods those of which they are a quarter at least; hours with their day."""
    city = load(with_annotations(tmp_path, STORM))
    days = [DAY + timedelta(days=place) for place in range(5)]

    assert [[False, True, True, True, False]] == mask(city, "day", days, "G1")
    assert [[False, True, False]] == mask(city, "week", [datetime(2024, 4, 29), datetime(2024, 5, 6), datetime(2024, 5, 13)], "G1")
    assert [[False]] == mask(city, "month", [datetime(2024, 5, 1)], "G1")
    assert [[False, True]] == mask(city, "hour", [datetime(2024, 5, 5, 23), datetime(2024, 5, 6)], "G1")


def test_only_what_it_concerns_is_left_out(tmp_path: Path) -> None:
    """The street, what has no community in it, and the district whose figures hold it; no other street, no other sign."""
    city = load(with_annotations(tmp_path, EAST.replace("author: 乙", "author: 乙, excluded: true")))
    other = city.catalogue.definitions["repairs_open"]

    assert [[True], [True], [True], [False]] == mask(city, "day", [DAY + timedelta(days=2)], "G1", "G1001", "G1001U", "G1002")
    assert not left_out(other, "day", [DAY + timedelta(days=2)], ["G1001"], city.reference).any()


def test_what_is_noted_only_leaves_nothing_out(tmp_path: Path) -> None:
    """An annotation is for the eyes unless it says that it excludes; a city may have none."""
    city, none = load(with_annotations(tmp_path / "a", EAST)), load(write_small_city(tmp_path / "b"))
    one = city.catalogue.definitions["repairs_24h"]

    assert [[False]] == mask(city, "day", [DAY + timedelta(days=2)], "G1001")
    assert "" == mark_of(one, city.reference) == mark_of(one, none.reference)


def test_readers_see_what_concerns_a_sign(tmp_path: Path) -> None:
    """Annotations come with the snapshot, by sign and time; one that names nothing concerns all."""
    where = with_annotations(tmp_path, STORM, EAST)
    snapshot = refresh(where, datetime(2024, 5, 9, tzinfo=UTC)).snapshot

    def ids(**wanted: object) -> list[str]:
        return noted.annotations(where, snapshot, **wanted)["annotation"].tolist()  # type: ignore[arg-type]

    assert ["storm", "works"] == ids() == ids(indicator="repairs_24h", entity="G1") == ids(entity="G1001U")
    assert ["storm"] == ids(indicator="repairs_open") == ids(entity="G1002") == ids(start=datetime(2024, 5, 8))
    assert [] == ids(end=datetime(2024, 5, 6)) == ids(start=datetime(2024, 5, 9))
    assert ["抢修", "Works", "乙"] == noted.annotations(where, snapshot)[["text_zh", "text_en", "author"]].iloc[1].tolist()
