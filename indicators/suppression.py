"""Withholds figures that speak of so few persons that they may be known by them, and what would give such a figure away.

Only of tables whose contract says `personal`, and of what is derived from them. A figure is withheld where a count of persons
in it lies between 0 and the city's `least_persons`; nobody is known by a 0. Where of a whole and its parts exactly one is
withheld, the others would tell it: then the next smallest is withheld too (complementary suppression), until no whole gives any
part away. All is decided within one period.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from data import periods
from data.places import Places
from data.register import Reference
from indicators.baselines import Array
from indicators.definition import Definition
from indicators.judgement import State

Mask = npt.NDArray[np.bool_]
Group = tuple[int, list[int]]  # the row of a whole, and those of its parts


def withheld(
    con: duckdb.DuckDBPyConnection, one: Definition, grain: str, fields: dict[str, Array], entities: pd.DataFrame,
    starts: Sequence[datetime], reference: Reference,
) -> Mask:  # fmt: skip
    """Return which figures of an indicator are withheld (entities x periods); nothing of one that rests on no personal table."""
    shape = fields["value"].shape
    if one.persons:
        counts = np.stack([fields[name] for name in one.persons])
        few: Mask = np.any((counts > 0) & (counts < reference.city.least_persons), axis=0)
        smallest = np.nanmin(np.where(np.isnan(counts), np.inf, counts), axis=0)
        return complemented(few, np.where(np.isinf(smallest), np.nan, smallest), groups(entities, reference))
    return _with_inputs(con, one, grain, entities, starts) if one.inputs else np.zeros(shape, dtype=bool)


def complemented(few: Mask, counts: Array, wholes: Sequence[Group]) -> Mask:
    """Return the figures withheld once no whole gives a part away, nor the parts their whole; `counts` are NaN where nothing is told.

    The next smallest is the smallest one that is told and counts somebody, in case of doubt the first; then one that counts
    nobody; where no part is left, the whole.
    """
    found = few & ~np.isnan(counts)
    for _ in range(few.shape[0]):  # each round withholds one figure more of a period, or is the last
        before = found.copy()
        for whole, parts in wholes:
            members = [whole, *parts]
            told = ~np.isnan(counts[whole])
            for period in np.flatnonzero(told & (found[members].sum(axis=0) == 1)):
                open_ = [row for row in parts if not found[row, period] and not np.isnan(counts[row, period])]
                some = [row for row in open_ if counts[row, period] > 0] or open_ or [whole]
                found[min(some, key=lambda row, at=period: (counts[row, at], row)), period] = True  # type: ignore[misc]
        if (found == before).all():
            break
    return found


def groups(entities: pd.DataFrame, reference: Reference) -> list[Group]:
    """Return each whole with its parts, widest first: the entities of one kind whose nearest wider entity it is."""
    known = [*reference.entities, *Places(reference).unassigned()]
    parents = {entity.entity: entity.parent for entity in known}
    rows = {code: row for row, code in enumerate(entities["entity"])}
    kinds = dict(zip(entities["entity"], entities["entity_kind"], strict=True))
    found: dict[tuple[str, str], list[int]] = {}
    for code, row in rows.items():
        wider = parents.get(code, "")
        while wider and wider not in rows:
            wider = parents.get(wider, "")
        if wider:
            found.setdefault((wider, kinds[code]), []).append(row)
    depth = {code: _depth(code, parents) for code in rows}
    return [(rows[whole], parts) for (whole, _), parts in sorted(found.items(), key=lambda item: (depth[item[0][0]], item[0]))]


def _depth(code: str, parents: dict[str, str]) -> int:
    count = 0
    while code := parents.get(code, ""):
        count += 1
    return count


def _with_inputs(con: duckdb.DuckDBPyConnection, one: Definition, grain: str, entities: pd.DataFrame, starts: Sequence[datetime]) -> Mask:
    """Return where a derived figure would tell a withheld one: of its period, of the year before, of the year so far, or the last."""
    mask = np.zeros((len(entities), len(starts)), dtype=bool)
    row_of = {address: row for row, address in enumerate(zip(entities["entity_kind"], entities["entity"], strict=True))}
    for atom in (atom for atom in one.formula.atoms if atom.kind == "input"):
        if atom.how == "latest":
            _hide_by_last(con, atom.source, grain, starts, row_of, mask)
            continue
        places: dict[datetime, list[int]] = {}
        for place, start in enumerate(starts):
            for told in _told_of(atom.how, start, grain):
                places.setdefault(told, []).append(place)
        hidden = con.execute(
            "SELECT entity_kind, entity, start FROM signs WHERE indicator = ? AND grain = ? AND state = ?",
            [atom.source, grain, State.SUPPRESSED],
        ).fetchall()
        for kind, code, start in hidden:
            if (kind, code) in row_of:
                mask[row_of[kind, code], places.get(start, [])] = True
    return mask


def _hide_by_last(
    con: duckdb.DuckDBPyConnection, source: str, grain: str, starts: Sequence[datetime], row_of: Mapping[tuple[str, str], int], mask: Mask
) -> None:
    """Mark the periods at whose end the last figure of a source, of its own cadence, is withheld."""
    grains = {name for (name,) in con.execute("SELECT DISTINCT grain FROM signs WHERE indicator = ?", [source]).fetchall()}
    finest = next((name for name in periods.GRAINS if name in grains), grain)
    said = con.execute(
        "SELECT entity_kind, entity, start, state FROM signs WHERE indicator = ? AND grain = ? AND (value IS NOT NULL OR state = ?)"
        " ORDER BY start", [source, finest, State.SUPPRESSED],
    ).fetchall()  # fmt: skip
    places = {(kind, code) for kind, code, _, state in said if state == State.SUPPRESSED}
    figures: dict[tuple[str, str], list[tuple[datetime, bool]]] = {}
    for kind, code, start, state in (row for row in said if row[:2] in places):
        figures.setdefault((kind, code), []).append((periods.step(start, finest), state == State.SUPPRESSED))
    ends = [periods.step(start, grain) for start in starts]
    for address in figures.keys() & row_of.keys():
        known = figures[address]
        for place, end in enumerate(ends):
            last = bisect_right(known, end, key=lambda one: one[0]) - 1
            mask[row_of[address], place] |= last >= 0 and known[last][1]


def _told_of(how: str, start: datetime, grain: str) -> list[datetime]:
    """Return the periods of an input that a figure of a period tells of."""
    if how == "year_before":
        return [periods.year_before(start, grain)]
    return periods.year_so_far(start, grain) if how == "year_to_date" else [start]
