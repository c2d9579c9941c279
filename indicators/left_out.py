"""Says which periods of which series teach nothing about what is usual, because something happened in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from data import periods
from data.annotations import Annotation
from data.register import Reference
from indicators.definition import Definition


def left_out(
    one: Definition, grain: str, starts: Sequence[datetime], entities: Sequence[str], reference: Reference
) -> npt.NDArray[np.bool_]:
    """Return (entities x periods): whether excluded days make at least `least_share` of the period, of those that concern the entity.

    `starts` rise; the share of an hour is that of its day. All is false where nothing is marked.
    """
    return marked_periods(excluded(one.name, one.domain, reference), grain, starts, entities, reference)


def marked_periods(
    marked: Sequence[Annotation], grain: str, starts: Sequence[datetime], entities: Sequence[str], reference: Reference
) -> npt.NDArray[np.bool_]:
    """Return the same for annotations that are at hand."""
    mask = np.zeros((len(entities), len(starts)), dtype=bool)
    if not marked or not starts:
        return mask
    wider = reference.wider
    first = np.array([start.toordinal() for start in starts])
    end = np.array([(periods.step(start, grain) - timedelta(seconds=1)).toordinal() + 1 for start in starts])
    known: dict[tuple[bool, ...], npt.NDArray[np.bool_]] = {}
    for row, entity in enumerate(entities):
        concerned = tuple(note.is_at(entity, wider) for note in marked)
        if concerned not in known:
            spans = [note.span for note, is_concerned in zip(marked, concerned, strict=True) if is_concerned]
            days = np.array(sorted({day for a, b in spans for day in range(a.toordinal(), b.toordinal() + 1)}), dtype=int)
            inside = np.searchsorted(days, end) - np.searchsorted(days, first)
            known[concerned] = inside / (end - first) >= reference.annotations.least_share
        mask[row] = known[concerned]
    return mask


def excluded(indicator: str, domain: str, reference: Reference) -> list[Annotation]:
    """Return the annotations that keep periods of an indicator from teaching."""
    return [note for note in reference.annotations.annotations if note.excluded and note.is_of(indicator, domain)]


def mark_of(one: Definition, reference: Reference) -> str:
    """Return a text that changes when what is left out of an indicator does: then its signs are judged anew."""
    said = [(note.span, note.entities) for note in excluded(one.name, one.domain, reference)]
    return repr((reference.annotations.least_share, sorted(said))) if said else ""
