"""Sends what waits in the outbox: by channel within its limit, several for one recipient as one, and says what became of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import quote

import apprise

from briefing.telling.messages import bundled
from data.desk.outbox import FAILED, SENT, WAITING, Message, Outbox
from data.desk.telling import Limits, Telling
from data.wording import Wording

MINUTE = timedelta(minutes=1)
Send = Callable[[str, str, str], str]  # (Apprise URL, title, body) -> why it did not go, empty where it did


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages went, were put off by a limit, are to be tried again, failed for good, and have no address."""

    sent: int = 0
    held: int = 0
    again: int = 0
    failed: int = 0
    without: tuple[str, ...] = ()


def send_waiting(outbox: Outbox, telling: Telling, addresses: Mapping[str, str], words: Wording, now: datetime, send: Send) -> Sent:
    """Send what is due. `addresses` are Apprise URLs by channel; one that has none keeps its messages waiting."""
    outbox.give_up_the_dead(now)
    waiting = [one for one in outbox.messages(states=[WAITING]) if datetime.fromisoformat(one.due_at) <= now]
    known = {one.channel for one in telling.channels}
    without = tuple(sorted({one.channel for one in waiting if not addresses.get(one.channel)}))
    counts = {"sent": 0, "held": 0, "again": 0, "failed": 0}
    for channel in sorted({one.channel for one in waiting} & known - set(without)):
        free = telling.limits.a_minute - outbox.sent_since(channel, now - MINUTE)
        for batch in _batches((one for one in waiting if one.channel == channel), telling.limits):
            if free <= 0:
                counts["held"] += len(batch)
                continue
            mine = outbox.claim((one.number for one in batch), now)
            if mine:
                free -= len(mine)
                became = _deliver(outbox, mine, addresses[channel], telling.limits, words, now, send)
                counts[became] += len(mine)
    return Sent(**counts, without=without)


def apprise_send(url: str, title: str, body: str) -> str:
    """Send by Apprise; returns its own last word where it did not go."""
    with apprise.LogCapture(level=logging.WARNING) as said:  # type: ignore[no-untyped-call]  # its constructor has no types
        way = apprise.Apprise()
        if not way.add(url):
            return "not an Apprise URL"
        if way.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            return ""
        lines = said.getvalue().strip().splitlines()
    return lines[-1][-300:] if lines else "not delivered"


def _batches(waiting: Iterable[Message], limits: Limits) -> list[list[Message]]:
    """Return what goes out together: one by one, or, where more wait for a recipient than may, all of them; red ones first."""
    order = {level: place for place, level in enumerate(("red", "orange", "yellow", "blue"))}
    found: list[list[Message]] = []
    ordered = sorted(waiting, key=lambda one: (one.contact, one.number))
    for _, group in groupby(ordered, key=lambda one: one.contact):
        of_one = sorted(group, key=lambda one: (order.get(one.level, 9), one.number))
        found += [of_one] if len(of_one) > limits.bundle_over else [[one] for one in of_one]
    return sorted(found, key=lambda batch: (order.get(batch[0].level, 9), batch[0].number))


def _deliver(outbox: Outbox, mine: list[Message], address: str, limits: Limits, words: Wording, now: datetime, send: Send) -> str:
    url = address.replace("{contact}", quote(mine[0].contact, safe="@"))
    title, body = (mine[0].title, mine[0].body) if len(mine) == 1 else bundled(words, (one.title for one in mine))
    fault = send(url, title, body)
    numbers = [one.number for one in mine]
    if not fault:
        outbox.settle(numbers, {"state": SENT, "gone_at": now.isoformat(timespec="seconds"), "fault": ""})
        return "sent"
    tries = max(one.tries for one in mine)
    if tries > len(limits.retry_minutes):
        outbox.settle(numbers, {"state": FAILED, "fault": fault})
        return "failed"
    due = now + timedelta(minutes=limits.retry_minutes[tries - 1])
    outbox.settle(numbers, {"state": WAITING, "due_at": due.isoformat(timespec="seconds"), "fault": fault})
    return "again"
