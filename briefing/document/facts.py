"""Gathers from one snapshot what a briefing of a day, week or month speaks of: signs, index, alerts, feeds, who is on duty.

`now` is the moment at which the briefing speaks: the clock of the snapshot, or the same hour of an earlier day, whose alerts are
then told as they had been said by that moment.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import pandas as pd

from briefing.document.about import About
from briefing.document.figures import AlertFigures, IndexFigure, SignFigure
from briefing.document.subject import NoSubjectError, Subject
from briefing.facts import plain
from briefing.headline import headline
from briefing.phrases import absent, is_judged, rank
from data import alerted, periods, readings, scored
from data.desk.action import Action
from data.desk.duty import Shift, on_duty
from data.desk.worked import Work, actions_of, recent, waiting, worked
from data.settings import Settings
from data.snapshots import Snapshot
from data.wording import Wording

Record = dict[str, Any]
ENDED = frozenset({"resolved", "ended"})
LEVELLED = ("pending", "fired", "raised", "lowered", "revised")  # what is said with the figure that gave the level


@dataclass(frozen=True)
class Facts:
    """What a template may speak of, read once each."""

    settings: Settings
    snapshot: Snapshot
    words: Wording
    work: Work
    rota: tuple[Shift, ...]
    now: datetime
    grain: str
    about: About | None = None

    def on(self, subject: Subject) -> Facts:
        """Return the same facts with a subject, at the grain of that; raises NoSubjectError for one that is not there."""
        row: Record | None = None
        if subject.alert:
            frame = alerts_at(self.settings, self.snapshot, self.now)
            told, _ = worked(frame[frame["alert"] == subject.alert], self.actions, self.work, self.now)
            row = next((one for one in plain(told) if one["alert"] == subject.alert), None)
            if row is None:
                raise NoSubjectError("no_alert", subject.alert)
            subject = replace(
                subject, indicator=row["indicator"] or "", entity=row["entity"], entity_kind=row["entity_kind"], grain=row["grain"] or ""
            )
        elif subject.indicator not in self.catalogue:
            raise NoSubjectError("no_sign", subject.indicator)
        if not subject.entity_kind:
            kinds = [kind for kind, code in self.entities if code == subject.entity] if subject.entity else [self.kinds[0]]
            if not kinds:
                raise NoSubjectError("no_entity", subject.entity)
            whole = next((code for kind, code in self.entities if kind == self.kinds[0]), "")
            subject = replace(subject, entity_kind=kinds[0], entity=subject.entity or whole)
        grain = subject.grain if subject.grain in periods.GRAINS else max(
            self.catalogue.get(subject.indicator, {}).get("cadence", "day"), "day", key=periods.GRAINS.index
        )  # fmt: skip
        found = replace(self, grain=grain)
        return replace(found, about=About(found, replace(subject, grain=grain), row))

    @property
    def start(self) -> datetime:
        """The first moment of the period that is told."""
        return periods.step(periods.floor(self.now, self.grain), self.grain, -1)

    @property
    def period(self) -> str:
        """Its code."""
        return periods.code(self.start, self.grain)

    @cached_property
    def catalogue(self) -> dict[str, Record]:
        """Indicators by code."""
        return {row["indicator"]: row for row in plain(readings.indicators(self.settings, self.snapshot))}

    @cached_property
    def entities(self) -> dict[tuple[str, str], Record]:
        """The register, by kind and code."""
        return {(row["entity_kind"], row["entity"]): row for row in plain(readings.entities(self.settings, self.snapshot))}

    @cached_property
    def feeds(self) -> list[Record]:
        """Feeds with their state at the clock of the snapshot."""
        return plain(readings.feeds(self.settings, self.snapshot))

    @property
    def feed_names(self) -> dict[str, str]:
        """What people call a feed."""
        return {row["feed"]: f"{row['code']} {self.words.name(row)}" for row in self.feeds}

    @cached_property
    def latest(self) -> list[Record]:
        """The signs of the newest complete period of each, at `now`."""
        then = replace(self.snapshot, as_of=self.now.replace(tzinfo=self.snapshot.as_of.tzinfo))
        return plain(readings.latest_signs(self.settings, then, grain=self.grain))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Area kinds, widest first."""
        return tuple(self.snapshot.city["areas"])

    @cached_property
    def whole(self) -> list[Record]:
        """Those of the whole city that weigh something, in catalogue order."""
        order = {code: place for place, code in enumerate(self.catalogue)}
        kept = [row for row in self.latest if row["entity_kind"] == self.kinds[0] and row["indicator"] in order]
        return sorted((row for row in kept if self.catalogue[row["indicator"]]["weight"]), key=lambda row: order[row["indicator"]])

    def sign(self, indicator: str, entity: str = "") -> SignFigure:
        """Return a sign of the whole city, or of one entity."""
        of = [row for row in self.latest if row["indicator"] == indicator]
        kept = [row for row in of if (row["entity"] == entity if entity else row["entity_kind"] == self.kinds[0])]
        return self.figure(self.catalogue[indicator], kept[0] if kept else None)

    def signs(self, of: str = "") -> list[SignFigure]:
        """Return the signs of the whole city, or of one domain."""
        return [
            self.figure(self.catalogue[row["indicator"]], row)
            for row in self.whole
            if not of or self.catalogue[row["indicator"]]["domain"] == of
        ]

    def largest(self, indicator: str, kind: str, most: int = 3) -> list[SignFigure]:
        """Return the entities of a kind with the largest values of a sign; those without a value are none of them."""
        rows = [row for row in self.latest if (row["indicator"], row["entity_kind"]) == (indicator, kind) and not absent(row["value"])]
        rows = [
            row for row in rows if (kind, row["entity"]) in self.entities and self.entities[kind, row["entity"]]["note"] != "unassigned"
        ]
        return [self.figure(self.catalogue[indicator], row) for row in sorted(rows, key=lambda row: (-row["value"], row["entity"]))[:most]]

    def figure(self, indicator: Record, row: Record | None) -> SignFigure:
        """Return a row of a sign as a figure."""
        known = self.entities.get((row["entity_kind"], row["entity"])) if row else None
        whole = row is not None and row["entity_kind"] == self.kinds[0]
        name = self.words.say("entity.whole") if whole else self.words.name(known) if known else ""
        return SignFigure(self.words, indicator, row, self.feed_names, name)

    def unit_name(self, row: Record) -> str:
        """Return what people call the unit of a score, the whole city by its word."""
        if row["entity_kind"] == self.kinds[0]:
            return self.words.say("entity.whole")
        known = self.entities.get((row["entity_kind"], row["entity"]))
        return self.words.name(known) if known else str(row["entity_name"] or row["entity"])

    @cached_property
    def scheme(self) -> Record | None:
        """The scheme that scores the whole city at this grain, the finest where none does."""
        known = [row for row in plain(scored.schemes(self.settings, self.snapshot)) if row["kind"] == self.kinds[0]]
        same = [row for row in known if row["grain"] == self.grain]
        return next(iter(same), None) or min(known, key=lambda row: periods.GRAINS.index(row["grain"]), default=None)

    @cached_property
    def index_rows(self) -> list[Record]:
        """The index over time up to the period that is told."""
        if self.scheme is None:
            return []
        rows = plain(scored.scores(self.settings, self.snapshot, scheme=self.scheme["scheme"]).sort_values("start"))
        return [row for row in rows if periods.step(row["start"].to_pydatetime(), row["grain"]) <= self.now]

    @cached_property
    def index(self) -> IndexFigure:
        """The index of the whole city, with its grade and what moved it."""
        if self.scheme is None or not self.index_rows:
            return IndexFigure(self.words, None, None)
        body, now = json.loads(self.scheme["body"]), self.index_rows[-1]
        before = self.index_rows[-2] if len(self.index_rows) > 1 else None
        grade = self.words.name(body["grades"][now["grade"]], "") if now["grade"] else ""
        moves = plain(scored.moves(self.settings, self.snapshot, scheme=now["scheme"], period=now["period"]))
        sizes: dict[str, float] = {}
        for row in moves:
            name = self.node_name("/".join(str(row["node"]).split("/")[:2]))
            sizes[name] = sizes.get(name, 0.0) + float(row["points"])
        causes = tuple(sorted(sizes.items(), key=lambda one: (-abs(one[1]), one[0])))
        return IndexFigure(self.words, now, before, grade, causes)

    def node_name(self, path: str) -> str:
        """Return what people call a node of the scheme, or the sign in its place."""
        names = json.loads(self.scheme["body"])["names"] if self.scheme else {}
        if path in names:
            return str(names[path][self.words.language == "en"] or names[path][0])
        sign = self.catalogue.get(path.rsplit("/", 1)[-1])
        return self.words.name(sign) if sign else path

    @cached_property
    def actions(self) -> list[Action]:
        """What people had done, up to the action that the snapshot notes."""
        return actions_of(self.settings, self.snapshot.desk.number if self.snapshot.desk else None)

    @cached_property
    def rules(self) -> dict[str, Record]:
        """The rules by name."""
        return {row["rule"]: row for row in plain(alerted.rules(self.settings, self.snapshot))}

    @cached_property
    def alerts(self) -> AlertFigures:
        """The alerts as they were worked at `now`."""
        told, _ = worked(recent(alerts_at(self.settings, self.snapshot, self.now), self.now), self.actions, self.work, self.now)
        rows = plain(told)
        return AlertFigures(self.words, rows, waiting(rows), self.now.replace(hour=0, minute=0, second=0))

    @cached_property
    def on_duty(self) -> list[Shift]:
        """Who is on duty at `now`."""
        return on_duty(self.rota, self.now)

    @property
    def not_judged(self) -> list[SignFigure]:
        """Signs of the whole city without a level, those out of season left out."""
        return [one for one in self.signs() if one.row and not is_judged(one.row) and one.row["state"] != "out_of_season"]

    @property
    def beyond(self) -> list[SignFigure]:
        """Signs of the whole city beyond their limits, the worst first."""
        return sorted((one for one in self.signs() if one.beyond), key=lambda one: -one.rank)

    @property
    def late_feeds(self) -> list[str]:
        """What people call the feeds that are late or have not come, at the clock of the snapshot."""
        return [self.words.name(row) for row in self.feeds if row["state"] in {"late", "missing"}]

    @property
    def headline(self) -> str:
        """The sentence of the morning."""
        streets = {row["entity"] for row in self.entities.values() if row["row"] is not None and row["col"] is not None}
        parts = [row for row in self.latest if row["entity"] in streets and self.catalogue.get(row["indicator"], {}).get("weight")]
        return headline(self.words, self.whole, parts, self.catalogue, room=64)

    @property
    def judgement(self) -> str:
        """The set phrase for the whole: by the worst level of the whole city and the alerts that are up."""
        worst = max((rank(row) for row in self.whole), default=-1)
        if not any(map(is_judged, self.whole)):
            return self.words.say("document.judgement.unknown")
        if worst >= 4 or self.alerts.of("red"):
            return self.words.say("document.judgement.attention")
        return self.words.say(f"document.judgement.{'basically' if worst >= 2 else 'steady'}")


def alerts_at(settings: Settings, snapshot: Snapshot, now: datetime) -> pd.DataFrame:
    """Return the alerts of a snapshot as they had been said by `now`: level, value and whether they were up."""
    frame = alerted.alerts(settings, snapshot)
    if now >= snapshot.as_of.replace(tzinfo=None):
        return frame
    log = alerted.transitions(settings, snapshot)
    log = log[pd.to_datetime(log["said_at"]) <= now].sort_values("number")
    last = log.drop_duplicates("alert", keep="last").set_index("alert")
    frame = frame[frame["alert"].isin(last.index) & (pd.to_datetime(frame["said_at"]) <= now)].copy()
    said = frame["alert"].map(last["kind"])
    valued = log[log["value"].notna() & log["kind"].isin(LEVELLED)].drop_duplicates("alert", keep="last").set_index("alert")
    units = readings.indicators(settings, snapshot).set_index("indicator")[["unit", "precision"]]
    levels = frame["alert"].map(last["level"])
    texts = []
    for alert, indicator in zip(frame["alert"], frame["indicator"], strict=True):
        unit = units.loc[indicator] if indicator in units.index and alert in valued.index else None
        value = float(valued["value"].get(alert, 0.0))
        texts.append(readings.printed(value, int(unit["precision"]), str(unit["unit"])) if unit is not None else None)
    return frame.assign(
        level=levels.where(levels.notna() & (levels != "normal"), frame["highest"]),
        state=said.map(lambda kind: "resolved" if kind in ENDED else "firing"), text=pd.Series(texts, index=frame.index, dtype=object),
    )  # fmt: skip
