"""Gathers what a page of one theme is drawn from: its definition, and the signs of the whole city. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from briefing.phrases import absent, is_judged
from data.themes import Theme, themes
from pages.parts.context import Context
from pages.parts.history import history
from pages.parts.picker import Choice
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, listed


@dataclass(frozen=True)
class Themed:
    """One theme of a city, of the snapshot that is looked at."""

    context: Context
    reading: Reading
    records: Records
    theme: Theme

    @cached_property
    def newest(self) -> dict[str, Record]:
        """The newest signs of the whole city by indicator; a period whose data have not come is there, with its state."""
        return {sign["indicator"]: sign for sign in self.records.whole}

    @cached_property
    def signs(self) -> list[Record]:
        """Those of its domain that weigh something: what the sentence is made of."""
        catalogue = self.records.catalogue
        return [sign for sign in self.records.ranked if catalogue[sign["indicator"]]["domain"] == self.theme.domain]

    @property
    def judged(self) -> int:
        """How many of them have a level."""
        return sum(map(is_judged, self.signs))

    @property
    def domain_name(self) -> str:
        """What people call the domain."""
        row = next((one for one in self.records.domains if one["domain"] == self.theme.domain), None)
        return self.context.words.name(row) if row else ""

    @cached_property
    def trends(self) -> dict[str, list[float | None]]:
        """The last values of each sign of the whole city."""
        return self.records.trends()

    def chosen(self, indicator: str) -> Choice:
        """Return a sign of the whole city at its own cadence, as the sign page would have it chosen."""
        row = self.records.catalogue[indicator]
        whole = next(one for one in self.records.entities if one["entity_kind"] == self.records.kinds[0])
        return Choice(row, whole, str(row["cadence"]), "")

    def past(self, indicator: str) -> list[Record]:
        """Return its last periods in order of time, up to the newest complete one."""
        rows, last = history(self.reading, self.chosen(indicator)), self.newest.get(indicator)
        return [row for row in rows if last is None or row["start"] <= last["start"]]

    def known(self, codes: tuple[str, ...]) -> list[str]:
        """Return those of the indicators that this reader is told anything of."""
        return [code for code in codes if code in self.records.catalogue and code in self.newest]

    @property
    def feeds(self) -> list[str]:
        """The feeds that the page rests on, by code."""
        codes = [code for block in self.theme.blocks for code in block.named if code in self.records.catalogue]
        return list(dict.fromkeys(feed for code in codes for feed in listed(self.records.catalogue[code]["feed"])))


def themed(context: Context, reading: Reading, page: str) -> Themed | None:
    """Return the theme of a page, None where the city defines none."""
    snapshot, settings = reading.snapshot, reading.settings
    found = reading.kept("themes", lambda: themes(settings, snapshot)).get(page)
    return Themed(context, reading, Records(reading, context.words), found) if found else None


def has_values(rows: list[Record]) -> bool:
    """Whether there is anything to draw."""
    return any(not absent(row["value"]) for row in rows)
