"""Turns frames of the current snapshot into records by code, once per run: the catalogue, names, the latest signs.

It draws nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from briefing.facts import plain
from briefing.phrases import rank
from data.boundaries import Polygons, boundaries, stamp
from data.wording import Wording
from pages.parts.reading import Reading

__all__ = ["Record", "Records", "listed", "plain"]

Record = dict[str, Any]


def listed(value: Any) -> list[str]:
    """Return a cell that holds several codes as a list, whether it came as a list, an array or text."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return []
    return [part.strip() for part in re.split(r"[;,]", value) if part.strip()] if isinstance(value, str) else [str(part) for part in value]


@dataclass(frozen=True)
class Records:
    """What pages look up by code."""

    reading: Reading
    words: Wording

    @cached_property
    def catalogue(self) -> dict[str, Record]:
        """Indicators by code, in catalogue order."""
        return {row["indicator"]: row for row in self.reading.rows("indicators")}

    @cached_property
    def entities(self) -> list[Record]:
        """The register."""
        return self.reading.rows("entities")

    @cached_property
    def domains(self) -> list[Record]:
        """Domains in order."""
        return self.reading.rows("domains")

    @cached_property
    def feeds(self) -> list[Record]:
        """Feeds with their state."""
        return self.reading.rows("feeds")

    @cached_property
    def tables(self) -> list[Record]:
        """The tables of the feeds."""
        return self.reading.rows("feed_tables")

    @cached_property
    def today(self) -> dict[str, Record]:
        """What was due on the day of the clock, by feed."""
        return {row["feed"]: row for row in self.reading.rows("deliveries", days=1)}

    @cached_property
    def feed_names(self) -> dict[str, str]:
        """What people call a feed, by code."""
        return {row["feed"]: f"{row['code']} {self.words.name(row)}" for row in self.feeds}

    @cached_property
    def feed_codes(self) -> dict[str, str]:
        """The short codes of feeds, where there is little room."""
        return {row["feed"]: str(row["code"]) for row in self.feeds}

    @cached_property
    def latest(self) -> list[Record]:
        """The latest signs of every entity, named in the reader's language."""
        rows = self.reading.rows("latest_signs", grain="day")
        return [row | {"entity_name": self.entity_name(row)} for row in rows]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Area kinds of the city, widest first."""
        return tuple(self.reading.snapshot.city["areas"])

    @cached_property
    def whole(self) -> list[Record]:
        """The latest signs of the whole city, in catalogue order."""
        order = {code: place for place, code in enumerate(self.catalogue)}
        found = [sign for sign in self.latest if sign["entity_kind"] == self.kinds[0] and sign["indicator"] in order]
        return sorted(found, key=lambda sign: order[sign["indicator"]])

    @cached_property
    def ranked(self) -> list[Record]:
        """Those of the whole city that weigh something; what others are only made of speaks through these."""
        return [sign for sign in self.whole if self._weighs(sign)]

    @cached_property
    def parts(self) -> list[Record]:
        """The latest signs that weigh something, of the next smaller areas that have a place on the map."""
        codes = {row["entity"] for row in self.tiles}
        return [sign for sign in self.latest if sign["entity"] in codes and sign["indicator"] in self.catalogue and self._weighs(sign)]

    def _weighs(self, sign: Record) -> bool:
        return bool(self.catalogue[sign["indicator"]]["weight"])

    @cached_property
    def borders(self) -> dict[str, Polygons]:
        """The outlines of areas, where the city keeps them."""
        settings = self.reading.settings
        found = self.reading.kept("borders", lambda: [boundaries(settings)], stamp(settings))
        return dict(found[0])

    @cached_property
    def bordered(self) -> list[Record]:
        """The next smaller areas within their borders; none where one of them that has signs would be missing."""
        rows = [row for row in self.entities if row["entity_kind"] in self.kinds[1:2] and row["note"] != "unassigned"]
        told = {sign["entity"] for sign in self.latest} if self.borders else set()
        is_whole = all(row["entity"] in self.borders for row in rows if row["entity"] in told)
        return [row for row in rows if row["entity"] in self.borders] if is_whole else []

    @cached_property
    def tiles(self) -> list[Record]:
        """The areas that are on the map: those with borders, else those that have a place in the grid."""
        return self.bordered or [row for row in self.entities if row["row"] is not None and row["col"] is not None]

    def worst(self, entity: str) -> Record | None:
        """Return the worst judged sign of an area, or None."""
        found = [sign for sign in self.parts if sign["entity"] == entity and rank(sign) >= 0]
        return max(found, key=rank, default=None)

    def tile_name(self, row: Record) -> str:
        """Return the name of an area without the word for its kind, where the language drops it."""
        name = self.words.name(row)
        key = f"entity.cut.{row['entity_kind']}"
        cut = self.words.label("entity.cut", row["entity_kind"]) if self.words.has(key) else ""
        return name.removesuffix(cut) or name

    def entity_name(self, sign: Record) -> str:
        """Return the name of what a sign is about, in the reader's language."""
        if sign["entity_kind"] == self.kinds[0]:
            return self.words.say("entity.whole")
        return self._names.get((sign["entity_kind"], sign["entity"])) or str(sign["entity_name"])

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        return {(row["entity_kind"], row["entity"]): self.words.name(row) for row in self.entities}

    def trends(self, periods: int = 30, entity_kind: str = "", entity: str | None = None) -> dict[str, list[float | None]]:
        """Return the last values of each sign of an area, by default the whole city, at its own cadence; a gap is None."""
        found: dict[str, list[float | None]] = {}
        cadences = {row["cadence"] for row in self.catalogue.values()}
        for cadence in cadences:
            days = periods + 1 if cadence == "day" else 400
            start = (self.reading.as_of - timedelta(days=days)).replace(tzinfo=None, hour=0, minute=0)
            frame = self.reading.frame("signs", entity_kind=entity_kind or self.kinds[0], entity=entity, grain=cadence, start=start)
            for indicator, rows in frame.groupby("indicator", sort=False):
                if self.catalogue.get(str(indicator), {}).get("cadence") == cadence:
                    values = rows.sort_values("start")["value"].tail(periods)
                    found[str(indicator)] = [None if pd.isna(value) else float(value) for value in values]
        return found
