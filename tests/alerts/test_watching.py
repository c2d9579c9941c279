"""What a rule can watch besides levels: each kind on a few periods laid out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from indicators.alerts import Evidence
from indicators.definition import Catalogue
from indicators.directory import load
from indicators.feedwatch import feed_keys, feeds_now
from indicators.observing import VIEW, Watched, lay, observe
from indicators.trending import fit
from tests.alerts.told_signs import KIND, SIGN, rule
from tests.golden.small_city import write_small_city

DAYS = [datetime(2024, 4, 1) + timedelta(days=number) for number in range(20)]
OTHER = "repairs_24h"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The definitions of the small city."""
    return load(write_small_city(tmp_path_factory.mktemp("watching"))).catalogue


def signs(name: str = SIGN, **columns: list[Any]) -> pd.DataFrame:
    """Return the signs of one entity, a day each; what is not said is ordinary."""
    size = len(next(iter(columns.values())))
    ordinary: Mapping[str, Any] = dict.fromkeys(VIEW) | {"level": "normal", "state": "ok", "value": 1.0, "control_centre": 1.0}
    said = {column: [value] * size for column, value in ordinary.items()} | columns
    return pd.DataFrame(said | {"indicator": name, "entity_kind": KIND, "entity": "G1", "start": DAYS[:size]})


def seen(catalogue: Catalogue, when: dict[str, Any], *frames: pd.DataFrame, **more: Any) -> Watched:
    """Return what a rule sees."""
    frame = pd.concat(frames, ignore_index=True)
    keys = frame[["indicator", "entity_kind", "entity"]].drop_duplicates(ignore_index=True)
    return observe(rule(when=when, **more), catalogue, lay(frame, "day", keys, DAYS[: len(frames[0])]))


def test_a_special_cause_counts_for_the_worse_and_where_limits_are(catalogue: Catalogue) -> None:
    """Without limits there is nothing to say; an improvement is none."""
    frame = signs(
        special=[None, "run_high", "run_high", "outside_low", "run_high"],
        variation=["common_cause", "concern_high", "improvement_high", "concern_low", "concern_high"],
        control_centre=[1.0, 1.0, 1.0, 1.0, None],
    )
    told = seen(catalogue, {"special": {"causes": ["run_high"], "level": "orange"}}, frame)

    assert told.breaches[:, 0].tolist() == [False, True, False, False, False]
    assert told.evidence[:, 0].tolist() == [Evidence.SEEN] * 4 + [Evidence.NONE]
    every = seen(catalogue, {"special": {"only_concern": False, "level": "orange"}}, frame)
    assert every.breaches[:, 0].tolist() == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("way", "breaches"),
    [("up", [False, True, False, False]), ("down", [False, False, True, False]), ("both", [False, True, True, False]),
     ("worse", [False, True, False, False])],
)  # fmt: skip
def test_a_change_counts_by_its_way(catalogue: Catalogue, way: str, breaches: list[bool]) -> None:
    """Fewer open repairs are better; without a period to compare with there is no evidence."""
    told = seen(
        catalogue,
        {"change": {"of": "week", "way": way, "levels": {"yellow": 50, "red": 200}}},
        signs(change_week=[10.0, 60.0, -80.0, None]),
    )

    assert told.breaches[:, 0].tolist() == breaches
    assert told.evidence[:, 0].tolist() == [Evidence.SEEN] * 3 + [Evidence.NONE]


def test_what_is_far_from_usual_counts_to_the_worse_side(catalogue: Catalogue) -> None:
    """In half widths of the usual range; without a range there is no evidence."""
    frame = signs(value=[10.0, 31.0, -15.0, 60.0, 9.0], baseline=[10.0] * 4 + [None], baseline_low=[0.0] * 5, baseline_high=[20.0] * 5)
    worse = seen(catalogue, {"unusual": {"levels": {"orange": 2, "red": 4}}}, frame, least="orange")
    either = seen(catalogue, {"unusual": {"levels": {"orange": 2, "red": 4}, "only_worse": False}}, frame, least="orange")

    assert worse.level[:, 0].tolist() == [0, 3, 0, 4, 0]
    assert either.level[:, 0].tolist() == [0, 3, 3, 4, 0]
    assert worse.evidence[:, 0].tolist() == [Evidence.SEEN] * 4 + [Evidence.NONE]


def test_a_trend_that_reaches_the_line_in_time(catalogue: Catalogue) -> None:
    """The yellow line of the small city's backlog lies ahead of a straight rise; noise and a flat course lead nowhere."""
    line = next(value for lines in catalogue.definitions[SIGN].spec.thresholds if (value := lines.yellow) is not None)
    rise = [line * (1 - (20 - day) * 0.02) for day in range(20)]
    when = {"forecast": {"line": "yellow", "within": 5, "over": 8, "level": "yellow"}}
    steady = seen(catalogue, when, signs(value=rise))
    flat = seen(catalogue, when, signs(value=[line * 0.5] * 20))
    wild = seen(catalogue, when, signs(value=[line * (0.5 + 0.3 * (day % 2)) for day in range(20)]))

    reached = [day for day in range(20) if steady.breaches[day, 0]]
    assert reached
    assert all(rise[day] + 5 * line * 0.02 >= line - 1e-9 for day in reached)
    assert all(day in reached for day in range(5, 20) if rise[day] + 5 * line * 0.02 >= line + 1e-9)
    assert not flat.breaches.any()
    assert not wild.breaches.any()
    assert steady.evidence[:4, 0].tolist() == [Evidence.NONE] * 4, "too few figures for a line"


def test_a_line_is_that_of_least_squares() -> None:
    """Against numpy's own fit over each window, with gaps."""
    rng = np.random.default_rng(7)
    values = rng.normal(100, 5, (30, 1))
    values[[4, 11, 12], 0] = np.nan
    ends, slope, error = fit(values, 9)
    for last in range(6, 30):
        rows = [row for row in range(max(0, last - 8), last + 1) if not np.isnan(values[row, 0])]
        (steep, flat), covariance = np.polyfit([row - last for row in rows], values[rows, 0], 1, cov="unscaled")
        left = values[rows, 0] - (flat + steep * (np.array(rows) - last))
        assert ends[last, 0] == pytest.approx(flat)
        assert slope[last, 0] == pytest.approx(steep)
        assert error[last, 0] == pytest.approx(np.sqrt(covariance[0, 0] * (left**2).sum() / (len(rows) - 2)))


def test_several_together_are_known_as_soon_as_the_rest_cannot_change_it(catalogue: Catalogue) -> None:
    """Two of two: one that is fine settles it though the other is not known."""
    one, other = ["yellow", "yellow", "normal", None, "red"], ["orange", "normal", None, None, "yellow"]
    states = [["ok" if level else "no_data" for level in levels] for levels in (one, other)]
    when = {"together": {"of": [SIGN, OTHER], "count": 2, "level": "orange"}}
    told = seen(catalogue, when, signs(level=one, state=states[0]), signs(OTHER, level=other, state=states[1]), indicators=[])

    assert told.keys["indicator"].tolist() == [SIGN]
    assert told.breaches[:, 0].tolist() == [True, False, False, False, True]
    assert told.evidence[:, 0].tolist() == [Evidence.SEEN, Evidence.SEEN, Evidence.SEEN, Evidence.NONE, Evidence.SEEN]


def test_feeds_are_judged_by_their_state_and_their_score() -> None:
    """What is due and not yet late says nothing; a score below a line has its level."""
    late = rule(when={"feed": {"late": "yellow", "missing": "red"}}, kinds=[], indicators=[])
    states = pd.DataFrame({"feed": ["a", "b", "c", "d", "e"], "state": ["on_time", "late", "missing", "due", "partial"]})
    rated = pd.DataFrame({"feed": ["a", "b", "c"], "span": "28d", "dimension": "overall", "score": [99.0, 60.0, None]})
    told = feeds_now(late, feed_keys(late, list(states["feed"])), states, rated)

    assert told.level[0].tolist() == [0, 2, 4, 0, 0]
    assert told.evidence[0].tolist() == [Evidence.SEEN, Evidence.SEEN, Evidence.SEEN, Evidence.NONE, Evidence.SEEN]
    low = rule(when={"quality": {"levels": {"yellow": 90, "orange": 70}, "feeds": ["a", "b", "c"]}}, kinds=[], indicators=[])
    told = feeds_now(low, feed_keys(low, list(states["feed"])), states, rated)
    assert told.level[0].tolist() == [0, 3, 0]
    assert told.evidence[0].tolist() == [Evidence.SEEN, Evidence.SEEN, Evidence.NONE]


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        ({}, "exactly one"),
        ({"feed": {"late": "red"}, "quality": {"levels": {"red": 1}}}, "exactly one"),
        ({"change": {"of": "week", "levels": {}}}, "at least one level"),
        ({"together": {"of": [SIGN, OTHER], "count": 3, "level": "red"}}, "at most as many"),
        ({"special": {"level": "blue"}}, "reaches `least`"),
        ({"feed": {"late": "red"}}, "save in a rule on feeds"),
    ],
)
def test_what_cannot_be_watched_is_refused(when: dict[str, Any], wanted: str) -> None:
    """Each with what would be right."""
    with pytest.raises(ValidationError, match=wanted):
        rule(when=when)


def test_a_version_is_what_decides_and_not_how_it_is_called() -> None:
    """Another name is the same rule; another line is not."""
    assert rule().digest == rule(name={"zh": "别名"}).digest != rule(least="red").digest
    assert rule().digest != rule(when={"special": {"level": "red"}}).digest
