"""Lower is better mirrors higher is better: what is late mirrors what is on time, in level, change, limits, icons and points."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.phrases import change
from briefing.variation import tone
from data.city import Baseline
from data.wording import Wording
from indicators.definition import Thresholds
from indicators.evaluation.points import points
from indicators.judgement import judge_by_thresholds
from tests.units.bench_city import bench
from tests.units.test_suppression import told

FIRST, DAYS, CASES_A_DAY = datetime(2025, 1, 1), 90, 20
# No share of twenty lies on a line: "below" of the one and "from" of the other would differ there.
HIGHER = {"from": date(2015, 1, 1), "blue": 92.5, "yellow": 87.5, "orange": 77.5, "red": 62.5, "target": 100}
LOWER = {name: line if name == "from" else 100 - line for name, line in HIGHER.items()}
SPECS = (
    {"indicator": "good", "formula": "count(rework == 0) / rows()", "direction": "higher", "thresholds": [HIGHER],
     "goalposts": {"low": 50, "high": 100}},
    {"indicator": "bad", "formula": "count(rework > 0) / rows()", "direction": "lower", "thresholds": [LOWER],
     "goalposts": {"low": 0, "high": 50}},
)  # fmt: skip
TURNED = {"high": "low", "low": "high", "up": "down", "down": "up"}


def turned(code: str | None) -> str | None:
    """Return a special cause or variation as it is seen in the mirror."""
    if code is None or code == "common_cause":
        return code
    head, _, way = code.rpartition("_")
    return f"{head}_{TURNED[way]}"


def codes(column: pd.Series) -> list[str | None]:
    """Return a column of codes; none where nothing is told."""
    return [None if pd.isna(code) else str(code) for code in column]


@pytest.fixture(scope="module", params=[1, 2])
def mirrored(request: pytest.FixtureRequest) -> dict[str, pd.DataFrame]:
    """Ninety days of two streets, the last twenty worse, and both signs of them."""
    dice = np.random.default_rng(request.param)
    rows = [
        {
            "no": 1000 * day + place, "street": "D1" if place % 2 else "D2", "opened_at": FIRST + timedelta(days=day, hours=place),
            "rework": int(dice.random() < (0.1 if day < DAYS - 20 else 0.25)),
        }
        for day in range(DAYS)
        for place in range(CASES_A_DAY)
    ]  # fmt: skip
    with bench(*({"unit": "%", "grain": ["district", "street"]} | spec for spec in SPECS)) as city:
        city.lay(rows, f"{FIRST:%Y-%m-%d}", f"{FIRST + timedelta(days=DAYS):%Y-%m-%d}")
        city.compute()
        return {name: told(city, name, end=FIRST + timedelta(days=DAYS)) for name in ("good", "bad")} | {"city": city.catalogue}  # type: ignore[dict-item]


def test_the_same_level_for_the_same_reason(mirrored: dict[str, pd.DataFrame]) -> None:
    """Level, state, n and coverage are equal; values, baselines and limits lie on the other side of fifty."""
    good, bad = mirrored["good"], mirrored["bad"]

    for name in ("level", "state", "n", "coverage", "assurance", "special_is_there"):
        pair = [frame["special"].notna() if name == "special_is_there" else frame[name] for frame in (good, bad)]
        pd.testing.assert_series_equal(*pair, check_names=False)
    for one, other in (("value", "value"), ("control_centre", "control_centre"), ("control_low", "control_high"), ("baseline", "baseline"),
                       ("baseline_low", "baseline_high")):  # fmt: skip
        np.testing.assert_allclose(good[one], 100 - bad[other], rtol=1e-9, atol=1e-6)
    assert {"normal", "blue", "yellow"} <= set(good["level"])


def test_the_same_move_is_as_good_or_as_bad(mirrored: dict[str, pd.DataFrame]) -> None:
    """Changes have the other sign and the same tone, and so have special causes: what was an improvement upwards is one downwards."""
    good, bad = mirrored["good"], mirrored["bad"]
    np.testing.assert_allclose(good["change_prev"], -bad["change_prev"], atol=1e-9)

    for name in ("special", "variation"):
        assert [turned(code) for code in codes(good[name])] == codes(bad[name])
    assert {"concern_low", "common_cause"} <= set(good["variation"].dropna())
    words, indicator = Wording("zh"), {"precision": 2, "unit": "%"}
    for (_, one), (_, other) in zip(good.iterrows(), bad.iterrows(), strict=True):
        assert tone(one.to_dict()) == tone(other.to_dict())
        tones = [
            change(words, sign.to_dict(), indicator | {"direction": direction}, "change_prev").tone
            for sign, direction in ((one, "higher"), (other, "lower"))
        ]
        assert tones[0] == tones[1]


@pytest.mark.parametrize("how", ["anchors", "goalposts"])
def test_the_same_points(mirrored: dict[str, pd.DataFrame], how: Any) -> None:
    """A scheme gives a figure and its mirror as many points, by lines and by goalposts."""
    found = []
    for name in ("good", "bad"):
        values = mirrored[name]["value"].to_numpy()[:, None]
        spec = mirrored["city"].definitions[name].spec  # type: ignore[attr-defined]
        found.append(points(spec, values, np.full(values.shape, np.nan), [FIRST] * len(values), Baseline(), how))
    np.testing.assert_allclose(*found, atol=1e-9)

    assert len(np.unique(found[0][~np.isnan(found[0])])) > 3


@given(st.lists(st.integers(-400, 400), min_size=1, max_size=30), st.lists(st.integers(-40, 40), min_size=4, max_size=4, unique=True))
@settings(max_examples=200, deadline=None)
def test_levels_are_mirrored_whatever_the_lines(values: list[int], lines: list[int]) -> None:
    """Any lines and any values that do not lie on one, about any point."""
    rising = sorted(line + 0.5 for line in lines)
    upper = Thresholds.model_validate({"from": date(2015, 1, 1)} | dict(zip(("blue", "yellow", "orange", "red"), rising, strict=True)))
    lower = Thresholds.model_validate(
        {"from": date(2015, 1, 1)} | dict(zip(("blue", "yellow", "orange", "red"), [7 - line for line in rising], strict=True))
    )
    found = np.array(values, dtype=float)[None]

    assert judge_by_thresholds(found, upper, "lower")[0].tolist() == judge_by_thresholds(7 - found, lower, "higher")[0].tolist()
