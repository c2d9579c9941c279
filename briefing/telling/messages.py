"""Writes the message of an occasion for each of those who are to be told: what, where, how much, who has it, until when.

The words stand in the catalogue under `telling`; figures are those of the snapshot, with unit and period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from briefing.phrases import absent
from briefing.telling.occasions import Occasion
from data.desk.duty import Shift, on_duty
from data.desk.handling import Handling
from data.desk.outbox import Draft
from data.desk.telling import Tell, Telling
from data.wording import Wording

Record = Mapping[str, Any]
GROUP = ""  # the contact of a channel that a whole group reads


@dataclass(frozen=True, slots=True)
class Scene:
    """What messages of a city speak from: its words, the names of signs, rules, entities and units, and whether it is a demonstration."""

    words: Wording
    city: Record
    signs: Mapping[str, Record]
    rules: Mapping[str, Record]
    units: Mapping[str, str]
    telling: Telling
    rota: Sequence[Shift]
    snapshot: str


def drafts(scene: Scene, one: Occasion, row: Record, handled: Handling) -> Iterator[Draft]:
    """Yield a message for each recipient of an occasion; `row` is the alert with how it is handled (`data.desk.worked`)."""
    for tell in scene.telling.tell:
        if one.kind not in tell.occasions or handled.level not in tell.levels:
            continue
        for channel in tell.channels:
            for recipient, contact in _recipients(scene, tell, channel, row, one.at):
                title, body = said(scene, one, row, handled, recipient)
                key = f"{one.alert}|{one.mark}|{channel}|{recipient}"
                yield Draft(key, one.alert, one.kind, handled.level, channel, recipient, contact, title, body)


def said(scene: Scene, one: Occasion, row: Record, handled: Handling, recipient: str) -> tuple[str, str]:
    """Return title and text of an occasion."""
    words = scene.words
    title = words.say(
        "telling.title", level=words.label("level", handled.level), kind=words.label("telling.kind", one.kind),
        sign=_sign(scene, row), entity=row["entity_name"] or row["entity"],
    )  # fmt: skip
    lines = [_figure(words, row), _who(scene, row, handled), _due(words, handled)]
    if one.reason:
        lines.append(words.say("telling.reason", text=one.reason))
    if recipient and recipient in scene.units.values():
        lines.append(words.say("telling.to_unit", unit=recipient))
    if scene.telling.address:
        lines.append(words.say("telling.link", address=f"{scene.telling.address}/alerts?alert={quote(row['alert'])}"))
    lines.append(words.say("telling.foot", alert=row["alert"], at=f"{words.day(one.at)} {one.at:%H:%M}", snapshot=scene.snapshot))
    if scene.city["provenance"] == "demo":
        lines.append(words.say("telling.demo"))
    return title, "\n".join(filter(None, lines))


def bundled(words: Wording, titles: Iterable[str], most: int = 20) -> tuple[str, str]:
    """Return title and text of one message that stands for several."""
    kept = list(titles)
    lines = kept[:most] + ([words.say("telling.more", count=len(kept) - most)] if len(kept) > most else [])
    return words.say("telling.bundle", count=len(kept)), "\n".join(lines)


def _recipients(scene: Scene, tell: Tell, channel: str, row: Record, at: datetime) -> Iterator[tuple[str, str]]:
    """Yield name and contact of those who are reached by a channel; who has no contact is not."""
    if not scene.telling.channel(channel).personal:
        yield "", GROUP
        return
    shifts = [one for role in tell.roles for one in on_duty(scene.rota, at, role)]
    found = {one.contact: one.name for one in shifts if one.contact}
    unit = row["unit"] or ""
    if tell.unit and scene.telling.contacts.get(unit):
        found[scene.telling.contacts[unit]] = scene.units.get(unit, unit)
    for contact, name in found.items():
        yield name, contact


def _sign(scene: Scene, row: Record) -> str:
    if row["indicator"] in scene.signs:
        return scene.words.name(scene.signs[row["indicator"]])
    return scene.words.name(scene.rules[row["rule"]]) if row["rule"] in scene.rules else scene.words.say("alerts.reported")


def _figure(words: Wording, row: Record) -> str:
    if absent(row.get("text")) or not row.get("text"):
        return ""
    return words.say("telling.figure", value=row["text"], at=words.day(row["value_at"]))


def _who(scene: Scene, row: Record, handled: Handling) -> str:
    name = scene.units.get(handled.unit, "") or (row["owner"] or "")
    return scene.words.say("telling.owner", name=name) if name else ""


def _due(words: Wording, handled: Handling) -> str:
    if handled.has_ended or handled.due_at is None or handled.left is None:
        return ""
    key = "overdue" if handled.left < timedelta(0) else "due"
    at = f"{words.day(handled.due_at)} {handled.due_at:%H:%M}"
    return words.say(f"telling.{key}", step=words.label("telling.step", handled.step), at=at)
