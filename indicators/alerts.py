"""Turns the levels of signs into alerts, period by period: raised once confirmed, red at once, slow to fall. Pure: arrays in and out.

One alert per identity (a rule, a sign, an entity); further breaches belong to it. The same `step` serves live runs, replays and
backtests; a period that was judged before changes nothing. What is no evidence (no data, late, few cases) holds an alert, `unconfirmed`,
and counts neither for raising nor for ending it; an error leaves everything as it is; out of season ends it.

Semantics: Prometheus (`for`: elapsed >= wait; `keep`: elapsed < keep), Grafana (recovering, hysteresis), and the count of observed
periods beside time, since a period without data is not evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Times = npt.NDArray[np.datetime64]

TRANSITION_COLUMNS = ("identity", "at", "kind", "level", "was")
Of = TypeVar("Of", "Terms", "Standing", "Observed")
_NEVER = np.datetime64("NaT", "us")
_MINUTE = 60_000_000  # microseconds


class AlertState(IntEnum):
    """How an identity stands; `resolved` is said by a transition, and then it is inactive again."""

    INACTIVE = 0
    PENDING = 1
    FIRING = 2
    RECOVERING = 3


class Evidence(IntEnum):
    """What a period says: a figure that counts, nothing to go by, a failure of ours, or that its season is over."""

    SEEN = 0
    NONE = 1
    ERROR = 2
    ENDED = 3


class Transition(StrEnum):
    """What happened to an alert in a period."""

    PENDING = "pending"
    DROPPED = "dropped"  # a good period before it was confirmed
    FIRED = "fired"
    RAISED = "raised"  # a higher level
    LOWERED = "lowered"
    RECOVERING = "recovering"
    RELAPSED = "relapsed"  # in breach again while recovering: the same alert
    RESOLVED = "resolved"
    ENDED = "ended"  # out of season
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules, an entry per identity; each count goes with a time, and both must be met.

    An alert fires with the `least`-th observed period in breach, `wait` after the first; at `at_once` (a level, 1 blue to 4 red) it
    fires with the first. Once good it recovers for `goods` observed periods and as long as `keep`; the next good one ends it.
    """

    least: Counts
    wait: Counts  # minutes
    goods: Counts
    keep: Counts  # minutes
    at_once: Counts

    @classmethod
    def alike(cls, size: int, *, least: int = 2, wait: int = 0, goods: int = 3, keep: int = 0, at_once: int = 4) -> Terms:
        """Return the same terms for every identity."""
        return cls(*(np.full(size, one, dtype=np.int64) for one in (least, wait, goods, keep, at_once)))


@dataclass(frozen=True, slots=True)
class Observed:
    """What a period says of every identity: evidence, level (0 normal to 4 red), and whether it breaches the line of raising and of ending.

    `holds` is the test while firing (the recovery threshold); without hysteresis it equals `breaches`.
    """

    evidence: Counts
    level: Counts
    breaches: Flags
    holds: Flags


@dataclass(frozen=True, slots=True)
class Standing:
    """How every identity stands after the period `judged`: the counts and times that the terms go by."""

    state: Counts
    level: Counts
    unconfirmed: Flags
    since: Times  # the first period of the breach
    fired: Times
    breaches: Counts
    good_since: Times
    goods: Counts
    lower_since: Times  # from when on the level has been below that of the alert, for how many periods, and the highest since
    lowers: Counts
    lower: Counts
    judged: Times

    @classmethod
    def new(cls, size: int) -> Standing:
        """Return identities of which nothing is known."""
        count, never = np.zeros(size, dtype=np.int64), np.full(size, _NEVER)
        no = np.zeros(size, dtype=bool)
        return cls(count, count, no, never, never, count, never, count, never, count, count, never)


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to some identities (their places) in a period: their levels after it and before."""

    kind: Transition
    places: Counts
    level: Counts
    was: Counts


def step(terms: Terms, before: Standing, seen: Observed, at: datetime) -> tuple[Standing, list[Happened]]:
    """Return how identities stand after the period that starts `at`, and what happened.

    Identities that have been judged for this period or a later one are left as they are. Where nothing is and nothing begins
    there is nothing to do: only the others are looked at.
    """
    now = np.datetime64(at, "us")
    news = ~(before.judged >= now)
    begins = (seen.evidence == Evidence.SEEN) & seen.breaches
    rows = np.flatnonzero(news & ((before.state != AlertState.INACTIVE) | begins))
    after, happened = _stepped(_at(terms, rows), _at(before, rows), _at(seen, rows), now)
    whole = {one.name: getattr(before, one.name).copy() for one in fields(Standing)}
    for name, array in whole.items():
        array[rows] = getattr(after, name)
    whole["judged"] = np.where(news, now, before.judged)
    return Standing(**whole), [
        Happened(kind, rows[whom], after.level[whom], before.level[rows][whom]) for kind, whom in happened if whom.any()
    ]


def _stepped(terms: Terms, before: Standing, seen: Observed, now: np.datetime64) -> tuple[Standing, tuple[tuple[Transition, Flags], ...]]:
    """Return how identities stand of which something is or begins, none of them judged yet, and to whom what happened."""
    ended, none, told = (seen.evidence == one for one in (Evidence.ENDED, Evidence.NONE, Evidence.SEEN))
    active = before.state != AlertState.INACTIVE
    up = (before.state == AlertState.FIRING) | (before.state == AlertState.RECOVERING)
    breach = np.asarray(told & np.where(up, seen.holds, seen.breaches), dtype=bool)
    good = told & ~breach
    # Between the line that ends an alert and the one that raises it a figure has no level of its own: the alert keeps its.
    now_at = np.where(breach & up & (seen.level == 0), before.level, seen.level)

    begins = breach & ~active
    since = np.where(begins, now, before.since)
    breaches = np.where(begins, 1, before.breaches + (breach & ~begins))
    confirmed = (breaches >= terms.least) & (_minutes(since, now) >= terms.wait)
    fired_now = breach & ~up & (confirmed | (seen.level >= terms.at_once))
    relapses = breach & (before.state == AlertState.RECOVERING)
    drops = good & (before.state == AlertState.PENDING)

    goods = np.where(breach, 0, before.goods + (good & up))
    good_since = np.where(breach, _NEVER, np.where(good & up & np.isnat(before.good_since), now, before.good_since))
    resolves = good & up & (goods > terms.goods) & (_minutes(good_since, now) >= terms.keep)
    recovers = good & (before.state == AlertState.FIRING) & ~resolves

    raised = breach & up & (now_at > before.level)
    below = breach & up & (now_at < before.level)
    same = breach & ~below
    lowers = np.where(same, 0, before.lowers + below)
    lower_since = np.where(same, _NEVER, np.where(below & np.isnat(before.lower_since), now, before.lower_since))
    lower = np.where(same, 0, np.where(below, np.maximum(before.lower, now_at), before.lower))
    lowered = below & (lowers > terms.goods) & (_minutes(lower_since, now) >= terms.keep)
    level = np.where(raised | (breach & ~up), now_at, np.where(lowered, lower, before.level))

    state = before.state.copy()
    state[begins] = AlertState.PENDING
    state[fired_now | relapses] = AlertState.FIRING
    state[recovers] = AlertState.RECOVERING
    over = drops | resolves | (ended & active)
    state[over] = AlertState.INACTIVE
    after = Standing(
        state, np.where(over, 0, level), (before.unconfirmed | (none & active)) & ~(told | over),
        np.where(over, _NEVER, since), np.where(over, _NEVER, np.where(fired_now, now, before.fired)), np.where(over, 0, breaches),
        np.where(over, _NEVER, good_since), np.where(over, 0, goods),
        np.where(over | lowered, _NEVER, lower_since), np.where(over | lowered, 0, lowers), np.where(over | lowered, 0, lower),
        before.judged,
    )  # fmt: skip
    return after, (
        (Transition.CONFIRMED, told & before.unconfirmed), (Transition.PENDING, begins & ~fired_now), (Transition.FIRED, fired_now),
        (Transition.RELAPSED, relapses), (Transition.RAISED, raised), (Transition.LOWERED, lowered), (Transition.DROPPED, drops),
        (Transition.RECOVERING, recovers), (Transition.RESOLVED, resolves), (Transition.ENDED, ended & active),
        (Transition.UNCONFIRMED, none & active & ~before.unconfirmed),
    )  # fmt: skip


def run(terms: Terms, before: Standing, periods: Sequence[tuple[datetime, Observed]]) -> tuple[Standing, pd.DataFrame]:
    """Return how identities stand after periods in rising order, and every transition (TRANSITION_COLUMNS) in the order of happening.

    `identity` is the place among the identities; `level` and `was` are levels of 0 to 4 after and before.
    """
    found, standing = [], before
    for at, seen in periods:
        standing, happened = step(terms, standing, seen, at)
        found += [(at, one) for one in happened]
    if not found:
        return standing, pd.DataFrame(columns=list(TRANSITION_COLUMNS))
    sizes = [len(one.places) for _, one in found]
    return standing, pd.DataFrame({
        "identity": np.concatenate([one.places for _, one in found]),
        "at": np.repeat(np.array([at for at, _ in found], dtype="datetime64[us]"), sizes),
        "kind": np.repeat(np.array([one.kind.value for _, one in found], dtype=object), sizes),
        "level": np.concatenate([one.level for _, one in found]), "was": np.concatenate([one.was for _, one in found]),
    })  # fmt: skip


def without(standing: Standing, places: Flags) -> Standing:
    """Return the standing with some identities as if nothing were known of them: those of a new version of a rule, say."""
    new, names = Standing.new(len(places)), [one.name for one in fields(Standing)]
    return replace(standing, **{name: np.where(places, getattr(new, name), getattr(standing, name)) for name in names})


def _at(of: Of, rows: Counts) -> Of:
    """Return some identities of terms, a standing or a period."""
    return type(of)(*(getattr(of, one.name)[rows] for one in fields(of)))


def _minutes(since: Times, now: np.datetime64) -> Counts:
    """Return how long ago it was; -1 where it never was."""
    return np.where(np.isnat(since), -1, (now - since).astype(np.int64) // _MINUTE)
