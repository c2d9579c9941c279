"""Names what a special briefing is about: one sign of one entity, or one alert with the sign behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass


class NoSubjectError(KeyError):
    """Raised where a template wants a subject and has none, or the other way round, and for a subject that is not there."""

    def __init__(self, why: str, given: str = "") -> None:
        """Keep why: `wanted`, `not_wanted`, `no_sign`, `no_entity` or `no_alert`."""
        super().__init__(why)
        self.why, self.given = why, given


@dataclass(frozen=True, slots=True)
class Subject:
    """An alert by its id, or a sign by indicator, entity and grain; an empty entity is the whole city, an empty grain the sign's own."""

    alert: str = ""
    indicator: str = ""
    entity: str = ""
    grain: str = ""
    entity_kind: str = ""

    @property
    def is_given(self) -> bool:
        """Whether it names anything."""
        return bool(self.alert or self.indicator)

    @property
    def code(self) -> str:
        """A name for files: letters, digits, dots and dashes."""
        text = self.alert or "-".join(filter(None, (self.indicator, self.entity)))
        return re.sub(r"[^\w.\-]", "_", text)

    def plain(self) -> dict[str, str]:
        """Return what is said, as the desk keeps it."""
        return {key: value for key, value in asdict(self).items() if value}


def subject_from(said: Mapping[str, str]) -> Subject:
    """Return the subject that the desk kept."""
    return Subject(**{str(key): str(value) for key, value in said.items()})
