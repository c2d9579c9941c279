"""Drafts a briefing: composed by a snapshot, numbered at the desk where its kind is numbered as it comes, held against what it corrects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from briefing.document.content import Briefing
from briefing.document.issuing import again, changed, composed, templates
from briefing.document.register import Issue, next_ordinal, subject_of
from briefing.document.subject import Subject
from data.settings import Settings
from data.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft: what it says, and the subject and payload under which the desk keeps it."""

    made: Briefing
    subject: str
    payload: dict[str, Any]


def draft_of(
    settings: Settings, snapshot: Snapshot, template: str, moment: datetime, *, subject: Subject, known: Iterable[Issue] = (),
    corrects: Issue | None = None,
) -> Drafted:  # fmt: skip
    """Return a draft; `known` is the register. Raises NoTemplateError, NoSubjectError, RefusedBriefingError, DefinitionError."""
    payload: dict[str, Any] = {"moment": moment.isoformat(), "snapshot": snapshot.id}
    spec = templates(settings, snapshot).get(template)
    if spec and spec.number == "running":
        payload["ordinal"] = next_ordinal(known, template, moment.year, corrects.number if corrects else 0)
    if subject.is_given:
        payload["subject"] = subject.plain()
    more = {"subject": subject, "ordinal": payload.get("ordinal", 0)}
    made = composed(settings, snapshot, template, moment, **more)
    if corrects is not None:
        before = again(settings, corrects)
        payload |= {"corrects": corrects.number, "corrected": before.number, "changes": list(changed(before, made))}
        made = composed(
            settings, snapshot, template, moment, corrects=before.number, changes=tuple(payload["changes"]), **more,
        )  # fmt: skip
    return Drafted(made, subject_of(template, made.period), payload | {"hash": made.hash, "code": made.code})
