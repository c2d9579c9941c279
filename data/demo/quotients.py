"""The signs that rest on figures of two tables or feeds: one told figure over another, of the same entity and period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Told = dict[str, object]


@dataclass(frozen=True, slots=True)
class Quotient:
    """`indicator` is `above` for each so many of `below`."""

    indicator: str
    above: str
    below: str
    each: int


QUOTIENTS = (Quotient("heat_complaint_10k", "heat_orders", "heated_households", 10_000),)


def quotient_signs(signs: Sequence[Told]) -> Iterator[Told]:
    """Yield the quotients of what is told; where one side has no value there is none."""
    wanted = {name for one in QUOTIENTS for name in (one.above, one.below)}
    told = {(sign["indicator"], _key(sign)): sign["value"] for sign in signs if sign["indicator"] in wanted}
    for one in QUOTIENTS:
        for (name, key), above in told.items():
            if name == one.above and (one.below, key) in told:
                below = told[one.below, key]
                value = above / (below / one.each) if above is not None and below else None  # type: ignore[operator]  # numbers
                yield {"indicator": one.indicator, **dict(zip(("entity_kind", "entity", "period"), key, strict=True)), "value": value}


def _key(sign: Told) -> tuple[object, object, object]:
    return sign["entity_kind"], sign["entity"], sign["period"]
