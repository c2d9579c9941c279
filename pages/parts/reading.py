"""Reads facts of the current snapshot for pages. The only cache: keyed by city, snapshot and the reader's scope.

`source` is where facts come from; tests pass their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from briefing.document import drafting
from briefing.document.content import Briefing
from briefing.document.issuing import NOTHING
from briefing.document.register import Issue
from briefing.document.subject import Subject
from briefing.document.template import Template
from briefing.facts import plain
from data.desk.action import Action
from data.desk.duty import Shift
from data.desk.outbox import Message
from data.desk.worked import Work
from data.readings import Scope
from data.settings import Settings
from data.snapshots import NoSnapshotError, Snapshot
from pages.parts.source import Source

Made = TypeVar("Made")
MOST = 600  # pieces that are kept of each kind: a round of all signs, each with its frames
SCOPED = {
    "signs", "latest_signs", "feeds", "feed_tables", "deliveries", "quality", "conduct", "volumes", "drops", "quarantine", "spoken",
    "annotations", "scores", "moves", "points", "sensitivity", "forecasts", "alerts",
    "transitions",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """One snapshot seen by one reader; `is_past` where it is not the newest: nothing is done there, and nothing done since is seen."""

    settings: Settings
    source: Source
    snapshot: Snapshot
    scope: Scope
    is_past: bool = False

    def frame(self, kind: str, **options: Any) -> pd.DataFrame:
        """Return a frame of `data.readings`, named by its function."""
        return _frame(self, kind, self.key, tuple(sorted(options.items())))

    def drawn(self, what: str, make: Callable[[], str], *key: object) -> str:
        """Return HTML that was drawn before for the same snapshot, scope and `key`, else draw it."""
        return _drawn(make, what, self.key, key)

    def kept(self, what: str, make: Callable[[], Made], *key: object) -> Made:
        """Return a copy of what was made before for the same snapshot, scope and `key`, else make it."""
        return _kept(make, what, self.key, key)

    def rows(self, kind: str, **options: Any) -> list[dict[str, Any]]:
        """Return the rows of such a frame with None for what is missing, made once for all who may see them."""
        return self.kept("rows", lambda: plain(self.frame(kind, **options)), kind, *sorted(options.items()))

    def rule_text(self, digest: str) -> str | None:
        """Return a version of a rule as JSON."""
        return self.source.rule_text(self.settings, self.snapshot, digest)

    def desk(self) -> tuple[Work, list[Action]]:
        """Return how the city works its alerts, kept as long as its definitions, and what people have done up to now."""
        place = str(self.settings.city_dir)
        upto = (self.snapshot.desk.number if self.snapshot.desk else 0) if self.is_past else None
        return _work(self.source, self.settings, place, self.snapshot.definitions), self.source.actions_of(self.settings, upto)

    def desk_number(self) -> int:
        """Return how many actions there are; -1 while the desk cannot be reached."""
        return self.source.desk_number(self.settings) if not self.is_past else 0

    def rota(self) -> tuple[Shift, ...]:
        """Return who is on duty when, kept as long as the city's definitions."""
        return _rota(self.source, self.settings, str(self.settings.city_dir), self.snapshot.definitions)

    def messages(self) -> list[Message]:
        """Return what people were told up to now; raises DeskUnavailableError."""
        return self.source.messages_of(self.settings)

    def templates(self) -> dict[str, Template]:
        """Return the templates of briefings in force."""
        return _templates(self.source, self.settings, self.snapshot, self.key)

    def briefing(self, template: str, subject: Subject = NOTHING) -> Briefing:
        """Return a briefing of this snapshot, kept with it."""
        return _briefing(self, template, subject, (*self.key, *subject.plain().items()))

    def drafted(self, template: str, subject: Subject, known: Sequence[Issue]) -> drafting.Drafted:
        """Return a briefing of this snapshot as a draft for the desk; `known` is the register."""
        moment = self.as_of.replace(tzinfo=None)
        return self.source.drafted(self.settings, self.snapshot, template, moment, subject=subject, known=known)

    def again(self, issue: Issue) -> Briefing:
        """Return a briefing of the register composed once more, kept by what it says and what people wrote in it."""
        return _again(self.source, self.settings, issue, (*self.key[:1], issue.number, issue.hash, tuple(sorted(issue.edits.items()))))

    def returned(self, drop: str) -> bytes | None:
        """Return the workbook of a drop, where there is one and the reader may see it."""
        return self.source.return_workbook(self.settings, self.snapshot, self.scope, drop=drop)

    @property
    def as_of(self) -> datetime:
        """The clock that freshness goes by."""
        return self.snapshot.as_of

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two readings the same."""
        scope = (tuple(sorted(self.scope.entities)), self.scope.grade)
        return (str(self.settings.var_dir), self.snapshot.id, self.snapshot.hash, self.is_past, *scope)


def current(settings: Settings, source: Source, scope: Scope, asked: str = "") -> Reading | None:
    """Return the snapshot that is asked for, by default the newest, as seen by a reader; None when nothing was published yet.

    Raises NoSnapshotError for one that is asked for and not kept.
    """
    stamp = source.pointer_stamp(settings)
    if not stamp:
        return None
    try:
        newest = _snapshot(source, settings, str(settings.var_dir), stamp, "")
    except NoSnapshotError:
        return None
    if asked in {"", newest.id}:
        return Reading(settings, source, newest, scope)
    return Reading(settings, source, _snapshot(source, settings, str(settings.var_dir), stamp, asked), scope, is_past=True)


@st.cache_resource(max_entries=8, show_spinner=False)
def _snapshot(_source: Source, _settings: Settings, place: str, stamp: int, asked: str) -> Snapshot:
    return _source.open_snapshot(_settings, asked or None)


@st.cache_resource(max_entries=8, show_spinner=False)
def _work(_source: Source, _settings: Settings, place: str, definitions: str) -> Work:
    return _source.work_of(_settings)


@st.cache_resource(max_entries=8, show_spinner=False)
def _rota(_source: Source, _settings: Settings, place: str, definitions: str) -> tuple[Shift, ...]:
    return _source.rota_of(_settings)


@st.cache_resource(max_entries=8, show_spinner=False)
def _templates(_source: Source, _settings: Settings, _snapshot: Snapshot, key: tuple[object, ...]) -> dict[str, Template]:
    return _source.templates(_settings, _snapshot)


@st.cache_resource(max_entries=16, show_spinner=False)
def _briefing(_reading: Reading, template: str, _subject: Subject, key: tuple[object, ...]) -> Briefing:
    moment = _reading.as_of.replace(tzinfo=None)
    return _reading.source.composed(_reading.settings, _reading.snapshot, template, moment, subject=_subject)


@st.cache_resource(max_entries=32, show_spinner=False)
def _again(_source: Source, _settings: Settings, _issue: Issue, key: tuple[object, ...]) -> Briefing:
    return _source.again(_settings, _issue)


@st.cache_data(max_entries=MOST, show_spinner=False)
def _frame(_reading: Reading, kind: str, key: tuple[object, ...], options: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    function = getattr(_reading.source, kind)
    place = (_reading.settings, _reading.snapshot, *((_reading.scope,) if kind in SCOPED else ()))
    frame: pd.DataFrame = function(*place, **dict(options))
    return frame


@st.cache_data(max_entries=MOST, show_spinner=False)
def _drawn(_make: Callable[[], str], what: str, place: tuple[object, ...], key: tuple[object, ...]) -> str:
    return _make()


@st.cache_data(max_entries=MOST, show_spinner=False)
def _kept(_make: Callable[[], Made], what: str, place: tuple[object, ...], key: tuple[object, ...]) -> Made:
    return _make()
