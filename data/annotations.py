"""The grammar of `data/annotations.yaml`: what happened in the city, when, to what, and whether it says nothing of ordinary days.

An annotation concerns the entities that it names, what lies inside them, and the wider areas whose figures hold theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from data.city import City
from data.grammar import Label, Name, Part
from data.problems import DefinitionError, Problem
from data.settings import Settings
from data.validation import validate
from data.yamlfile import read_yaml

Kind = Literal["fault", "weather", "event", "system", "definition", "maintenance", "other"]


class Annotation(Part):
    """One thing that happened, and what it concerns; without entities all of them, without indicators and domains every sign."""

    annotation: Name
    span: tuple[date, date] = Field(description="first and last day, both included")
    kind: Kind
    text: Label
    author: str = Field(min_length=1)
    entities: tuple[str, ...] = ()
    indicators: tuple[Name, ...] = ()
    domains: tuple[Name, ...] = ()
    excluded: bool = Field(default=False, description="its days teach nothing about what is usual")

    @field_validator("span")
    @classmethod
    def _in_order(cls, value: tuple[date, date]) -> tuple[date, date]:
        if value[0] > value[1]:
            msg = "the first day before the last"
            raise ValueError(msg)
        return value

    def is_of(self, indicator: str, domain: str) -> bool:
        """Whether it concerns an indicator of a domain."""
        return not (self.indicators or self.domains) or indicator in self.indicators or domain in self.domains

    def is_at(self, entity: str, wider: Mapping[str, frozenset[str]]) -> bool:
        """Whether it concerns an entity; `wider` gives of each entity itself and what it lies in."""
        around = wider.get(entity) or wider.get(entity.rstrip("U"), frozenset())
        return not self.entities or any(code in around or entity in wider[code] for code in self.entities)


class Annotations(Part):
    """The file: all annotations, and how much of a longer period excluded days must make for it to teach nothing."""

    least_share: float = Field(default=0.25, gt=0, le=1)
    annotations: tuple[Annotation, ...] = ()


NONE = Annotations()


def load_annotations(settings: Settings, city: City, entities: Iterable[str]) -> tuple[Annotations, list[Problem]]:
    """Read the city's annotations, with what is wrong in them; a city that names no file has none."""
    name = city.reference.annotations
    if not name:
        return NONE, []
    path = settings.city_dir / "data" / name
    if not path.is_file():
        return NONE, [Problem(f"data/{name}", 1, "file", "nothing", "this file of annotations")]
    try:
        source = read_yaml(path, settings.city_dir)
        found = validate(Annotations, source)
    except DefinitionError as error:
        return NONE, error.problems
    ids = [one.annotation for one in found.annotations]
    problems = [
        source.problem(("annotations", place, "annotation"), f"{code!r} twice", "each id once")
        for place, code in enumerate(ids)
        if ids.index(code) < place
    ]
    problems += _unknown(settings, city, found, "entities", set(entities), "an entity of the register")
    problems += _unknown(settings, city, found, "domains", {domain.domain for domain in city.domains}, "a domain of city.yaml")
    return found, problems


def unknown_indicators(settings: Settings, city: City, found: Annotations, known: Iterable[str]) -> list[Problem]:
    """Return a problem for each indicator that an annotation names though the catalogue does not."""
    return list(_unknown(settings, city, found, "indicators", set(known), "an indicator of the catalogue"))


def _unknown(settings: Settings, city: City, found: Annotations, key: str, known: set[str], wanted: str) -> Iterator[Problem]:
    wrong = [
        (place, inside, code)
        for place, one in enumerate(found.annotations)
        for inside, code in enumerate(getattr(one, key))
        if code not in known
    ]
    if wrong:
        source = read_yaml(settings.city_dir / "data" / city.reference.annotations, settings.city_dir)
        yield from (source.problem(("annotations", place, key, inside), repr(code), wanted) for place, inside, code in wrong)
