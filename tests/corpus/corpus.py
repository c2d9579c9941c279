"""Every case of the corpus, and the drops that are taken for it: a good one, the bad one, a good one again.

The good drops of some cases of one feed are one file, with rows for the day of each: a round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.corpus import (
    cases_bombs,
    cases_cells,
    cases_containers,
    cases_json,
    cases_names,
    cases_parquet,
    cases_rows,
    cases_text,
    cases_workbooks,
)
from tests.corpus.case import CORRECTED, GOOD, Case, default_file, good, on

MODULES = (
    cases_bombs, cases_containers, cases_names, cases_text, cases_rows, cases_cells, cases_workbooks, cases_json, cases_parquet,
)  # fmt: skip
CASES = tuple(case for module in MODULES for case in module.CASES)
LARGEST_ROUND = 12
FIRST_DAY = date(2015, 1, 1)
ARRIVED = datetime(2020, 1, 1, tzinfo=UTC)
FIRST, BEFORE, BAD, LAST = range(4)
# What the good drops of a day say in the end.
STANDING = {"01:00": "1.00", "02:00": "2.50", "03:00": "3.00"}


class Drop(NamedTuple):
    """One drop as it waits: its place in the order of arrival, and where its bytes lie in the archive."""

    seq: int
    feed: str
    file: str
    sha256: str
    arrived_at: str


def _rounds() -> Iterator[tuple[Case, ...]]:
    waiting: dict[str, list[Case]] = {}
    for case in CASES:
        if case.is_alone:
            yield (case,)
            continue
        joined = waiting.setdefault(case.good_feed, [])
        joined.append(case)
        if len(joined) == LARGEST_ROUND:
            yield tuple(joined)
            joined.clear()
    yield from (tuple(joined) for joined in waiting.values() if joined)


ROUNDS = tuple(_rounds())
DAYS = {case.name: FIRST_DAY + timedelta(days=2 * place) for place, case in enumerate(CASES)}
SEQS: dict[tuple[str, int], int] = {}
_base = 1
for _round in ROUNDS:
    _last = _base + 2 * len(_round) + 1
    for _place, _case in enumerate(_round):
        SEQS |= {(_case.name, FIRST): _base, (_case.name, BEFORE): _base + 2 * _place + 1}
        SEQS |= {(_case.name, BAD): _base + 2 * _place + 2, (_case.name, LAST): _last}
    _base = _last + 1


def drops(cases: Collection[Case], archive: Path) -> Iterator[Drop]:
    """Write the drops of some cases into the archive and yield them in their order."""
    for joined in ROUNDS:
        if any(case in cases for case in joined):
            yield _good(joined, FIRST, archive)
            for case in joined:
                if case in cases:
                    yield from _bad(case, archive)
            yield _good(joined, LAST, archive)


def _good(joined: tuple[Case, ...], part: int, archive: Path) -> Drop:
    feed, days = joined[0].good_feed, [DAYS[case.name] for case in joined]
    content = good(feed, *(GOOD if part == FIRST else CORRECTED), days=days)(days[0])
    return _drop(SEQS[joined[0].name, part], feed, on(days[0], default_file(feed)), content, archive)


def _bad(case: Case, archive: Path) -> Iterator[Drop]:
    day = DAYS[case.name]
    if case.before:
        yield _drop(SEQS[case.name, BEFORE], case.feed, on(day, default_file(case.feed)), case.before(day), archive)
    yield _drop(SEQS[case.name, BAD], case.feed, on(day, case.file), case.make(day), archive)


def _drop(seq: int, feed: str, file: str, content: bytes, archive: Path) -> Drop:
    sha256 = hashlib.sha256(content).hexdigest()
    (archive / sha256).write_bytes(content)
    return Drop(seq, feed, file, sha256, (ARRIVED + timedelta(minutes=seq)).isoformat())
