"""Makes a small invented snapshot with the declared columns, for page tests and for looking at pages without a warehouse.

It takes the place of `pages.parts.reading.Published`. Indicators, feeds and entities come from a city directory;
values are a pure function of their names, so two runs draw the same page. `kind` picks a face: `full` has every state,
`calm` only normal signs, `hostile` markup in every text that a department could send, `bare` a snapshot without signs.
"""

from __future__ import annotations

import csv
import json
import math
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import pandas as pd

from data.defined import DEFINITION_COLUMNS, INDICATOR_COLUMNS
from data.initials import initials
from data.periods import step
from data.readings import (
    DOMAIN_COLUMNS,
    ENTITY_COLUMNS,
    SIGN_COLUMNS,
    Scope,
)  # fmt: skip
from data.settings import Settings
from data.snapshots import NoSnapshotError, Snapshot
from data.yamlfile import read_yaml
from indicators.outlook import FORECAST_COLUMNS
from tests.pages.fake_alerts import FakeAlerts
from tests.pages.fake_briefs import FakeBriefs
from tests.pages.fake_changes import FakeChanges
from tests.pages.fake_duty import FakeDuty
from tests.pages.fake_feeds import AS_OF, FakeFeeds, chance, framed, kept
from tests.pages.fake_scores import FakeScores
from tests.pages.fake_works import FakeWorks


@cache
def _file(path: Path) -> dict[str, Any]:
    """Return a file of the catalogue; read once, since a page is drawn many times."""
    return cast("dict[str, Any]", read_yaml(path, path.parent).content)


LEVELS = ("blue", "yellow", "orange", "red")


class FakeSource(FakeDuty, FakeChanges, FakeWorks, FakeBriefs, FakeAlerts, FakeScores, FakeFeeds):
    """An invented snapshot of the city in `settings.city_dir`."""

    def __init__(self, kind: str = "full", days: int = 70) -> None:
        """Choose the face and the length of history."""
        self.kind, self.days = kind, days

    def pointer_stamp(self, settings: Settings) -> int:
        """Return 0 for `none`, as before the first snapshot."""
        return 0 if self.kind == "none" else 1

    def open_snapshot(self, settings: Settings, snapshot: str | None = None) -> Snapshot:
        """Return a manifest without parts; of the past there is one, `S-past`."""
        if self.kind == "none" or snapshot not in {None, "S-past"}:
            raise NoSnapshotError(self.kind)
        city = read_yaml(settings.city_file, settings.city_dir).content
        city = {name: value for name, value in city.items() if name != "clock"} | {"is_clock_fixed": True}
        return Snapshot(snapshot or f"S{AS_OF:%Y%m%d-%H%M}-{self.kind}", AS_OF, f"{self.kind}{self.days}", city, "v1", (), ())

    @kept
    def indicators(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return the catalogue of the city directory."""
        rows = []
        for path in sorted(settings.catalogue_dir.glob("*.yaml")):
            content = _file(path)
            rows += [self._indicator(entry, content["domain"]) for entry in content["indicators"]]
        return framed(rows, INDICATOR_COLUMNS)

    def definitions(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return the definitions of the city directory, whole."""
        entries = [entry for path in sorted(settings.catalogue_dir.glob("*.yaml")) for entry in _file(path)["indicators"]]
        names, rows = [entry["indicator"] for entry in entries], []
        for entry in entries:
            feed, table = entry.get("table", "").split(".") if entry.get("table") else ("", "")
            rows.append({
                "indicator": entry["indicator"], "body": json.dumps(entry, ensure_ascii=False, default=str),
                "inputs": ";".join(name for name in names if not table and name in entry["formula"].split()),
                "derived": ";".join(one["indicator"] for one in entries
                                    if not one.get("table") and entry["indicator"] in one["formula"].split()),
                "tables": entry.get("table", ""), "columns": f"{feed}.{table}.{entry['by']}" if entry.get("by") else "",
            })  # fmt: skip
        return framed(rows, DEFINITION_COLUMNS)

    @kept
    def entities(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return the register with the unassigned street."""
        with (settings.city_dir / "data" / "reference" / "entities.csv").open(encoding="utf-8") as stream:
            rows: list[dict[str, Any]] = [dict(row) for row in csv.DictReader(stream)]
        for row in rows:
            row |= {"row": int(row["row"]) if row["row"] else None, "col": int(row["col"]) if row["col"] else None}
        unassigned = snapshot.city["unassigned"]
        rows.append({"entity_kind": snapshot.city["areas"][1], "entity": "unassigned", "name_zh": unassigned["zh"],
                     "name_en": unassigned["en"], "parent": rows[0]["entity"], "note": "unassigned"})  # fmt: skip
        return framed(rows, ENTITY_COLUMNS)

    def domains(self, settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
        """Return the city's domains."""
        rows = [row | {"name_zh": row["name"]["zh"], "name_en": row["name"]["en"]} for row in snapshot.city["domains"]]
        return framed(rows, DOMAIN_COLUMNS)

    def signs(self, settings: Settings, snapshot: Snapshot, scope: Scope, **wanted: Any) -> pd.DataFrame:
        """Return history of the wanted indicators, areas and grain."""
        rows = []
        if self.kind != "bare":
            for indicator in self._catalogue(settings, snapshot):
                asked = wanted.get("indicator")
                if asked in (None, indicator["indicator"]) or (isinstance(asked, tuple) and indicator["indicator"] in asked):
                    rows += self._history(settings, snapshot, indicator, wanted)
        frame = framed(rows, SIGN_COLUMNS)
        if wanted.get("start") is not None and len(frame):
            frame = frame[frame["start"] >= wanted["start"]]
        return frame.reset_index(drop=True)

    def latest_signs(self, settings: Settings, snapshot: Snapshot, scope: Scope, *, grain: str = "day") -> pd.DataFrame:
        """Return the last sign of every indicator and area at its own cadence."""
        rows = []
        for indicator in self._catalogue(settings, snapshot):
            own = indicator["cadence"] if indicator["cadence"] != "day" else grain
            rows += self._history(settings, snapshot, indicator, {"grain": own}, last=1)
        return framed([] if self.kind == "bare" else rows, SIGN_COLUMNS)

    def forecasts(self, settings: Settings, snapshot: Snapshot, scope: Scope, **wanted: Any) -> pd.DataFrame:
        """Return two weeks that go on as the newest figure was, ever less sure; of the calm face nothing is known."""
        known = self.signs(settings, snapshot, scope, **wanted).dropna(subset="value")
        if known.empty or self.kind == "calm":
            return framed([{"reason": "few_periods", "grain": wanted["grain"]}] if len(known) else [], FORECAST_COLUMNS)
        last = known.sort_values("start").iloc[-1].to_dict()
        rows = []
        for place in range(1, 15):
            start = step(last["start"].to_pydatetime(), wanted["grain"], place)
            told = {"text": last["text"], "low_text": f"{0.99 * last['value']:.1f}", "high_text": f"{1.01 * last['value']:.1f}"}
            reach = {"low": last["value"] * (1 - 0.001 * place), "high": last["value"] * (1 + 0.001 * place)}
            found = {"method": "stl_level", "n": 60, "confidence": 0.95, "days_until_yellow": None, "soonest_until_yellow": 3}
            rows.append(last | told | reach | found | {"start": start, "reason": None})
        return framed(rows, FORECAST_COLUMNS)

    def _catalogue(self, settings: Settings, snapshot: Snapshot) -> list[dict[str, Any]]:
        frame = self.indicators(settings, snapshot).astype(object)
        return cast("list[dict[str, Any]]", frame.where(frame.notna(), None).to_dict("records"))

    def _indicator(self, entry: dict[str, Any], domain: str) -> dict[str, Any]:
        lines = (entry.get("thresholds") or [{}])[-1]
        window, active = entry.get("window", {}), entry.get("active", {})
        feed, _, table = entry.get("table", "").partition(".")
        return entry | {
            "domain": domain, "name_zh": entry["name"]["zh"], "name_en": entry["name"]["en"], "feed": feed or None, "table": table or None,
            "grains": ["day", "week", "month"] if entry["cadence"] == "day" else [entry["cadence"]], "entity_kinds": list(entry["grain"]),
            "day_from": "00:00",
            "window_days": window.get("days"), "window_kinds": window.get("kinds"), "active_from": active.get("from"),
            "active_to": active.get("to"), "owner": list(entry["owner"]), "since": str(entry["since"]),
            **{level: lines.get(level) for level in (*LEVELS, "target")},
            "initials": initials(entry["name"]["zh"]), "goalpost_low": entry.get("goalposts", {}).get("low"),
            "goalpost_high": entry.get("goalposts", {}).get("high"),
            **{f"{half}_{tongue}": entry.get(half, {}).get(tongue, "") for half in ("numerator", "denominator") for tongue in ("zh", "en")},
        }  # fmt: skip

    def _history(
        self, settings: Settings, snapshot: Snapshot, indicator: dict[str, Any], wanted: dict[str, Any], last: int = 0
    ) -> list[dict[str, Any]]:
        grain = wanted.get("grain") or "day"
        if grain not in indicator["grains"]:
            return []
        count = last or {"hour": 72, "day": self.days, "week": 30, "month": 14, "quarter": 6, "year": 3}[grain]
        rows, entities = [], self.entities(settings, snapshot)
        of = entities["entity_kind"].isin(indicator["entity_kinds"])
        for column in ("entity_kind", "entity"):
            of &= wanted.get(column) is None or entities[column].eq(wanted.get(column))
        for entity in cast("list[dict[str, Any]]", entities[of].to_dict("records")):
            rows += [self._sign(snapshot, indicator, entity, grain, back) for back in range(count - 1, -1, -1)]
        return rows

    def _sign(self, snapshot: Snapshot, indicator: dict[str, Any], entity: dict[str, Any], grain: str, back: int) -> dict[str, Any]:
        code, area = indicator["indicator"], entity["entity"]
        start = {"day": AS_OF.replace(hour=0) - timedelta(days=back + 1), "week": datetime(2016, 2, 29) - timedelta(weeks=back)}.get(grain)
        if start is None:
            month = 2016 * 12 + 1 - back
            start = datetime(month // 12, month % 12 + 1, 1)
        whole, part = entity["entity_kind"] == snapshot.city["areas"][0], entity["entity_kind"] == snapshot.city["areas"][1]
        base = indicator["blue"] if indicator["blue"] is not None else (300 if whole else 24 if part else 4)
        sway = 0.04 if indicator["direction"] == "higher" else 0.3
        bias = 0.5 if self.kind != "calm" else 0.0 if indicator["direction"] == "higher" else 1.2
        drift = math.sin(start.toordinal() / 9 + chance(code, area) * 6) * 0.4
        value = (
            base * (1 + sway * (drift + chance(code, area, start) - bias)) if self.kind != "calm" else base * (1.01 if sway < 0.1 else 0.6)
        )
        value = min(value, 100.0) if indicator["unit"] == "%" else value
        digits = indicator["precision"]
        value = round(value, digits)
        level, why = self._level(indicator, value)
        state, n = "ok", int(316 if whole else 8 + chance(area) * 60)
        if (
            self.kind == "full"
            and chance(indicator["feed"]) == max(chance(row) for row in (indicator["feed"],))
            and chance(code, "state") > 0.85
        ):
            state, why = ("late", f"feed_late:{indicator['feed']}") if back == 0 else (state, why)
        if indicator["min_n"] and n < indicator["min_n"]:
            state, level, why = "small_sample", None, f"n:{n}:{int(indicator['min_n'])}"
        if self.kind == "full" and indicator["feed"] == "community" and part and chance(code, area, "few") > 0.6:
            state, level, why = "suppressed", None, "few_persons"
        if state not in {"ok", "small_sample"}:
            value, level = None, None
        rate = indicator["unit"] == "%"

        def move(span: int) -> float:
            return round((chance(code, area, start, span) - 0.5) * (6 if rate else 30), 2)

        text = None if value is None else f"{value:.{digits}f}{indicator['unit']}"
        moves: dict[str, Any] = {}
        for name, span in (("prev", 1), ("week", 7), ("year", 365)):
            moved = None if value is None or (name == "year" and chance(code, "y") <= 0.3) else move(span)
            moves[f"change_{name}"] = moved
            moves[f"difference_{name}"] = moved if moved is None or rate else round(value - value / (1 + moved / 100), digits)
        return moves | {
            "indicator": code, "entity_kind": entity["entity_kind"], "entity": area, "entity_name": entity["name_zh"],
            "period": f"{start:%Y-%m-%d}", "value": value, "text": text, "n": None if state in {"late", "suppressed"} else n,
            "unit": indicator["unit"], "level": level, "state": state,
            "numerator": round(n * value / 100) if rate and value else None,
            "denominator": n if rate and state != "suppressed" else None, "vintage": "provisional",
            "reason": why, "method": "thresholds" if indicator["blue"] is not None else "robust_baseline", "baseline": base,
            "baseline_low": base * (1 - sway * 0.6),
            "baseline_high": min(base * (1 + sway * 0.5), 100) if rate else base * (1 + sway * 0.5),
            "change_unit": "points" if rate else "%", "change_reason": None, "change_year_reason": "no_base", "coverage": 1.0,
            "as_of": AS_OF, "definition_version": 1, "provenance": "demo", "snapshot": snapshot.id, "grain": grain, "start": start,
        }  # fmt: skip

    def _level(self, indicator: dict[str, Any], value: float) -> tuple[str | None, str]:
        if indicator["blue"] is None:
            return ("normal", "baseline:0.6") if value < 360 else ("blue", "baseline:2.1")
        level, why = "normal", "within"
        for name in LEVELS:
            line = indicator[name]
            if (value < line) if indicator["direction"] == "higher" else (value >= line):
                level, why = name, f"threshold:{name}:{line}"
        return level, why
