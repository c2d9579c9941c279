"""Invented alerts and what people did about them, for page tests; part of `FakeSource`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from data import alerted
from data.desk.action import Action, Entry, Head, chained
from data.desk.store import DeskUnavailableError, store_if_there
from data.desk.worked import Work, work_of
from data.readings import Scope
from data.settings import Settings
from data.snapshots import Snapshot
from tests.pages.fake_feeds import AS_OF, HOSTILE

SAID, ZONE = AS_OF.replace(tzinfo=None), ZoneInfo("Asia/Shanghai")
WORKED, NEW, OVER, FEED = "20160306-aaaaaaaa", "20160306-bbbbbbbb", "20160301-cccccccc", "20160307-dddddddd"
RULE = json.dumps({
    "rule": "district_level", "name": {"zh": "体征越限"}, "kinds": ["street"], "version": 1,
    "cases": [{"says": {"zh": "例"}, "series": "n", "states": "."}],
})  # fmt: skip
LIVES = (
    (WORKED, 10, "confirm", "chief", {}), (WORKED, 14, "dispatch", "chief", {"unit": "heating"}),
    (WORKED, 20, "acknowledge", "handler", {}),
    (OVER, 5, "confirm", "chief", {}), (OVER, 9, "dispatch", "chief", {"unit": "heating"}),
    (OVER, 15, "acknowledge", "handler", {}), (OVER, 90, "finish", "handler", {}),
    (OVER, 120, "verify", "checker", {}), (OVER, 130, "close", "chief", {"result": "put_right"}),
)  # fmt: skip


class FakeAlerts:
    """Four alerts: one being worked and overdue, one that nobody has touched, one closed, one on a feed."""

    kind: str

    def alerts(self, settings: Settings, snapshot: Snapshot, scope: Scope, **_: Any) -> pd.DataFrame:
        """Return SHOWN_COLUMNS of `data.alerted`; none of a calm city."""
        rows = [
            self._alert(WORKED, "red", "firing", timedelta(hours=5)), self._alert(NEW, "yellow", "firing", timedelta(minutes=40)),
            self._alert(OVER, "orange", "resolved", timedelta(days=2)),
            self._alert(FEED, "yellow", "firing", timedelta(hours=1)) | {"rule": "feed_state", "indicator": "", "entity_kind": "feed",
                                                                         "entity": "health", "grain": "moment", "text": None},
        ]  # fmt: skip
        frame = pd.DataFrame(rows if self.kind in {"full", "hostile", "away"} else [], columns=list(alerted.SHOWN_COLUMNS))
        return frame.astype(dict.fromkeys(("pending_since", "fired_at", "said_at", "resolved_at", "value_at"), "datetime64[us]"))

    def _alert(self, alert: str, level: str, state: str, ago: timedelta) -> dict[str, Any]:
        day = datetime.combine((SAID - timedelta(days=1)).date(), datetime.min.time())
        name = HOSTILE if self.kind == "hostile" else "浑河湾街道"
        return {
            "alert": alert, "rule": "district_level", "indicator": "heat_temp_ok_rate", "entity_kind": "street", "entity": "210102001",
            "entity_name": name, "level": level, "highest": level, "state": state, "unconfirmed": level == "yellow", "grain": "day",
            "pending_since": day - timedelta(days=1), "fired_at": day, "value_at": day, "said_at": SAID - ago, "value": 83.94,
            "text": "83.94%", "owner": name, "feeds": "utilities", "inhibited_by": None, "muted_by": None, "is_late": False,
            "resolved_at": day if state == "resolved" else None, "revised": 0, "version": 1,
        }  # fmt: skip

    def transitions(self, settings: Settings, snapshot: Snapshot, scope: Scope, **_: Any) -> pd.DataFrame:
        """Return an empty log."""
        return pd.DataFrame(columns=list(alerted.LOG_COLUMNS))

    def rules(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return a rule that was tried and one that was not."""
        tried = {
            "rule": "district_level", "name_zh": "体征越限", "name_en": "beyond limits", "speaks": True, "alerts": 10, "flaps": 1,
            "digest": "d", "watches": "level",
            "events": 5, "caught": 4, "tried_from": datetime(2015, 1, 1), "tried_to": datetime(2016, 1, 1),
        }  # fmt: skip
        draft = {"rule": "draft", "name_zh": HOSTILE if self.kind == "hostile" else "草拟规则", "name_en": "drafted", "speaks": False}
        feeds = {"rule": "feed_state", "name_zh": "来源未到", "name_en": "feed missing", "speaks": True}
        return pd.DataFrame([tried, draft, feeds], columns=list(alerted.RULE_COLUMNS))

    def rule_text(self, settings: Settings, snapshot: Snapshot, digest: str) -> str | None:
        """Return the rule that the alerts are of."""
        return RULE if digest == "d" else None

    def work_of(self, settings: Settings) -> Work:
        """Return how the city works."""
        return work_of(settings)

    def desk_number(self, settings: Settings) -> int:
        """Return how many actions there are."""
        return -1 if self.kind == "away" else len(LIVES)

    def actions_of(self, settings: Settings, upto: int | None = None) -> list[Action]:
        """Return what people did, and what the test does; of the kind `away` the desk cannot be reached."""
        if self.kind == "away":
            raise DeskUnavailableError(0, "no route to the desk")
        said, head = [], Head()
        since = {WORKED: timedelta(hours=5), OVER: timedelta(days=2)}
        for alert, minute, kind, role, payload in LIVES:
            at = SAID.replace(tzinfo=ZONE) - since[alert] + timedelta(minutes=minute)
            reason = HOSTILE if self.kind == "hostile" else "已联系"
            action = chained(Entry(kind, alert, "甲", role, at, at, "", reason, payload), alert, head)
            said.append(action)
            head = Head(action.number, action.hash)
        store = store_if_there(settings)
        return [one for one in said if upto is None or one.number <= upto] + (store.actions(upto=upto) if store else [])
