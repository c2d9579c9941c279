"""Finds which other alerts stand near one: of the same entity, of the same sign elsewhere, of its domain. It claims no common cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Record = dict[str, Any]

UP = frozenset({"firing", "recovering"})
NEAR = ("entity", "sign", "domain")


def related(
    rows: Iterable[Record],
    catalogue: Mapping[str, Record],
    indicator: str,
    entity: str,
    *,
    but: Iterable[str] = (),
    is_whole: bool = False,
) -> list[tuple[str, Record]]:
    """Return worked alerts that are up, with how each is near (one of NEAR), the nearest first; `but` are left out.

    Where the entity is the whole city, another of its signs is no neighbour by that alone: such ones come last.
    """
    domain, left = catalogue.get(indicator, {}).get("domain"), frozenset(but)
    found = []
    for row in rows:
        if row["alert"] in left or row["state"] not in UP:
            continue
        if row["entity"] == entity and not is_whole:
            found.append(("entity", row))
        elif row["indicator"] and row["indicator"] == indicator:
            found.append(("sign", row))
        elif domain and catalogue.get(row["indicator"], {}).get("domain") == domain:
            found.append(("domain", row))
        elif row["entity"] == entity:
            found.append(("entity", row))
    order = ("sign", "domain", "entity") if is_whole else NEAR
    return sorted(found, key=lambda pair: order.index(pair[0]))
