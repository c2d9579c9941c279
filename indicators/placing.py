"""Under which leaf a record counts for the entities of a kind: the area it lies in, or another entity that it names."""

from __future__ import annotations

from data.contract import Table
from data.places import Places


def leaf_of(table: Table, kind: str, places: Places, areas: tuple[str, ...]) -> str | None:
    """Return the SQL of that leaf over a record `r`; None where the records of a table lie in no entity of the kind.

    A kind outside the areas of the table is a dimension: what names none of it belongs to the unassigned of that kind.
    """
    if kind in areas or any(places.reaches(table.columns[name].kind, kind) for name in table.area):
        return "r._area"
    other = table.column_of(kind)
    return f"coalesce(r.\"{other}\", '{places.unassigned_of(kind)}')" if other else None
