"""What the desk reports of a day: each step once under one key, and together what the measures say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.desk.acting import Desk, RefusedError
from data.desk.action import Action
from data.desk.daybook import Line, daybooks
from data.desk.handling import handling_of
from data.desk.measures import WHOLE, measures
from data.desk.store import open_store
from data.desk.worked import Work
from data.settings import Settings
from tests.desk.test_handling import SAID, ZONE, at_desk, does, work

__all__ = ["at_desk", "work"]
KINDS = ("confirm", "dispatch", "acknowledge", "start", "finish", "return", "rework", "verify", "close", "false_alarm", "reopen", "extend")
SAYS: dict[str, dict[str, Any]] = {
    "dispatch": {"unit": "heating"}, "close": {"result": "put_right"},
    "extend": {"until": (SAID + timedelta(days=4)).isoformat(), "approver": "乙"},
}  # fmt: skip
ROLES = dict.fromkeys(("acknowledge", "start", "finish", "return", "extend"), "handler") | {"rework": "checker", "verify": "checker"}
UNTIL = SAID.date() + timedelta(days=9)


def alert(name: str, days: int = 0) -> dict[str, Any]:
    """Return a red alert of its own identity, said so many days later."""
    identity = {"rule": "r", "indicator": name, "entity_kind": "district", "entity": "d", "grain": "day"}
    return {"alert": name, "level": "red", "said_at": SAID + timedelta(days=days)} | identity


def books(work: Work, alerts: list[dict[str, Any]], actions: list[Action]) -> dict[date, list[Line]]:
    """Return the books before UNTIL."""
    return daybooks(alerts, actions, work.terms, work.clock, ZONE, UNTIL)


def known(found: dict[date, list[Line]]) -> dict[str, Line]:
    """Return what a reader of all books knows: of each entry the last row."""
    return {line.entry: line for day in sorted(found) for line in found[day]}


def test_a_step_stands_in_the_book_of_the_day_that_moved_it(at_desk: Desk, work: Work) -> None:
    """Confirmed and dispatched on the first day, handled on the third; nothing is said of the second."""
    does(at_desk, 5, "confirm", alert=alert("A"))
    does(at_desk, 9, "dispatch", unit="heating", alert=alert("A"))
    does(at_desk, 15, "acknowledge", "handler", alert=alert("A"))
    does(at_desk, 2 * 1440, "finish", "handler", reason="好了", alert=alert("A"))
    found = books(work, [alert("A")], at_desk.store.actions())
    first, third = SAID.date(), SAID.date() + timedelta(days=2)

    assert set(found) == {first, third}
    assert [line.item for line in found[first]] == [
        "raised", "confirmed", "dispatched", "confirm", "dispatch", "acknowledge", "handle", "whole",
    ]  # fmt: skip
    handle = next(line for line in found[first] if line.item == "handle")
    assert (handle.unit, handle.began_at, handle.due_at, handle.done_at) == (
        "heating", SAID + timedelta(minutes=9), SAID + timedelta(minutes=9, hours=4), None,
    )  # fmt: skip
    assert {line.item: line.done_at for line in found[third]} == {
        "finished": SAID + timedelta(days=2), "handle": SAID + timedelta(days=2), "check": None,
    }  # fmt: skip


def test_what_is_no_longer_waited_for_has_no_limit(at_desk: Desk, work: Work) -> None:
    """A unit gives an alert back: acknowledging and handling are nobody's until it is dispatched again."""
    for minute, kind, role, said in ((5, "confirm", "chief", {}), (9, "dispatch", "chief", {"unit": "heating"}),
                                     (1500, "return", "handler", {"reason": "不归我"})):  # fmt: skip
        does(at_desk, minute, kind, role, alert=alert("A"), **said)
    rows = known(books(work, [alert("A")], at_desk.store.actions()))

    assert [(rows[f"A/0/{step}"].due_at, rows[f"A/0/{step}"].done_at) for step in ("acknowledge", "handle", "whole")] == [(None, None)] * 3
    does(at_desk, 3000, "dispatch", unit="water", alert=alert("A"))
    rows = known(books(work, [alert("A")], at_desk.store.actions()))
    assert (rows["A/0/handle"].unit, rows["A/0/handle"].began_at) == ("water", SAID + timedelta(minutes=3000))


def test_each_round_is_counted(at_desk: Desk, work: Work) -> None:
    """An alert that is opened again begins anew; its first round stays as it ended."""
    doings: tuple[tuple[int, str, str, dict[str, str]], ...] = (
        (5, "confirm", "chief", {}), (9, "dispatch", "chief", {"unit": "heating"}), (12, "acknowledge", "handler", {}),
        (30, "finish", "handler", {"reason": "好"}), (40, "verify", "checker", {}), (50, "close", "chief", {"result": "put_right"}),
        (1500, "reopen", "chief", {"reason": "又"}), (1600, "confirm", "chief", {}),
    )  # fmt: skip
    for minute, kind, role, said in doings:
        does(at_desk, minute, kind, role, alert=alert("A"), **said)
    rows = known(books(work, [alert("A")], at_desk.store.actions()))

    assert rows["A/0/whole"].done_at == SAID + timedelta(minutes=50)
    assert rows["A/1/confirm"].done_at == SAID + timedelta(minutes=1600)
    assert sum(line.item == "reopened" for line in rows.values()) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    doings=st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from([k for k in KINDS if k != "reopen"]), st.integers(1, 900)), max_size=14
    )
)
def test_the_books_together_say_what_the_measures_say(work: Work, tmp_path_factory: pytest.TempPathFactory, doings: list[Any]) -> None:
    """Whatever people do in one round each: what is due or done in a span, and what was done, is the same number by both ways."""
    place = tmp_path_factory.mktemp("desk")

    desk, minute = Desk(open_store(Settings(place, place)), work.terms, frozenset(work.units), ZONE), 0
    alerts = [alert("A"), alert("B")]
    for name, kind, after in doings:
        minute += after
        said = SAYS.get(kind, {})
        try:
            does(desk, minute, kind, ROLES.get(kind, "chief"), reason="因", alert=alert(name), **said)
        except RefusedError:
            continue
    actions = desk.store.actions()
    lines = known(books(work, alerts, actions)).values()
    span = (SAID.replace(hour=0), SAID.replace(hour=0) + timedelta(days=3))
    handled = handling_of(alerts, actions, work.terms, work.clock, ZONE, SAID + timedelta(days=9))
    frame = measures(handled.values(), actions, {}, work.terms, work.clock, ZONE, span).set_index(["unit", "measure"])

    def within(moment: Any) -> bool:
        return moment is not None and span[0] <= moment < span[1]

    for item in ("confirm", "acknowledge", "handle", "whole"):
        measure = f"{'close' if item == 'whole' else item}_ontime"
        mine = [line for line in lines if line.item == item and (within(line.due_at) or within(line.done_at))]
        good = sum(line.done_at is not None and line.due_at is not None and line.done_at <= line.due_at for line in mine)
        assert (frame.loc[(WHOLE, measure), "numerator"], frame.loc[(WHOLE, measure), "denominator"]) == (good, len(mine)), measure
    for measure, item in (("dispatch_right", "dispatched"), ("rework", "finished")):
        assert frame.loc[(WHOLE, measure), "denominator"] == sum(line.item == item and within(line.done_at) for line in lines)
