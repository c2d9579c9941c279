"""Computes cells: one indicator, entity and period with numerator, denominator, n, value and coverage.

One scan per table, time axis and finest grain gives the atoms that add up; coarser areas and periods come from those.
What does not add up (distinct counts, quantiles, nested aggregates) is computed from records at every level.
Only periods that hold a changed day are computed again.

Columns of `cells`: indicator, entity_kind, entity, grain, start, numerator, denominator, n, value, coverage, reason (why
a derived one has no value), definition_version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb

from data.contract import Contract, Table
from data.periods import GRAINS
from data.places import Places
from data.register import Reference
from indicators.backlogs import compute_backlog
from indicators.covering import lay_covered
from indicators.definition import Catalogue, Definition
from indicators.derivation import compute_derived
from indicators.filling import fill
from indicators.framing import Framing
from indicators.placing import leaf_of
from indicators.spans import Computed, interval

CELLS = """
CREATE TABLE IF NOT EXISTS cells (
  indicator VARCHAR, entity_kind VARCHAR, entity VARCHAR, grain VARCHAR, start TIMESTAMP, numerator DOUBLE,
  denominator DOUBLE, n DOUBLE, value DOUBLE, coverage DOUBLE, definition_version INTEGER, reason VARCHAR);
ALTER TABLE cells ADD COLUMN IF NOT EXISTS reason VARCHAR; -- a warehouse of an older version
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
        self.con, self.contracts, self.catalogue = con, contracts, catalogue
        self.places, self.areas = Places(reference), reference.city.areas
        self._leaf: dict[tuple[int, str], str | None] = {}
        con.execute(CELLS)
        con.execute(STEADY)

    def compute(self, renewed: Iterable[str]) -> list[Computed]:
        """Compute what the touched days reach, and everything of the `renewed` (new or changed) definitions."""
        renewed = set(renewed)
        computed: list[Computed] = []
        lay_covered(self.con)
        for feed, contract in self.contracts.items():
            for name, table in contract.tables.items():
                definitions = self.catalogue.of_table(feed, name)
                for axes in sorted({one.spec.by for one in definitions if not one.formula.backlog}):
                    group = [one for one in definitions if one.spec.by == axes and not one.formula.backlog]
                    computed += self._axes(feed, name, table, group, renewed)
                for one in definitions:
                    if one.formula.backlog:
                        leaves, span = self._leaves(table, one), self._span(feed, name)
                        computed += compute_backlog(self.con, table, one, leaves, self.areas, span, renewed=one.name in renewed)
        changed = {one.indicator for one in computed}
        for one in self.catalogue.definitions.values():
            if one.inputs and (one.name in renewed or changed & set(one.inputs)):
                inputs = [made for made in computed if made.indicator in one.inputs]
                computed += compute_derived(self.con, self.catalogue, one, inputs, renewed=one.name in renewed)
                changed.add(one.name)
        return computed

    def _span(self, feed: str, name: str) -> tuple[datetime, datetime] | None:
        rows = self.con.execute('SELECT first, watermark FROM watermarks WHERE feed = ? AND "table" = ?', [feed, name]).fetchall()
        return rows[0] if rows else None

    def _axes(self, feed: str, name: str, table: Table, group: list[Definition], renewed: set[str]) -> list[Computed]:
        """Compute the definitions that read a table by the same time axes, over the days that were touched."""
        span, axes = self._span(feed, name), group[0].spec.by
        if span is None:
            return []
        said = """SELECT day FROM touched WHERE feed = $feed AND "table" = $name AND list_contains($axes, "column")
            UNION ALL SELECT day FROM newly_covered WHERE feed = $feed AND "table" = $name"""
        known = {"feed": feed, "name": name, "watermark": span[1]}
        if any(one.name in renewed for one in group):
            said = 'SELECT day FROM covered WHERE feed = $feed AND "table" = $name'
        else:
            known["axes"] = list(axes)
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE days AS SELECT DISTINCT day FROM ({said}) WHERE day < $watermark", known)
        if not self.con.execute("SELECT 1 FROM days LIMIT 1").fetchall():
            return []
        framing = Framing(self.con, feed, name, table, axes, group)
        adding = [one for one in group if one.adds_up_in_time]
        if adding:
            leaves = {leaf for one in adding for leaf in self._leaves(table, one)}
            finest = "hour" if any(one.spec.cadence == "hour" for one in adding) else "day"
            coarsest = max((grain for one in adding for grain in one.grains), key=GRAINS.index)
            framing.scan(leaves, finest, f"(SELECT date_trunc('{coarsest}', min(day)) - INTERVAL 92 DAY FROM days)")
        return [made for one in group for grain in one.grains for made in self._grain(framing, one, grain, span)]

    def _leaves(self, table: Table, one: Definition) -> dict[str, list[str]]:
        """Return the entity kinds of a definition by the leaf (SQL) under which a record counts for them."""
        leaves: dict[str, list[str]] = {}
        for kind in one.spec.grain:
            leaf = self._leaf.setdefault((id(table), kind), leaf_of(table, kind, self.places, self.areas))
            assert leaf is not None
            leaves.setdefault(leaf, []).append(kind)
        return leaves

    def _grain(self, framing: Framing, one: Definition, grain: str, span: tuple[datetime, datetime]) -> list[Computed]:
        """Compute one definition at one grain for the touched periods that are complete, all its entity kinds."""
        reach = one.reach(grain)
        held = f"INTERVAL {framing.table.valid_for} DAY" if any(atom.kind == "latest" for atom in one.formula.atoms) else ""
        after = " + ".join(["day::TIMESTAMP", *filter(None, [reach, held])])
        last = f"date_trunc('day', {after}) + INTERVAL 23 HOUR" if grain == "hour" else f"date_trunc('{grain}', {after})"
        self.con.execute(f"""
            CREATE OR REPLACE TEMP TABLE targets AS
            SELECT DISTINCT start, start + {interval(grain)} AS finish FROM (
              SELECT unnest(generate_series(date_trunc('{grain}', day), {last}, {interval(grain)})) AS start FROM days)
            WHERE start + {interval(grain)} <= $watermark AND start + {interval(grain)} > $since""",
            {"watermark": span[1], "since": one.spec.since})  # fmt: skip
        if not self.con.execute("SELECT 1 FROM targets LIMIT 1").fetchall():
            return []
        selects = []
        for leaf, kinds in self._leaves(framing.table, one).items():
            wide = [kind for kind in kinds if reach and one.spec.window and kind in one.spec.window.kinds]
            plain = [kind for kind in kinds if kind not in wide]
            selects += [framing.atoms(one, grain, leaf, some, how) for some, how in ((plain, ""), (wide, reach)) if some]
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE atoms AS {' UNION ALL BY NAME '.join(selects)}")
        each = self.contracts[framing.feed].cadence_of(framing.name).each
        fill(self.con, one, framing.table, grain, self.areas, each)
        since = self.con.execute("SELECT min(start) FROM targets").fetchall()[0][0]
        return [Computed(one.name, grain, since)]
