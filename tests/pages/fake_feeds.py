"""An invented ledger: feeds, deliveries, drops, quarantine, ratings, with every face that the feeds page can show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec
from weakref import WeakKeyDictionary

import pandas as pd

from data.city import DIMENSIONS
from data.noted import ANNOTATION_COLUMNS, HOLIDAY_COLUMNS
from data.phrase import Phrase, Says
from data.readings import (
    CONDUCT_COLUMNS,
    DELIVERY_COLUMNS,
    DROP_COLUMNS,
    FEED_COLUMNS,
    FEED_TABLE_COLUMNS,
    QUALITY_COLUMNS,
    QUARANTINE_COLUMNS,
    Scope,
)  # fmt: skip
from data.receipt import SPOKEN_COLUMNS
from data.settings import Settings
from data.snapshots import Snapshot
from data.wording import Wording, told
from data.yamlfile import read_yaml

P = ParamSpec("P")
AS_OF = datetime(2016, 3, 7, 8, 0)
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&"
WANTED = {
    "BAD_DATE": Phrase(Says.TIMESTAMP),
    "UNKNOWN_UNIT": Phrase(Says.REGISTERED, "street"),
    "OUT_OF_RANGE": Phrase(Says.BETWEEN, 0, 500, "µg/m³"),
    "INCONSISTENT": Phrase(Says.RULE, "办结不早于来电", "closed no earlier than received"),
    "DUPLICATE_CONFLICT": Phrase(Says.ONE_ROW_PER_KEY),
    "BAD_NUMBER": Phrase(Says.WHOLE_NUMBER_IN, "次"),
    "MISSING_KEY": Phrase(Says.PART_OF_KEY),
}


def chance(*names: object) -> float:
    """Return a number in [0, 1) that depends on the names only."""
    return int(hashlib.sha256("/".join(map(str, names)).encode()).hexdigest()[:8], 16) / 16**8


def framed(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return rows with exactly the declared columns."""
    return pd.DataFrame([{column: row.get(column) for column in columns} for row in rows], columns=list(columns))


def kept(method: Callable[P, pd.DataFrame]) -> Callable[P, pd.DataFrame]:
    """Invent a frame once for a source, whoever asks: a page asks thirty times."""
    frames: WeakKeyDictionary[Any, pd.DataFrame] = WeakKeyDictionary()

    @wraps(method)
    def asked(*words: P.args, **more: P.kwargs) -> pd.DataFrame:
        source = words[0]
        if source not in frames:
            frames[source] = method(*words, **more)
        return frames[source].copy()

    return asked


class FakeFeeds:
    """The feeds of the city directory; `kind` chooses the face."""

    kind = "full"

    def indicators(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return the catalogue; see `FakeSource`."""
        raise NotImplementedError

    @kept
    def feeds(self, settings: Settings, snapshot: Snapshot, scope: Scope) -> pd.DataFrame:
        """Return the feeds; in `full` the first is late."""
        rows, signs = [], self.indicators(settings, snapshot)
        for place, path in enumerate(sorted(settings.feeds_dir.glob("*.yaml"))):
            one = read_yaml(path, settings.city_dir).content
            late = self.kind == "full" and place == 0
            arrived = AS_OF - timedelta(hours=26.5 if late else 1 + place, minutes=7)
            rows.append(one | {
                "name_zh": one["name"]["zh"], "name_en": one["name"]["en"], "department_name": one["owner"],
                "every": one["cadence"]["every"], "state": "late" if late else "on_time", "due_at": AS_OF - timedelta(hours=1),
                "data_until": AS_OF - timedelta(hours=8), "arrived_at": arrived, "drops": 69, "rows": 20345,
                "accepted": 20300, "quarantined": 45, "quality": 99.78 - 12 * place, "stars": max(5 - place, 1),
                "late_min": 330 if late else 0, "indicators": int((signs["feed"] == one["feed"]).sum()),
            })  # fmt: skip
        return framed(rows, FEED_COLUMNS)

    def deliveries(self, settings: Settings, snapshot: Snapshot, scope: Scope, *, days: int = 28) -> pd.DataFrame:
        """Return a calendar with every face in it."""
        faces = ("on_time",) * 22 + ("late", "missing", "refused", "not_due")
        rows = []
        for feed in self.feeds(settings, snapshot, scope)["feed"]:
            for back in range(days - 1, -1, -1):
                day = (AS_OF - timedelta(days=back)).date()
                state = faces[int(chance(feed, day, "came") * len(faces))] if back else "on_time"
                if self.kind == "full" and back == 0 and feed == self.feeds(settings, snapshot, scope)["feed"][0]:
                    state = "late"
                rows.append(
                    {"feed": feed, "due_on": day, "due_at": AS_OF, "state": state, "drops": 1, "rows": 300, "quarantined": 0, "table": ""}
                )
        return framed(rows, DELIVERY_COLUMNS)

    def drops(self, settings: Settings, snapshot: Snapshot, scope: Scope, *, feed: str | None = None, language: str = "zh") -> pd.DataFrame:
        """Return a ledger with one of each state; the refused one says why in the reader's language."""
        words = Wording(language)
        why_refused = {"found": told(Phrase(Says.NO_HEADER).kept, words), "wanted": told(Phrase(Says.HEADINGS, "街道", "人次").kept, words)}
        rows = []
        for place, name in enumerate(self.feeds(settings, snapshot, scope)["feed"]):
            for back in range(6):
                state, why = ("refused", "SCHEMA") if back == 3 else ("duplicate", "DUPLICATE_FILE") if back == 4 else ("taken", None)
                text = HOSTILE if self.kind == "hostile" else f"{name}_{(AS_OF - timedelta(days=back + 1)):%Y%m%d}.csv"
                taken = state == "taken"
                rows.append({"drop": f"D{place}{back:03d}", "feed": name, "file": text, "sha256": "ab" * 32, "rows": 310 if taken else 0,
                             "accepted": 300 if taken else 0, "quarantined": 8 if taken else 0, "skipped": 2 if taken else 0,
                             "cleared": 3 if taken else 0,
                             "revised": 4 if taken else 0, "is_correction": back == 2, "records": 300 if taken else 0,
                             "arrived_at": AS_OF - timedelta(days=back, hours=place + 1), "state": state, "reason": why}
                            | (why_refused if state == "refused" else {}))  # fmt: skip
        rows.sort(key=lambda row: row["arrived_at"], reverse=True)
        return framed([row for row in rows if feed in (None, row["feed"])], DROP_COLUMNS)

    def quarantine(
        self, settings: Settings, snapshot: Snapshot, scope: Scope, *, feed: str | None = None, drop: str | None = None,
        language: str = "zh",
    ) -> pd.DataFrame:  # fmt: skip
        """Return faults of several kinds, each with what was wanted in the reader's language."""
        rows = []
        for name in self.feeds(settings, snapshot, scope)["feed"]:
            for place, (code, wanted) in enumerate(WANTED.items()):
                found = HOSTILE if self.kind == "hostile" else f"2016-02-3{place}"
                rows.append({"drop": "D0000", "feed": name, "table": "t", "line": 12 + 7 * place, "column": f"c{place}", "reason": code,
                             "found": found, "wanted": told(wanted.kept, Wording(language)), "text": found + ",1,2,3"})  # fmt: skip
        return framed([row for row in rows if feed in (None, row["feed"])], QUARANTINE_COLUMNS)

    def feed_tables(self, settings: Settings, snapshot: Snapshot, scope: Scope) -> pd.DataFrame:
        """Return the tables that the contracts promise."""
        rows = []
        for path in sorted(settings.feeds_dir.glob("*.yaml")):
            one = read_yaml(path, settings.city_dir).content
            rows += [{"feed": one["feed"], "table": name, "name_zh": table["name"]["zh"], "name_en": table["name"]["en"]}
                     for name, table in one["tables"].items()]  # fmt: skip
        return framed(rows, FEED_TABLE_COLUMNS)

    def quality(
        self, settings: Settings, snapshot: Snapshot, scope: Scope, *, feed: str | None = None, span: str = "28d"
    ) -> pd.DataFrame:  # fmt: skip
        """Return ratings of every kind: good, low, and one with nothing to judge."""
        rows = []
        for name in self.feeds(settings, snapshot, scope)["feed"]:
            rows.append({"feed": name, "span": span, "dimension": "overall", "score": 88.5, "stars": 3, "coverage": 0.83})
            for place, dimension in enumerate(DIMENSIONS):
                score = None if place == 3 else 99.5 - 13 * place
                rows.append({"feed": name, "span": span, "dimension": dimension, "score": score, "weight": 1.0, "rows_n": 300,
                             "rows_good": 290,
                             "stars": None if score is None else max(5 - place, 1), "files_good": 0, "files_n": 0})  # fmt: skip
        return framed([row for row in rows if feed in (None, row["feed"])], QUALITY_COLUMNS)

    def conduct(self, settings: Settings, snapshot: Snapshot, scope: Scope, *, feed: str | None = None) -> pd.DataFrame:
        """Return three months of every department; in the first nothing was due."""
        rows = []
        for department in dict.fromkeys(self.feeds(settings, snapshot, scope)["department"]):
            for place, month in enumerate(("2016-01", "2016-02", "2016-03")):
                rows.append({"month": month, "department": department, "feed": "", "due": 7 * place, "on_time": 6 * place,
                             "rows": 900 * place,
                             "accepted": 890 * place, "errors": place, "repeated": 0})  # fmt: skip
        return framed([row for row in rows if feed in (None, row["feed"])], CONDUCT_COLUMNS)

    def annotations(self, settings: Settings, snapshot: Snapshot, scope: Scope, **wanted: Any) -> pd.DataFrame:
        """Return one fault of two days, whatever is asked for."""
        start = (AS_OF - timedelta(days=9)).date()
        text = HOSTILE if self.kind == "hostile" else "管网抢修"
        row = {"annotation": "fault", "kind": "fault", "text_zh": text, "text_en": text, "author": "值班员", "start": start,
               "end": start + timedelta(days=1), "excluded": True, "entities": "", "indicators": ""}  # fmt: skip
        return framed([row], ANNOTATION_COLUMNS)

    def holidays(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return one public holiday."""
        return framed([{"holiday": "春节", "start": date(2016, 2, 7), "end": date(2016, 2, 13)}], HOLIDAY_COLUMNS)

    def spoken(self, settings: Settings, snapshot: Snapshot, scope: Scope, *, drop: str) -> pd.DataFrame:
        """Return what a drop speaks for: its day, in the first table of its feed."""
        found = self.drops(settings, snapshot, scope)
        tables = self.feed_tables(settings, snapshot, scope).drop_duplicates("feed").set_index("feed")["table"]
        rows = [{"drop": drop, "feed": feed, "table": tables[feed], "covers_from": AS_OF - timedelta(days=1), "covers_to": AS_OF}
                for feed in found[found["drop"] == drop]["feed"]]  # fmt: skip
        return framed(rows, SPOKEN_COLUMNS)

    def return_workbook(self, settings: Settings, snapshot: Snapshot, scope: Scope, *, drop: str) -> bytes | None:
        """Return bytes where the drop has faulty rows."""
        return b"xlsx" if drop == "D0000" else None
