"""Alerts are raised once confirmed, at once when red, and fall slowly; what is no evidence holds them. Vectors of promtool 2.42.0."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.alerts import AlertState, Evidence, Observed, Standing, Terms, run, step, without

START = datetime(2016, 3, 1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STALE = "S"
Sample = int | str | None
# Rules of the vectors: A for 3m, B for 3m and keep 2m, C for 0, D for 0 and keep 2m.
RULES = {"A": (3, 0), "B": (3, 2), "C": (0, 0), "D": (0, 2)}
SERIES: dict[str, list[Sample]] = {
    "s1": [11] * 5 + [5] * 7,
    "s2": [11, 11, 5, *[11] * 5, *[5] * 4],
    "s3": [11, 11, None, *[11] * 6],
    "s4": [*[11] * 4, 5, 11, *[5] * 4, 11, 11],
    "s5": [*[11] * 4, *[STALE] * 4, *[11] * 4],
    "s6": [5, *[11] * 6, 5, 11, 5, 5, 5],
}
EXPECTED = {
    "s1": ("PPPFF", "PPPFFFF", "FFFFF", "FFFFFFF"),
    "s2": ("PP.PPPFF", "PP.PPPFFFF", "FF.FFFFF", "FFFFFFFFFF"),
    "s3": ("PPPFFFFFFFFFFF", "PPPFFFFFFFFFFFFF", "FFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF"),
    "s4": ("PPPF.P....PPPFFFF", "PPPFFFFF..PPPFFFFFF", "FFFF.F....FFFFFFF", "FFFFFFFF..FFFFFFFFF"),
    "s5": ("PPPF....PPPFFFFFF", "PPPFFF..PPPFFFFFFFF", "FFFF....FFFFFFFFF", "FFFFFF..FFFFFFFFFFF"),
    "s6": (".PPPFFF.P", ".PPPFFFFFFF", ".FFFFFF.F", ".FFFFFFFFFF"),
}
LETTERS = {AlertState.INACTIVE: ".", AlertState.PENDING: "P", AlertState.FIRING: "F", AlertState.RECOVERING: "F"}


def looked_back(series: Sequence[Sample], minute: int) -> Sample:
    """Return what Prometheus sees: the last sample of the last five minutes, nothing after a stale marker."""
    for place in range(minute, max(minute - 6, -1), -1):
        if place < len(series) and series[place] is not None:
            return None if series[place] == STALE else series[place]
    return None


def observed(levels: Sequence[int], evidence: Sequence[Evidence] | None = None, holds: Sequence[bool] | None = None) -> Observed:
    """Return a period in which each identity stands at a level; it breaches from blue on."""
    level = np.array(levels, dtype=np.int64)
    seen = np.array(evidence if evidence is not None else [Evidence.SEEN] * len(levels), dtype=np.int64)
    return Observed(seen, level, level > 0, level > 0 if holds is None else np.array(holds, dtype=bool))


def days(terms: Terms, *each: Observed) -> tuple[list[AlertState], list[tuple[int, str, int, int]]]:
    """Return the state of the one identity after each day, and (day, kind, level, level before) of what happened."""
    standing, states, told = Standing.new(1), [], []
    for day, seen in enumerate(each):
        standing, happened = step(terms, standing, seen, START + day * DAY)
        states.append(AlertState(standing.state[0]))
        told += [(day, str(one.kind), int(one.level[0]), int(one.was[0])) for one in happened]
    return states, told


@pytest.mark.parametrize("name", SERIES)
def test_vectors_of_prometheus(name: str) -> None:
    """All four rules at once, a minute a period, as promtool says."""
    waits, keeps = zip(*RULES.values(), strict=True)
    many = Terms.alike(len(RULES), least=1, goods=0)
    terms = Terms(many.least, np.array(waits), many.goods, np.array(keeps), np.full(len(RULES), 9))
    standing, shown = Standing.new(len(RULES)), [""] * len(RULES)
    for minute in range(20):
        value = looked_back(SERIES[name], minute)
        breach = value is not None and int(value) > 10
        standing, _ = step(terms, standing, observed([int(breach)] * len(RULES)), START + minute * MINUTE)
        shown = [said + LETTERS[AlertState(state)] for said, state in zip(shown, standing.state, strict=True)]

    assert [said.ljust(20, ".") for said in EXPECTED[name]] == shown


def test_other_levels_are_confirmed_red_is_not() -> None:
    """Yellow fires on its second day; red on its first."""
    yellow, _ = days(Terms.alike(1), observed([2]), observed([2]))
    red, told = days(Terms.alike(1), observed([4]))

    assert [AlertState.PENDING, AlertState.FIRING] == yellow
    assert [AlertState.FIRING] == red
    assert [(0, "fired", 4, 0)] == told


def test_one_good_day_ends_what_is_pending() -> None:
    """It begins anew afterwards."""
    states, told = days(Terms.alike(1), observed([2]), observed([0]), observed([2]), observed([2]))

    assert [AlertState.PENDING, AlertState.INACTIVE, AlertState.PENDING, AlertState.FIRING] == states
    assert ["pending", "dropped", "pending", "fired"] == [kind for _, kind, _, _ in told]


def test_slow_to_end_and_the_same_alert_if_it_relapses() -> None:
    """Three good days it recovers, the fourth ends it; a breach in between fires again without being confirmed."""
    whole, told = days(Terms.alike(1), *[observed([level]) for level in (2, 2, 0, 0, 2, 0, 0, 0, 0)])

    assert "PFRRFRRR." == "".join(".PFR"[state] for state in whole)
    assert [(4, "relapsed"), (8, "resolved")] == [(day, kind) for day, kind, _, _ in told if kind in {"relapsed", "resolved"}]


def test_up_at_once_down_after_confirmation() -> None:
    """Orange to red is said on its day; red to yellow after four days below, as the highest of them."""
    _, told = days(Terms.alike(1), *[observed([level]) for level in (3, 3, 4, 2, 3, 2, 2)])

    assert [(1, "fired", 3, 3), (2, "raised", 4, 3), (6, "lowered", 3, 4)] == told[1:]


def test_a_day_back_at_the_level_begins_the_fall_anew() -> None:
    """Two days below, one at the level: nothing is lowered yet."""
    _, told = days(Terms.alike(1), *[observed([level]) for level in (3, 3, 2, 2, 3, 2, 2, 2)])

    assert ["pending", "fired"] == [kind for _, kind, _, _ in told]


def test_what_is_no_evidence_holds() -> None:
    """Neither confirms nor ends; the alert says that it is unconfirmed, once, and when it is seen again."""
    none = observed([0], [Evidence.NONE])
    states, told = days(Terms.alike(1), observed([2]), none, none, observed([2]), none, observed([0]), none, *[observed([0])] * 3)

    assert "PPPFFRRRR." == "".join(".PFR"[state] for state in states)
    kinds = [(day, kind) for day, kind, _, _ in told]
    assert [(1, "unconfirmed"), (3, "confirmed"), (4, "unconfirmed"), (5, "confirmed"), (6, "unconfirmed"), (7, "confirmed")] == [
        one for one in kinds if one[1].endswith("confirmed")
    ]


def test_time_alone_confirms_nothing() -> None:
    """Ten days without data between two breaches: it fires with the second that was seen, not before."""
    none = observed([0], [Evidence.NONE])
    states, _ = days(Terms.alike(1, wait=2 * 24 * 60), observed([2]), *[none] * 9, observed([2]))

    assert [AlertState.PENDING] * 10 + [AlertState.FIRING] == states


def test_a_season_that_is_over_ends_it() -> None:
    """Firing or pending, with its own word; where nothing is there nothing happens."""
    ended = observed([0], [Evidence.ENDED])
    states, told = days(Terms.alike(1), observed([4]), ended, ended, observed([2]), ended)

    assert [AlertState.FIRING, AlertState.INACTIVE, AlertState.INACTIVE, AlertState.PENDING, AlertState.INACTIVE] == states
    assert [(1, "ended"), (4, "ended")] == [(day, kind) for day, kind, _, _ in told if kind == "ended"]


def test_between_the_two_lines_it_goes_on() -> None:
    """A figure past the line of raising but not of ending keeps the alert and its level, and would raise none."""
    between = observed([0], holds=[True])
    states, told = days(Terms.alike(1, goods=0), observed([3]), observed([3]), *[between] * 5, observed([0]))

    assert [AlertState.FIRING] * 6 + [AlertState.INACTIVE] == states[1:]
    assert ["pending", "fired", "resolved"] == [kind for _, kind, _, _ in told]
    assert [AlertState.INACTIVE] == days(Terms.alike(1), between)[0]


SEQUENCES = st.lists(st.tuples(st.sampled_from(list(Evidence)), st.integers(0, 4)), min_size=1, max_size=25)


def _told(
    terms: Terms, sequences: Sequence[Sequence[tuple[Evidence, int]]], shift: timedelta = timedelta()
) -> tuple[Standing, pd.DataFrame]:
    columns = [
        (START + shift + day * DAY, observed([one[1] for one in each], [one[0] for one in each]))
        for day, each in enumerate(zip(*sequences, strict=True))
    ]
    return run(terms, Standing.new(len(sequences)), columns)


@given(sequence=SEQUENCES, least=st.integers(1, 4), goods=st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_properties(sequence: list[tuple[Evidence, int]], least: int, goods: int) -> None:
    """Firing was confirmed or red; errors are invisible; a shift of time changes nothing; the same period twice changes nothing."""
    terms = Terms.alike(1, least=least, goods=goods)
    standing, told = _told(terms, [sequence])
    for day in told.loc[told["kind"] == "fired", "at"]:
        place = (day.to_pydatetime() - START).days
        run_ = [level for kind, level in sequence[: place + 1] if kind is Evidence.SEEN][-least:]
        assert sequence[place][1] == 4 or (len(run_) == least and all(run_))
    quiet = [one for one in sequence if one[0] is not Evidence.ERROR]
    if quiet:
        again = _told(Terms.alike(1, least=least, goods=goods), [quiet])[1]
        assert again[["kind", "level", "was"]].to_numpy().tolist() == told[["kind", "level", "was"]].to_numpy().tolist()
    moved = _told(terms, [sequence], timedelta(days=400))[1]
    assert moved[["kind", "level", "was"]].to_numpy().tolist() == told[["kind", "level", "was"]].to_numpy().tolist()
    last = observed([4 - sequence[-1][1]])
    assert step(terms, standing, last, START + (len(sequence) - 1) * DAY)[1] == []
    assert step(terms, standing, last, START)[1] == []


@given(
    sequences=st.lists(
        st.lists(st.tuples(st.sampled_from(list(Evidence)), st.integers(0, 4)), min_size=9, max_size=9), min_size=2, max_size=6
    )
)
@settings(max_examples=25, deadline=None)
def test_identities_do_not_know_of_each_other(sequences: list[list[tuple[Evidence, int]]]) -> None:
    """All at once as each alone."""
    _, together = _told(Terms.alike(len(sequences)), sequences)
    for place, sequence in enumerate(sequences):
        alone = _told(Terms.alike(1), [sequence])[1]
        mine = together[together["identity"] == place]
        assert mine[["at", "kind", "level", "was"]].to_numpy().tolist() == alone[["at", "kind", "level", "was"]].to_numpy().tolist()


@given(sequence=SEQUENCES, cut=st.integers(0, 25))
@settings(max_examples=40, deadline=None)
def test_in_two_goes_as_in_one(sequence: list[tuple[Evidence, int]], cut: int) -> None:
    """A restart in between, or a replay that begins too early, changes nothing."""
    terms = Terms.alike(1)
    periods = [(START + day * DAY, observed([level], [kind])) for day, (kind, level) in enumerate(sequence)]
    whole, told = run(terms, Standing.new(1), periods)
    half, first = run(terms, Standing.new(1), periods[:cut])
    end, second = run(terms, half, periods)

    assert pd.concat([first, second], ignore_index=True)["kind"].tolist() == told["kind"].tolist()
    assert end.state.tolist() == whole.state.tolist()
    assert end.level.tolist() == whole.level.tolist()


def test_a_new_version_begins_anew() -> None:
    """Only for the identities that are named."""
    standing, _ = run(Terms.alike(2), Standing.new(2), [(START, observed([4, 4]))])
    anew = without(standing, np.array([True, False]))

    assert [AlertState.INACTIVE, AlertState.FIRING] == list(anew.state)
    assert np.isnat(anew.judged[0])


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Debian's prometheus is not here; the vectors above were confirmed with it")
@pytest.mark.parametrize("name", SERIES)
def test_the_vectors_are_those_of_promtool(tmp_path: Path, name: str) -> None:
    """The tool itself is asked, minute by minute."""
    rules = "\n".join(
        f"      - {{alert: {rule}, expr: m > 10, for: {wait}m, keep_firing_for: {keep}m}}" for rule, (wait, keep) in RULES.items()
    )
    (tmp_path / "rules.yml").write_text(f"groups:\n  - name: g\n    rules:\n{rules}\n", encoding="utf-8")
    values = " ".join({None: "_", STALE: "stale"}.get(one, str(one)) for one in SERIES[name])  # type: ignore[arg-type]
    checks = "".join(
        f"      - eval_time: {minute}m\n        expr: count(ALERTS{{alertname=\"{rule}\",alertstate=\"{state}\"}}) or vector(0)\n"
        f"        exp_samples: [{{labels: '{{}}', value: {int(said[minute] == letter)}}}]\n"
        for rule, said in ((rule, text.ljust(20, ".")) for rule, text in zip(RULES, EXPECTED[name], strict=True))
        for minute in range(20) for letter, state in (("P", "pending"), ("F", "firing"))
    )  # fmt: skip
    test = (
        "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n"
        f"    input_series: [{{series: m, values: '{values}'}}]\n    promql_expr_test:\n{checks}"
    )
    (tmp_path / "t.yml").write_text(test, encoding="utf-8")
    done = subprocess.run(["promtool", "test", "rules", "t.yml"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
