"""Messages on their way: one for each occasion and recipient, claimed once, never lost, never sent twice by a dead sender."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefing.telling.sending import Sent, send_waiting
from data.desk.outbox import FAILED, SENDING, SENT, UNSURE, WAITING, Draft, Outbox
from data.desk.store import open_store
from data.desk.telling import Channel, Limits, Tell, Telling
from data.grammar import Label
from data.settings import Settings
from data.wording import Wording

NOW = datetime(2016, 3, 7, 0, 0, tzinfo=UTC)
ROOM = Channel(channel="room", name=Label(zh="群"), url="ROOM")
ADDRESS = {"room": "json://127.0.0.1/{contact}"}
WORDS = Wording("zh")


def telling(**limits: object) -> Telling:
    """Return how a city with one channel tells people."""
    return Telling(channels=(ROOM,), tell=(Tell(occasions=("fired",), channels=("room",)),), limits=Limits(**limits))  # type: ignore[arg-type]


def draft(number: int, contact: str = "", level: str = "red") -> Draft:
    """Return a message."""
    return Draft(
        f"A{number}|fired|room|{contact}", f"A{number}", "fired", level, "room", contact, contact, f"第{number}条", f"正文{number}"
    )


class Way:
    """Where messages go: keeps what it was given, and says of the first `faults` that they did not go."""

    def __init__(self, faults: int = 0) -> None:
        """Start with nothing."""
        self.got: list[tuple[str, str, str]] = []
        self.faults = faults

    def __call__(self, url: str, title: str, body: str) -> str:
        """Take a message."""
        if self.faults:
            self.faults -= 1
            return "connection refused"
        self.got.append((url, title, body))
        return ""


def sends(outbox: Outbox, way: Way, now: datetime = NOW, **limits: object) -> Sent:
    """Send what waits."""
    return send_waiting(outbox, telling(**limits), ADDRESS, WORDS, now, way)


def test_an_occasion_is_written_once_and_sent_once(desk: Settings) -> None:
    """However often it is looked for, on either database."""
    outbox, way = Outbox(open_store(desk)), Way()
    assert outbox.write([draft(1), draft(2)], NOW) == 2
    assert outbox.write([draft(2), draft(3)], NOW) == 1
    assert sends(outbox, way).sent == 3
    assert sends(outbox, way).sent == 0
    assert [title for _, title, _ in way.got] == ["第1条", "第2条", "第3条"]
    assert {one.state for one in outbox.messages()} == {SENT}
    assert [one.number for one in outbox.messages("A2")] == [2]


def test_two_senders_at_once_send_each_message_once(desk: Settings) -> None:
    """A claim is one person's."""
    outbox, way = Outbox(open_store(desk)), Way()
    outbox.write((draft(number, f"p{number}") for number in range(40)), NOW)
    crowd = [threading.Thread(target=sends, args=(Outbox(open_store(desk)), way), kwargs={"a_minute": 500}) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert Counter(title for _, title, _ in way.got).most_common(1)[0][1] == 1
    assert len(way.got) == 40


def test_what_a_dead_sender_left_is_unsure_and_sent_again_only_by_a_person(tmp_path: Path) -> None:
    """It may have arrived: nobody is told twice unless somebody wants it."""
    outbox, way = Outbox(open_store(Settings(tmp_path, tmp_path))), Way()
    outbox.write([draft(1)], NOW)
    outbox.claim([1], NOW)  # and dies here
    assert sends(outbox, way, NOW + timedelta(minutes=5)).sent == 0
    assert [one.state for one in outbox.messages()] == [SENDING], "the other sender may only be slow"
    assert sends(outbox, way, NOW + timedelta(minutes=11)).sent == 0
    assert [one.state for one in outbox.messages()] == [UNSURE]
    assert not outbox.again(7, NOW)
    assert outbox.again(1, NOW + timedelta(minutes=12))
    assert sends(outbox, way, NOW + timedelta(minutes=12)).sent == 1
    assert len(way.got) == 1


def test_a_failure_is_tried_again_later_and_then_given_up(tmp_path: Path) -> None:
    """After each failure the time that the city says; the reason stands beside it."""
    outbox = Outbox(open_store(Settings(tmp_path, tmp_path)))
    outbox.write([draft(1)], NOW)
    way = Way(faults=9)
    assert sends(outbox, way, retry_minutes=(1, 5)).again == 1
    assert sends(outbox, way, NOW + timedelta(seconds=30), retry_minutes=(1, 5)) == Sent()
    assert sends(outbox, way, NOW + timedelta(minutes=1), retry_minutes=(1, 5)).again == 1
    assert sends(outbox, way, NOW + timedelta(minutes=6), retry_minutes=(1, 5)).failed == 1
    (one,) = outbox.messages()
    assert (one.state, one.tries, one.fault) == (FAILED, 3, "connection refused")


def test_many_for_one_recipient_come_as_one_the_worst_first(tmp_path: Path) -> None:
    """Nobody reads thirty mails; each title is there."""
    outbox, way = Outbox(open_store(Settings(tmp_path, tmp_path))), Way()
    outbox.write([*(draft(number, "a", "blue") for number in range(1, 30)), draft(30, "a"), draft(31, "b")], NOW)
    assert sends(outbox, way, a_minute=500).sent == 31
    assert sorted(url for url, _, _ in way.got) == ["json://127.0.0.1/a", "json://127.0.0.1/b"]
    bundle = next(body for url, _, body in way.got if url.endswith("a"))
    assert bundle.splitlines()[0] == "第30条"
    assert "10" in bundle.splitlines()[-1], "twenty titles and how many more"


def test_a_channel_without_an_address_keeps_its_messages(tmp_path: Path) -> None:
    """They wait, and it is said."""
    outbox = Outbox(open_store(Settings(tmp_path, tmp_path)))
    outbox.write([draft(1)], NOW)
    done = send_waiting(outbox, telling(), {"room": ""}, WORDS, NOW, Way())
    assert done == Sent(without=("room",))
    assert [one.state for one in outbox.messages()] == [WAITING]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.lists(st.integers(0, 12), min_size=1, max_size=6), a_minute=st.integers(1, 8), faults=st.integers(0, 3),
    over=st.integers(1, 6),
)  # fmt: skip
def test_no_minute_holds_more_than_the_limit_and_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], a_minute: int, faults: int, over: int
) -> None:
    """Whatever comes when: claims within any minute are bounded by the limit and one bundle, and in the end all have gone."""
    outbox, way = Outbox(open_store(Settings(Path(), tmp_path_factory.mktemp("box")))), Way(faults)
    number = 0
    for minute, count in enumerate(counts):
        for _ in range(count):
            number += 1
            outbox.write([draft(number, f"p{number % 3}")], NOW + timedelta(seconds=60 * minute))
        sends(outbox, way, NOW + timedelta(seconds=60 * minute), a_minute=a_minute, bundle_over=over, retry_minutes=(1, 1, 1, 1))
    for minute in range(len(counts), len(counts) + 120):
        before = len(way.got)
        sends(outbox, way, NOW + timedelta(seconds=60 * minute), a_minute=a_minute, bundle_over=over, retry_minutes=(1, 1, 1, 1))
        assert len(way.got) - before <= a_minute
    assert {one.state for one in outbox.messages()} <= {SENT}
    assert len(outbox.messages()) == number
