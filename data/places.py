"""Finds the entity that a department means by a name, a code or an alias, and the ancestors of each entity.

A row whose finer area is blank or unknown belongs to the unassigned entity of its wider area: the code of the wider
one followed by `U`; one that names no entity of a kind that is no area belongs to the unassigned of that kind. So the
sum of the parts and the unassigned is the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.register import Entity, Reference
from data.text import normal

UNASSIGNED = "U"
Life = tuple[date, date]
EVER: Life = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class Place:
    """An entity with the wider entity that figures roll up to, in its own kind."""

    kind: str
    leaf: str
    entity: str


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a spelling means, and for records of which days (both included)."""

    code: str
    first: date
    last: date


class Places:
    """The register of a city, ready for look-ups."""

    def __init__(self, reference: Reference) -> None:
        """Index every code, name and alias by kind; names of narrower areas also by their parent."""
        self._reference = reference
        self._parents = {entity.entity: entity.parent for entity in reference.entities}
        self._kinds = {entity.entity: entity.entity_kind for entity in reference.entities}
        self._other_kinds = [kind for kind in dict.fromkeys(self._kinds.values()) if kind not in reference.city.areas]
        self._lives = {entity.entity: _life(entity, reference.root) for entity in reference.entities}
        self._lives |= {self.unassigned_of(kind): EVER for kind in self._other_kinds}
        self._anywhere: dict[tuple[str, str], list[_Meaning]] = {}
        self._within: dict[tuple[str, str, str], list[_Meaning]] = {}
        for entity in reference.entities:
            for name in dict.fromkeys((entity.entity, entity.name_zh)):
                self._add(entity.entity_kind, name, _Meaning(entity.entity, *self._lives[entity.entity]))
        for alias in reference.aliases:
            first, last = self._lives[alias.entity]
            meaning = _Meaning(alias.entity, max(first, alias.valid_from or first), min(last, alias.valid_to or last))
            self._add(alias.entity_kind, alias.alias, meaning)
        self._dated = {kind for (kind, _), meanings in self._anywhere.items() if any(not _is_timeless(one) for one in meanings)}

    def _add(self, kind: str, name: str, meaning: _Meaning) -> None:
        self._anywhere.setdefault((kind, normal(name)), []).append(meaning)
        self._within.setdefault((kind, self._parents[meaning.code], normal(name)), []).append(meaning)

    def find(self, kind: str, text: str, within: str | None = None, on: date | None = None) -> str | None:
        """Return the code of the one entity of `kind` meant by `text`, inside `within` and on a day where those are given."""
        meanings = self._anywhere.get((kind, text)) if within is None else self._within.get((kind, within, text))
        codes = {one.code for one in meanings or () if on is None or one.first <= on <= one.last}
        return codes.pop() if len(codes) == 1 else None

    def is_dated(self, kind: str) -> bool:
        """Whether what a spelling of that kind means depends on the day."""
        return kind in self._dated

    def life(self, code: str) -> Life:
        """Return the first and last day on which an entity is there; of an unassigned one, those of the area it lies in."""
        while code not in self._lives:
            code = code.removesuffix(UNASSIGNED)
        return self._lives[code]

    def spellings(self, kind: str) -> dict[str, str]:
        """Return every spelling of the entities of a kind that means one of them, whatever the day, with its code."""
        return {
            name: meanings[0].code
            for (of, name), meanings in self._anywhere.items()
            if of == kind and all(_is_timeless(one) and one.code == meanings[0].code for one in meanings)
        }

    def rollup(self) -> list[Place]:
        """Return, for every leaf that a record can carry and every kind, the one entity that it counts for.

        That is its own or a wider one, or the unassigned of the kind: so of every kind the parts make the whole.
        """
        areas, root = self._reference.city.areas, self._reference.root
        chains = {entity.entity: dict(self._chain(entity)) for entity in self._reference.entities}
        for depth, kind in enumerate(areas[:-1]):
            for entity in self._reference.of_kind(kind):
                chain = self._unassigned_chain(entity, depth)
                chains |= {code: dict(chain[place:]) for place, (_, code) in enumerate(chain[: len(areas) - 1 - depth])}
        places = [Place(kind, self.unassigned_of(kind), self.unassigned_of(kind)) for kind in self._other_kinds]
        for leaf, wider in chains.items():
            places += [Place(kind, leaf, wider.get(kind) or self.unassigned_of(kind)) for kind in self._other_kinds]
            nearest = root.entity
            for depth, kind in enumerate(areas):
                nearest = wider.get(kind) or (nearest + UNASSIGNED if depth else root.entity)
                places.append(Place(kind, leaf, nearest))
        return sorted(places, key=lambda place: (place.kind, place.leaf, place.entity))

    def unassigned_of(self, kind: str) -> str:
        """Return the unassigned entity of a kind that is no area: what names no department, say."""
        return f"{self._reference.root.entity}{UNASSIGNED}-{kind}"

    def reaches(self, kind: str, wider: str) -> bool:
        """Whether entities of a kind lie in entities of another, by the register."""
        return any(wider in dict(self._chain(entity)) for entity in self._reference.of_kind(kind))

    def unassigned(self) -> list[Entity]:
        """Return the unassigned pseudo-entities, one per wider area and kind below it."""
        city = self._reference.city
        found = {}
        for depth, kind in enumerate(city.areas[:-1]):
            for entity in self._reference.of_kind(kind):
                for below, code in self._unassigned_chain(entity, depth):
                    if code.endswith(UNASSIGNED) and code not in self._parents:
                        found[code] = Entity(
                            below, code, city.unassigned.zh, city.unassigned.en or city.unassigned.zh,
                            code[:-1], entity.valid_from, None, None, None, "unassigned",
                        )  # fmt: skip
        for kind in self._other_kinds:
            code, root = self.unassigned_of(kind), self._reference.root
            found[code] = Entity(
                kind, code, city.unassigned.zh, city.unassigned.en or city.unassigned.zh, root.entity, root.valid_from,
                None, None, None, "unassigned",
            )  # fmt: skip
        return [found[code] for code in sorted(found)]

    def _chain(self, entity: Entity) -> list[tuple[str, str]]:
        """The entity and its ancestors, as (kind, code)."""
        chain, code = [], entity.entity
        while code:
            chain.append((self._kinds[code], code))
            code = self._parents[code]
        return chain

    def _unassigned_chain(self, entity: Entity, depth: int) -> list[tuple[str, str]]:
        """The unassigned leaf below `entity`, its pseudo-ancestors, the entity and its ancestors."""
        below = self._reference.city.areas[depth + 1 :]
        pseudo = [(kind, entity.entity + UNASSIGNED * place) for place, kind in enumerate(below, start=1)]
        return [*reversed(pseudo), *self._chain(entity)]


def _life(entity: Entity, root: Entity) -> Life:
    """Return the days of an entity; what is there since the register begins has always been there."""
    return date.min if entity.valid_from <= root.valid_from else entity.valid_from, entity.valid_to or date.max


def _is_timeless(meaning: _Meaning) -> bool:
    return (meaning.first, meaning.last) == EVER
