"""Names where pages read from: the published snapshots of a city, and what anything must offer that stands in their place.

It caches nothing; `reading` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

import pandas as pd

from briefing.document import drafting, issuing
from briefing.document.content import Briefing
from briefing.document.register import Issue
from briefing.document.subject import Subject
from briefing.document.template import Template
from data import alerted, defined, noted, readings, receipt, scored, snapshots, works
from data.desk import outbox, telling, worked
from data.desk.action import Action
from data.desk.duty import Shift
from data.desk.outbox import Message
from data.desk.worked import Work
from data.readings import Scope
from data.settings import Settings
from data.snapshots import Snapshot


class Published:
    """The real source: the published snapshots of a city, and what the composition root works out of them."""

    def __init__(
        self, forecasts: Callable[..., pd.DataFrame], tried_change: Callable[..., dict[str, Any]], impact_of: Callable[..., pd.DataFrame]
    ) -> None:
        """Keep what `indicators.outlook` and `indicators.proposed` work out: pages know nothing of how figures are made."""
        self.forecasts, self.tried_change, self.impact_of = forecasts, tried_change, impact_of

    signs = staticmethod(readings.signs)
    latest_signs = staticmethod(readings.latest_signs)
    indicators = staticmethod(readings.indicators)
    definitions = staticmethod(defined.definitions)
    annotations = staticmethod(noted.annotations)
    scores = staticmethod(scored.scores)
    moves = staticmethod(scored.moves)
    points = staticmethod(scored.points)
    sensitivity = staticmethod(scored.sensitivity)
    schemes = staticmethod(scored.schemes)
    entities = staticmethod(readings.entities)
    domains = staticmethod(readings.domains)
    feeds = staticmethod(readings.feeds)
    feed_tables = staticmethod(readings.feed_tables)
    deliveries = staticmethod(readings.deliveries)
    quality = staticmethod(readings.quality)
    conduct = staticmethod(readings.conduct)
    volumes = staticmethod(readings.volumes)
    drops = staticmethod(readings.drops)
    quarantine = staticmethod(readings.quarantine)
    holidays = staticmethod(noted.holidays)
    alerts = staticmethod(alerted.alerts)
    transitions = staticmethod(alerted.transitions)
    rules = staticmethod(alerted.rules)
    rule_text = staticmethod(alerted.rule_text)
    work_of = staticmethod(worked.work_of)
    actions_of = staticmethod(worked.actions_of)
    desk_number = staticmethod(worked.desk_number)
    composed = staticmethod(issuing.composed)
    drafted = staticmethod(drafting.draft_of)
    again = staticmethod(issuing.again)
    templates = staticmethod(issuing.templates)
    works = staticmethod(works.works)
    rota_of = staticmethod(telling.rota_of)
    messages_of = staticmethod(outbox.messages_of)
    spoken = staticmethod(receipt.spoken)
    return_workbook = staticmethod(receipt.return_workbook)
    pointer_stamp = staticmethod(snapshots.pointer_stamp)
    open_snapshot = staticmethod(snapshots.open_snapshot)


class Source(Protocol):
    """What `Reading` needs; see `Published`."""

    def pointer_stamp(self, settings: Settings) -> int:
        """Return a number that changes with the current snapshot, 0 before the first."""
        ...

    def open_snapshot(self, settings: Settings, snapshot: str | None = None) -> Snapshot:
        """Return the named snapshot, or the current one."""
        ...

    def return_workbook(self, settings: Settings, snapshot: Snapshot, scope: Scope, *, drop: str) -> bytes | None:
        """Return the workbook in which the faulty rows of a drop go back, or None."""
        ...

    def work_of(self, settings: Settings) -> Work:
        """Return how the city works its alerts."""
        ...

    def rule_text(self, settings: Settings, snapshot: Snapshot, digest: str) -> str | None:
        """Return a version of a rule as JSON, None where there is none."""
        ...

    def actions_of(self, settings: Settings, upto: int | None = None) -> list[Action]:
        """Return what people have done, in order, up to a number or to now."""
        ...

    def desk_number(self, settings: Settings) -> int:
        """Return how many actions there are."""
        ...

    def tried_change(
        self, settings: Settings, snapshot: Snapshot, what: str, name: str, changes: Mapping[str, Any], day: date
    ) -> dict[str, Any]:
        """Return a change of a definition, tried."""
        ...

    def impact_of(
        self, settings: Settings, snapshot: Snapshot, what: str, name: str, payload: Mapping[str, Any], day: date
    ) -> pd.DataFrame:
        """Return what it would do to a year of signs."""
        ...

    def rota_of(self, settings: Settings) -> tuple[Shift, ...]:
        """Return who is on duty when."""
        ...

    def messages_of(self, settings: Settings) -> list[Message]:
        """Return what people were told."""
        ...

    def templates(self, settings: Settings, snapshot: Snapshot) -> dict[str, Template]:
        """Return the templates of briefings in force."""
        ...

    def composed(self, settings: Settings, snapshot: Snapshot, template: str, moment: datetime, *, subject: Subject) -> Briefing:
        """Return a briefing of the snapshot."""
        ...

    def drafted(
        self, settings: Settings, snapshot: Snapshot, template: str, moment: datetime, *, subject: Subject, known: Sequence[Issue]
    ) -> drafting.Drafted:  # fmt: skip
        """Return a draft for the desk."""
        ...

    def again(self, settings: Settings, issue: Issue) -> Briefing:
        """Return a briefing of the register composed once more."""
        ...
