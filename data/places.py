"""Finds the entity that a department means by a name, a code or an alias, and the ancestors of each entity.

A row whose finer area is blank or unknown belongs to the unassigned entity of its wider area: the code of the wider
one followed by `U`. So the sum of the parts and the unassigned is the whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.register import Entity, Reference
from data.text import normal

UNASSIGNED = "U"


@dataclass(frozen=True, slots=True)
class Place:
    """An entity with the wider entity that figures roll up to, in its own kind."""

    kind: str
    leaf: str
    entity: str


class Places:
    """The register of a city, ready for look-ups."""

    def __init__(self, reference: Reference) -> None:
        """Index every code, name and alias by kind; names of narrower areas also by their parent."""
        self._reference = reference
        self._parents = {entity.entity: entity.parent for entity in reference.entities}
        self._anywhere: dict[tuple[str, str], str | None] = {}
        self._within: dict[tuple[str, str, str], str] = {}
        names = [(entity.entity_kind, name, entity.entity) for entity in reference.entities for name in (entity.entity, entity.name_zh)]
        names += [(alias.entity_kind, alias.alias, alias.entity) for alias in reference.aliases]
        for kind, name, code in names:
            key = (kind, normal(name))
            known = self._anywhere.get(key, code)
            self._anywhere[key] = code if known == code else None
            self._within[(kind, self._parents[code], normal(name))] = code

    def find(self, kind: str, text: str, within: str | None = None) -> str | None:
        """Return the code of the entity of `kind` meant by `text`, inside `within` where that is given."""
        if within is not None:
            return self._within.get((kind, within, text))
        return self._anywhere.get((kind, text))

    def spellings(self, kind: str) -> dict[str, str]:
        """Return every unambiguous spelling of the entities of a kind with its code."""
        return {name: code for (of, name), code in self._anywhere.items() if of == kind and code}

    def rollup(self) -> list[Place]:
        """Return, for every leaf that a record can carry, each entity that it counts for (itself included)."""
        kinds = self._reference.city.areas
        chains = [self._chain(entity) for entity in self._reference.entities]
        root = self._reference.root
        for depth, kind in enumerate(kinds[:-1]):
            chains += [self._unassigned_chain(entity, depth) for entity in self._reference.of_kind(kind)]
        places = {Place(kind, chain[0][1], code) for chain in chains for kind, code in chain}
        places |= {Place(kinds[0], code, root.entity) for code, parent in self._parents.items() if not parent and code != root.entity}
        return sorted(places, key=lambda place: (place.kind, place.leaf, place.entity))

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
        return [found[code] for code in sorted(found)]

    def _chain(self, entity: Entity) -> list[tuple[str, str]]:
        """The entity and its ancestors, as (kind, code)."""
        kinds = {known.entity: known.entity_kind for known in self._reference.entities}
        chain, code = [], entity.entity
        while code:
            chain.append((kinds[code], code))
            code = self._parents[code]
        return chain

    def _unassigned_chain(self, entity: Entity, depth: int) -> list[tuple[str, str]]:
        """The unassigned leaf below `entity`, its pseudo-ancestors, the entity and its ancestors."""
        below = self._reference.city.areas[depth + 1 :]
        pseudo = [(kind, entity.entity + UNASSIGNED * place) for place, kind in enumerate(below, start=1)]
        return [*reversed(pseudo), *self._chain(entity)]
