"""What a refresh says of alerts: the timeline is what the past says now, the log what was said then, and corrections explain the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.definition import Catalogue
from indicators.directory import load
from tests.alerts.told_signs import FIRST, Told, expected, rule
from tests.golden.small_city import write_small_city

NOW = datetime(2024, 6, 1)
LETTERS = "nnnbyyorr_!x"
SERIES = st.text(LETTERS, min_size=1, max_size=14)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The definitions of the small city."""
    return load(write_small_city(tmp_path_factory.mktemp("raising"))).catalogue


def told(catalogue: Catalogue) -> Told:
    """Return an empty warehouse."""
    return Told(catalogue, Path("nowhere"))


def day(number: int) -> datetime:
    """Return the start of a day of a series, from 0."""
    return FIRST + timedelta(days=number)


@given(series=st.lists(SERIES, min_size=1, max_size=3))
@settings(max_examples=10, deadline=None)
def test_in_one_go_day_by_day_and_a_backtest_say_the_same(catalogue: Catalogue, series: list[str]) -> None:
    """With nothing corrected, live runs, a replay and the state machine by itself give identical transitions."""
    whole = {f"G{place}": letters.ljust(max(map(len, series)), "n") for place, letters in enumerate(series)}
    once, daily, one = told(catalogue), told(catalogue), rule()
    once.refresh(whole, [one], NOW)
    for length in range(1, len(next(iter(whole.values()))) + 1):
        daily.refresh({entity: letters[:length] for entity, letters in whole.items()}, [one], day(length))

    alone = expected(one, whole)
    assert sorted(once.said()) == sorted(daily.said())
    assert sorted(once.said()) == sorted(zip(alone["entity"], alone["kind"], pd.to_datetime(alone["at"]), alone["level"], strict=True))
    assert once.timeline() == daily.timeline()
    assert (
        once.con.execute("SELECT * FROM standing ORDER BY ALL").fetchall()
        == daily.con.execute("SELECT * FROM standing ORDER BY ALL").fetchall()
    )
    ids = "SELECT alert FROM transitions ORDER BY start, entity, number"
    assert once.con.execute(ids).fetchall() == daily.con.execute(ids).fetchall()


@st.composite
def arrivals(draw: st.DrawFn) -> list[str]:
    """Return what a series says refresh by refresh: it grows, and its past is corrected."""
    said = [draw(SERIES)]
    for _ in range(draw(st.integers(1, 4))):
        letters = list(said[-1])
        for place in draw(st.lists(st.integers(0, len(letters) - 1), max_size=3)):
            letters[place] = draw(st.sampled_from(LETTERS))
        said.append("".join(letters) + draw(st.text(LETTERS, max_size=3)))
    return said


@given(said=arrivals())
@settings(max_examples=25, deadline=None)
def test_the_timeline_is_that_of_the_last_word_and_corrections_explain_the_log(catalogue: Catalogue, said: list[str]) -> None:
    """For any corrections the timeline is as if the last word had been the first; without a `revised` the log is too."""
    kept, once, one = told(catalogue), told(catalogue), rule()
    for place, letters in enumerate(said):
        kept.refresh({"G1": letters}, [one], day(20 + place))
    once.refresh({"G1": said[-1]}, [one], NOW)

    assert kept.timeline() == once.timeline()
    first = next((start for _, kind, start, _ in kept.said() if kind == "revised"), None)
    if first is None:
        assert kept.said() == once.said()
    numbers = [number for (number,) in kept.con.execute("SELECT number FROM transitions ORDER BY number").fetchall()]
    assert numbers == list(range(1, len(numbers) + 1))
    raised = [row[0] for row in kept.con.execute("SELECT alert FROM transitions WHERE kind = 'fired'").fetchall()]
    assert len(raised) == len(set(raised)), "an alert is raised once"
    up = {row[0] for row in kept.con.execute("SELECT alert FROM standing WHERE track = 'said' AND state >= 2").fetchall()}
    known = kept.con.execute("SELECT count(*) FROM standing WHERE track = 'known' AND state >= 2").fetchall()[0][0]
    assert len(up) >= known, "what is up by what is known has been said"


def test_a_breach_that_is_found_late_is_said_late(catalogue: Catalogue) -> None:
    """It enters the log when it is found, with its own periods, and the correction stands before it."""
    kept = told(catalogue)
    kept.refresh({"G1": "nnnnnnnn"}, [rule()], day(8))
    kept.refresh({"G1": "nnyynnnn"}, [rule()], day(9))

    kinds = [row[1] for row in kept.said()]
    assert kinds == ["revised", "revised", "fired", "resolved"]
    late = kept.con.execute("SELECT DISTINCT is_late, said_at FROM transitions").fetchall()
    assert late == [(True, day(9))]
    assert kept.timeline() == [("G1", day(2), day(3), day(5), "resolved", 2)]


def test_a_correction_that_takes_a_breach_away_leaves_the_alert(catalogue: Catalogue) -> None:
    """The timeline changes at once; the alert stays as it was said, recovers by itself, and is one alert."""
    kept = told(catalogue)
    kept.refresh({"G1": "nnyy"}, [rule()], day(4))
    kept.refresh({"G1": "nnnn"}, [rule()], day(5))

    assert [row[1] for row in kept.said()] == ["pending", "fired", "revised", "revised"]
    assert kept.timeline() == []
    kept.refresh({"G1": "nnnnnn"}, [rule()], day(7))
    assert [row[1] for row in kept.said()][4:] == ["recovering", "resolved"]
    assert len({row[0] for row in kept.con.execute("SELECT alert FROM transitions").fetchall()}) == 1


def test_an_alert_goes_on_under_the_version_that_raised_it(catalogue: Catalogue) -> None:
    """A changed rule raises no second one; once the old one has ended the new version speaks, of the past not at all."""
    kept, old, new = told(catalogue), rule(keep=3), rule(keep=0, version=2)
    kept.refresh({"G1": "yynnnyyyn"}, [old], day(9))
    assert [row[1] for row in kept.said("fired", "resolved")] == ["fired"]
    kept.refresh({"G1": "yynnnyyynn"}, [new], day(10))
    assert kept.con.execute("SELECT DISTINCT version FROM transitions").fetchall() == [(1,)]
    kept.refresh({"G1": "yynnnyyynnnnyy"}, [new], day(14))

    said = kept.con.execute("SELECT kind, version FROM transitions WHERE kind IN ('fired', 'resolved') ORDER BY number").fetchall()
    assert said == [("fired", 1), ("resolved", 1)]
    kept.refresh({"G1": "yynnnyyynnnnyyy"}, [new], day(15))
    said = kept.con.execute("SELECT kind, version FROM transitions WHERE kind IN ('fired', 'resolved') ORDER BY number").fetchall()
    assert said == [("fired", 1), ("resolved", 1), ("fired", 2)]


def test_an_alert_of_a_rule_that_is_gone_goes_on_and_ends(catalogue: Catalogue) -> None:
    """Nothing is lost because a file was changed."""
    kept = told(catalogue)
    kept.refresh({"G1": "nrr"}, [rule(at_once="red")], day(3))
    kept.refresh({"G1": "nrrnnn"}, [], day(6))

    assert [row[1] for row in kept.said()] == ["fired", "recovering", "resolved"]
    assert kept.con.execute("SELECT count(*) FROM standing").fetchall() == [(0,)]


def test_the_same_refresh_twice_says_nothing_twice(catalogue: Catalogue) -> None:
    """Nor does one without news change how anything stands."""
    kept = told(catalogue)
    kept.refresh({"G1": "nyyrn"}, [rule()], day(5))
    before = kept.said()
    kept.refresh({"G1": "nyyrn"}, [rule()], day(6))

    assert kept.said() == before
