"""Turns known items and documents into the CSV files that the service centre and the government office would send."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.dirt import COPY, Fault, Row, Soiled, conflict, copy, put, soil
from data.demo.forms import CHINESE, DASHES, ISO, SLASHES, days, named, stamps
from data.demo.workbook import Cell
from data.demo.world import World

ITEMS = (
    "办件编号,事项名称,部门,大厅,申请渠道,取号时间,叫号时间,受理时间,承诺时限(工作日),法定时限(工作日),办结时间,办理状态,评价结果".split(
        ","
    )
)
DOCUMENTS = "文号,事项,责任单位,交办时间,要求完成,完成时间".split(",")


def _closed_before_accepted(row: Row) -> list[Row]:
    """Type last year's date."""
    return put(10, f"{int(row[0][2:6]) - 1}-{int(row[0][6:8])}-1 9:30")(row)


ITEM_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.0004, put(2, "示例局")),
    Fault("UNKNOWN_UNIT", 0.0003, put(3, "示例分厅9")),
    Fault("BAD_VALUE", 0.0004, put(12, "好评")),
    Fault("BAD_VALUE", 0.0002, put(4, "微信")),
    Fault("BAD_DATE", 0.0004, put(7, "2015-2-30 9:00")),
    Fault("FUTURE_DATE", 0.0001, put(10, "2061-3-7 10:20")),
    Fault("BAD_NUMBER", 0.0003, put(8, "当日")),
    Fault("OUT_OF_RANGE", 0.0002, put(9, "999")),
    Fault("INCONSISTENT", 0.0003, _closed_before_accepted),
    Fault("INCONSISTENT", 0.0002, lambda row: put(8, "30")(put(9, "20")(row)[0])),
    Fault("MISSING_KEY", 0.0002, put(0, "")),
    Fault("COLUMN_COUNT", 0.0002, lambda row: [row[:-1]]),
    Fault("DUPLICATE_CONFLICT", 0.0002, lambda row: conflict(1, f"{row[1]}（补录）")(row)),
    Fault(COPY, 0.0006, copy),
)
DOCUMENT_FAULTS = (
    Fault("UNKNOWN_UNIT", 0.001, put(2, "示例专班")),
    Fault("BAD_DATE", 0.0015, put(4, "月底前")),
    Fault("INCONSISTENT", 0.001, put(5, "2012-01-05")),
    Fault("MISSING_KEY", 0.0005, put(0, "")),
    Fault(COPY, 0.001, copy),
)


def item_sheet(world: World, items: pd.DataFrame, eligible: np.ndarray, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the text (UTF-8, tabs) of the service centre; the system rates an item well where nobody did."""
    words = world.words["services"]
    kinds = [words["items"][place] for place in items["item"].tolist()]
    forms = np.full(len(items), rng.choice([DASHES, SLASHES, ISO]))
    times = {name: stamps(items[name].to_numpy(), forms, "") for name in ("ticket_at", "called_at", "accepted_at", "closed_at")}
    draws = rng.integers(0, 6000, len(items)).tolist()
    halls = [world.spellings[code] for code in world.places["hall"]]
    is_open = items["closed_at"].isna().tolist()
    rows = _rows(
        [f"HP{number}" for number in items["item_no"].tolist()],
        [kind["item"] for kind in kinds],
        [_spelt(world, kind["bureau"], draw) for kind, draw in zip(kinds, draws, strict=True)],
        [halls[place][draw % 2] if place >= 0 else "" for place, draw in zip(items["hall"].tolist(), draws, strict=True)],
        named(words["channels"], items["channel"].tolist(), ""),
        times["ticket_at"],
        times["called_at"],
        times["accepted_at"],
        [str(kind["promise"]) for kind in kinds],
        [str(kind["legal"]) for kind in kinds],
        times["closed_at"],
        [_status(is_open=still, is_rejected=bad) for still, bad in zip(is_open, items["rejected"].tolist(), strict=True)],
        named(list(words["ratings"]), np.where(is_open, -1, items["rating"]).tolist(), ""),
    )
    soiled = soil(rows, eligible, ITEM_FAULTS, rng)
    return "".join("\t".join(row) + "\n" for row in (ITEMS, *soiled.rows)).encode(), soiled


def document_sheet(world: World, documents: pd.DataFrame, rng: np.random.Generator) -> tuple[bytes, Soiled]:
    """Return the register (GB18030, CRLF) of the government office, whole as of a day."""
    words, size = world.words["services"], len(documents)
    forms = np.full(size, rng.choice([DASHES, SLASHES, CHINESE]))
    draws = rng.integers(0, 6000, size).tolist()
    rows = _rows(
        [f"和政办督〔{number // 1_000_000}〕{number % 1_000_000:06d}号" for number in documents["document"].tolist()],
        [words["matters"][place] for place in documents["matter"].tolist()],
        [_spelt(world, words["bureaus"][place], draw) for place, draw in zip(documents["bureau"].tolist(), draws, strict=True)],
        *(days(documents[name].to_numpy(), forms, "") for name in ("assigned_at", "due_at", "done_at")),
    )
    soiled = soil(rows, np.ones(size, dtype=bool), DOCUMENT_FAULTS, rng)
    return "".join(",".join(row) + "\r\n" for row in (DOCUMENTS, *soiled.rows)).encode("gb18030"), soiled


def _rows(*columns: list[str] | list[Cell]) -> list[Row]:
    return [list(row) for row in zip(*columns, strict=True)]


def _spelt(world: World, code: str, draw: int) -> str:
    spellings = world.spellings[code]
    return spellings[0] if draw % 5 else spellings[draw % len(spellings)]


def _status(*, is_open: bool, is_rejected: bool) -> str:
    return "办理中" if is_open else "不予受理" if is_rejected else "已办结"
