"""One alert's way over the desk: who may do what, when it is due, and what others did meanwhile."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from commands.terminal import Exit
from data import alerted
from data.desk.acting import Desk, RefusedError
from data.desk.action import Action, Entry
from data.desk.clock import Clock
from data.desk.handling import Handling, handling_of, rung_times
from data.desk.store import open_store
from data.desk.terms import load_terms
from data.desk.worked import Work, action_frame, worked
from data.problems import DefinitionError
from data.register import load_reference
from data.settings import Settings
from indicators.refresh import refresh
from tests.alerts.test_alerts_of_a_city import NOW, tried
from tests.alerts.test_rules import city
from tests.test_cli import run

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Shanghai")
HERE = Settings(ROOT, ROOT / "var")
SAID = datetime(2016, 3, 7, 8, 0)
ALERT = {"alert": "A-1", "level": "red", "said_at": SAID}


@pytest.fixture
def work() -> Work:
    """How the demonstration city works, without its own names."""
    return Work(load_terms(HERE), Clock(load_reference(HERE)), ZONE, {"heating": "供热办", "water": "水务"})


@pytest.fixture
def at_desk(tmp_path: Path, work: Work) -> Desk:
    """An empty desk."""
    return Desk(open_store(Settings(tmp_path, tmp_path)), work.terms, frozenset(work.units), ZONE)


def does(at_desk: Desk, minute: int, kind: str, role: str = "chief", *, who: str = "甲", seen: int | None = None, **said: Any) -> Action:
    """Have somebody act so many minutes after the alert was said."""
    reason = said.pop("reason", "")
    at = SAID.replace(tzinfo=ZONE) + timedelta(minutes=minute)
    alert = said.pop("alert", ALERT)
    subject = "" if kind == "open" else alert["alert"]
    return at_desk.act(Entry(kind, subject, who, role, at, at.astimezone(UTC), "", reason, said, seen), None if kind == "open" else alert)


def stands(at_desk: Desk, work: Work, minute: int, alert: dict[str, Any] = ALERT) -> Handling:
    """Return how the alert stands then."""
    return handling_of([alert], at_desk.store.actions(), work.terms, work.clock, ZONE, SAID + timedelta(minutes=minute))[alert["alert"]]


def test_a_life_from_found_to_closed(at_desk: Desk, work: Work) -> None:
    """Each step has its stage, its unit and its limit; once closed nothing is due."""
    assert (stands(at_desk, work, 3).handling, stands(at_desk, work, 3).due_at) == ("new", SAID + timedelta(minutes=10))
    does(at_desk, 5, "confirm")
    does(at_desk, 9, "dispatch", unit="heating")
    now = stands(at_desk, work, 15)
    assert (now.stage, now.unit, now.step, now.due_at) == ("dispatched", "heating", "acknowledge", SAID + timedelta(minutes=19))
    does(at_desk, 15, "acknowledge", "handler")
    does(at_desk, 20, "start", "handler")
    now = stands(at_desk, work, 60)
    assert (now.step, now.since, now.due_at) == ("handle", SAID + timedelta(minutes=9), SAID + timedelta(minutes=9, hours=4))
    assert now.share == pytest.approx(51 / 240)
    does(at_desk, 100, "finish", "handler", reason="修复")
    does(at_desk, 110, "rework", "checker", reason="未恢复")
    again = stands(at_desk, work, 111)
    assert (again.stage, again.reworked, again.due_at) == ("in_progress", 1, now.due_at), "the time for handling runs on from the dispatch"
    does(at_desk, 200, "finish", "handler", reason="修复")
    does(at_desk, 210, "verify", "checker")
    does(at_desk, 220, "close", result="put_right")
    over = stands(at_desk, work, 500)
    assert (over.handling, over.has_ended, over.due_at, over.result) == ("closed", True, None, "put_right")
    assert stands(at_desk, work, 12).stage == "dispatched", "an earlier moment sees what was so then"
    does(at_desk, 600, "reopen", reason="又超限")
    assert (stands(at_desk, work, 601).stage, stands(at_desk, work, 601).reopened) == ("new", 1)


@pytest.mark.parametrize(
    ("kind", "role", "said", "why"),
    [
        ("shout", "chief", {}, "no_command"),
        ("confirm", "handler", {}, "role"),
        ("confirm", "chief", {"who": " "}, "who"),
        ("close", "chief", {"result": "put_right"}, "stage"),
        ("false_alarm", "chief", {}, "wanted"),
        ("escalate", "chief", {"reason": "急", "level": "purple"}, "value"),
        ("silence", "chief", {"reason": "检修", "until": "soon"}, "moment"),
        ("silence", "chief", {"reason": "检修", "until": "2016-03-07T07:00"}, "moment"),
        ("defer", "chief", {"reason": "等", "approver": "甲"}, "second"),
        ("merge", "chief", {"into": "A-1"}, "value"),
        ("answer", "chief", {"reason": "已办", "to": 9}, "value"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_and_leaves_no_trace(at_desk: Desk, kind: str, role: str, said: dict[str, Any], why: str) -> None:
    """Each with its reason."""
    with pytest.raises(RefusedError) as caught:
        does(at_desk, 1, kind, role, **said)

    assert caught.value.why == why
    assert at_desk.store.head().number == 0


def test_an_alert_that_nobody_raised_cannot_be_acted_on(at_desk: Desk) -> None:
    """Neither the snapshot nor anybody has said anything of it."""
    at = SAID.replace(tzinfo=ZONE)
    with pytest.raises(RefusedError, match="no_alert"):
        at_desk.act(Entry("note", "B-2", "甲", "chief", at, at, "", "x", {}), None)


def test_whoever_saw_less_is_told_who_did_what(at_desk: Desk) -> None:
    """Two chiefs look at the same alert; the second one hears of the first before acting on top."""
    does(at_desk, 2, "confirm", who="甲", seen=0)
    with pytest.raises(RefusedError) as caught:
        does(at_desk, 3, "dispatch", who="乙", seen=0, unit="water")

    assert caught.value.why == "seen"
    assert caught.value.facts == {"who": "甲", "command": "confirm", "at": "08:02", "number": 1}
    assert does(at_desk, 4, "dispatch", who="乙", seen=1, unit="water").number == 2


def test_clocks_stand_still_only_with_an_approver(at_desk: Desk, work: Work) -> None:
    """Extended: until then; deferred: until somebody resumes it; each names somebody else."""
    does(at_desk, 0, "confirm")
    does(at_desk, 0, "dispatch", unit="heating")
    does(at_desk, 0, "acknowledge", "handler")
    with pytest.raises(RefusedError, match="second"):
        does(at_desk, 60, "extend", "handler", reason="等件", until="2016-03-07T20:00", approver="甲")
    does(at_desk, 60, "extend", "handler", reason="等件", until="2016-03-07T20:00", approver="乙")
    now = stands(at_desk, work, 61)
    assert (now.handling, now.due_at) == ("extended", datetime(2016, 3, 7, 23, 0))
    later = stands(at_desk, work, 12 * 60 + 30)
    assert (later.handling, later.left) == ("acknowledged", timedelta(hours=2, minutes=30))
    does(at_desk, 13 * 60, "defer", reason="汛期停工", approver="乙")
    assert (stands(at_desk, work, 9999).handling, stands(at_desk, work, 9999).due_at) == ("deferred", None)
    with pytest.raises(RefusedError, match="stage"):
        does(at_desk, 13 * 60 + 1, "finish", "handler", reason="好了")
    does(at_desk, 20 * 60, "resume", reason="复工")
    assert stands(at_desk, work, 20 * 60).due_at == datetime(2016, 3, 7, 8) + timedelta(hours=22)


def test_the_ladder_is_climbed_by_the_share_of_the_limit(at_desk: Desk, work: Work) -> None:
    """Reminded at three quarters, supervised at the end, raised and announced beyond it."""
    does(at_desk, 0, "confirm")
    does(at_desk, 0, "dispatch", unit="heating")
    does(at_desk, 0, "acknowledge", "handler")

    assert [stands(at_desk, work, minute).rung for minute in (100, 180, 240, 270, 360)] == ["", "remind", "supervise", "raise", "announce"]
    assert stands(at_desk, work, 241).is_overdue
    times = dict(rung_times(stands(at_desk, work, 1), work.terms, work.clock))
    assert times == {"remind": SAID + timedelta(hours=3), "supervise": SAID + timedelta(hours=4), "raise": SAID + timedelta(hours=4.5),
                     "announce": SAID + timedelta(hours=6)}  # fmt: skip
    does(at_desk, 10, "lower", level="yellow", reason="影响有限")
    assert stands(at_desk, work, 11).due_at == SAID + timedelta(days=2), "by the level that it has now"


def test_instructions_wait_for_their_answer(at_desk: Desk, work: Work) -> None:
    """A leader's word has a due time and is answered once."""
    asked = does(at_desk, 5, "instruct", "leader", reason="日报进展", due="2016-03-07T18:00")
    (one,) = stands(at_desk, work, 6).instructions
    assert (one.text, one.due, one.answered_at) == ("日报进展", datetime(2016, 3, 7, 18), None)
    does(at_desk, 30, "answer", "officer", reason="已报", to=asked.number)
    assert stands(at_desk, work, 31).instructions[0].answered_at == SAID + timedelta(minutes=30)
    with pytest.raises(RefusedError, match="value"):
        does(at_desk, 31, "answer", "officer", reason="已报", to=asked.number)


def test_what_people_report_is_an_alert_too(at_desk: Desk, work: Work) -> None:
    """It stands in the queue beside the others and is worked the same way; one that comes back soon names the earlier."""
    opened = does(at_desk, 1, "open", "officer", reason="井盖丢失", level="yellow", entity="heating")
    does(at_desk, 2, "confirm", alert={"alert": opened.subject, "level": "yellow", "said_at": SAID + timedelta(minutes=1)})
    columns = list(alerted.SHOWN_COLUMNS)
    one = dict.fromkeys(columns) | {"rule": "r", "indicator": "i", "entity_kind": "street", "entity": "1", "grain": "day",
                                              "state": "firing", "fired_at": SAID, "level": "red"}  # fmt: skip
    rows = pd.DataFrame(
        [one | {"alert": "A-1", "said_at": SAID}, one | {"alert": "A-2", "said_at": SAID + timedelta(days=3)}], columns=columns
    )
    rows = rows.astype(dict.fromkeys(("fired_at", "said_at", "pending_since", "resolved_at"), "datetime64[us]"))
    life: list[tuple[str, str, dict[str, Any]]] = [
        ("confirm", "chief", {}), ("dispatch", "chief", {"unit": "water"}), ("acknowledge", "handler", {}),
        ("finish", "handler", {"reason": "好"}), ("verify", "checker", {}), ("close", "chief", {"result": "put_right"}),
    ]  # fmt: skip
    for kind, role, said in life:
        does(at_desk, 10, kind, role, **said)
    told, handled = worked(rows, at_desk.store.actions(), work, SAID + timedelta(days=4))

    assert set(told["alert"]) == {"A-1", "A-2", opened.subject}
    assert told.set_index("alert").loc[opened.subject, "handling"] == "confirmed"
    assert told.set_index("alert").loc["A-2", "reopens"] == "A-1"
    assert handled["A-1"].has_ended
    assert list(action_frame(at_desk.store.actions(), ZONE, opened.subject)["command"]) == ["open", "confirm"]


def test_terms_of_a_city_replace_those_of_the_product(tmp_path: Path) -> None:
    """Key by key; what is wrong has its file and line."""
    where = Settings(tmp_path, tmp_path / "var")
    where.desk_terms_file.parent.mkdir(parents=True)
    where.desk_terms_file.write_text("reopen_days: 3\n", encoding="utf-8")
    assert load_terms(where) == load_terms(HERE).model_copy(update={"reopen_days": 3})
    where.desk_terms_file.write_text("reopen_days: 3\nroles:\n  boss: {zh: 头}\n", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_terms(where)
    assert "data/desk.yaml" in str(caught.value)
    assert "roles that are declared, not checker, chief, handler, leader, officer" in str(caught.value)


def test_the_verbs_of_the_desk(tmp_path: Path) -> None:
    """An alert is confirmed from the command line, what cannot be is said in a sentence, and it shows."""
    where = city(tmp_path)
    tried(where, refresh(where, NOW).snapshot)
    refresh(where, NOW)
    alert = json.loads(run(where, "show", "alerts", "--json").output.splitlines()[0])
    assert (alert["handling"], alert["stage"]) == ("new", "new")
    done = run(where, "act", alert["alert"], "confirm", "--who", "甲", "--role", "chief", "--seen", "0", "--json")
    assert json.loads(done.output)["number"] == 1
    refused = run(where, "act", alert["alert"], "close", "--who", "甲", "--role", "chief", "--set", "result=put_right")
    assert refused.exit_code == Exit.NOTHING_DONE
    assert "不能做 close" in refused.output
    assert json.loads(run(where, "show", "alerts", "--json").output.splitlines()[0])["handling"] == "confirmed"
    assert "确认" in run(where, "show", "actions").output
