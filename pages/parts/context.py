"""Hands a page what it needs: reading, words, colours, filters, the reader. The one place that keeps it per session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import streamlit as st

from charts.palette import Palette, palette
from data.settings import Settings
from data.wording import Wording
from pages.parts.filters import HOME, Filters
from pages.parts.identity import Person
from pages.parts.reading import Reading

KEY = "context"


@dataclass(frozen=True)
class Context:
    """Everything that `app.py` composed for this run; `reading` is None before the first snapshot."""

    settings: Settings
    words: Wording
    person: Person
    filters: Filters
    theme: str
    city: Mapping[str, Any]
    reading: Reading | None
    now: datetime
    pages: Mapping[str, Any] = field(default_factory=dict)
    page: str = HOME

    @property
    def colours(self) -> Palette:
        """The palette of the reader's theme."""
        return palette(self.theme)

    @property
    def arrival(self) -> datetime:
        """When what is handed in now arrives: where a city's clock is fixed, or the past is looked at, at that moment."""
        if self.reading and (self.reading.is_past or self.city.get("is_clock_fixed")):
            return self.reading.as_of
        return self.now.replace(microsecond=0)

    @property
    def is_demo(self) -> bool:
        """Whether everything shown is invented and must say so."""
        return str(self.city.get("provenance")) == "demo"

    @property
    def look(self) -> tuple[str, ...]:
        """What a drawn piece depends on besides its facts."""
        return (self.words.language, self.theme, self.filters.present, self.filters.take)


def keep(context: Context) -> None:
    """Keep the context for the page that is about to run."""
    st.session_state[KEY] = context


def here() -> Context:
    """Return the context of this run."""
    context: Context = st.session_state[KEY]
    return context
