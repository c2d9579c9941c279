"""Silences of a rule, a sign or an entity: who may say them, what they meet, when they end, and that nobody is told meanwhile."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.terminal import Exit
from data.desk.silences import Silence, silent_time, spans_of
from data.settings import Settings
from indicators.refresh import refresh
from tests.alerts.test_alerts_of_a_city import NOW, tried
from tests.alerts.test_rules import city
from tests.test_cli import run

NOON = datetime(2024, 5, 1, 12)
ALERT = {"rule": "r", "indicator": "i", "entity_kind": "street", "entity": "S1"}


def hours(count: float) -> datetime:
    """Return noon and so many hours."""
    return NOON + timedelta(hours=count)


def said(start: float, stop: float, **matches: str) -> Silence:
    """Return a silence from and to so many hours after noon."""
    return Silence(1, matches, hours(start), hours(stop), "甲", "检修")


def test_all_that_is_said_must_fit() -> None:
    """A rule and another street: not this alert."""
    assert said(0, 1, rule="r").covers(ALERT)
    assert said(0, 1, rule="r", entity="S1").covers(ALERT)
    assert not said(0, 1, rule="r", entity="S2").covers(ALERT)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=6))
def test_time_is_silent_once_however_many_say_so(told: list[tuple[int, int]]) -> None:
    """By hours: as many as at least one of them covers, within the life of the alert."""
    spans = spans_of(ALERT, [], [said(start, start + length, rule="r") for start, length in told])
    silent = {hour for start, length in told for hour in range(start, start + length)}

    assert silent_time(spans, hours(5), hours(30)) == timedelta(hours=len(silent & set(range(5, 30))))
    assert all(first[1] < second[0] for first, second in pairwise(spans))


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """The small city with alerts."""
    where = city(tmp_path)
    first = refresh(where, NOW).snapshot
    refresh(tried(where, first), NOW)
    (where.city_dir / "data/telling.yaml").write_text(
        "channels:\n  - {channel: room, name: {zh: 值班群}, url: TEST_ROOM}\ntell:\n  - {occasions: [fired], channels: [room]}\n"
        "limits: {within_hours: 2000}\n",
        encoding="utf-8",
    )
    return where


def silence(where: Settings, *more: str, role: str = "chief") -> Any:
    """Say a silence by the verb."""
    return run(where, "silence", "--who", "甲", "--role", role, "--reason", "检修", *more)


def test_nobody_is_told_until_it_is_ended(place: Settings) -> None:
    """What it meets is counted; the alert stands where it stood."""
    before = run(place, "notify", "--dry-run", "--json").output.splitlines()
    assert before
    assert silence(place, "--rule", "repairs", "--until", "2024-06-01T00:00").exit_code == 0
    assert run(place, "notify", "--dry-run", "--json").output.strip() == ""
    (row,) = (json.loads(line) for line in run(place, "show", "silences", "--json").output.splitlines())
    assert (row["rule"], row["who"], row["ended_by"]) == ("repairs", "甲", None)
    alerts = [json.loads(line) for line in run(place, "show", "alerts", "--json").output.splitlines()]
    assert {one["silenced_until"] for one in alerts if one["handling"]} == {"2024-06-01T00:00:00+08:00"}
    assert {one["handling"] for one in alerts if one["handling"]} == {"new"}

    assert silence(place, "--end", str(row["number"])).exit_code == 0
    assert run(place, "notify", "--dry-run", "--json").output.splitlines() == before
    assert silence(place, "--end", str(row["number"])).exit_code == Exit.NOTHING_DONE, "it has ended"


@pytest.mark.parametrize(
    ("more", "role", "wanted"),
    [
        (("--until", "2024-06-01T00:00"), "chief", "rule, indicator"),
        (("--rule", "repairs"), "chief", "until"),
        (("--rule", "repairs", "--until", "2024-05-01T00:00"), "chief", "2024-05-01T00:00"),
        (("--rule", "repairs", "--until", "2024-06-01T00:00"), "handler", "handler"),
        (("--end", "99"), "chief", "99"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, more: tuple[str, ...], role: str, wanted: str) -> None:
    """With a sentence, and nothing is written down."""
    where = city(tmp_path)
    done = silence(where, *more, role=role)

    assert done.exit_code == Exit.NOTHING_DONE
    assert wanted in done.output
    assert '"actions": 0' in run(where, "audit", "verify", "--json").output or run(where, "audit", "verify").exit_code == Exit.NOTHING_DONE
