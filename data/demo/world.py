"""What stands still in the demonstration city: its places, its calendar, its words and its incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from data.demo.workdays import Workdays, workdays
from data.register import Reference, load_reference
from data.settings import Settings
from data.yamlfile import read_yaml

BLANK, UNKNOWN = -1, -2


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened, and its effect on the figures of one feed."""

    incident: str
    span: tuple[date, date]
    kind: str
    feed: str
    area: str
    text: str
    effect: dict[str, Any]
    theme: str = ""

    def of_day(self, name: str, day: date, otherwise: float) -> float:
        """Return the effect `name` on `day`; a list runs day by day."""
        value = self.effect.get(name, otherwise)
        return float(value[(day - self.span[0]).days] if isinstance(value, list) else value)


@dataclass(frozen=True, slots=True)
class Mishap:
    """A drop that did not come once, whole and in time."""

    feed: str
    day: date
    kind: str
    arrived: datetime
    then: datetime | None


@dataclass(frozen=True, eq=False)
class World:
    """Places by position: a street or community is an index here and a code only where it is written.

    `places` holds the codes of every kind of entity; `words` is what a feed's own YAML says, by feed.
    """

    root: str
    places: dict[str, tuple[str, ...]]
    streets: tuple[str, ...]
    communities: tuple[str, ...]
    stations: tuple[str, ...]
    names: dict[str, str]
    parents: dict[str, str]
    spellings: dict[str, tuple[str, ...]]
    community_street: np.ndarray
    community_share: np.ndarray
    calendar: Workdays
    incidents: tuple[Incident, ...]
    mishaps: tuple[Mishap, ...]
    words: dict[str, dict[str, Any]]

    @cached_property
    def street_share(self) -> np.ndarray:
        """The share of the residents that live in each street."""
        return np.bincount(self.community_street, self.community_share)

    def happening(self, feed: str, day: date) -> list[Incident]:
        """Return the incidents that touch `feed` on `day`."""
        return [one for one in self.incidents if one.feed == feed and one.span[0] <= day <= one.span[1]]

    def intensity(self, feed: str, day: date, themes: list[str], level: np.ndarray) -> np.ndarray:
        """Return the expected number by theme and street: `level` by residents, times what is happening."""
        expected = np.outer(level, self.street_share)
        for one in self.happening(feed, day):
            rows = [themes.index(one.theme)] if one.theme else list(range(len(themes)))
            columns = [self.streets.index(one.area)] if one.area in self.streets else list(range(len(self.streets)))
            expected[np.ix_(rows, columns)] *= one.of_day("factor", day, 1)
        return expected

    def place_people(self, rng: np.random.Generator, street: np.ndarray, blank: float) -> np.ndarray:
        """Draw a community in each street; a share `blank` has none and one in a hundred a name nobody knows."""
        starts = np.concatenate(([0.0], np.cumsum(self.community_share)))
        first = np.searchsorted(self.community_street, street, side="left")
        last = np.searchsorted(self.community_street, street, side="right")
        at = starts[first] + rng.random(len(street)) * (starts[last] - starts[first])
        community = np.clip(np.searchsorted(starts, at, side="right") - 1, first, last - 1)
        fate = rng.random(len(street))
        return np.where(fate < blank, BLANK, np.where(fate < blank + 0.01, UNKNOWN, community))


def load_world(settings: Settings) -> World:
    """Read the reference tables of the city and the generator's own word lists."""
    reference = load_reference(settings)
    here = Path(__file__).parent
    happened = read_yaml(here / "incidents.yaml", here).content
    streets = [entity.entity for entity in reference.of_kind("street")]
    communities = sorted(reference.of_kind("community"), key=lambda one: streets.index(one.parent))
    residents = _residents(reference)
    share = np.array([residents[one.entity] for one in communities])
    return World(
        root=reference.root.entity,
        places={
            kind: tuple(one.entity for one in reference.of_kind(kind)) for kind in sorted({one.entity_kind for one in reference.entities})
        },
        streets=tuple(streets),
        communities=tuple(one.entity for one in communities),
        stations=tuple(entity.entity for entity in reference.of_kind("station")),
        names={entity.entity: entity.name_zh for entity in reference.entities},
        parents={entity.entity: entity.parent for entity in reference.entities},
        spellings=_spellings(reference),
        community_street=np.array([streets.index(one.parent) for one in communities]),
        community_share=share / share.sum(),
        calendar=workdays(reference.calendar),
        incidents=tuple(Incident(**{**one, "span": tuple(one["span"])}) for one in happened["incidents"]),
        mishaps=tuple(_mishap(one) for one in happened["deliveries"]),
        words={file.stem: read_yaml(file, here).content for file in sorted((here / "feeds").glob("*.yaml"))},
    )


def _mishap(row: dict[str, Any]) -> Mishap:
    then = datetime.fromisoformat(row["then"]) if "then" in row else None
    return Mishap(row["feed"], row["day"], row["kind"], datetime.fromisoformat(row["arrived"]), then)


def _residents(reference: Reference) -> dict[str, float]:
    told = [value for value in reference.measures if value.measure == "residents"]
    first = min(value.valid_from for value in told)
    return {value.entity: value.value for value in told if value.valid_from == first}


def _spellings(reference: Reference) -> dict[str, tuple[str, ...]]:
    """Return every spelling of an entity, its own name first."""
    spellings = {entity.entity: [entity.name_zh] for entity in reference.entities}
    for alias in reference.aliases:
        spellings[alias.entity].append(alias.alias)
    return {entity: tuple(names) for entity, names in spellings.items()}
