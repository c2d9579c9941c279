"""Computes cells: one indicator, entity and period with numerator, denominator, n, value and coverage.

One scan per table, time axis and finest grain gives the atoms that add up; coarser areas and periods come from those.
What does not add up (distinct counts, quantiles, nested aggregates) is computed from records at every level.
Only periods that hold a changed day are computed again.

Columns of `cells`: indicator, entity_kind, entity, grain, start, numerator, denominator, n, value, coverage,
definition_version.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb
import ibis

from data.contract import Contract, Table
from data.expression import compile_node
from data.register import Reference
from data.warehouse import current_name
from indicators.aggregates import aggregate, aggregate_nested, schema_of
from indicators.backlogs import compute_backlog
from indicators.definition import Catalogue, Definition
from indicators.derivation import compute_derived
from indicators.spans import ALIVE, Computed, interval, within

CELLS = """
CREATE TABLE IF NOT EXISTS cells (
  indicator VARCHAR, entity_kind VARCHAR, entity VARCHAR, grain VARCHAR, start TIMESTAMP, numerator DOUBLE,
  denominator DOUBLE, n DOUBLE, value DOUBLE, coverage DOUBLE, definition_version INTEGER);
"""
# Sums of binary floats differ in their last digits from run to run: 12 significant digits are kept.
STEADY = """CREATE OR REPLACE TEMP MACRO steady(x) AS (
  CASE WHEN x IS NULL OR NOT isfinite(x) THEN NULL WHEN x = 0 THEN 0.0
       ELSE round(x, (11 - floor(log10(abs(x))))::INTEGER) END)"""


class Cells:
    """Computes the cells of one refresh."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, reference: Reference, contracts: Mapping[str, Contract], catalogue: Catalogue
    ) -> None:
        """Prepare the macros and the cells table."""
        self.con, self.reference, self.contracts, self.catalogue = con, reference, contracts, catalogue
        con.execute(CELLS)
        con.execute(STEADY)

    def compute(self, renewed: Iterable[str]) -> list[Computed]:
        """Compute what the touched days reach, and everything of the `renewed` (new or changed) definitions."""
        renewed = set(renewed)
        computed: list[Computed] = []
        self._cover()
        for feed, contract in self.contracts.items():
            for name, table in contract.tables.items():
                definitions = self.catalogue.of_table(feed, name)
                for axis in sorted({one.spec.by for one in definitions if not one.formula.backlog}):
                    group = [one for one in definitions if one.spec.by == axis and not one.formula.backlog]
                    computed += self._axis(feed, name, table, axis, group, renewed)
                for one in definitions:
                    if one.formula.backlog:
                        computed += compute_backlog(self.con, feed, name, table, one, self._span(feed, name), renewed=one.name in renewed)
        changed = {one.indicator for one in computed}
        for one in self.catalogue.definitions.values():
            if one.inputs and (one.name in renewed or changed & set(one.inputs)):
                inputs = [made for made in computed if made.indicator in one.inputs]
                computed += compute_derived(self.con, one, inputs, renewed=one.name in renewed)
                changed.add(one.name)
        return computed

    def _cover(self) -> None:
        """The days that accepted drops speak for, per table, and the watermark: the end of the last covered time."""
        self.con.execute("""
            CREATE OR REPLACE TEMP TABLE covered AS
            SELECT DISTINCT feed, "table", day::DATE AS day FROM (
              SELECT feed, "table",
                     unnest(generate_series(date_trunc('day', covers_from), covers_to - INTERVAL 1 SECOND, INTERVAL 1 DAY)) AS day
              FROM coverage)""")
        self.con.execute("""
            CREATE OR REPLACE TEMP TABLE watermarks AS
            SELECT feed, "table", min(covers_from) AS first, max(covers_to) AS watermark FROM coverage GROUP BY ALL""")

    def _span(self, feed: str, name: str) -> tuple[datetime, datetime] | None:
        rows = self.con.execute('SELECT first, watermark FROM watermarks WHERE feed = ? AND "table" = ?', [feed, name]).fetchall()
        return rows[0] if rows else None

    def _axis(self, feed: str, name: str, table: Table, axis: str, group: list[Definition], renewed: set[str]) -> list[Computed]:
        span = self._span(feed, name)
        if span is None:
            return []
        said = """SELECT day FROM touched WHERE feed = $feed AND "table" = $name AND "column" = $axis
            UNION ALL SELECT day FROM newly_covered WHERE feed = $feed AND "table" = $name"""
        known = {"feed": feed, "name": name, "watermark": span[1]}
        if any(one.name in renewed for one in group):
            said = 'SELECT day FROM covered WHERE feed = $feed AND "table" = $name'
        else:
            known["axis"] = axis
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE days AS SELECT DISTINCT day FROM ({said}) WHERE day < $watermark", known)
        if not self.con.execute("SELECT 1 FROM days LIMIT 1").fetchall():
            return []
        self._base(feed, name, table, axis, group)
        computed: list[Computed] = []
        for one in group:
            for grain in one.grains:
                computed += self._grain(feed, name, table, one, grain)
        return computed

    def _base(self, feed: str, name: str, table: Table, axis: str, group: list[Definition]) -> None:
        """One scan: every atom that adds up, by leaf area and base period, over the coarsest periods touched."""
        self.base_grain = "hour" if any(one.spec.cadence == "hour" for one in group) else "day"
        self.base_atoms: dict[str, str] = {}
        rows = ibis.table(schema_of(table.columns), name="framed")
        found = {}
        for one in group:
            for atom in one.formula.atoms:
                if atom.kind in {"sum", "max", "min"} and atom.call is not None:
                    text = ast.unparse(atom.call)
                    if text not in self.base_atoms:
                        self.base_atoms[text] = f"b{len(self.base_atoms)}"
                        found[self.base_atoms[text]] = aggregate(atom, rows)
        coarsest = max((grain for one in group for grain in one.grains), key=("hour", "day", "week", "month", "quarter", "year").index)
        self.con.execute(f"""
            CREATE OR REPLACE TEMP VIEW axis_rows AS
            SELECT *, "{axis}"::TIMESTAMP AS _axis FROM {current_name(feed, name)} WHERE "{axis}" IS NOT NULL""")
        if not found:
            return
        query = ibis.to_sql(rows.group_by(["entity", "start"]).aggregate(**found), dialect="duckdb")
        self.con.execute(f"""
            CREATE OR REPLACE TEMP TABLE base AS WITH framed AS (
              SELECT * EXCLUDE (_area, _drop), _area AS entity, date_trunc('{self.base_grain}', _axis) AS start FROM axis_rows
              WHERE _axis >= (SELECT date_trunc('{coarsest}', min(day)) - INTERVAL 92 DAY FROM days)) {query}""")

    def _grain(self, feed: str, name: str, table: Table, one: Definition, grain: str) -> list[Computed]:
        """Compute one definition at one grain for the touched periods that are complete, all its entity kinds."""
        reach = one.spec.window.days - 1 if one.spec.window and grain == "day" else 0
        last = "date_trunc('day', day) + INTERVAL 23 HOUR" if grain == "hour" else f"date_trunc('{grain}', day + {reach})"
        self.con.execute(f"""
            CREATE OR REPLACE TEMP TABLE targets AS
            SELECT DISTINCT start, start + {interval(grain)} AS finish FROM (
              SELECT unnest(generate_series(date_trunc('{grain}', day), {last}, {interval(grain)})) AS start FROM days)
            WHERE start + {interval(grain)} <= $watermark AND start + {interval(grain)} > $since""",
            {"watermark": self._span(feed, name)[1], "since": one.spec.since})  # type: ignore[index]  # fmt: skip
        if not self.con.execute("SELECT 1 FROM targets LIMIT 1").fetchall():
            return []
        plain = [kind for kind in one.spec.grain if not (reach and kind in one.spec.window.kinds)]  # type: ignore[union-attr]
        wide = [kind for kind in one.spec.grain if kind not in plain]
        selects = []
        if plain:
            selects.append(self._frame_query(table, one, grain, plain, 0))
        if wide:
            selects.append(self._frame_query(table, one, grain, wide, reach))
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE atoms AS {' UNION ALL BY NAME '.join(selects)}")
        self._store(feed, name, table, one, grain)
        since = self.con.execute("SELECT min(start) FROM targets").fetchall()[0][0]
        return [Computed(one.name, grain, since)]

    def _frame_query(self, table: Table, one: Definition, grain: str, kinds: list[str], reach: int) -> str:
        """Return SQL of entity_kind, entity, start and the atoms, for kinds that share a window."""
        members = ", ".join(f"'{kind}'" for kind in kinds)
        pieces = []
        rolled = [atom for atom in one.formula.atoms if atom.kind in {"sum", "max", "min"}]
        if rolled:
            sums = ", ".join(f"{atom.kind}(b.{self.base_atoms[ast.unparse(atom.call)]}) AS {atom.name}" for atom in rolled if atom.call)
            pieces.append(f"""
                SELECT u.entity_kind, u.entity, t.start, {sums} FROM base b JOIN rollup u ON u.leaf = b.entity
                JOIN targets t ON {within("b.start", grain, reach)} WHERE u.entity_kind IN ({members}) GROUP BY ALL""")
        rows = ibis.table(schema_of(table.columns), name="framed")
        keys = ["entity", "start"]
        direct = [atom for atom in one.formula.atoms if atom.kind == "records"]
        queries = [rows.group_by(keys).aggregate(**{atom.name: aggregate(atom, rows) for atom in direct})] if direct else []
        queries += [aggregate_nested(atom, rows, keys) for atom in one.formula.atoms if atom.kind == "nested"]
        pieces += [
            f"""
                WITH framed AS (SELECT r.* EXCLUDE (_area, _drop), u.entity_kind || '|' || u.entity AS entity, t.start
                  FROM axis_rows r JOIN rollup u ON u.leaf = r._area JOIN targets t ON {within("r._axis", grain, reach)}
                  WHERE u.entity_kind IN ({members}))
                SELECT split_part(entity, '|', 1) AS entity_kind, split_part(entity, '|', 2) AS entity, * EXCLUDE (entity)
                FROM ({ibis.to_sql(query, dialect="duckdb")})"""
            for query in queries
        ]
        joined = pieces[0]
        for place, piece in enumerate(pieces[1:]):
            joined = f"SELECT * FROM ({joined}) p{place} FULL JOIN ({piece}) q{place} USING (entity_kind, entity, start)"
        return f"({joined})"

    def _store(self, feed: str, name: str, table: Table, one: Definition, grain: str) -> None:
        """Lay the atoms on the spine of entities and periods, apply the formula, replace the cells."""
        formula, spec = one.formula, one.spec
        kinds = ", ".join(f"'{kind}'" for kind in spec.grain)
        zero = table.kind == "events"
        atoms = []
        for atom in formula.atoms:
            if atom.kind == "expected":
                atoms.append(f"{_expected(table)} AS {atom.name}")
            elif zero and (atom.unit == "count" or formula.is_count):
                atoms.append(f"CASE WHEN c.covered > 0 THEN coalesce(a.{atom.name}, 0) ELSE a.{atom.name} END::DOUBLE AS {atom.name}")
            elif zero and atom.kind == "sum":  # no row is zero; rows whose values are all missing are not
                atoms.append(f"CASE WHEN c.covered > 0 AND a.entity IS NULL THEN 0 ELSE a.{atom.name} END::DOUBLE AS {atom.name}")
            else:
                atoms.append(f"a.{atom.name}::DOUBLE AS {atom.name}")
        columns = {atom.name: "float64" for atom in formula.atoms}
        filled = ibis.table(
            columns
            | {"entity_kind": "string", "entity": "string", "is_unassigned": "boolean", "start": "timestamp", "coverage": "float64"},
            name="filled",
        )
        bound = {atom: filled[atom] for atom in columns}
        numerator = compile_node(formula.numerator, bound)
        denominator = compile_node(formula.denominator, bound) if formula.denominator is not None else ibis.null("float64")
        query = ibis.to_sql(
            filled.select(
                "entity_kind",
                "entity",
                "is_unassigned",
                "start",
                "coverage",
                numerator=numerator,
                denominator=denominator,
                n=compile_node(formula.n, bound),
            ),
            dialect="duckdb",
        )
        per = _per(*spec.per.split()) if spec.per else ""
        scale = "* 100" if formula.is_ratio and spec.unit == "%" else ""
        value = f"numerator / nullif(denominator, 0) {scale}" if formula.denominator is not None else f"numerator {per}"
        self.con.execute("DELETE FROM cells WHERE indicator = ? AND grain = ? AND start IN (SELECT start FROM targets)", [one.name, grain])
        units = _units(table)
        self.con.execute(f"""
            INSERT INTO cells BY NAME WITH
            spine AS (
              SELECT DISTINCT u.entity_kind, u.entity, u.is_unassigned, t.start, t.finish FROM rollup u JOIN targets t ON {ALIVE}
              WHERE u.entity_kind IN ({kinds})),
            cover AS (
              SELECT t.start, count(d.day) AS covered, greatest(1, date_diff('day', t.start::DATE, t.finish::DATE)) AS days
              FROM targets t LEFT JOIN covered d ON d.feed = '{feed}' AND d."table" = '{name}'
                AND d.day >= t.start::DATE AND (d.day < t.finish OR d.day = t.start::DATE) GROUP BY t.start, t.finish),
            units AS ({units}),
            filled AS (
              SELECT s.entity_kind, s.entity, s.is_unassigned, s.start, least(1.0, c.covered / c.days) AS coverage, {", ".join(atoms)}
              FROM spine s JOIN cover c USING (start) LEFT JOIN units k USING (entity, start)
              LEFT JOIN atoms a USING (entity_kind, entity, start))
            SELECT '{one.name}' AS indicator, entity_kind, entity, '{grain}' AS grain, start, steady(numerator) AS numerator,
                   steady(denominator) AS denominator, n, steady({value}) AS value, coverage, {spec.version} AS definition_version
            FROM ({query}) f WHERE NOT (is_unassigned AND n IS NULL)""")


def _per(count: str, measure: str) -> str:
    """Return SQL that divides by a reference measure of the entity, in force at the start of the period."""
    return (
        f"* {count} / nullif((SELECT m.value FROM measures m WHERE m.measure = '{measure}' AND m.entity = f.entity"
        " AND m.valid_from <= f.start ORDER BY m.valid_from DESC LIMIT 1), 0)"
    )


def _units(table: Table) -> str:
    """Return SQL of entity, start and the number of reporting units below it then (stations, say), for expected readings."""
    if not table.area:
        return "SELECT DISTINCT u.entity, t.start, 1 AS units FROM rollup u CROSS JOIN targets t"
    kind = table.columns[table.area[0]].kind
    return (
        "SELECT u.entity, t.start, count(DISTINCT u.leaf) AS units FROM rollup u"
        " JOIN targets t ON t.start::DATE <= u.leaf_to AND t.finish > u.leaf_from"
        f" WHERE u.leaf IN (SELECT entity FROM rollup WHERE entity_kind = '{kind}' AND NOT is_unassigned) GROUP BY u.entity, t.start"
    )


def _expected(table: Table) -> str:
    """Return SQL of the readings that a period owes: its intervals times its reporting units."""
    every = table.every or "day"
    return f"(date_diff('{every}', s.start, s.finish) * coalesce(k.units, 0))::DOUBLE"
