"""What was known at a moment is what a refresh at that moment said, whatever was corrected since."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from commands.terminal import Exit
from data import readings
from data.revisions import known_at
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.directory import load
from indicators.explain import explain
from indicators.known import feeds_known, recalled
from indicators.refresh import refresh
from indicators.restatements import restatements, revisions
from tests.known.corrected_city import FIRST, Report, figures, measure, morning, report, write_city
from tests.test_cli import run

DAYS = 4


@st.composite
def _mornings(draw: st.DrawFn) -> list[tuple[list[Report], list[int]]]:
    """Draw what each morning's drops say: reports of the day and of days before, energies of the last nights."""
    mornings = []
    for day in range(FIRST, FIRST + DAYS):
        said = st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(FIRST, day), st.none() | st.integers(1, 60))
        reports = draw(st.lists(said, max_size=5, unique_by=lambda report: report[0]))
        energies = draw(st.lists(st.integers(1, 9), min_size=0, max_size=day - FIRST + 1))
        mornings.append((reports, energies))
    return mornings


@given(mornings=_mornings())
@settings(max_examples=3, deadline=None, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck))
def test_as_known_at_equals_the_refresh_of_that_moment(mornings: list[tuple[list[Report], list[int]]]) -> None:
    """Every sign and feed of every morning comes out of the last snapshot's revisions as it was published that morning."""
    with tempfile.TemporaryDirectory() as folder:
        place = write_city(Path(folder))
        said = {}
        for day, (reports, energies) in enumerate(mornings, FIRST):
            report(place, day, reports)
            if energies:
                measure(place, day, energies)
            snapshot = refresh(place, morning(day + 1)).snapshot
            said[morning(day + 1)] = figures(place, snapshot), readings.feeds(place, snapshot)
        last, city = refresh(place, morning(FIRST + DAYS, 20)).snapshot, load(place)
        for moment, (expected, feeds) in said.items():
            then = known_at(place, last, moment)
            actual = figures(place, recalled(place, then, city, list(city.catalogue.definitions)))

            assert_frame_equal(expected, actual, check_dtype=bool(len(expected)))
            stood = feeds_known(place, then, city)[list(feeds)].astype(feeds.dtypes).reset_index(drop=True)
            assert_frame_equal(feeds, stood)


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot, Snapshot]:
    """Three mornings: on the second a repair is corrected, on the third a report comes late. The second and the last snapshot."""
    place = write_city(tmp_path_factory.mktemp("corrected"))
    report(place, 6, [(1, 0, 6, None), (2, 0, 6, None), (3, 1, 6, 2)])
    report(place, 7, [(1, 0, 6, 10), (4, 1, 7, 3)])
    measure(place, 7, [10])
    before = refresh(place, morning(8)).snapshot
    report(place, 8, [(2, 0, 6, 50), (5, 1, 7, None), (6, 1, 8, 1)])
    return place, before, refresh(place, morning(9)).snapshot


def _known(corrected: tuple[Settings, Snapshot, Snapshot], moment: datetime, indicator: str, period: str) -> pd.DataFrame:
    place, _, last = corrected
    then = recalled(place, known_at(place, last, moment), load(place), [indicator], grain="day")
    return readings.signs(place, then, period=period)


def test_what_had_not_arrived_is_not_known(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """The correction of the eighth is no part of what was known on the seventh, though it speaks of the sixth."""
    then = _known(corrected, morning(7), "repairs_24h", "2024-05-06").set_index("entity")["numerator"]
    now = readings.signs(corrected[0], corrected[2], indicator="repairs_24h", period="2024-05-06").set_index("entity")["numerator"]

    assert {"G1": 1, "G1001": 0, "G1002": 1, "G1U": 0} == then.to_dict()
    assert {"G1": 2, "G1001": 1, "G1002": 1, "G1U": 0} == now.to_dict()


def test_nothing_is_known_before_the_first_drop(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """A moment before the first arrival has no signs."""
    assert _known(corrected, morning(6), "repairs_24h", "2024-05-06").empty


def test_one_kind_and_one_grain_are_the_same_figures(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """Computing less than everything changes no figure."""
    place, _, last = corrected
    then, city = known_at(place, last, morning(8)), load(place)
    whole = figures(place, recalled(place, then, city, ["energy_per_open"]))
    part = figures(place, recalled(place, then, city, ["energy_per_open"], grain="day", entity_kind="district"))

    assert_frame_equal(whole[whole["grain"] == "day"].reset_index(drop=True), part)


def test_a_snapshot_does_not_know_its_future(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """A moment after the snapshot's own is refused."""
    place, before, _ = corrected
    with pytest.raises(ValueError, match="knows nothing after"):
        known_at(place, before, morning(9))


def test_explain_as_known_at_computes_again_from_what_was_known(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """The figure, its atoms and its drops are those of the moment."""
    place, _, last = corrected
    found = explain(place, last, "repairs_24h", "G1", "2024-05-06", known=morning(7))

    assert (1, 3) == (found["numerator"], found["denominator"])
    assert [1, 3] == list(found["computed_again"].values())
    assert ["路灯报修_20240506.csv"] == [drop["file"] for drop in found["drops"]]


def test_restatements_are_the_figures_that_changed_and_the_drops_that_did_it(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """Since the eighth, the seventh got a late report that is open; the sixth is as it was; the eighth is new, not restated."""
    place, _, last = corrected
    found = restatements(place, last, load(place), morning(8))
    days = found[found["period"].str.len() == len("2024-05-07")]
    late = days[(days["indicator"] == "repairs_per_1000") & (days["entity"] == "G1")].iloc[0]

    assert {"2024-05-07"} == set(days["period"])
    assert {"repairs_24h", "repairs_per_1000", "repairs_open", "energy_per_open"} == set(days["indicator"])
    assert (0.5, 1.0, 0.5) == (late["value_then"], late["value"], late["change"])
    assert {("repairs-000004",)} == {tuple(drops) for drops in days["drops"]}


def test_a_restated_backlog_names_what_closed_a_row(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """A report that the first drop left open was repaired on the sixth already; of another the last drop revised a row that counts."""
    place, _, last = corrected
    found = restatements(place, last, load(place), morning(7), indicator="repairs_open", feed="repairs")

    assert ["2024-05-06"] == list(found[found["period"] == "2024-05-06"]["period"])
    assert {("repairs-000003", "repairs-000004")} == {tuple(drops) for drops in found[found["period"] == "2024-05-06"]["drops"]}


def test_no_drop_since_restates_nothing(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """From the snapshot's own moment on nothing has changed, nor in a feed that sent nothing."""
    place, _, last = corrected
    assert restatements(place, last, load(place), morning(9)).empty
    assert restatements(place, last, load(place), morning(8), feed="meters").empty


def test_revisions_name_key_drop_line_and_both_sayings(corrected: tuple[Settings, Snapshot, Snapshot]) -> None:
    """A changed key shows the columns that differ; a key added to a covered day says that it came late; new days are no news."""
    place, _, last = corrected
    found = revisions(place, last, load(place), morning(8)).to_dict("records")

    assert [("changed", "L-2", 2), ("added", "L-5", 3)] == [(row["how"], row["key"]["report_no"], row["line"]) for row in found]
    assert ({"repaired_at": None}, {"repaired_at": "2024-05-08T11:00:00"}) == (found[0]["then"], found[0]["now"])
    assert {"repairs-000004"} == {row["drop"] for row in found}


def test_a_drop_dated_before_others_does_not_undo_them(tmp_path: Path) -> None:
    """What arrived last is what counts, though an older drop is taken in later; what only the older one says counts too."""
    place = write_city(tmp_path)
    report(place, 7, [(1, 0, 6, 20), (2, 0, 7, 2)])
    refresh(place, morning(8))
    report(place, 6, [(1, 0, 6, 30), (3, 0, 6, 1)])
    last = refresh(place, morning(9)).snapshot
    day = readings.signs(place, last, indicator="repairs_24h", entity="G1", period="2024-05-06")

    assert (2, 2) == (day["numerator"][0], day["denominator"][0])
    assert (2, 2) == tuple(explain(place, last, "repairs_24h", "G1", "2024-05-06")["computed_again"].values())
    assert_frame_equal(figures(place, last), figures(place, refresh(place, morning(9), anew=True).snapshot))


@pytest.mark.parametrize(
    ("words", "code", "lines"),
    [
        (["show", "signs", "--as-known-at", "2024-05-07T08:00", "--indicator", "repairs_open", "--period", "2024-05-06"], Exit.DONE, 1),
        (["show", "drops", "--as-known-at", "2024-05-07T08:00"], Exit.DONE, 1),
        (["show", "quarantine", "--as-known-at", "2024-05-07"], Exit.DONE, 0),
        (["show", "restatements", "--since", "2024-05-08T08:00+08:00", "--indicator", "repairs_24h"], Exit.DONE, 2),
        (["show", "revisions", "--since", "2024-05-08T08:00", "--feed", "repairs"], Exit.DONE, 2),
        (["explain", "repairs_24h", "G1", "2024-05-06", "--as-known-at", "2024-05-07T08:00"], Exit.DONE, 1),
        (["explain", "repairs_24h", "G1", "2024-05-06", "--as-known-at", "2024-05-06T08:00"], Exit.WRONG_USE, 0),
        (["show", "signs", "--as-known-at", "2024-05-10"], Exit.WRONG_USE, 0),
        (["show", "signs", "--as-known-at", "yesterday"], Exit.WRONG_USE, 0),
        (["show", "feeds", "--as-known-at", "2024-05-07"], Exit.DONE, 2),
        (["show", "annotations", "--as-known-at", "2024-05-07"], Exit.WRONG_USE, 0),
        (["show", "restatements"], Exit.WRONG_USE, 0),
        (["show", "signs", "--since", "2024-05-07"], Exit.WRONG_USE, 0),
    ],
)
def test_the_command_line_asks_what_was_known_and_what_changed(
    corrected: tuple[Settings, Snapshot, Snapshot], words: list[str], code: Exit, lines: int
) -> None:
    """Facts are one JSON object a line; what cannot be asked is one sentence and code 2; people get a table of the same."""
    place, *_ = corrected
    done = run(place, *words, "--json")

    assert code == done.exit_code
    assert lines == len([json.loads(line) for line in done.stdout.splitlines()])
    assert code == run(place, *words, language="en").exit_code
