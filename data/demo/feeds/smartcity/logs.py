"""The logs of the platform, three sheets of one workbook: how systems ran, what departments delivered, what they asked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial

import numpy as np
import pandas as pd

from data.demo.dice import dice, draw, minutes
from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import DASHES, EXCEL, ISO, SLASHES, days, named, stamps
from data.demo.laying import lay_out
from data.demo.parcels import GO_LIVE, Parcel
from data.demo.periods import DAY, each_day
from data.demo.workbook import Sheet
from data.demo.world import World

Made = tuple[Sheet, Soiled, pd.DataFrame]
SHOWN = timedelta(days=60)
"""A request stands in the register so long after it was made."""
RAN_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0006, put(0, "示例系统")),
    Fault("BAD_NUMBER", 0.0006, put(3, "正常")),
    Fault("INCONSISTENT", 0.0005, put(3, 1440)),
    Fault("OUT_OF_RANGE", 0.0005, put(2, 1500)),
    Fault(COPY, 0.001, copy),
)
SENT_FAULTS = (
    Fault("BAD_VALUE", 0.001, put(2, "按需")),
    Fault("UNKNOWN_UNIT", 0.001, put(0, "F99")),
    Fault("BAD_DATE", 0.001, put(4, "次日补报")),
    Fault("INCONSISTENT", 0.001, put(6, 99_999)),
)
ASKED_FAULTS = (
    Fault("MISSING_KEY", 0.001, put(0, None)),
    Fault("UNKNOWN_UNIT", 0.001, put(2, "区示例局")),
    Fault("BAD_VALUE", 0.001, put(5, "待定")),
    Fault("DUPLICATE_CONFLICT", 0.001, conflict(5, "部分同意")),
)


def system_sheet(world: World, seed: int, parcel: Parcel, rng: np.random.Generator) -> Made:
    """Write how long each system was to run on each day and was down; a few were not watched."""
    records = pd.concat([_ran(world, seed, day) for day in each_day(parcel.first, parcel.last)], ignore_index=True)
    codes = world.places["system"]
    said = days(records["day"].to_numpy(), rng.choice([EXCEL, DASHES, ISO], len(records)), None)
    down = [None if np.isnan(one) else int(one) for one in records["down"].tolist()]
    names = [codes[place] if luck < 0.05 else world.names[codes[place]] for place, luck in zip(
        records["system"].tolist(), rng.random(len(records)).tolist(), strict=True)]  # fmt: skip
    rows: list[Row] = [
        [name, day, planned, "—" if one is None else one]
        for name, day, planned, one in zip(names, said, records["planned"].tolist(), down, strict=True)
    ]
    soiled = soil(rows, (records["planned"] < 1440).to_numpy(), RAN_FAULTS, rng)
    headings = ("系统名称", "日期", "计划服务时长(分)", "故障时长(分)")
    return *lay_out("系统运行", "业务系统运行日报", headings, soiled), records


def _ran(world: World, seed: int, day: date) -> pd.DataFrame:
    words, rng = world.words["smartcity"], dice(seed, "systems", day)
    names = [world.names[code] for code in world.places["system"]]
    size = len(names)
    planned = np.array([600 if name in words["office_hours"] else 1440 for name in names])
    is_down = rng.random(size) < words["outage"]
    down = np.where(is_down, np.minimum(rng.gamma(1.5, 40, size).astype(int) + 5, planned), 0)
    return pd.DataFrame({
        "system": np.arange(size), "day": np.full(size, np.datetime64(day, "s")), "planned": planned,
        "down": np.where(rng.random(size) < 0.004, np.nan, down),
    })  # fmt: skip


def arrival_sheet(world: World, seed: int, parcel: Parcel, rng: np.random.Generator) -> Made:
    """Write what was due from each department and when it came."""
    records = pd.concat([_due(world, seed, day) for day in each_day(parcel.first, parcel.last)], ignore_index=True)
    resources = world.words["smartcity"]["resources"]
    form = rng.choice([EXCEL, DASHES, SLASHES, ISO], len(records), p=[0.6, 0.2, 0.1, 0.1])
    codes = world.places["feed"]
    cycles = {codes.index(one["resource"]): one["cycle"] for one in resources}
    columns = (
        [codes[place] for place in records["feed"].tolist()],
        [world.names[world.parents[codes[place]]] for place in records["feed"].tolist()],
        [cycles[place] for place in records["feed"].tolist()],
        stamps(records["expected_at"].to_numpy(), form, None),
        stamps(records["delivered_at"].to_numpy().astype("datetime64[s]"), form, "未报"),
        records["rows"].tolist(),
        records["faulty"].tolist(),
    )
    soiled = soil([list(row) for row in zip(*columns, strict=True)], np.ones(len(records), dtype=bool), SENT_FAULTS, rng)
    headings = ("资源代码", "提供部门", "约定更新周期", "应报时间", "实报时间", "行数", "问题行数")
    return *lay_out("数据报送", "", headings, soiled), records


def _due(world: World, seed: int, day: date) -> pd.DataFrame:
    words, rng = world.words["smartcity"], dice(seed, "deliveries", day)
    resources = words["resources"]
    size = len(resources)
    expected = np.array([datetime.combine(day, time.fromisoformat(one["due"])) for one in resources], dtype="datetime64[s]")
    fate = rng.random(size)
    came = np.where(fate < words["late"], expected + minutes(rng, 5, 600, size), expected - minutes(rng, 2, 29, size))
    came[fate > 1 - words["never"]] = np.datetime64("NaT")
    if day > GO_LIVE:
        came = _befallen(world, day, expected - minutes(rng, 2, 29, size))
    rows, silent = rng.poisson([one["rows"] for one in resources]), np.isnat(came)
    return pd.DataFrame({
        "feed": [world.places["feed"].index(one["resource"]) for one in resources],
        "expected_at": expected,
        "delivered_at": came,
        "rows": np.where(silent, 0, rows),
        "faulty": np.where(silent, 0, rng.binomial(rows, [one["faulty"] for one in resources])),
    })  # fmt: skip


def _befallen(world: World, day: date, came: np.ndarray) -> np.ndarray:
    """Return when the files due on a day came, with the mishaps of the city; what came only after it is not in its log."""
    night = np.datetime64(day + DAY, "s")
    for place, one in enumerate(world.words["smartcity"]["resources"]):
        for mishap in world.mishaps:
            if (mishap.feed, mishap.day + DAY) == (one["feed"], day) and mishap.kind != "twice":
                at = np.datetime64(mishap.then or mishap.arrived, "s")
                came[place] = at if at < night else np.datetime64("NaT")
    return came


def simulate_requests(world: World, seed: int, day: date) -> pd.DataFrame:
    """Return one row per request made on a day, with its answer."""
    words, rng = world.words["smartcity"], dice(seed, "requests", day)
    worked = np.isin(np.datetime64(day, "D"), world.calendar.days)
    size = int(rng.poisson(words["requests_a_workday"])) if worked else 0
    givers = np.array(sorted({world.places["dept"].index(world.parents[code]) for code in world.places["feed"]}))
    applied = np.datetime64(day, "s") + minutes(rng, 9 * 60, 17 * 60, size)
    late = rng.random(size) < words["replies_late"]
    took = np.where(late, 10 + rng.geometric(0.3, size), rng.integers(1, 10, size))
    return pd.DataFrame({
        "request": int(f"{day:%Y%m%d}") * 100 + np.arange(1, size + 1),
        "applicant": rng.integers(0, len(world.places["dept"]), size),
        "provider": givers[rng.integers(0, len(givers), size)],
        "applied_at": applied,
        "due_at": world.calendar.add(applied, np.full(size, 10)),
        "replied_at": world.calendar.add(applied, took),
        "outcome": draw(rng, words["outcomes"], size),
    })  # fmt: skip


def request_sheet(world: World, requests: pd.DataFrame, parcel: Parcel, rng: np.random.Generator) -> Made:
    """Write the register of requests: those of the span, of a day also the earlier ones that are still shown."""
    first = parcel.first if parcel.is_history else parcel.first - SHOWN
    low, high, moment = (np.datetime64(one, "s") for one in (first, parcel.last + timedelta(days=1), parcel.known))
    known = requests[(requests["applied_at"] >= low) & (requests["applied_at"] < high)]
    silent = ~(known["replied_at"] < moment)
    known = known.assign(replied_at=known["replied_at"].mask(silent), outcome=known["outcome"].mask(silent, -1))
    depts = [world.names[code] for code in world.places["dept"]]
    form = np.full(len(known), DASHES)
    write = partial(stamps, forms=form, missing=None)
    columns = (
        [f"GX{one}" for one in known["request"].tolist()],
        named(depts, known["applicant"].tolist(), None),
        named(depts, known["provider"].tolist(), None),
        write(known["applied_at"].to_numpy()),
        write(known["replied_at"].to_numpy().astype("datetime64[s]")),
        named(list(world.words["smartcity"]["outcomes"]), known["outcome"].tolist(), None),
    )
    soiled = soil([list(row) for row in zip(*columns, strict=True)], silent.to_numpy(), ASKED_FAULTS, rng)
    return *lay_out("共享申请", "", ("申请编号", "申请部门", "提供部门", "申请时间", "答复时间", "结果"), soiled), known
