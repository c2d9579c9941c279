"""Makes what stands below a text: a table or chart for each kind of block that a template may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from briefing.document import blocks, evaluation_blocks, subject_blocks
from briefing.document.content import Series, Table
from briefing.document.facts import Facts
from briefing.document.template import Block

TABLES: Mapping[str, Callable[[Facts, Block], Table]] = {
    "alerts": blocks.alerts, "domains": blocks.domains, "signs": blocks.signs, "duty": blocks.duty,
    "ranking": evaluation_blocks.ranking, "parts": evaluation_blocks.parts, "moved": evaluation_blocks.moved,
    "left_out": evaluation_blocks.left_out, "card": subject_blocks.card, "areas": subject_blocks.areas, "kin": subject_blocks.kin,
    "near": subject_blocks.near, "own": subject_blocks.own, "acts": subject_blocks.acts,
}  # fmt: skip
CHARTS: Mapping[str, Callable[[Facts, Block], Series | None]] = {
    "index": blocks.index, "trend": blocks.trend, "bars": blocks.bars, "course": subject_blocks.course,
}  # fmt: skip


def tables_of(facts: Facts, wanted: Sequence[Block]) -> tuple[Table, ...]:
    """Return the tables among some blocks."""
    return tuple(TABLES[block.kind](facts, block) for block in wanted if block.kind in TABLES)


def charts_of(facts: Facts, wanted: Sequence[Block]) -> tuple[Series, ...]:
    """Return the charts among some blocks; an alert without a sign has none."""
    made = (CHARTS[block.kind](facts, block) for block in wanted if block.kind in CHARTS)
    return tuple(chart for chart in made if chart is not None)
