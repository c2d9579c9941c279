"""Figures that cities have published come out of our signs as they were printed, with the denominator that each label names.

Sources: 郑州市 weekly analysis of urban-management cases, 8-14 April 2019; 天门市 notice of December 2016; 江门市 monthly of cases.
The points of U4SSC come out of a study, in `tests/evaluation/test_appraise.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from briefing.phrases import change
from data.readings import printed
from data.wording import Wording
from tests.units.bench_city import Bench, bench
from tests.units.test_suppression import told

COUNTS = ("accepted", "filed", "dispatched", "due", "closed", "on_time", "reworked", "extended")
WEEKLY: dict[str, Any] = {
    "name": {"zh": "周报"}, "kind": "readings", "key": ["street", "week"], "time": "week", "area": ["street"], "covers": "period",
    "columns": {"street": {"heading": "区", "type": "entity", "kind": "street"}, "week": {"heading": "周", "type": "date"}}
    | {name: {"heading": name, "type": "integer"} for name in COUNTS},
}  # fmt: skip
RATES = {
    "filed_rate": ("filed", "accepted"), "dispatched_rate": ("dispatched", "filed"), "closed_rate": ("closed", "due"),
    "on_time_rate": ("on_time", "due"), "reworked_rate": ("reworked", "due"), "extended_rate": ("extended", "due"),
    "dispatched_of_accepted": ("dispatched", "accepted"),
}  # fmt: skip
WEEK, MONTH = "2019-W15", date(2019, 4, 8)
ALL = (51571, 51229, 49151, 52434, 43523, 40394, 276, 104)
ORDINARY = (16754, 16570, 14673, 18086, 10225, 8765, 274, 101)


def rates(cadence: str) -> list[dict[str, Any]]:
    """Return the definitions of the rates, each with the denominator that its name says."""
    shared = {"by": "week", "cadence": cadence, "unit": "%", "grain": ["district", "street"]}
    return [shared | {"indicator": name, "formula": f"sum({part}) / sum({whole})"} for name, (part, whole) in RATES.items()]


def row(street: str | None, day: date, *counts: int | None) -> dict[str, Any]:
    """Return a line of a report."""
    return {"street": street, "week": day} | dict(zip(COUNTS, counts, strict=False))


def text(city: Bench, indicator: str, period: str, entity: str = "D") -> str | None:
    """Return a figure as it is printed."""
    one = city.catalogue.definitions[indicator].spec
    return printed(city.value(indicator, period, entity), one.precision, one.unit)


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        (ALL, ["99.34%", "95.94%", "83.01%", "77.04%", "0.53%", "0.20%"]),
        (ORDINARY, ["98.90%", "88.55%", "56.54%", "48.46%", "1.51%", "0.56%"]),
    ],
)
def test_zhengzhou_week(counts: tuple[int, ...], wanted: list[str]) -> None:
    """立案率, 派遣率 (of what was filed), 结案率, 按期结案率, 返工率 and 延期率 of all and of ordinary cases, from its districts' lines."""
    half = [count // 3 for count in counts]
    rest = [count - part for count, part in zip(counts, half, strict=True)]
    with bench(*rates("week"), cases=WEEKLY) as city:
        city.lay([row("D1", MONTH, *half), row(None, MONTH, *rest)], "2019-04-08", "2019-04-15")
        city.compute()

        assert wanted == [text(city, name, WEEK) for name in list(RATES)[:6]]


@pytest.mark.parametrize(
    ("counts", "filed", "of_filed", "of_accepted"),
    [
        ((1935, 1912, 1855), "98.81%", "97.02%", "95.87%"),  # 金水
        ((736, 596, 372), "80.98%", "62.42%", "50.54%"),  # 郑东
        ((972, 911, 737), "93.72%", "80.90%", "75.82%"),  # Tianmen, December 2016
    ],
)
def test_the_denominator_is_named(counts: tuple[int, int, int], filed: str, of_filed: str, of_accepted: str) -> None:
    """District lines print the third figure over the first, city lines over the second: two signs, and neither is taken for the other."""
    with bench(*rates("month"), cases=WEEKLY) as city:
        city.lay([row("D1", date(2016, 12, 5), *counts)], "2016-12-01", "2017-01-01")
        city.compute()

        names = ("filed_rate", "dispatched_rate", "dispatched_of_accepted")
        assert [filed, of_filed, of_accepted] == [text(city, name, "2016-12", "D1") for name in names]


@pytest.mark.parametrize(("before", "now", "wanted"), [(696, 633, "-9.05"), (13729, 14090, "2.63"), (7, 9, "28.57"), (0, 9, None)])
def test_jiangmen_changes(before: int, now: int, wanted: str | None) -> None:
    """696 to 633 is -9.05 per cent, 13729 to 14090 +2.63; where it prints +28.57 for 7 to 9, two more are said, and after 0 nine more."""
    spec = {"indicator": "cases_accepted", "formula": "sum(accepted)", "by": "week", "cadence": "month", "precision": 0}
    with bench(spec, cases=WEEKLY) as city:
        city.lay([row("D1", date(2016, 11, 1), before), row("D1", date(2016, 12, 1), now)], "2016-11-01", "2017-01-01")
        city.compute()
        sign = told(city, "cases_accepted", "month", datetime(2017, 1, 1)).loc["D", "2016-12"]
    said = change(Wording("zh"), sign.to_dict(), {"precision": 0, "unit": "件", "direction": "watch"}, "change_prev").text

    assert (None if pd.isna(sign["change_prev"]) else f"{sign['change_prev']:.2f}") == wanted
    assert said == {633: "−9.1%", 14090: "+2.6%"}.get(now, "+2件" if before else "+9件（上期为0，不可比）")
    assert (before == 0) is bool(sign["change_reason"] == "base_zero")
    assert now - before == sign["difference_prev"]
