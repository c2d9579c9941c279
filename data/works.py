"""What a city says of its smart-city projects: which table holds them, what each column means, and how operating models are grouped.

`data/works.yaml` of the city; a city without it keeps no register of projects. What is published is the newest row of each project.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pydantic import Field

from data import readings
from data.contract import Contract
from data.grammar import Label, Name, Part
from data.problems import DefinitionError
from data.settings import Settings
from data.snapshots import Snapshot
from data.validation import validate
from data.yamlfile import read_yaml

ROLES = (
    "title", "class", "model", "owner", "operator", "contract", "funds_planned", "funds_arrived", "invested", "planned", "actual",
    "ends", "risk", "risk_level", "score",
)  # fmt: skip
GROUPED = ("place", "group_zh", "group_en", "hands_over", "is_concession", "grade_zh", "grade_en", "progress_sign", "funds_sign")
WORK_COLUMNS = ("work", "month", "began", *ROLES, *GROUPED, "feed", "drop", "arrived_at")


class Group(Part):
    """Operating models that are shown together, by the words that departments use for them; whether such a project is handed over."""

    name: Label
    of: tuple[str, ...] = Field(min_length=1)
    hands_over: tuple[str, ...] = Field(default=(), description="of them, those whose projects go to the government at their end")
    concession: bool = Field(default=False, description="whether an enterprise runs them for a time")


class Grade(Part):
    """A word for ratings from a score on."""

    least: float
    name: Label


class Works(Part):
    """The register of projects."""

    table: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    work: Name
    month: Name = Field(description="the column that says of which month a row speaks")
    columns: dict[str, Name] = Field(description=f"column by what it means: {', '.join(ROLES)}")
    signs: dict[str, Name] = Field(default_factory=dict, description="signs by project whose limits are drawn: progress, funds")
    groups: tuple[Group, ...] = ()
    grades: tuple[Grade, ...] = ()


def load_works(settings: Settings, contracts: Mapping[str, Contract]) -> Works | None:
    """Return the register of a city, None where it keeps none; raises DefinitionError with every problem and its line."""
    path = settings.city_dir / "data" / "works.yaml"
    if not path.is_file():
        return None
    source = read_yaml(path, settings.city_dir)
    works = validate(Works, source)
    feed, table = works.table.split(".")
    if feed not in contracts or table not in contracts[feed].tables:
        raise DefinitionError([source.problem(("table",), repr(works.table), "a table of a contract")])
    known = contracts[feed].tables[table].columns
    problems = [source.problem(("columns", role), repr(role), f"one of {', '.join(ROLES)}") for role in works.columns if role not in ROLES]
    asked = {("work",): works.work, ("month",): works.month} | {("columns", role): name for role, name in works.columns.items()}
    problems += [source.problem(place, repr(name), f"one of {', '.join(known)}") for place, name in asked.items() if name not in known]
    if problems:
        raise DefinitionError(problems)
    return works


def works(settings: Settings, snapshot: Snapshot) -> pd.DataFrame:
    """Return the projects of a snapshot (WORK_COLUMNS); none where an older version published it."""
    if not readings.files(settings, snapshot, "works"):
        return pd.DataFrame(columns=list(WORK_COLUMNS))
    return readings.published(settings, snapshot, "works")
