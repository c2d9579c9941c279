"""Plays the people of the demonstration: who confirmed, dispatched, handled and closed the alerts of the last weeks (演示数据).

Each alert has its own dice, so the same alert is always worked the same way. They act through the desk like anybody else, and what
its terms refuse they do not do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from data import alerted
from data.demo.dice import dice
from data.desk.acting import RefusedError
from data.desk.action import Entry
from data.desk.worked import Work, work_of
from data.settings import Settings
from data.snapshots import Snapshot

DAYS = 45  # what was over before has been filed away
_OFFICERS, _CHIEFS, _CHECKERS, _LEADER = ("演示值班员甲", "演示值班员乙"), ("演示值班长甲", "演示值班长乙"), ("演示核查员甲",), "演示领导甲"
_PACE = {"red": (2, 9), "orange": (4, 19), "yellow": (10, 55), "blue": (20, 120)}  # minutes that a step of the desk takes
_HOURS = {"red": (1.5, 4.5), "orange": (3, 13), "yellow": (8, 60), "blue": (24, 120)}  # that handling takes
_FOUND = ("现场已查，正在抢修，预计当日恢复", "已联系责任单位，安排人员到场", "属实，已列入今日处置计划", "设备故障，备件到场后更换")
_DONE = ("已修复并回访，指标恢复", "已督促整改，现场复查合格", "设备更换完毕，运行正常")


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does so many minutes after the step before."""

    minutes: float
    kind: str
    who: str
    role: str
    unit: str = ""
    reason: str = ""
    payload: tuple[tuple[str, Any], ...] = ()


def act_as_people(settings: Settings, snapshot: Snapshot, recorded_at: datetime, seed: int = 2016) -> int:
    """Have people work the alerts of a snapshot up to its clock; returns how many actions were written. Done before: none."""
    work = work_of(settings)
    desk, now = work.desk(settings), snapshot.as_of
    if desk.store.head().number:
        return 0
    frame = alerted.alerts(settings, snapshot)
    local = now.replace(tzinfo=None)
    is_recent = (frame["state"] != "resolved") | (frame["fired_at"] > local - timedelta(days=DAYS))
    frame = frame[frame["fired_at"].notna() & is_recent]
    plans = []
    for row in frame.to_dict("records"):
        alert = {str(name): value for name, value in row.items()}
        at = alert["said_at"].to_pydatetime()
        for step in _life(alert, work, dice(seed, alert["alert"], at.date()), local):
            at += timedelta(minutes=round(step.minutes))
            plans.append((at, alert, step))
    written = 0
    for at, alert, step in sorted(plans, key=lambda plan: (plan[0], plan[1]["alert"])):
        if at > local:
            continue
        entry = Entry(
            step.kind,
            alert["alert"],
            step.who,
            step.role,
            at.replace(tzinfo=now.tzinfo),
            recorded_at,
            step.unit,
            step.reason,
            dict(step.payload),
        )
        try:
            desk.act(entry, alert)
            written += 1
        except RefusedError:  # an earlier step of this life was not reached
            continue
    return written


def _life(alert: dict[str, Any], work: Work, rng: np.random.Generator, now: datetime) -> Iterator[Step]:
    """Yield what is done about an alert, one step after the other."""
    low, high = _PACE[alert["level"]]
    unit = _unit(alert, work)
    handler = f"{work.units[unit]}经办人"

    def pace() -> float:
        return float(rng.uniform(low, high) * (3 if rng.random() < 0.06 else 1))

    def one(people: tuple[str, ...]) -> str:
        return people[int(rng.integers(len(people)))]

    yield Step(pace(), "assess", one(_OFFICERS), "officer", reason="与相关体征比对，属实")
    yield Step(pace() / 2, "confirm", one(_CHIEFS), "chief")
    if rng.random() < 0.05:
        yield Step(pace(), "false_alarm", one(_CHIEFS), "chief", reason="传感器离线造成，现场正常")
        return
    if alert["level"] == "red":
        due = (alert["said_at"] + timedelta(hours=10)).to_pydatetime().replace(microsecond=0)
        yield Step(5, "instruct", _LEADER, "leader", reason="抓紧处置，每四小时报一次进展", payload=(("due", due.isoformat()),))
    yield Step(pace() / 2, "dispatch", one(_CHIEFS), "chief", payload=(("unit", unit),))
    if rng.random() < 0.04:
        yield Step(pace(), "return", handler, "handler", unit, "不属本单位职责")
        yield Step(pace(), "dispatch", one(_CHIEFS), "chief", payload=(("unit", unit),))
    yield Step(pace(), "acknowledge", handler, "handler", unit)
    yield Step(pace() / 2, "start", handler, "handler", unit)
    if alert["grain"] not in {"hour", "day", "moment"} and alert["state"] != "resolved":
        yield Step(pace(), "defer", one(_OFFICERS), "officer", reason="须待下期数据，挂账跟踪", payload=(("approver", _LEADER),))
        return
    yield Step(pace(), "note", handler, "handler", unit, one(_FOUND))
    hours = float(rng.uniform(*_HOURS[alert["level"]]))
    is_over = alert["state"] == "resolved"
    if not is_over and (now - alert["said_at"]) / timedelta(hours=1) > hours * 2:
        ahead = (
            timedelta(hours=30) if alert["level"] in {"yellow", "blue"} else timedelta(hours=-hours, minutes=float(rng.uniform(-60, 420)))
        )
        until = (now + ahead).replace(second=0, microsecond=0)
        yield Step(20, "extend", handler, "handler", unit, "需外部配合，工期延长", (("until", until.isoformat()), ("approver", _CHIEFS[0])))
        yield Step(240, "note", handler, "handler", unit, one(_FOUND))
        return
    if not is_over:
        return
    yield Step(hours * 60, "finish", handler, "handler", unit, one(_DONE))
    if rng.random() < 0.06:
        yield Step(90, "rework", _CHECKERS[0], "checker", reason="复查仍超限，退回返工")
        yield Step(180, "finish", handler, "handler", unit, one(_DONE))
    yield Step(float(rng.uniform(60, 400)), "verify", _CHECKERS[0], "checker")
    yield Step(
        float(rng.uniform(20, 200)),
        "close",
        one(_CHIEFS),
        "chief",
        payload=(("result", "put_right" if rng.random() < 0.85 else "by_itself"),),
    )


def _unit(alert: dict[str, Any], work: Work) -> str:
    """Return the unit that owns an alert by its name, else the entity itself, else any."""
    names = {name: code for code, name in work.units.items()}
    owners = [names[name] for name in str(alert["owner"]).split("、") if name in names]
    return owners[0] if owners else alert["entity"] if alert["entity"] in work.units else min(work.units)
