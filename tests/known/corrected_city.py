"""A small city whose departments correct themselves: each morning's drop may say something else of the days before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pandas as pd

from data import readings
from data.settings import Settings
from data.snapshots import Snapshot
from tests.golden.small_city import CITY, HEAD, INDICATORS, METERS, REPAIRS, TABLES

ZONE = timezone(timedelta(hours=8))
FIRST = 6  # of May 2024
Report = tuple[int, int, int, int | None]  # number, street, day of reporting, hours until it was repaired
DERIVED = """\
  - indicator: energy_per_open
    name: {zh: 每件用电, en: Energy per report}
    formula: night_energy / repairs_open
    unit: 千瓦时
    precision: 1
    direction: watch
    grain: [district]
    cadence: day
    owner: [市政处]
    weight: 0
    since: 2024-01-01
    version: 1
"""


def write_city(directory: Path) -> Settings:
    """Write the city, whose clock goes on."""
    settings = Settings(directory / "city", directory / "var")
    for folder in (settings.feeds_dir, settings.catalogue_dir, settings.city_dir / "data" / "reference"):
        folder.mkdir(parents=True)
    texts = {settings.city_dir / "data" / "reference" / f"{name}.csv": text for name, text in TABLES.items()}
    texts[settings.city_file] = "".join(line for line in CITY.splitlines(keepends=True) if not line.startswith("clock"))
    texts |= {settings.feeds_dir / "repairs.yaml": REPAIRS, settings.feeds_dir / "meters.yaml": METERS}
    texts[settings.catalogue_dir / "operations.yaml"] = INDICATORS + DERIVED
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return settings


def morning(day: int, hour: int = 8) -> datetime:
    """Return a moment of the city: by default when its refresh of a day runs."""
    return datetime(2024, 5, day, hour, tzinfo=ZONE)


def arrive(settings: Settings, feed: str, file: str, text: str, arrived_at: datetime) -> None:
    """Lay a drop into the inbox, with the time of its arrival."""
    folder = settings.inbox / feed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"file": file, "arrived_at": arrived_at.isoformat()}, ensure_ascii=False) + "\n")


def report(settings: Settings, day: int, reports: Iterable[Report]) -> None:
    """Send what was reported by the end of a day, at seven the next morning."""
    lines = [HEAD]
    for number, street, reported, hours in reports:
        at = datetime(2024, 5, reported, 9)
        repaired = f"{at + timedelta(hours=hours):%Y-%m-%d %H:%M}" if hours is not None else ""
        lines.append(f"L-{number},{'东西'[street]}街道,{at:%Y-%m-%d %H:%M},{repaired},10,灭灯,\n")
    arrive(settings, "repairs", f"路灯报修_202405{day:02}.csv", "".join(lines), morning(day + 1, 7))


def measure(settings: Settings, day: int, energies: Sequence[int]) -> None:
    """Send the energies of the nights up to a day, the last of them being new."""
    nights = range(day - len(energies) + 1, day + 1)
    text = "".join(f"B1,2024-05-{night:02},{energy}\n" for night, energy in zip(nights, energies, strict=True))
    arrive(settings, "meters", f"抄表{day}.csv", f"配电箱,日期,用电量(千瓦时)\n{text}", morning(day + 1, 7))


def figures(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return every sign, without the name of the snapshot."""
    frame = readings.signs(settings, snapshot).drop(columns="snapshot")
    return frame.sort_values(["indicator", "entity_kind", "entity", "grain", "start"], ignore_index=True)
