"""Gathers what one snapshot and its desk hold of the subject of a special briefing: the sign now and before, its areas, its alerts.

Nothing here says why a figure is what it is: the data do not hold causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from briefing.contributed import contributed, is_of_window, way_of
from briefing.document.alert_figure import AlertFigure
from briefing.document.content import Bound
from briefing.document.figures import SignFigure
from briefing.document.spell import Spell, said, spell_of
from briefing.document.subject import Subject
from briefing.facts import plain
from briefing.phrases import absent, period_name, rank
from briefing.related import related
from data import alerted, periods, readings
from data.desk.action import Action
from data.wording import number

if TYPE_CHECKING:
    from briefing.document.facts import Facts

Record = dict[str, Any]
PAST = 400  # periods that are looked through for the beginning of a spell


@dataclass(frozen=True)
class About:
    """The subject, resolved; `alert_row` where it is an alert."""

    facts: Facts
    subject: Subject
    alert_row: Record | None = None

    @cached_property
    def it(self) -> SignFigure | None:
        """The sign in the newest period; None where the subject has none, such as the alert of a feed."""
        indicator = self.facts.catalogue.get(self.subject.indicator)
        if indicator is None:
            return None
        return self.facts.figure(indicator, self.course[-1] if self.course else None)

    @cached_property
    def course(self) -> list[Record]:
        """Its periods up to the newest complete one, in order of time."""
        if self.subject.indicator not in self.facts.catalogue:
            return []
        end = periods.floor(self.facts.now, self.facts.grain)
        frame = readings.signs(
            self.facts.settings, self.facts.snapshot, indicator=self.subject.indicator, entity_kind=self.subject.entity_kind,
            entity=self.subject.entity, grain=self.facts.grain, start=periods.step(end, self.facts.grain, -PAST), end=end,
        )  # fmt: skip
        return plain(frame.sort_values("start"))

    @cached_property
    def spell(self) -> Spell:
        """Since when it stands where it stands."""
        return spell_of(self.course)

    @property
    def since(self) -> Bound:
        """The same in words."""
        text = said(self.facts.words, self.spell, self.course)
        return self.it.bound(text, "level") if self.it else Bound("", "sign", "level")

    @property
    def is_whole(self) -> bool:
        """Whether the entity is the whole city."""
        return self.subject.entity_kind == self.facts.kinds[0]

    @property
    def place(self) -> str:
        """What people call the entity."""
        key = (self.subject.entity_kind, self.subject.entity)
        if self.is_whole:
            return self.facts.words.say("entity.whole")
        if key[0] == "feed":
            return self.facts.feed_names.get(key[1], key[1])
        known = self.facts.entities.get(key)
        return self.facts.words.name(known) if known else str((self.alert_row or {}).get("entity_name") or key[1])

    @property
    def name(self) -> str:
        """What people call the sign; without one, the rule that raised the alert."""
        if self.it:
            return self.it.name
        rule = self.facts.rules.get(str((self.alert_row or {}).get("rule")))
        return self.facts.words.name(rule) if rule else self.facts.words.say("alerts.reported")

    @property
    def period(self) -> str:
        """The newest complete period."""
        return period_name(self.facts.words, self.facts.grain, self.facts.start)

    @cached_property
    def alert(self) -> AlertFigure | None:
        """The alert, where it is one that the briefing is about."""
        return AlertFigure(self.facts.words, self.facts.rules, self.facts.work.units, self.alert_row) if self.alert_row else None

    @cached_property
    def alerts(self) -> list[AlertFigure]:
        """That alert, or those on the sign and entity that are worked, the most urgent first."""
        if self.alert:
            return [self.alert]
        key = (self.subject.indicator, self.subject.entity)
        return [
            AlertFigure(self.facts.words, self.facts.rules, self.facts.work.units, row)
            for row in self.facts.alerts.waiting
            if (row["indicator"], row["entity"]) == key
        ]

    @cached_property
    def near(self) -> list[tuple[str, Record]]:
        """Other alerts that are up: of the same entity, sign or domain."""
        own = [str(one.row["alert"]) for one in self.alerts]
        return related(
            self.facts.alerts.waiting, self.facts.catalogue, self.subject.indicator, self.subject.entity, but=own, is_whole=self.is_whole
        )

    @cached_property
    def kin(self) -> list[SignFigure]:
        """The other signs of the same domain of the same entity, the worst first."""
        domain = self.facts.catalogue.get(self.subject.indicator, {}).get("domain")
        rows = [
            row for row in self.facts.latest
            if row["entity"] == self.subject.entity and row["entity_kind"] == self.subject.entity_kind
            and row["indicator"] != self.subject.indicator
            and self.facts.catalogue.get(row["indicator"], {}).get("domain") == domain is not None
        ]  # fmt: skip
        return [self.facts.figure(self.facts.catalogue[row["indicator"]], row) for row in sorted(rows, key=lambda row: -rank(row))]

    @cached_property
    def parts(self) -> list[SignFigure]:
        """The same sign of the areas inside; where none have it, of the neighbours. The worst first, those without a value last."""
        return [self.facts.figure(self.facts.catalogue[self.subject.indicator], row) for row in self._areas[1]]

    @property
    def is_inside(self) -> bool:
        """Whether these areas lie inside."""
        return self._areas[0]

    @cached_property
    def _areas(self) -> tuple[bool, list[Record]]:
        own = self.facts.entities.get((self.subject.entity_kind, self.subject.entity))
        rows = [row for row in self.facts.latest if row["indicator"] == self.subject.indicator]
        if own is None or not rows:
            return False, []
        inside = {key for key, one in self.facts.entities.items() if one["parent"] == own["entity"]}
        found = [row for row in rows if (row["entity_kind"], row["entity"]) in inside]
        kinds = [kind for kind in dict.fromkeys(row["entity_kind"] for row in found) if kind in self.facts.kinds] or sorted(
            {row["entity_kind"] for row in found}
        )
        found = [row for row in found if row["entity_kind"] == kinds[0]] if kinds else []
        is_inside = bool(found)
        if not found and own["parent"]:
            beside = {key for key, one in self.facts.entities.items() if one["parent"] == own["parent"] and key[0] == own["entity_kind"]}
            found = [row for row in rows if (row["entity_kind"], row["entity"]) in beside]
        turned = -1 if self.facts.catalogue[self.subject.indicator]["direction"] == "higher" else 1
        order = sorted(found, key=lambda row: (absent(row["value"]), -rank(row), -turned * float(row["value"] or 0), row["entity"]))
        return is_inside, order

    @cached_property
    def shares(self) -> dict[str, tuple[float, float]]:
        """How much each area inside adds and what share of all that is, by code; nothing where figures do not add up."""
        if not self.is_inside or self.it is None:
            return {}
        sizes = contributed(self.it.indicator, self._areas[1])
        total = sum(size for _, size in sizes)
        return {row["entity"]: (size, 100 * size / total) for row, size in sizes}

    @property
    def adding(self) -> str:
        """Whether the figures of the areas add up.

        `none`: there are no areas, `beside`: they are neighbours, `missing`: no area has a count, `zero`: they add nothing, `no`: such
        figures never add up, `yes`: they do.
        """
        if not self.parts or self.it is None:
            return "none"
        if not self.is_inside:
            return "beside"
        if self.shares:
            return "yes"
        if way_of(self.it.indicator) == "short" and self.it.indicator["unit"] != "%":
            return "no"
        return "missing" if all(absent(row["numerator"]) for row in self._areas[1]) else "zero"

    @property
    def largest(self) -> list[Bound]:
        """The three areas that add most, as phrases: 浑河湾街道26（占46%)."""
        words, rows = self.facts.words, {one.row["entity"]: one for one in self.parts if one.row}
        kept = list(self.shares.items())[:3]
        return [
            rows[entity].bound(
                words.say("subject.adds", name=rows[entity].entity_name, size=number(size), share=number(share, 0)), "numerator"
            )
            for entity, (size, share) in kept
        ]

    @property
    def window(self) -> int:
        """On how many days a figure of an area rests; 0 where on those of its period."""
        row = next((one.row for one in self.parts if one.row), None)
        return int(self.it.indicator["window_days"]) if self.it and row and is_of_window(self.it.indicator, row) else 0

    @cached_property
    def acts(self) -> list[Action]:
        """What was done about its alerts by the moment of the briefing, in order."""
        own = {str(one.row["alert"]) for one in self.alerts}
        return [action for action in self.facts.actions if action.subject in own and self.local(action) <= self.facts.now]

    def local(self, action: Action) -> datetime:
        """Return when something was done, by the clock of the city."""
        return action.moment.astimezone(self.facts.work.zone).replace(tzinfo=None)

    @cached_property
    def log(self) -> list[Record]:
        """What the rules said of its alerts by the moment of the briefing, in order."""
        own = {str(one.row["alert"]) for one in self.alerts}
        rows = plain(alerted.transitions(self.facts.settings, self.facts.snapshot, indicator=self.subject.indicator or None))
        return [row for row in rows if row["alert"] in own and row["said_at"] <= self.facts.now]
