"""Reads `plan.yaml`: the kinds, sizes and positions of what is injected, and the series it is injected into."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

PLAN = Path(__file__).with_name("plan.yaml")


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which a series goes wrong: for how many days, up, down or either, at one level or along a slope."""

    days: int
    direction: str
    form: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a daily series comes from, and what a day of it is."""

    files: str
    take: str
    value: str = ""
    parts: tuple[str, ...] = ()
    time: str = ""
    format: str = ""
    encoding: str = "utf-8-sig"
    least: int = 1
    lowest: float | None = None
    floor: float | None = None
    since: date | None = None
    only: dict[str, str] = field(default_factory=dict)
    holidays: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of the file."""

    seed: int
    false_alarm_rate: float
    warm_up: int
    replicates: int
    scale_days: int
    bootstrap: int
    sizes: tuple[float, ...]
    kinds: dict[str, Kind]
    series: dict[str, Source]


def read_plan(path: Path = PLAN) -> Plan:
    """Return the plan; an unknown key is a TypeError."""
    said: dict[str, Any] = YAML(typ="safe").load(path)
    kinds = {name: Kind(**kind) for name, kind in said.pop("kinds").items()}
    series = {name: Source(**source) for name, source in said.pop("series").items()}
    return Plan(kinds=kinds, series=series, **said)
