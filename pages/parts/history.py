"""Reads the past of one sign and of the areas inside it; it draws nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from pages.parts.picker import Choice
from pages.parts.reading import Reading
from pages.parts.records import Record, Records, listed, plain

SPANS = {"hour": 72, "day": 56, "week": 26, "month": 24, "quarter": 12, "year": 10}
LONG = {"hour": 672, "day": 400, "week": 104, "month": 60, "quarter": 40, "year": 20}
DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31, "quarter": 92}
OTHER, YEAR = 30, 366


def history(reading: Reading, chosen: Choice, *, is_long: bool = False) -> list[Record]:
    """Return the last periods of the chosen sign, in order of time."""
    count = (LONG if is_long else SPANS).get(chosen.grain, OTHER)
    frame = reading.frame(
        "signs", indicator=chosen.indicator["indicator"], entity_kind=chosen.entity["entity_kind"], entity=chosen.entity["entity"],
        grain=chosen.grain, start=earliest(reading, chosen.grain, count),
    )  # fmt: skip
    return plain(frame.sort_values("start").tail(count))


def earliest(reading: Reading, grain: str, count: int) -> datetime:
    """Return a moment before the first of the last `count` periods."""
    return (reading.as_of - timedelta(days=DAYS.get(grain, YEAR) * (count + 2))).replace(tzinfo=None, hour=0, minute=0)


def parts_of(reading: Reading, records: Records, chosen: Choice) -> list[Record]:
    """Return the signs of the smaller areas inside the chosen one, else of its neighbours, in order of time."""
    own, known = chosen.entity, listed(chosen.indicator["entity_kinds"])
    inside = {(row["entity_kind"], row["entity"]) for row in records.entities if row["parent"] == own["entity"]}
    kinds = [kind for kind in known if kind in {kind for kind, _ in inside}]
    if not kinds and own["parent"]:
        inside = {(own["entity_kind"], row["entity"]) for row in records.entities if row["parent"] == own["parent"]}
        kinds = [own["entity_kind"]]
    if not kinds:
        return []
    count = SPANS.get(chosen.grain, OTHER)
    frame = reading.frame(
        "signs", indicator=chosen.indicator["indicator"], entity_kind=kinds[0], grain=chosen.grain,
        start=earliest(reading, chosen.grain, count),
    )  # fmt: skip
    frame = frame[[(kind, entity) in inside for kind, entity in zip(frame["entity_kind"], frame["entity"], strict=True)]]
    return plain(frame.sort_values(["entity", "start"]).groupby("entity").tail(count))
