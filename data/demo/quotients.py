"""The signs that rest on figures of two tables or feeds: one told figure over another, of the same entity and period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from data.demo.periods import end_of

Told = dict[str, object]
MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Quotient:
    """`indicator` is `above` for each so many of `below`, or of the last month of it that has ended and still holds."""

    indicator: str
    above: str
    below: str
    each: int
    holds: timedelta | None = None


QUOTIENTS = (
    Quotient("heat_complaint_10k", "heat_orders", "heated_households", 10_000),
    Quotient("property_complaint_10k", "property_orders", "households", 10_000, timedelta(days=62)),
)


def quotient_signs(signs: Sequence[Told]) -> Iterator[Told]:
    """Yield the quotients of what is told; where one side has no value there is none."""
    wanted = {name for one in QUOTIENTS for name in (one.above, one.below)}
    told = {(sign["indicator"], _key(sign)): sign["value"] for sign in signs if sign["indicator"] in wanted}
    known = {(name, kind, entity) for name, (kind, entity, _) in told}
    months = sorted((end_of(str(period)), name, kind, entity, value) for (name, (kind, entity, period)), value in told.items()
                    if MONTH.fullmatch(str(period)) and value is not None)  # fmt: skip
    for one in QUOTIENTS:
        for (name, key), above in told.items():
            if name != one.above or (one.below, *key[:2]) not in known:
                continue
            if one.holds is None:
                below = told.get((one.below, key))
            else:
                end = end_of(str(key[2]))
                held = [value for at, *whose, value in months if whose == [one.below, *key[:2]] and end - one.holds < at <= end]
                below = held[-1] if held else None
            value = above / (below / one.each) if above is not None and below else None  # type: ignore[operator]  # numbers
            yield {"indicator": one.indicator, **dict(zip(("entity_kind", "entity", "period"), key, strict=True)), "value": value}


def _key(sign: Told) -> tuple[object, object, object]:
    return sign["entity_kind"], sign["entity"], sign["period"]
