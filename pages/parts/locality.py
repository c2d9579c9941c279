"""Gathers what is known of one area: its newest signs, those of the whole city, its past, the areas inside it. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from briefing.phrases import is_judged, rank
from pages.parts.context import Context
from pages.parts.filters import choose
from pages.parts.history import SPANS, earliest
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, listed, plain

INSIDE = 14  # periods of the areas inside


@dataclass(frozen=True)
class Locality:
    """One area, and what was asked for in vain."""

    context: Context
    reading: Reading
    records: Records
    entity: Record
    unknown: str

    @property
    def name(self) -> str:
        """What people call it."""
        return self.context.words.name(self.entity)

    @cached_property
    def signs(self) -> list[Record]:
        """Its newest signs that weigh something, in catalogue order."""
        order = {code: place for place, code in enumerate(self.records.catalogue)}
        weighty = (sign for sign in self.records.latest if sign["entity"] == self.entity["entity"] and self._is_weighty(sign))
        return sorted(weighty, key=lambda sign: order[sign["indicator"]])

    def _is_weighty(self, sign: Record) -> bool:
        indicator = self.records.catalogue.get(sign["indicator"])
        return sign["entity_kind"] == self.entity["entity_kind"] and bool(indicator and indicator["weight"])

    @property
    def beyond(self) -> list[Record]:
        """Those beyond their limits, worst first."""
        return sorted((sign for sign in self.signs if rank(sign) > 0), key=rank, reverse=True)

    @property
    def judged(self) -> int:
        """How many of them have a level."""
        return sum(map(is_judged, self.signs))

    @cached_property
    def whole(self) -> dict[str, Record]:
        """The newest signs of the whole city, by indicator."""
        return {sign["indicator"]: sign for sign in self.records.whole}

    @cached_property
    def trends(self) -> dict[str, list[float | None]]:
        """The last values of each of its signs; a gap is None."""
        return self.records.trends(entity_kind=self.entity["entity_kind"], entity=self.entity["entity"])

    @cached_property
    def inside(self) -> frozenset[str]:
        """The codes of the area and of those inside it."""
        own = self.entity["entity"]
        return frozenset({own} | {row["entity"] for row in self.records.entities if row["parent"] == own})

    @cached_property
    def closer(self) -> tuple[Record, list[Record]] | None:
        """The worst sign that areas inside have too, with theirs in order of time; None where there is none."""
        for sign in sorted(self.signs, key=rank, reverse=True):
            rows = self._inside(sign)
            if rows:
                return sign, rows
        return None

    def _inside(self, sign: Record) -> list[Record]:
        own = self.entity["entity_kind"]
        kinds = self.records.kinds[self.records.kinds.index(own) + 1 :] if own in self.records.kinds else ()
        known = listed(self.records.catalogue[sign["indicator"]]["entity_kinds"])
        kind = next((one for one in kinds if one in known), None)
        if kind is None:
            return []
        count = min(SPANS.get(sign["grain"], INSIDE), INSIDE)
        since = earliest(self.reading, sign["grain"], count)
        frame = self.reading.frame("signs", indicator=sign["indicator"], entity_kind=kind, grain=sign["grain"], start=since)
        frame = frame[frame["entity"].isin(self.inside)]
        return plain(frame.sort_values(["entity", "start"]).groupby("entity").tail(count))


def locality(context: Context, reading: Reading, records: Records) -> Locality | None:
    """Return the area that the address asks for, by default the one with the worst sign; None where the city has none."""
    known = areas_of(records)
    if not known:
        return None
    worst = max(known, key=lambda row: _badness(records, row["entity"]))
    code, lost = choose(context.filters.entity, [row["entity"] for row in known], worst["entity"])
    return Locality(context, reading, records, next(row for row in known if row["entity"] == code), lost)


def areas_of(records: Records) -> list[Record]:
    """Return the areas right below the whole city, in the order of the register."""
    return [row for row in records.entities if row["entity_kind"] in records.kinds[1:2] and row["note"] != "unassigned"]


def _badness(records: Records, entity: str) -> tuple[int, int]:
    ranks = [rank(sign) for sign in records.parts if sign["entity"] == entity]
    worst = max(ranks, default=-1)
    return worst, ranks.count(worst)
