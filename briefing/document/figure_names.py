"""Names the figures of a briefing for people: of which sign, score or alert, of which entity, and which of its columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from briefing.document.content import Bound
from data.wording import Wording

Record = Mapping[str, Any]


@dataclass(frozen=True)
class FigureNames:
    """Indicators, schemes and entities by code; `kinds` are the area kinds, the widest first."""

    words: Wording
    indicators: Mapping[str, Record]
    schemes: Mapping[str, Record]
    entities: Mapping[str, Record]
    kinds: tuple[str, ...] = ()

    def of(self, one: Bound) -> str:
        """Return what a figure is: 长白街道 供热室温合格率 数值."""
        known = self.indicators.get(one.indicator) or self.schemes.get(one.indicator)
        name = self.words.name(known) if known else one.indicator
        what = name or ("" if one.what == "alert" else self.words.label("figure_of", one.what))
        return " · ".join(filter(None, (self._entity(one), what, self._column(one))))

    def subject(self, said: Mapping[str, str]) -> str:
        """Return what a special briefing is about, as the desk kept it."""
        return self.of(
            Bound("", "alert", "", "", said["alert"])
            if "alert" in said
            else Bound("", "sign", "", said["indicator"], said.get("entity", ""))
        )

    def _entity(self, one: Bound) -> str:
        if one.what == "alert":
            return self.words.say("figure_alert", alert=one.entity)
        if "/" in one.entity:
            return self._node(one)
        known = self.entities.get(one.entity)
        if known is None:
            return one.entity
        return self.words.say("entity.whole") if known["entity_kind"] in self.kinds[:1] else self.words.name(known)

    def _node(self, one: Bound) -> str:
        """Return what people call a node of a scheme, or the sign in its place."""
        names = json.loads(self.schemes[one.indicator]["body"])["names"] if one.indicator in self.schemes else {}
        if one.entity in names:
            return str(names[one.entity][self.words.language == "en"] or names[one.entity][0])
        known = self.indicators.get(one.entity.rsplit("/", 1)[-1])
        return self.words.name(known) if known else one.entity

    def _column(self, one: Bound) -> str:
        return self.words.label("figure_field", one.field) if one.field else ""
