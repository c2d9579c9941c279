"""What a period counts: on several time axes, with conditions that ask for the period itself, by dimensions too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.units.bench_city import bench

RATES = {
    "closed": "closed(closed_at) / rows()",
    "on_time": "count(in_period(closed_at) and closed_at <= due_at) / rows()",
    "reworked": "count(rework > 0) / rows()",
    "done_by_end": "count(closed_at <= period_end()) / rows()",
}
WEEK = datetime(2019, 4, 8)


def weekly(**more: Any) -> list[dict[str, Any]]:
    """Return the four rates over 应结案: due in the week or closed in it."""
    shared = {"by": ["due_at", "closed_at"], "unit": "%", "cadence": "week", "direction": "watch"}
    return [shared | {"indicator": name, "formula": formula} | more for name, formula in RATES.items()]


def zhengzhou() -> list[dict[str, Any]]:
    """Return a hundredth of Zhengzhou's ordinary cases of 2019-04-08..14: 181 to close, 102 closed, 88 on time, 3 reworked."""
    rows: list[dict[str, Any]] = []

    def add(count: int, **said: Any) -> None:
        first = len(rows)
        rows.extend({"no": first + place, "opened_at": WEEK - timedelta(days=20)} | said for place in range(count))

    day = timedelta(days=1)
    add(50, due_at=WEEK + 3 * day, closed_at=WEEK + 2 * day)  # due and closed in the week: once
    add(38, due_at=WEEK + 9 * day, closed_at=WEEK + 6 * day, rework=0)  # closed early, before the week that it is due in
    add(14, due_at=WEEK - 9 * day, closed_at=WEEK + 1 * day, rework=0)  # carried over, late
    add(76, due_at=WEEK + 4 * day)  # due, open
    add(3, due_at=WEEK + 4 * day, closed_at=WEEK + 8 * day, rework=1)  # due, closed a week later
    add(40, due_at=WEEK + 30 * day)  # of no account
    return rows


def test_due_or_closed_in_the_period_counts_once() -> None:
    """应结案 = due in the period or closed in it: 结案率 and 按期结案率 as Zhengzhou counts them (56.54 and 48.46 per cent of 18086)."""
    with bench(*weekly()) as city:
        city.lay(zhengzhou(), "2019-03-01", "2019-04-29")
        city.compute()

        assert (102, 181) == (city.cell("closed", "2019-W15")["numerator"], city.cell("closed", "2019-W15")["denominator"])
        assert (88, 181, 181) == tuple(city.cell("on_time", "2019-W15")[name] for name in ("numerator", "denominator", "n"))
        assert 3 == city.cell("reworked", "2019-W15")["numerator"]
        assert 102 == city.cell("done_by_end", "2019-W15")["numerator"]
        assert 41 == city.cell("closed", "2019-W16")["denominator"]


def test_a_month_is_not_its_weeks_added_up() -> None:
    """A case that is due in one week and closed in another counts in each week, and once in the month."""
    with bench(*weekly(cadence="week")) as city:
        city.lay([{"no": 1, "opened_at": WEEK, "due_at": WEEK, "closed_at": WEEK + timedelta(days=8)}], "2019-04-01", "2019-05-01")
        city.compute()

        assert [1, 1, 1] == [city.cell("closed", period)["denominator"] for period in ("2019-W15", "2019-W16", "2019-04")]
        assert [0, 100, 100] == [city.value("closed", period) for period in ("2019-W15", "2019-W16", "2019-04")]
        assert [0, 1, 1] == [city.cell("done_by_end", period)["numerator"] for period in ("2019-W15", "2019-W16", "2019-04")]


def test_distinct_counts_and_windows_on_two_axes() -> None:
    """What is counted from records counts once too, also in the days of a window."""
    spec = {"indicator": "both", "by": ["due_at", "closed_at"], "formula": "count_distinct(no)", "window": {"days": 3, "kinds": ["street"]},
            "grain": ["district", "street"]}  # fmt: skip
    with bench(spec) as city:
        city.lay([{"no": 1, "street": "D1", "due_at": WEEK, "closed_at": WEEK + timedelta(days=1)}], "2019-04-01", "2019-05-01")
        city.compute()

        assert [1, 1, 0] == [city.value("both", f"2019-04-{day:02}") for day in (8, 9, 10)]
        assert [1, 1, 1, 1, 0] == [city.value("both", f"2019-04-{day:02}", "D1") for day in (8, 9, 10, 11, 12)]


def test_departments_are_a_dimension_of_cases() -> None:
    """What names no department is 未归属; parts and 未归属 make the whole, for counts, distinct counts and backlogs."""
    formulas = {
        "opened_cases": "rows()",
        "paid": "sum(amount)",
        "kinds": "count_distinct(no)",
        "open_cases": "backlog(opened_at, closed_at)",
    }
    specs = [
        {"indicator": name, "formula": formula, "grain": ["district", "street", "dept"], "unit": "元" if name == "paid" else "件"}
        for name, formula in formulas.items()
    ]
    rows = [
        {"no": 1, "opened_at": WEEK, "street": "D1", "handler": "water", "amount": 5},
        {"no": 2, "opened_at": WEEK, "handler": "roads", "amount": 7},
        {"no": 3, "opened_at": WEEK, "street": "D2", "amount": 11},
        {"no": 4, "opened_at": WEEK, "street": "D2", "handler": "water", "closed_at": WEEK},
    ]
    with bench(*specs) as city:
        city.lay(rows, "2019-04-01", "2019-05-01")
        city.compute()

        def parts(name: str) -> list[float | None]:
            return [city.value(name, "2019-04-08", entity) for entity in ("water", "roads", "office", "DU-dept", "D")]

        assert [2, 1, 0, 1, 4] == parts("opened_cases")
        assert [5, 7, 0, 11, 23] == parts("paid")
        assert [2, 1, 0, 1, 4] == parts("kinds")
        assert [1, 1, 0, 1, 3] == parts("open_cases")
        assert [1, 2, 1] == [city.value("opened_cases", "2019-04-08", entity) for entity in ("D1", "D2", "DU")]
        assert {} == city.cell("opened_cases", "2019-04-09", "DU-dept"), "nothing lies there"
        assert 0 == city.value("opened_cases", "2019-04-09", "DU")
