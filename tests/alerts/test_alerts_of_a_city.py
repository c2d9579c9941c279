"""Alerts in a whole refresh: a draft is silent, corrections and late feeds are told, a rebuild loses no word, and readers see all of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from data import alerted
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.backtest import backtest
from indicators.backtested import store, trial_of
from indicators.directory import load
from indicators.rebuild import rebuild
from indicators.refresh import refresh
from tests.alerts.test_rules import RULES, city
from tests.test_cli import run

FEEDS = """\
  - rule: feeds
    name: {zh: 来源未到, en: A feed that did not come}
    when: {feed: {late: yellow, missing: orange}}
    at_once: yellow
    keep: 0
    version: 1
    cases:
      - says: {zh: 未到即报, en: at once}
        series: n y n
        states: . F .
"""
NOW = datetime(2024, 5, 9, tzinfo=UTC)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame without what names the snapshot, nothing being None whatever holds it."""
    kept = frame.drop(columns=[name for name in ("snapshot", "as_of") if name in frame])
    return kept.astype(object).where(kept.notna(), None).reset_index(drop=True)


def tried(where: Settings, snapshot: Snapshot) -> Settings:
    """Try every rule of a city on its snapshot, so that it may speak."""
    found = load(where)
    for rule in found.rules.values():
        store(where, trial_of(backtest(where, snapshot, found.catalogue, rule, date(2024, 4, 1), date(2024, 5, 9)), snapshot.id))
    return where


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """The small city after its rules have been tried: its feeds have stopped by then."""
    where = city(tmp_path_factory.mktemp("alerts"), RULES + FEEDS)
    first = refresh(where, NOW).snapshot
    assert alerted.alerts(where, first).empty, "a draft says nothing"
    assert not alerted.rules(where, first)["speaks"].any()
    return where, refresh(tried(where, first), NOW).snapshot


def test_a_rule_speaks_once_it_was_tried_and_says_what_the_backtest_said(spoken: tuple[Settings, Snapshot]) -> None:
    """The same alerts, with the value that raised each, who owns it and the feeds that it rests on."""
    where, snapshot = spoken
    found = load(where)
    past = backtest(where, snapshot, found.catalogue, found.rules["repairs"], date(2024, 4, 1), date(2024, 5, 9)).alerts
    said = alerted.alerts(where, snapshot, entity_kind="district")

    assert len(said) == len(past) > 0
    assert set(zip(said["indicator"], said["fired_at"], strict=True)) == set(zip(past["indicator"], past["fired_at"], strict=True))
    assert said["value"].notna().all()
    assert (said["owner"] == "市政处").all()
    assert (said["feeds"] == "repairs").all()
    assert said["said_at"].min() > said["fired_at"].max()
    assert alerted.rules(where, snapshot)["speaks"].all()


def test_a_feed_that_stopped_is_one_alert_and_holds_those_on_its_signs(spoken: tuple[Settings, Snapshot]) -> None:
    """The alerts stay, unconfirmed, and name the one alert on the feed."""
    where, snapshot = spoken
    said = alerted.alerts(where, snapshot, is_open=True)
    feeds = said[said["entity_kind"] == "feed"].set_index("entity")["alert"]
    signs = said[said["entity_kind"] == "district"]

    assert "repairs" in feeds.index
    assert (signs["inhibited_by"] == feeds["repairs"]).all()
    assert signs["unconfirmed"].all()


def test_a_rebuild_says_the_same_and_nothing_twice(spoken: tuple[Settings, Snapshot]) -> None:
    """The log cannot be computed again from the drops: it comes back from the snapshot."""
    where, snapshot = spoken
    before = alerted.transitions(where, snapshot)
    done = rebuild(where)
    after = alerted.transitions(where, done.after)

    assert done.is_same
    assert len(before)
    assert plain(before).equals(plain(after))
    assert plain(alerted.alerts(where, snapshot)).equals(plain(alerted.alerts(where, done.after)))
    assert plain(alerted.timeline(where, snapshot)).equals(plain(alerted.timeline(where, done.after)))


def test_the_verbs_show_them(spoken: tuple[Settings, Snapshot]) -> None:
    """Alerts, the log of one of them, the timeline and the rules; as text too."""
    where, snapshot = spoken
    rows = [json.loads(line) for line in run(where, "show", "alerts", "--json").output.splitlines()]

    assert {row["alert"] for row in rows} == set(alerted.alerts(where, snapshot)["alert"])
    one = next(row for row in rows if row["entity_kind"] == "district")
    log = [json.loads(line) for line in run(where, "show", "transitions", "--alert", one["alert"], "--json").output.splitlines()]
    assert log[0]["kind"] in {"pending", "fired"}
    assert {line["alert"] for line in log} == {one["alert"]}
    assert "预警中" in run(where, "show", "alerts").output
    assert "fired" in run(where, "show", "timeline", "--json").output
    assert "repairs" in run(where, "show", "rules").output


def test_the_log_keeps_the_figures_that_an_alert_rested_on(spoken: tuple[Settings, Snapshot]) -> None:
    """Its last periods up to the one that raised it, as they were known when that was said; nothing of feeds or of other words."""
    where, snapshot = spoken
    log = alerted.transitions(where, snapshot)
    fired = log[(log["kind"] == "fired") & (log["indicator"] != "")]
    assert len(fired)
    for row in fired.itertuples():
        course = json.loads(row.course)
        assert (datetime.fromisoformat(course[-1][0]), course[-1][1]) == (row.start, row.value)
        assert [start for start, _ in course] == sorted({start for start, _ in course})
    assert log.loc[(log["kind"] != "fired") | (log["indicator"] == ""), "course"].isna().all()


def test_a_changed_level_says_revised_and_names_no_drop(tmp_path: Path) -> None:
    """A definition is changed: what it says of judged periods is told as such, and the log keeps what was said."""
    where = city(tmp_path, RULES)
    tried(where, refresh(where, NOW).snapshot)
    before = alerted.transitions(where, refresh(where, NOW).snapshot)
    path = where.catalogue_dir / "operations.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("blue: 1, yellow: 2, orange: 5", "blue: 3, yellow: 4, orange: 5"), encoding="utf-8")
    after = alerted.transitions(where, refresh(where, NOW).snapshot)
    kept = after.iloc[: len(before)]

    assert plain(kept).equals(plain(before))
    more = after.iloc[len(before) :]
    assert (more[more["kind"] == "revised"]["reason"] == "definition").all()
    assert (more["kind"] == "revised").any()
    assert more["drop"].isna().all()
