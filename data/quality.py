"""Rates the quality of a feed on six dimensions (规范性 完整性 准确性 一致性 时效性 可访问性), with one to five stars.

Every score stands beside the counts it is made of; a dimension with nothing to judge is null, not 100.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from data import periods
from data.city import DIMENSIONS, QualityTerms
from data.deliveries import KEPT_MONTHS, Deliveries
from data.freshness import Delivery, FeedState
from data.reasons import RowReason

OVERALL = "overall"
LAST, LAST_DAYS = "28d", timedelta(days=28)
PRECISION = Decimal("0.01")

_WRONG = {
    "conformity": (
        RowReason.COLUMN_COUNT, RowReason.BAD_CHAR, RowReason.FIELD_TOO_LONG, RowReason.BAD_JSON, RowReason.BAD_TYPE,
        RowReason.BAD_NUMBER, RowReason.BAD_DATE, RowReason.BAD_VALUE,
    ),
    "completeness": (RowReason.MISSING_KEY,),
    "accuracy": (RowReason.OUT_OF_RANGE, RowReason.FUTURE_DATE),
    "consistency": (RowReason.UNKNOWN_UNIT, RowReason.INCONSISTENT, RowReason.DUPLICATE_CONFLICT),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """What a span of a feed is judged by.

    `wrong` are judged rows with a fault of each dimension; `shares` are those owed by deliveries that were due, `came` those
    of them that came; `controlled` are taken drops, `broken` those whose 合计 is not the sum of its rows.
    """

    rows: int = 0
    wrong: Mapping[str, int] | None = None
    controlled: int = 0
    broken: int = 0
    files: int = 0
    refused: int = 0
    due: int = 0
    on_time: int = 0
    shares: int = 0
    came: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """One ratio of a dimension: so many of so many were right."""

    of: str
    good: int
    n: int


def bases(counts: Counts) -> dict[str, list[Basis]]:
    """Return the ratios that each dimension is the product of."""
    wrong = counts.wrong or {}
    found = {name: [Basis("rows", counts.rows - wrong.get(name, 0), counts.rows)] for name in _WRONG}
    found["completeness"].append(Basis("deliveries", counts.came, counts.shares))
    found["accuracy"].append(Basis("files", counts.controlled - counts.broken, counts.controlled))
    found["timeliness"] = [Basis("deliveries", counts.on_time, counts.due)]
    found["accessibility"] = [Basis("files", counts.files - counts.refused, counts.files)]
    return found


def score(ratios: list[Basis]) -> float | None:
    """Return 100 times the product of the ratios that have something to judge, at two decimals, half up; None where none has."""
    held = [Decimal(one.good) / one.n for one in ratios if one.n]
    if not held:
        return None
    product = Decimal(100)
    for ratio in held:
        product *= ratio
    return float(product.quantize(PRECISION, ROUND_HALF_UP))


def overall(scores: Mapping[str, float | None], terms: QualityTerms) -> tuple[float | None, float]:
    """Return the weighted mean of the scores that are there, and the share of the weights that they have.

    With less than `least_coverage` of the weights there is no score.
    """
    weights = {name: Decimal(str(terms.weights[name])) for name, value in scores.items() if value is not None}  # type: ignore[index]
    held, whole = sum(weights.values(), Decimal(0)), sum(Decimal(str(weight)) for weight in terms.weights.values())
    coverage = held / whole
    if not held or float(coverage) < terms.least_coverage:
        return None, float(coverage)
    mean = sum(weight * Decimal(str(scores[name])) for name, weight in weights.items()) / held
    return float(mean.quantize(PRECISION, ROUND_HALF_UP)), float(coverage)


def stars(value: float | None, terms: QualityTerms) -> int | None:
    """Return one to five stars, None without a score."""
    if value is None:
        return None
    return next((5 - place for place, least in enumerate(terms.stars) if value >= least), 1)


def quality(known: Deliveries, terms: QualityTerms) -> pd.DataFrame:
    """Return a row per feed, span and dimension, `overall` first: QUALITY_COLUMNS of readings.

    Spans: `28d` (the last 28 days up to now), `28d_before`, and each of the last 13 months up to now.
    """
    spans = _spans(known)
    of_span = _counts(known, spans)
    rows = [
        {"feed": feed, "span": span, "start": start.replace(microsecond=0), "end": end.replace(microsecond=0)} | one
        for span, start, end in spans
        for feed in known.contracts
        for one in _rated(of_span.get((feed, span), Counts()), terms)
    ]
    rated = pd.DataFrame(rows)
    counted = [name for name in rated.columns if name.endswith(("_good", "_n"))]
    return rated.astype(dict.fromkeys([*counted, "stars"], "Int64") | {"score": "Float64"}) if rows else rated


def _spans(known: Deliveries) -> list[tuple[str, datetime, datetime]]:
    """Return the spans that are rated: their names, starts and ends (the end is not in it; now is)."""
    starts = [periods.step(known.first, "month", place) for place in range(KEPT_MONTHS + 1)]
    after = known.now + datetime.resolution
    rows = [(LAST, after - LAST_DAYS, after), (f"{LAST}_before", after - 2 * LAST_DAYS, after - LAST_DAYS)]
    return rows + [(periods.code(start, "month"), start, min(end, after)) for start, end in pairwise(starts)]


def _rated(counts: Counts, terms: QualityTerms) -> list[dict[str, Any]]:
    ratios = bases(counts)
    scores = {name: score(ratios[name]) for name in DIMENSIONS}
    value, coverage = overall(scores, terms)
    head = {"dimension": OVERALL, "score": value, "stars": stars(value, terms), "coverage": coverage, "weight": None}
    return [head] + [
        {"dimension": name, "score": scores[name], "stars": stars(scores[name], terms), "weight": terms.weights[name]}  # type: ignore[index]
        | {f"{one.of}_good": one.good for one in ratios[name]} | {f"{one.of}_n": one.n for one in ratios[name]}
        for name in DIMENSIONS
    ]  # fmt: skip


def _counts(known: Deliveries, spans: list[tuple[str, datetime, datetime]]) -> dict[tuple[str, str], Counts]:
    """Return by feed and span what is judged: rows and files by arrival, deliveries whose grace is over by due time."""
    con = known.con
    con.register("spans", pd.DataFrame(spans, columns=["span", "start", "end"]))
    files = con.execute(
        "SELECT feed, span, sum(accepted + quarantined)::BIGINT, count(*) FILTER (WHERE state = 'taken'),"
        " count(*) FILTER (WHERE state = 'taken' AND control != ''), count(*), count(*) FILTER (WHERE state = 'refused')"
        ' FROM ledger JOIN spans s ON arrived_at >= s.start AND arrived_at < s."end" GROUP BY ALL'
    ).fetchall()
    wrong: dict[tuple[str, str], dict[str, int]] = {}
    for feed, span, dimension, count in con.execute(
        f"""SELECT q.feed, s.span, {_dimension_sql()} AS dimension, count(DISTINCT (q."drop", q."table", q.sheet, q.line))
            FROM quarantine q JOIN ledger l USING ("drop") JOIN spans s ON l.arrived_at >= s.start AND l.arrived_at < s."end"
            GROUP BY ALL"""
    ).fetchall():
        wrong.setdefault((feed, span), {})[dimension] = count
    con.unregister("spans")
    found = {(feed, span): Counts(rows, wrong.get((feed, span), {}), *said) for feed, span, rows, *said in files}
    for feed in known.contracts:
        over = [one for key in known.of(feed) for one in known.judged[key] if one.state is not FeedState.DUE]
        over.sort(key=_due_at)
        for span, start, end in spans:
            due = over[bisect_left(over, start, key=_due_at) : bisect_left(over, end, key=_due_at)]
            found[feed, span] = replace(
                found.get((feed, span), Counts()), due=len(due), on_time=sum(one.state is FeedState.ON_TIME for one in due),
                shares=sum(one.expected for one in due), came=sum(one.came for one in due),
            )  # fmt: skip
    return found


def _due_at(one: Delivery) -> datetime:
    return one.due.due_at


def _dimension_sql() -> str:
    """Return SQL of the dimension that the reason of a quarantined row speaks against."""
    lists = {name: ", ".join(f"'{reason}'" for reason in reasons) for name, reasons in _WRONG.items()}
    branches = [f"WHEN q.reason IN ({reasons}) THEN '{name}'" for name, reasons in lists.items()]
    return f"CASE {' '.join(branches)} END"
