"""Keeps messages on their way: written once for each occasion and recipient, claimed by one sender, sent, or waiting to be tried again.

A message is claimed, and that is on the disk, before it is sent; a sender that dies in between leaves it `unsure`, and it is not
sent again by itself: nobody is told twice. Whoever sees it can have it sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Row, insert, select, update

from data.desk.schema import MESSAGES
from data.desk.store import Store, store_if_there
from data.settings import Settings

WAITING, SENDING, SENT, FAILED, UNSURE = "waiting", "sending", "sent", "failed", "unsure"
PATIENCE = timedelta(minutes=10)  # a sender that has not said by then what became of a message is taken for dead


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is to be: `key` is its occasion, channel and recipient, and there is one of each key. `contact` may be empty."""

    key: str
    alert: str
    occasion: str
    level: str
    channel: str
    recipient: str
    contact: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands. Moments are ISO 8601 with offset, of the wall clock."""

    number: int
    key: str
    alert: str
    occasion: str
    level: str
    channel: str
    recipient: str
    contact: str
    title: str
    body: str
    state: str
    written_at: str
    due_at: str
    claimed_at: str
    gone_at: str
    tries: int
    fault: str


class Outbox:
    """The messages of a desk."""

    def __init__(self, store: Store) -> None:
        """Take an open desk."""
        self._store = store

    def write(self, drafts: Iterable[Draft], now: datetime) -> int:
        """Write down what is not there yet and return how many that were."""
        with self._store.writing() as con:
            wanted = {one.key: one for one in drafts}
            known = set(con.scalars(select(MESSAGES.c.key).where(MESSAGES.c.key.in_(wanted))))
            fresh = [asdict(one) for key, one in wanted.items() if key not in known]
            last = con.scalar(select(MESSAGES.c.number).order_by(MESSAGES.c.number.desc()).limit(1)) or 0
            blank = dict.fromkeys(("claimed_at", "gone_at", "fault"), "")
            waiting = {"state": WAITING, "written_at": _text(now), "due_at": _text(now), "tries": 0}
            if fresh:
                con.execute(
                    insert(MESSAGES), [{"number": last + place} | row | blank | waiting for place, row in enumerate(fresh, start=1)]
                )
        return len(fresh)

    def messages(self, alert: str | None = None, states: Sequence[str] = ()) -> list[Message]:
        """Return messages in order of writing: of one alert, or in some states."""
        query = select(MESSAGES).order_by(MESSAGES.c.number)
        if alert is not None:
            query = query.where(MESSAGES.c.alert == alert)
        if states:
            query = query.where(MESSAGES.c.state.in_(states))
        with self._store.reading() as con:
            return [_message(row) for row in con.execute(query)]

    def sent_since(self, channel: str, moment: datetime) -> int:
        """Return how many messages a channel was claimed for since a moment: each counts, whatever became of it."""
        query = select(MESSAGES.c.number).where(MESSAGES.c.channel == channel, MESSAGES.c.claimed_at >= _text(moment))
        with self._store.reading() as con:
            return len(con.execute(query).all())

    def claim(self, numbers: Iterable[int], now: datetime) -> list[Message]:
        """Take waiting messages for sending and return those that nobody else has taken, in the order asked for."""
        order = {number: place for place, number in enumerate(numbers)}
        with self._store.writing() as con:
            query = select(MESSAGES).where(MESSAGES.c.number.in_(list(order)), MESSAGES.c.state == WAITING)
            mine = [_message(row) for row in con.execute(query)]
            con.execute(
                update(MESSAGES)
                .where(MESSAGES.c.number.in_([one.number for one in mine]))
                .values(state=SENDING, claimed_at=_text(now), tries=MESSAGES.c.tries + 1)
            )
        return [replace(one, state=SENDING, tries=one.tries + 1) for one in sorted(mine, key=lambda one: order[one.number])]

    def settle(self, numbers: Iterable[int], values: Mapping[str, str]) -> None:
        """Say what became of messages that were claimed: `state`, and `gone_at`, `due_at` or `fault`."""
        with self._store.writing() as con:
            con.execute(update(MESSAGES).where(MESSAGES.c.number.in_(list(numbers))).values(**values))

    def give_up_the_dead(self, now: datetime) -> int:
        """Mark what a sender claimed and never settled as unsure; return how many that are."""
        with self._store.writing() as con:
            lost = (MESSAGES.c.state == SENDING) & (MESSAGES.c.claimed_at < _text(now - PATIENCE))
            return con.execute(update(MESSAGES).where(lost).values(state=UNSURE)).rowcount

    def again(self, number: int, now: datetime) -> bool:
        """Have one message that failed or is unsure wait once more, because a person says so; whether there was such a one."""
        with self._store.writing() as con:
            known = (MESSAGES.c.number == number) & MESSAGES.c.state.in_([FAILED, UNSURE])
            values = {"state": WAITING, "due_at": _text(now), "tries": 0, "fault": ""}
            return con.execute(update(MESSAGES).where(known).values(**values)).rowcount == 1


def messages_of(settings: Settings) -> list[Message]:
    """Return the messages of a city, none where nobody was told anything yet; raises DeskUnavailableError."""
    store = store_if_there(settings)
    return Outbox(store).messages() if store and store.has_outbox() else []


def _message(row: Row[tuple[object, ...]]) -> Message:
    return Message(**row._asdict())


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
