"""Real data sets come in by contracts alone, and the known answers of their publisher's INDEX.md come out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.real import test_beyond_one_sign
from tests.real.conftest import Answers, Real
from tests.real.known import ALL_MONTHS, BEYOND_ONE_SIGN, ONE_SIGN, OUTSTANDING, Known, Outstanding
from tests.real.real_city import SHENYANG

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("known", ONE_SIGN, ids=lambda known: f"{known.dataset}-{known.answer}")
def test_known_answer(real: Real, answers: Answers, known: Known) -> None:
    """One sign gives the answer within 1e-6."""
    expected = answers[known.dataset, known.answer]
    found = real(known.city).value(known.indicator, known.period, known.entity, known.column)

    assert found * known.scale == pytest.approx(expected, abs=1e-6, rel=0)


@pytest.mark.parametrize("known", ALL_MONTHS, ids=lambda known: f"{known.dataset}-{known.answer}")
def test_known_answer_over_all_months(real: Real, answers: Answers, known: Known) -> None:
    """The signs of all months add up to the answer; where there are parts, so do theirs."""
    city = real(known.city)
    months = city.signs(known.indicator, grain="month")
    sums = months.groupby("entity_kind")["value"].sum()

    assert (sums == answers[known.dataset, known.answer]).all(), sums


@pytest.mark.parametrize("known", OUTSTANDING, ids=lambda known: f"{known.dataset}-{known.answer}")
def test_known_answer_by_comparing_entities(real: Real, answers: Answers, known: Outstanding) -> None:
    """The most, or the least, of all signs of a kind is the one that the answer names."""
    compared = real(known.city).signs(known.indicator, entity_kind=known.kind, period=known.period)
    found = (compared.nlargest if known.is_most else compared.nsmallest)(1, "value").iloc[0]

    assert compared["value"].notna().sum() == known.of
    assert found["entity_name"] == str(answers[known.dataset, known.answer])
    if known.figure:
        assert found["value"] == pytest.approx(answers[known.dataset, known.figure], abs=1e-6, rel=0)


def test_every_known_answer_is_asked_for(answers: Answers) -> None:
    """INDEX.md may grow: an answer that nothing here asks for fails this test."""
    asked = {(known.dataset, known.answer) for known in (*ONE_SIGN, *ALL_MONTHS, *OUTSTANDING)}
    asked |= {(known.dataset, known.figure) for known in OUTSTANDING if known.figure}
    untested = [name for name in BEYOND_ONE_SIGN.values() if not hasattr(test_beyond_one_sign, name)]

    assert set(answers) - asked - BEYOND_ONE_SIGN.keys() == set()
    assert untested == []


TAKEN = [
    ("city", "shenyang_air", [("taken", 52_584, 52_584, 0, 0)]),
    ("city", "beijing_air", [("taken", 35_064, 35_064, 0, 0)] * 12),
    ("city", "messages", [("taken", 2_816, 2_816, 0, 0)]),
    ("flows", "metro", [("taken", 216_000, 216_000, 0, 0)]),
    ("flows", "bikes", [("taken", 8_760, 8_760, 0, 0)]),
    ("flows", "zones", [("taken", 52_416, 52_416, 0, 0)] * 2),
    ("roads", "loops", [("taken", 2_016, 2_016, 0, 0)]),
    ("liaoning", "covid_cities", [("taken", 4_986, 4_664, 0, 322)]),  # the rows of the province are skipped
    ("liaoning", "covid_province", [("taken", 4_986, 322, 0, 4_664)]),  # and here those of its cities
    ("liaoning", "census", [("taken", 2, 2, 0, 0), ("taken", 14, 14, 0, 0)]),
    (
        "liaoning",
        "divisions",
        [
            ("taken", 195, 181, 0, 14),  # the city and its 13 districts stand among their streets
            ("taken", 13, 13, 0, 0),
            ("taken", 2_703, 2_703, 0, 0),
            ("taken", 13, 13, 0, 0),
            ("taken", 190, 190, 0, 0),
        ],
    ),
    ("liaoning", "streets_2018", [("taken", 13, 10, 3, 0)]),  # three streets are no more
    ("records", "load", [("taken", 128_156, 128_156, 0, 0), ("taken", 56, 55, 1, 0), ("taken", 15, 14, 0, 1)]),
    ("records", "cases", [("taken", 10_000, 10_000, 0, 0)]),
    ("records", "fire", [("taken", 10_000, 10_000, 0, 0)]),
    ("records", "holidays", [("taken", 678, 678, 0, 0)]),
    ("records", "outlines", [("taken", 17, 17, 0, 0), ("taken", 1, 1, 0, 0)]),
]


@pytest.mark.parametrize(("city", "feed", "expected"), TAKEN, ids=[row[1] for row in TAKEN])
def test_every_row_of_the_real_files_is_accounted_for(
    real: Real, city: str, feed: str, expected: list[tuple[str, int, int, int, int]]
) -> None:
    """Rows are accepted, but for the few that the file itself makes impossible."""
    assert real(city).taken(feed) == expected


def test_the_command_line_says_the_same(real: Real, answers: Answers) -> None:
    """`show signs --json` prints the figure that the reader returns, with its snapshot and its provenance."""
    city = real("city")
    command = [
        sys.executable, "cli.py", "show", "signs", "--indicator", "shenyang_pm25_mean", "--period", "2015-11-08",
        "--city", str(city.settings.city_dir), "--var", str(city.settings.var_dir), "--json",
    ]  # fmt: skip
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    row = json.loads(said.stdout)

    assert row["value"] == pytest.approx(answers[SHENYANG, "pm25_daily_mean_2015-11-08"], abs=1e-6, rel=0)
    assert (row["provenance"], row["snapshot"], row["period"]) == ("real", city.refreshed.snapshot.id, "2015-11-08")
