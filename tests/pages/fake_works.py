"""Invented smart-city projects for page tests; part of `FakeSource`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from data.settings import Settings
from data.snapshots import Snapshot
from data.works import WORK_COLUMNS
from tests.pages.fake_feeds import AS_OF, HOSTILE


class FakeWorks:
    """Three projects: one as planned, one behind and short of funds that is handed over soon, one of which nothing is known."""

    kind: str

    def works(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return WORK_COLUMNS of `data.works`; none of a calm or bare city."""
        one = self._row("XM01", "地理信息平台", 0, planned=74.9, actual=72.9, funds=(3144.62, 3018.84), score=91.0)
        two = self._row("XM12", "智能楼宇", 1, planned=75.3, actual=55.3, funds=(1000.0, 600.0), score=61.0)
        two |= {"hands_over": True, "is_concession": True, "risk": "资金", "risk_level": "高", "ends": datetime(2017, 3, 14)}
        three = self._row("XM14", "监控租用", 1, planned=None, actual=None, funds=(None, None), score=None)
        rows = [one, two, three] if self.kind in {"full", "hostile"} else []
        return pd.DataFrame(rows, columns=list(WORK_COLUMNS)).astype(
            dict.fromkeys(("month", "began", "ends", "arrived_at"), "datetime64[us]")
        )

    def _row(
        self, code: str, title: str, place: int, *, planned: float | None, actual: float | None, funds: Any, score: Any
    ) -> dict[str, Any]:
        name = HOSTILE if self.kind == "hostile" else title
        return {
            "work": code, "month": datetime(2016, 2, 1), "began": datetime(2014, 3, 1), "title": name, "class": "智基", "model": "EPC",
            "owner": name, "operator": name, "contract": 4200.0, "funds_planned": funds[0], "funds_arrived": funds[1], "invested": 1.0,
            "planned": planned, "actual": actual, "ends": datetime(2016, 10, 31), "risk": None, "risk_level": "低", "score": score,
            "place": place, "group_zh": ("政府投资", "建设经营移交")[place], "group_en": ("Government", "BOT")[place], "hands_over": False,
            "is_concession": False, "grade_zh": "优", "grade_en": "excellent", "progress_sign": "proj_progress_dev",
            "funds_sign": "proj_fund_ratio", "feed": "smartcity", "drop": "smartcity-000001", "arrived_at": AS_OF.replace(tzinfo=None),
        }  # fmt: skip
