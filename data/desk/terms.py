"""The grammar of how alerts are handled: roles, commands, limits, the ladder. The product's own, key by key replaced by a city's.

Commands move an alert from stage to stage; `mark` says extended or deferred beside the stage. What a command `wants` must be said.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from data.grammar import Label, Name, Part
from data.problems import DefinitionError
from data.settings import Settings
from data.validation import validate
from data.yamlfile import YamlFile, read_yaml

Stage = Literal[
    "new", "confirmed", "dispatched", "acknowledged", "in_progress", "returned", "done", "verified", "closed", "false_alarm", "merged"
]
Level = Literal["blue", "yellow", "orange", "red"]
Unit = Literal["urgent_minutes", "urgent_hours", "work_minutes", "work_hours", "work_days", "natural_days"]
OVER = frozenset({"closed", "false_alarm", "merged"})
Text = Annotated[str, Field(pattern=r"^\d+ (urgent_minutes|urgent_hours|work_minutes|work_hours|work_days|natural_days)$")]
_PRODUCT = Path(__file__).with_name("terms.yaml")
_SPAN = re.compile(r"(\d+) (\w+)")


class Command(Part):
    """What somebody may do about an alert."""

    command: Name
    name: Label
    at: tuple[Stage, ...] = Field(alias="from", description="the stages in which it may be done; none: it opens an alert")
    to: Stage | None = Field(default=None, description="the stage that it leads to; none: it stays where it is")
    mark: Literal["extended", "deferred", ""] | None = Field(default=None, description="beside the stage; empty: taken away")
    by: tuple[Name, ...] = Field(min_length=1, description="roles")
    wants: tuple[Literal["reason", "unit", "level", "entity", "result", "until", "due", "approver", "into", "to"], ...] = ()


class Limit(Part):
    """How long a step may take, by level, from when `since` was reached."""

    step: Name
    stages: tuple[Stage, ...] = Field(min_length=1)
    since: Stage
    red: Text
    orange: Text
    yellow: Text
    blue: Text

    def of(self, level: str) -> tuple[int, str]:
        """Return (count, unit) for a level."""
        found = _SPAN.fullmatch(getattr(self, level))
        assert found
        return int(found[1]), found[2]


class Rung(Part):
    """What is done once a step has taken this share of its limit."""

    rung: Name
    name: Label
    share: float = Field(gt=0)


class Terms(Part):
    """How alerts are handled."""

    roles: dict[Name, Label] = Field(min_length=1)
    commands: tuple[Command, ...] = Field(min_length=1)
    limits: tuple[Limit, ...] = Field(min_length=1)
    ladder: tuple[Rung, ...] = ()
    reopen_days: int = Field(default=7, ge=0, description="a breach so soon after the end of an alert opens that one again")
    unit_kinds: tuple[Name, ...] = Field(min_length=1, description="entity kinds that can be given an alert")
    results: tuple[Name, ...] = Field(min_length=1, description="how an alert can end")

    @field_validator("ladder")
    @classmethod
    def _rises(cls, value: tuple[Rung, ...]) -> tuple[Rung, ...]:
        if [rung.share for rung in value] != sorted({rung.share for rung in value}):
            msg = "rungs by rising share"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _whole(self) -> Terms:
        unknown = sorted({role for command in self.commands for role in command.by} - self.roles.keys())
        if unknown:
            msg = f"roles that are declared, not {', '.join(unknown)}"
            raise ValueError(msg)
        names = [command.command for command in self.commands]
        if len(names) != len(set(names)):
            msg = "each command once"
            raise ValueError(msg)
        steps = [stage for limit in self.limits for stage in limit.stages]
        if len(steps) != len(set(steps)):
            msg = "each stage in one limit"
            raise ValueError(msg)
        return self

    def command(self, name: str) -> Command | None:
        """Return a command by name, None where there is none."""
        return next((one for one in self.commands if one.command == name), None)

    def limit(self, stage: str) -> Limit | None:
        """Return the limit of the step that a stage waits for; None where nothing is waited for."""
        return next((one for one in self.limits if stage in one.stages), None)


def load_terms(settings: Settings) -> Terms:
    """Return the product's terms with a city's own keys in their place; raises DefinitionError with file and line."""
    product = read_yaml(_PRODUCT, _PRODUCT.parent)
    path = settings.desk_terms_file
    if not path.is_file():
        return validate(Terms, product)
    own = read_yaml(path, settings.city_dir)
    if not isinstance(own.content, dict):
        raise DefinitionError([own.problem((), repr(own.content), "keys of the terms of the desk")])
    content: dict[str, Any] = {**product.content, **own.content}
    lines = own.lines | {place: 1 for place in product.lines if place and place[0] not in own.content}
    return validate(Terms, YamlFile(own.name, content, lines))
