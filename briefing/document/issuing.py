"""Takes a briefing from draft to issue: composed by a pinned snapshot, edited and approved by people, written in every form, verified.

Composing again on the same snapshot, definitions and actions gives the same hash: a difference is a fault that is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from briefing.document import paper, printing, slides, word
from briefing.document.composing import RefusedBriefingError, compose
from briefing.document.content import Briefing
from briefing.document.facts import Facts
from briefing.document.register import Issue
from briefing.document.subject import NoSubjectError, Subject, subject_from
from briefing.document.template import Template, load_templates
from data import definitions
from data.desk.telling import load_telling
from data.desk.worked import work_of
from data.settings import Settings
from data.snapshots import Snapshot, open_snapshot
from data.wording import Wording

FORMS = ("pdf", "png", "html", "docx", "pptx")
MOST_CHANGES = 12
NOTHING = Subject()


class NoTemplateError(KeyError):
    """Raised for a briefing that the city has no template of."""


@dataclass(frozen=True, slots=True)
class Written:
    """The files of an issue, by name, and their hashes."""

    folder: Path
    files: dict[str, str]


def composed(
    settings: Settings, snapshot: Snapshot, template: str, moment: datetime, *, language: str = "zh",
    edits: dict[str, str] | None = None, corrects: str = "", changes: tuple[str, ...] = (), subject: Subject = NOTHING, ordinal: int = 0,
) -> Briefing:  # fmt: skip
    """Return a briefing by the definitions of its snapshot; `ordinal` is the number of one that is numbered as it comes.

    Raises NoTemplateError, NoSubjectError, RefusedBriefingError, DefinitionError.
    """
    with definitions.in_force(settings, snapshot.definitions) as then:
        templates = load_templates(then) or load_templates(settings)  # a snapshot from before there were any
        if template not in templates:
            raise NoTemplateError(", ".join(templates) or "—", template)
        spec, source = templates[template]
        work = work_of(then)
        telling = load_telling(then, work.terms)
        facts = Facts(settings, snapshot, Wording(language, then.city_dir), work, telling[1] if telling else (), moment, spec.grain)
        if (spec.about == "subject") != subject.is_given:
            raise NoSubjectError("wanted" if spec.about == "subject" else "not_wanted", template)
        facts = facts.on(subject) if subject.is_given else facts
        return compose(spec, source, facts, edits=edits, corrects=corrects, changes=changes, ordinal=ordinal)


def templates(settings: Settings, snapshot: Snapshot) -> dict[str, Template]:
    """Return the templates that a snapshot was published with, by name; raises DefinitionError."""
    with definitions.in_force(settings, snapshot.definitions) as then:
        return {name: one for name, (one, _) in (load_templates(then) or load_templates(settings)).items()}


def again(settings: Settings, issue: Issue) -> Briefing:
    """Return an issue of the register composed once more, with what people wrote in it."""
    snapshot, moment = open_snapshot(settings, issue.snapshot), datetime.fromisoformat(issue.moment)
    return composed(
        settings, snapshot, issue.template, moment, edits=dict(issue.edits), corrects=issue.corrected, changes=issue.changes,
        subject=subject_from(issue.subject), ordinal=issue.ordinal,
    )  # fmt: skip


def changed(before: Briefing, now: Briefing) -> tuple[str, ...]:
    """Return the lines that a correction says otherwise: what stood there and what stands there now."""
    lines = unified_diff(before.text().splitlines(), now.text().splitlines(), n=0, lineterm="")
    kept = [line.replace("\t", " ") for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    said = [line.replace("+", "＋ ", 1) if line[0] == "+" else line.replace("-", "－ ", 1) for line in kept]
    return tuple(said[:MOST_CHANGES]) + ((f"…{len(said) - MOST_CHANGES}",) if len(said) > MOST_CHANGES else ())


def write_forms(folder: Path, briefing: Briefing, words: Wording, forms: tuple[str, ...] = FORMS) -> Written:
    """Write a briefing in some forms; raises RefusedBriefingError for a page that would be cut or lacks a chart or font, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    html, made, drawn = paper.html(briefing, words), {}, []
    if {"pdf", "png"} & set(forms):
        with printing.browser() as running:
            faults = [words.say("document.fault.font", font=font) for font in printing.missing_fonts(running)]
            printed, found = printing.pdf(running, html, paper.footer(briefing, words))
            drawn = printing.figures(running, html) if "docx" in forms else []
        faults += [words.say(f"document.fault.{kind}", title=what, section=what) for kind, _, what in (one.partition(":") for one in found)]
        if faults:
            raise RefusedBriefingError(faults)
        if "pdf" in forms:
            made[f"{briefing.name}.pdf"] = printed
        if "png" in forms:
            made |= {f"{briefing.name}-{place}.png": one for place, one in enumerate(printing.pictures(printed), start=1)}
    if "html" in forms:
        made[f"{briefing.name}.html"] = html.encode()
    if "docx" in forms:
        made[f"{briefing.name}.docx"] = word.docx(briefing, words, drawn)
    if "pptx" in forms:
        made[f"{briefing.name}.pptx"] = slides.pptx(briefing, words)
    for file, content in made.items():
        (folder / file).write_bytes(content)
    return Written(folder, {file: hashlib.sha256(content).hexdigest() for file, content in made.items()})
