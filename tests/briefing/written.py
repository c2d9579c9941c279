"""Reads the files of a briefing back as a reader gets them: the text of every form."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from docx import Document
from pptx import Presentation

from briefing.document import printing
from briefing.document.content import Briefing


def texts_of(folder: Path, name: str) -> dict[str, str]:
    """Return the text of each form, without any white space."""
    document = Document(io.BytesIO((folder / f"{name}.docx").read_bytes()))
    words = [one.text for one in document.paragraphs] + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    shapes = shapes_of(folder, name)
    said = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    said += [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    html = re.sub(r"<[^>]+>", "", (folder / f"{name}.html").read_text(encoding="utf-8"))
    texts = {
        "pdf": printing.text_of((folder / f"{name}.pdf").read_bytes()), "docx": "\n".join(words), "pptx": "\n".join(said), "html": html,
    }  # fmt: skip
    return {form: re.sub(r"\s", "", text) for form, text in texts.items()}


def shapes_of(folder: Path, name: str) -> list[Any]:
    """Return every shape of the slides."""
    deck = Presentation(io.BytesIO((folder / f"{name}.pptx").read_bytes()))
    return [shape for slide in deck.slides for shape in slide.shapes]


def said_by(briefing: Briefing) -> list[str]:
    """Return what every form must hold: titles, paragraphs, cells and notes, without white space."""
    parts = [
        part for one in briefing.sections for part in (
            one.title, *one.paragraphs, *(cell.text for table in one.tables for row in table.rows for cell in row),
            *(table.note for table in one.tables),
        )
    ]  # fmt: skip
    return [re.sub(r"\s", "", part) for part in parts]
