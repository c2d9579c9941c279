"""One city of real files: which file goes to which feed, one refresh, and what comes out through the product's readers.

`REAL_DATA` names the folder that holds the files; they never enter this repository. Every file is dropped as it is, with
a manifest that lets it arrive shortly before the fixed clock of its city. Each city has a directory here: contracts,
indicators and a register, no Python.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data import readings
from data.revisions import evidence
from data.settings import Settings
from indicators.directory import load
from indicators.refresh import Refreshed, refresh

HERE = Path(__file__).parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)

SHENYANG, BEIJING, MESSAGES = "cn_pm25_shenyang_beijing_shanghai", "cn_beijing_air_12_stations", "cn_citizen_messages"
METRO, BIKES, ZONES, LOOPS = "cn_hangzhou_metro", "seoul_bike_hourly", "tetouan_power_10min", "la_loop_speed"
COVID, CENSUS, DIVISIONS = "cn_covid_liaoning_cities", "cn_census2020_shenyang", "cn_shenyang_divisions"
LOAD, SAN_FRANCISCO, HOLIDAYS, OUTLINES = (
    "cn_region_load_15min", "sf_sample_311_fire", "cn_public_holidays", "cn_beijing_dongcheng_streets",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a data set that a feed takes."""

    feed: str
    dataset: str
    files: str = "*.csv"


# Each city with the day on which its files arrive.
CITIES: dict[str, tuple[str, tuple[Source, ...]]] = {
    "city": (
        "2020-01-20",
        (Source("shenyang_air", SHENYANG), Source("beijing_air", BEIJING, "*.csv.gz"), Source("messages", MESSAGES)),
    ),
    "flows": ("2019-01-31", (Source("metro", METRO, "inflow_10min.csv"), Source("bikes", BIKES), Source("zones", ZONES))),
    "roads": ("2012-03-09", (Source("loops", LOOPS, "los_speed.csv"),)),
    "liaoning": (
        "2024-01-31",
        (
            Source("covid_cities", COVID),
            Source("covid_province", COVID),
            Source("census", CENSUS),
            Source("divisions", DIVISIONS),
            Source("streets_2018", DIVISIONS, "heping_streets_2018_13.csv"),
        ),
    ),
    "records": (
        "2025-11-30",
        (
            Source("load", LOAD),
            Source("cases", SAN_FRANCISCO, "311_service_requests.csv"),
            Source("fire", SAN_FRANCISCO, "sffd_service_calls.csv"),
            Source("holidays", HOLIDAYS),
            Source("holidays_json", HOLIDAYS, "*.json"),
            Source("outlines", OUTLINES, "*.geojson"),
        ),
    ),
}


def real_data() -> Path:
    """Return the folder of the real files; skip, and say so, where there is none."""
    named = os.environ.get("REAL_DATA")
    if not named:
        pytest.skip("REAL_DATA is unset: the known answers of real data were not checked")
    folder = Path(named)
    wanted = {source.dataset for _, sources in CITIES.values() for source in sources}
    absent = sorted(name for name in wanted if not (folder / name).is_dir())
    if absent or not (folder / "answers.json").is_file():
        pytest.skip(f"REAL_DATA={named} lacks {', '.join(absent) or 'answers.json'}: real data were not checked")
    return folder


@dataclass(frozen=True, slots=True)
class RealCity:
    """A city after its one refresh."""

    settings: Settings
    refreshed: Refreshed

    def signs(self, indicator: str, **wanted: Any) -> pd.DataFrame:
        """Return the signs of an indicator through the reader that pages use."""
        return readings.signs(self.settings, self.refreshed.snapshot, indicator=indicator, **wanted)

    def value(self, indicator: str, period: str, entity: str = "", column: str = "value") -> float:
        """Return the one figure of an entity (the whole city, when none is named) in a period."""
        of = entity or self.refreshed.snapshot.city["root"]
        frame = self.signs(indicator, entity=of, period=period)
        assert len(frame) == 1, f"{indicator} {of} {period}: {len(frame)} signs"
        return float(frame[column].iloc[0])

    def taken(self, feed: str) -> list[tuple[str, int, int, int, int]]:
        """Return (state, rows, accepted, quarantined, skipped) of each drop of a feed, in order."""
        drops = [one for one in self.refreshed.taken if one.arrival.feed == feed]
        return [(one.state.value, one.rows, one.accepted, one.quarantined, one.skipped) for one in drops]

    def quarantined(self, feed: str) -> list[tuple[int, str, str]]:
        """Return (line, reason, found) of each fault of a feed."""
        frame = readings.quarantine(self.settings, self.refreshed.snapshot, feed=feed)
        return list(frame[["line", "reason", "found"]].itertuples(index=False, name=None))

    def rows(self, feed: str, table: str, query: str) -> list[tuple[Any, ...]]:
        """Ask the product's own records (`newest`: the newest revision of every key) what no formula can."""
        contract = load(self.settings).contracts[feed]
        with evidence(self.settings, self.refreshed.snapshot, contract, table) as con:
            return con.execute(query).fetchall()


def refreshed(city: str, var: Path) -> RealCity:
    """Drop every file of a city and refresh once."""
    folder, settings = real_data(), Settings(HERE / city, var)
    arrived_on, sources = CITIES[city]
    for source in sources:
        for path in sorted((folder / source.dataset).glob(source.files)):
            _drop(settings, source.feed, path, f"{arrived_on}T08:00:00+08:00")
    return RealCity(settings, refresh(settings, NOW))


def _drop(settings: Settings, feed: str, path: Path, arrived_at: str) -> None:
    """Lay a file into the inbox as it is, with the manifest line that says when it came."""
    folder = settings.inbox / feed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"file": path.name, "arrived_at": arrived_at}) + "\n")
