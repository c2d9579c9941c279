"""Makes the part of smart-city projects: the newest row of each, with its group of operating models and its grade."""

from __future__ import annotations

import duckdb
import pandas as pd

from data.warehouse import current_name
from data.works import GROUPED, ROLES, WORK_COLUMNS, Works


def work_frame(con: duckdb.DuckDBPyConnection, works: Works | None) -> pd.DataFrame:
    """Return one row per project (WORK_COLUMNS of `data.works`), in order of group and code; none where the city keeps no register."""
    if works is None:
        return pd.DataFrame(columns=list(WORK_COLUMNS))
    feed, table = works.table.split(".")
    said = ", ".join(f'r."{works.columns[role]}" AS "{role}"' if role in works.columns else f'NULL AS "{role}"' for role in ROLES)
    frame = con.execute(f"""
        SELECT r."{works.work}" AS work, r."{works.month}" AS month, r.began, {said}, '{feed}' AS feed, l."drop", l.arrived_at
        FROM (SELECT *, min("{works.month}") OVER (PARTITION BY "{works.work}") AS began,
                     row_number() OVER (PARTITION BY "{works.work}" ORDER BY "{works.month}" DESC) AS newest
              FROM {current_name(feed, table)}) r
        LEFT JOIN ledger l ON l.seq = r._drop
        WHERE newest = 1 ORDER BY work""").df()
    told = pd.DataFrame([_grouped(works, *pair) for pair in zip(frame["model"], frame["score"], strict=True)], columns=list(GROUPED))
    return pd.concat([frame, told.set_index(frame.index)], axis=1).sort_values(["place", "work"], ignore_index=True)


def _grouped(works: Works, model: object, score: object) -> tuple[object, ...]:
    place, group = next(((place, one) for place, one in enumerate(works.groups) if model in one.of), (len(works.groups), None))
    grades = sorted(works.grades, key=lambda one: -one.least)
    grade = None if pd.isna(score) else next((one for one in grades if float(str(score)) >= one.least), None)  # type: ignore[call-overload]
    names = (group.name.zh, group.name.en or group.name.zh) if group else (None, None)
    return (
        place, *names, bool(group and model in group.hands_over), bool(group and group.concession),
        grade.name.zh if grade else None, (grade.name.en or grade.name.zh) if grade else None,
        works.signs.get("progress"), works.signs.get("funds"),
    )  # fmt: skip
