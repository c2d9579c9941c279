"""Finds the records that count in each period: framed by time, placed in an entity, aggregated by atom.

What adds up is scanned once for each way that records are placed, by leaf and hour or day, and rolled up from there. What
does not, and what asks for the period itself or counts on several time axes, is framed anew for every period.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import ibis

from data.contract import Table
from data.warehouse import current_name
from indicators.aggregates import aggregate, aggregate_nested, schema_of
from indicators.definition import Definition
from indicators.spans import begin, within
from indicators.states import latest, published
from indicators.terms import FROM, LAST, UNTIL, own

ADDING = frozenset({"sum", "max", "min"})
_KEYS = ["entity", "start"]


def own_values(measures: Collection[str]) -> tuple[str, str]:
    """Return SQL that adds to records `r` the measures of the entity that each lies in, then in force: columns and joins."""
    values, joins = "", ""
    for place, measure in enumerate(sorted(measures)):
        values += f", m{place}.value AS {own(measure)}"
        known = f"(SELECT entity, valid_from::TIMESTAMP AS since, value FROM measures WHERE measure = '{measure}')"
        joins += f" ASOF LEFT JOIN {known} m{place} ON m{place}.entity = r._area AND r._axis >= m{place}.since"
    return values, joins


@dataclass(slots=True)
class Framing:
    """One table by one set of time axes, and the definitions that read it so."""

    con: duckdb.DuckDBPyConnection
    feed: str
    name: str
    table: Table
    axes: tuple[str, ...]
    group: Sequence[Definition]
    measures: frozenset[str] = field(init=False)
    rows: Any = field(init=False)
    columns: dict[str, str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the view of the records on their time axes, `axis_rows`."""
        self.measures = frozenset().union(*(one.formula.measures for one in self.group))
        self.rows = ibis.table(schema_of(self.table.columns, self.measures), name="framed")
        current, selects = current_name(self.feed, self.name), []
        for place, axis in enumerate(self.axes):
            earlier = [f'"{one}"::TIMESTAMP' if at < place else "NULL::TIMESTAMP" for at, one in enumerate(self.axes[:-1])]
            listed = "".join(f", {moment} AS _earlier{at}" for at, moment in enumerate(earlier))
            selects.append(f'SELECT *, "{axis}"::TIMESTAMP AS _axis{listed} FROM {current} WHERE "{axis}" IS NOT NULL')
        values, joins = own_values(self.measures)
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW axis_rows AS SELECT r.*{values} FROM ({' UNION ALL '.join(selects)}) r{joins}")

    def scan(self, leaves: Collection[str], base_grain: str, since: str) -> None:
        """Compute every atom that adds up once, by leaf and base period, from a moment on (SQL)."""
        found = {}
        for atom in (atom for one in self.group if one.adds_up_in_time for atom in one.formula.atoms if atom.kind in ADDING):
            text = ast.unparse(atom.call) if atom.call else ""
            if text not in self.columns:
                self.columns[text] = f"b{len(self.columns)}"
                found[self.columns[text]] = aggregate(atom, self.rows)
        if not found:
            return
        query = ibis.to_sql(self.rows.group_by(_KEYS).aggregate(**found), dialect="duckdb")
        for leaf in sorted(leaves):
            self.bases[leaf] = f"base{len(self.bases)}"
            self.con.execute(f"""
                CREATE OR REPLACE TEMP TABLE {self.bases[leaf]} AS WITH framed AS (
                  SELECT r.* EXCLUDE (_area, _drop), {leaf} AS entity, date_trunc('{base_grain}', r._axis) AS start
                  FROM axis_rows r WHERE r._axis >= {since}) {query}""")

    def atoms(self, one: Definition, grain: str, leaf: str, kinds: Sequence[str], reach: str) -> str:
        """Return SQL of entity_kind, entity, start and the atoms of a definition, for kinds that share leaf and window."""
        members = ", ".join(f"'{kind}'" for kind in kinds)
        pieces = [*self._rolled(one, grain, leaf, members, reach), *self._direct(one, grain, leaf, members, reach)]
        pieces += [latest(atom, self.table, self.axes[0], leaf, members) for atom in one.formula.atoms if atom.kind == "latest"]
        pieces += [published(atom, self.table, grain, leaf, members) for atom in one.formula.atoms if atom.kind == "published"]
        if not pieces:
            pieces = ["SELECT NULL::VARCHAR AS entity_kind, NULL::VARCHAR AS entity, NULL::TIMESTAMP AS start WHERE false"]
        joined = pieces[0]
        for place, piece in enumerate(pieces[1:]):
            joined = f"SELECT * FROM ({joined}) p{place} FULL JOIN ({piece}) q{place} USING (entity_kind, entity, start)"
        return f"({joined})"

    def _rolled(self, one: Definition, grain: str, leaf: str, members: str, reach: str) -> list[str]:
        """What adds up over areas: from the base where it adds up in time too, else from the records of each period."""
        adding = [atom for atom in one.formula.atoms if atom.kind in ADDING]
        if not adding:
            return []
        if one.adds_up_in_time:
            named = {atom.name: self.columns[ast.unparse(atom.call)] for atom in adding if atom.call}
            source, counts = self.bases[leaf], within("b.start", grain, reach)
        else:
            named = {atom.name: atom.name for atom in adding}
            query = self.rows.group_by(_KEYS).aggregate(**{atom.name: aggregate(atom, self.rows) for atom in adding})
            framed = self._framed(grain, leaf, reach)
            source, counts = f"(WITH framed AS ({framed}) {ibis.to_sql(query, dialect='duckdb')})", "b.start = t.start"
        sums = ", ".join(f"{atom.kind}(b.{named[atom.name]}) AS {atom.name}" for atom in adding)
        return [
            f"""
            SELECT u.entity_kind, u.entity, t.start, {sums} FROM {source} b JOIN rollup u ON u.leaf = b.entity
            JOIN targets t ON {counts} WHERE u.entity_kind IN ({members}) GROUP BY ALL"""
        ]

    def _direct(self, one: Definition, grain: str, leaf: str, members: str, reach: str) -> list[str]:
        """What does not add up at all: from the records of each entity and period."""
        direct = {atom.name: aggregate(atom, self.rows) for atom in one.formula.atoms if atom.kind == "records"}
        queries = [self.rows.group_by(_KEYS).aggregate(**direct)] if direct else []
        queries += [aggregate_nested(atom, self.rows, _KEYS) for atom in one.formula.atoms if atom.kind == "nested"]
        framed = self._framed(grain, leaf, reach, members)
        return [
            f"""WITH framed AS ({framed})
                SELECT split_part(entity, '|', 1) AS entity_kind, split_part(entity, '|', 2) AS entity, * EXCLUDE (entity)
                FROM ({ibis.to_sql(query, dialect="duckdb")})"""
            for query in queries
        ]

    def _framed(self, grain: str, leaf: str, reach: str, members: str = "") -> str:
        """Return SQL of the records of each target, once in each, by their leaf, or by every entity of the kinds `members`."""
        met = [within("r._axis", grain, reach)]
        met += [f"NOT coalesce({within(f'r._earlier{place}', grain, reach)}, false)" for place in range(len(self.axes) - 1)]
        entity, join, where = leaf, "", ""
        if members:
            entity, join = "u.entity_kind || '|' || u.entity", f"JOIN rollup u ON u.leaf = {leaf}"
            where = f"WHERE u.entity_kind IN ({members})"
        return f"""
            SELECT r.* EXCLUDE (_area, _drop), {entity} AS entity, t.start, {begin(reach)} AS {FROM}, t.finish AS {UNTIL},
                   t.finish - INTERVAL 1 MICROSECOND AS {LAST}
            FROM axis_rows r {join} JOIN targets t ON {" AND ".join(met)} {where}"""
