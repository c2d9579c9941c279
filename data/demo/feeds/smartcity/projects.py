"""The smart-city projects: where each stands at the end of a month, and the workbook of the smart-city office."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data.demo.dice import dice
from data.demo.dirt import Row, Soiled
from data.demo.laying import lay_out
from data.demo.parcels import Parcel
from data.demo.workbook import Cell, Sheet
from data.demo.world import World

TOLD = date(2016, 2, 29)
"""The day on which every project stands as its row in the words says."""
HEADINGS = (
    "项目编号,项目名称,类别,建设运营模式,建设单位,运营企业,合同金额(万元),计划到位资金,累计到位资金,累计完成投资,计划进度(%),实际进度(%),计划完成,"
    "风险类型,风险等级,绩效得分"
).split(",")


def simulate_projects(world: World, seed: int, month: date, until: date) -> pd.DataFrame:
    """Return the projects that have begun by the end of a month; amounts in 万元, progress in percent."""
    noise = dice(seed, "projects", month).normal(size=(len(world.words["smartcity"]["projects"]), 2))
    rows = [_stands(one, until, quirk) for one, quirk in zip(world.words["smartcity"]["projects"], noise.tolist(), strict=True)]
    frame = pd.DataFrame([row for row in rows if row])
    places = [world.places["project"].index(code) for code in frame["code"]]
    return frame.assign(project=places, month=np.full(len(frame), np.datetime64(month, "s")))


def _stands(project: dict[str, Any], until: date, quirk: list[float]) -> dict[str, Any]:
    """Return how a project stands on a day: it falls behind little by little, and the day that is told is exact."""
    if project["from"] > until:
        return {}
    length = (project["until"] - project["from"]).days
    gone = min(1.0, (until - project["from"]).days / length)
    told = min(1.0, (TOLD - project["from"]).days / length)
    drift = gone / told
    shake = 0.0 if until == TOLD else 1.0
    planned = round(100 * gone, 1)
    due = round(project["cost"] * gone, 2)
    arrived = 1 - (1 - project["funds"] / 100) * min(drift, 1.2)
    score = project["score"] + shake * 1.5 * quirk[0] + (1 - min(drift, 1)) * 4
    return {
        "code": project["project"], "words": project, "planned": planned,
        "actual": round(min(100.0, max(0.0, planned - project["behind"] * drift - shake * 0.3 * quirk[1])), 1),
        "funds_planned": due, "funds_arrived": round(due * arrived, 2), "invested": round(due * arrived * 0.93, 2),
        "score": round(min(100.0, score), 1),
    }  # fmt: skip


def project_sheet(world: World, seed: int, parcel: Parcel, rng: np.random.Generator) -> tuple[Sheet, Soiled, pd.DataFrame]:
    """Write the projects of a month; progress now and then with its %, money with its unit."""
    records = simulate_projects(world, seed, parcel.first, parcel.last)
    rows = [_row(world, record, float(luck)) for record, luck in zip(records.to_dict("records"), rng.random(len(records)), strict=True)]
    title = f"智慧城市项目月报（{parcel.first.year}年{parcel.first.month}月）"
    soiled = Soiled(rows, np.ones(len(rows), dtype=bool))
    return *lay_out("项目", title, HEADINGS, soiled, [["填报人：示例", None, "审核人：示例"]]), records


def _row(world: World, record: dict[Hashable, Any], luck: float) -> Row:
    words, end = record["words"], record["words"]["until"]
    invested: Cell = f"{record['invested']}万元" if luck < 0.15 else record["invested"]
    planned: Cell = f"{record['planned']}%" if luck < 0.3 else record["planned"]
    return [
        words["project"], world.names[words["project"]], words["class"], words["model"], "区智慧办", "示例运营公司", words["cost"],
        record["funds_planned"], record["funds_arrived"], invested, planned, record["actual"], f"{end.year}年{end.month}月{end.day}日",
        words["risk"] or "无", words["grade"], record["score"],
    ]  # fmt: skip
