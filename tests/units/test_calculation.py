"""When control limits are set, and that a figure judged day by day is judged as in one go."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from data.city import Calculation, SpcTerms
from indicators.calculation import Setting, Spc, applied, needed_from, settings_of
from indicators.control import Series, control, plan
from indicators.definition import Definition, Indicator
from indicators.formula import parse_formula
from indicators.spc import Chart
from tests.units.test_formula import TABLE

DAYS = Calculation(periods=42, review="quarter")
BEGINS, END = datetime(2015, 12, 10), datetime(2016, 7, 10)


def day(text: str) -> datetime:
    """The start of a day of 2015 or 2016."""
    return datetime.fromisoformat(text)


def test_limits_are_set_on_dates_and_stay() -> None:
    """The first 42 days teach; then each quarter's first day, from the 42 days before it."""
    assert settings_of(DAYS, "day", BEGINS, END) == [
        Setting(0, BEGINS, day("2016-01-21"), day("2016-01-21"), day("2016-04-01")),
        Setting(0, day("2016-02-19"), day("2016-04-01"), day("2016-04-01"), day("2016-07-01")),
        Setting(0, day("2016-05-20"), day("2016-07-01"), day("2016-07-01"), END),
    ]


def test_a_rebase_begins_a_new_group_and_learns_from_what_follows() -> None:
    """The old limits end with the day; a review learns nothing from before it, and waits for a whole calculation period."""
    found = settings_of(DAYS, "day", BEGINS, END, [date(2016, 3, 1)])

    assert [(one.group, one.first, one.since, one.until) for one in found] == [
        (0, BEGINS, day("2016-01-21"), day("2016-03-01")),
        (1, day("2016-03-01"), day("2016-04-12"), day("2016-07-01")),
        (1, day("2016-05-20"), day("2016-07-01"), END),
    ]


def test_a_rebase_between_two_periods_applies_from_the_next() -> None:
    """Deviation 11: Wednesday's rebase of a weekly sign begins on Monday; one before all data changes nothing."""
    assert day("2016-03-07") == applied(date(2016, 3, 2), "week")
    assert day("2016-03-07") == applied(date(2016, 3, 7), "week")
    assert settings_of(DAYS, "day", BEGINS, END) == settings_of(DAYS, "day", BEGINS, END, [date(2010, 1, 1)])


def test_without_a_review_limits_stay_for_ever() -> None:
    """And the figures that taught them are still asked for years later."""
    found = settings_of(Calculation(periods=42, review="never"), "day", BEGINS, datetime(2019, 1, 1))

    assert [BEGINS] == [one.first for one in found]
    assert BEGINS == needed_from(found, "day", datetime(2018, 12, 1))


def test_too_little_data_sets_nothing() -> None:
    """Before the first calculation period has ended no limit is in force."""
    found = settings_of(DAYS, "day", BEGINS, day("2016-01-05"))

    assert all(one.since >= one.until for one in found)


def test_rebases_are_dated_reasoned_and_signed() -> None:
    """Deviation 5: without a reason or a name there is no rebase."""
    given = {"from": "2016-03-01", "reason": {"zh": "系统升级"}, "by": "张三"}

    assert date(2016, 3, 1) == Spc.model_validate({"rebases": [given]}).rebases[0].since
    for wrong in ([given, given], [given | {"by": ""}], [{"from": "2016-03-01"}]):
        with pytest.raises(ValidationError):
            Spc.model_validate({"rebases": wrong})


def sign(formula: str = "count(urgent) / rows()", **keys: object) -> Definition:
    """A definition over the table of the formula tests."""
    spec = Indicator.model_validate(
        {"indicator": "ontime", "name": {"zh": "率"}, "table": "a.b", "formula": formula, "unit": "%", "precision": 2,
         "direction": "higher",
         "grain": ["district"], "cadence": "day", "owner": ["x"], "weight": 1, "since": "2013-01-01", "version": 1,
         "thresholds": [{"from": "2013-01-01", "blue": 98, "target": 100}]} | keys
    )  # fmt: skip
    return Definition(spec, "a", parse_formula(spec.formula, TABLE, frozenset(), spec.unit), (), spec.grains)


def noise(days: int, seed: int = 5) -> dict[str, np.ndarray]:
    """A daily share of two entities: gaps, days on which nothing is due, and a fall at the end."""
    dice = np.random.default_rng(seed)
    n = dice.integers(150, 400, (2, days)).astype(float)
    level = np.where(np.arange(days) > days - 12, 0.93, 0.97)
    values = dice.binomial(n.astype(int), level) / n * 100
    weekend = (np.arange(days) % 7) > 4
    n[:, weekend], values[:, weekend] = 0, np.nan
    values[1, dice.random(days) < 0.05] = np.nan
    return {"value": values, "denominator": n, "n": n}


def judged(one: Definition, fields: dict[str, np.ndarray], days: int, since: int = 0) -> dict[str, np.ndarray]:
    """The columns of `control` over the first `days` days, from `since` on."""
    starts = [BEGINS + timedelta(days=place) for place in range(since, days)]
    cut = {name: array[:, since:days] for name, array in fields.items()}
    empty = cut["n"] == 0
    columns = cut | {
        "state": np.where(np.isnan(cut["value"]), np.where(empty, "not_evaluated", "no_data"), "ok").astype(object),
        "reason": np.where(empty, "empty", "").astype(object),
    }
    entities = pd.DataFrame({"entity_kind": ["district", "street"], "entity": ["d", "s"]})
    terms = SpcTerms()
    settings = plan(one, "day", terms, BEGINS, BEGINS + timedelta(days=days))
    return control(Series(one, "day", starts, entities, columns, np.zeros((2, len(starts)), bool)), settings, terms)


def test_day_by_day_is_as_in_one_go() -> None:
    """What is told of a day when it comes is what a later computation of the whole past tells of it."""
    fields, whole = noise(240), judged(sign(), noise(240), 240)
    for known in range(60, 240, 17):
        then = judged(sign(), fields, known)
        for name, array in then.items():
            np.testing.assert_array_equal(array[:, -1], whole[name][:, known - 1], err_msg=f"{name} of day {known}")


def test_the_past_that_is_asked_for_is_enough() -> None:
    """Judged from the day that `needed_from` names, the last days are judged as with all the past."""
    fields = noise(240)
    settings = plan(sign(), "day", SpcTerms(), BEGINS, BEGINS + timedelta(days=240))
    first = (needed_from(settings, "day", BEGINS + timedelta(days=233)) - BEGINS).days
    whole, part = judged(sign(), fields, 240), judged(sign(), fields, 240, first)

    assert first > 30
    for name, array in part.items():
        np.testing.assert_array_equal(array[:, -7:], whole[name][:, -7:], err_msg=name)


def test_the_point_judged_never_teaches() -> None:
    """A wild last day has the limits that it would have without it."""
    fields = noise(200)
    calm = judged(sign(), fields, 200)
    fields["value"][:, 199] = 12.0
    wild = judged(sign(), fields, 200)

    np.testing.assert_array_equal(calm["control_low"][:, 199], wild["control_low"][:, 199])
    assert ["outside_low", "outside_low"] == list(wild["special"][:, 199])
    assert ["concern_low", "concern_low"] == list(wild["variation"][:, 199])


def test_days_on_which_nothing_was_due_part_nobody() -> None:
    """A run goes on over a weekend without obligations; over a day whose data are missing it breaks."""
    days = 200
    fields = noise(days)
    fields["value"][:, -14:] = np.where(fields["n"][:, -14:] == 0, np.nan, 96.0)
    fields["n"][:, -14:] = np.where(fields["n"][:, -14:] == 0, 0, 200.0)
    fields["denominator"] = fields["n"]
    assert "run_low" in set(judged(sign(), fields, days)["special"][0, -7:])
    fields["value"][0, -7:-5] = np.nan
    fields["n"][0, -7:-5] = np.nan

    assert {None} == set(judged(sign(), fields, days)["special"][0, -5:])


def test_incidents_teach_nothing() -> None:
    """Days left out of the calculation period leave the limits as they were; they are judged all the same."""
    fields, one = noise(120), sign()
    starts = [BEGINS + timedelta(days=place) for place in range(120)]
    spoilt = {name: array.copy() for name, array in fields.items()}
    spoilt["value"][:, 3:6] = 5.0
    out = np.tile(np.isin(np.arange(120), range(3, 6)), (2, 1))
    entities = pd.DataFrame({"entity_kind": ["district", "street"], "entity": ["d", "s"]})
    found = []
    for given in (fields, spoilt):
        columns = given | {"state": np.full((2, 120), "ok", object), "reason": np.full((2, 120), "", object)}
        settings = plan(one, "day", SpcTerms(), BEGINS, starts[-1] + timedelta(days=1))
        found.append(control(Series(one, "day", starts, entities, columns, out), settings, SpcTerms()))

    np.testing.assert_array_equal(found[0]["control_low"], found[1]["control_low"])


def test_why_there_are_no_limits_is_said() -> None:
    """The calculation period has not ended, holds too few points, stood still, or its days overlap."""
    few = noise(120)
    few["value"][:, :36] = np.nan
    still = noise(120)
    still["value"][:] = 100.0
    told = {
        "baseline_period": judged(sign(), noise(120), 120)["control_basis"][0, 20],
        "few_points": judged(sign(), few, 120)["control_basis"][1, 60],
        "no_spread": judged(sign(), still, 120)["control_basis"][0, 60],
        "overlapping": judged(sign(window={"days": 7, "kinds": ["street"]}), noise(120), 120)["control_basis"][1, 60],
        "p": judged(sign(), noise(120), 120)["control_basis"][0, 60],
    }

    assert list(told) == [code.partition(":")[0] for code in told.values()]
    assert "baseline_period:2015-12-10:2016-01-20" == told["baseline_period"]
    assert "p:2015-12-10:2016-01-20:30" == told["p"]
    assert {None} == set(judged(sign(), noise(120), 120)["variation"][0, :42])


def test_the_standard_is_where_blue_begins() -> None:
    """98 % lies inside the limits, 60 % below and 99.9 % above them; full marks at 100 % are not asked for."""
    fields = noise(120)
    lines = [[{"from": "2013-01-01", "blue": line, "target": 100}] for line in (96, 60, 99.9)]
    found = [judged(sign(thresholds=given), fields, 120)["assurance"][0, 106] for given in lines]

    assert ["hit_or_miss", "consistent_pass", "consistent_fail"] == found


@pytest.mark.parametrize(
    ("formula", "keys", "chart"),
    [
        ("count(urgent) / rows()", {}, Chart.P),
        ("rows() / count_distinct(street)", {"unit": "件"}, Chart.U),
        ("rows()", {"unit": "件"}, Chart.XMR),
        ("count(urgent) / rows()", {"spc": {"chart": "xmr"}}, Chart.XMR),
    ],
)
def test_the_chart_follows_the_formula(formula: str, keys: dict[str, object], chart: Chart) -> None:
    """A share is p, a count over a count u, all else xmr; a definition may say otherwise."""
    from indicators.control import chart_of

    assert chart is chart_of(sign(formula, **keys))
