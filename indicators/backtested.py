"""The trials of rules that are kept beside them: a rule speaks once its very version has one, until then it is a draft.

A trial is `indicators/rules/backtests/<rule>.yaml`: the digest of the rule, the span, the snapshot and what came out. It belongs to the
definitions of the city.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from data.grammar import Name, Part
from data.problems import DefinitionError
from data.settings import Settings
from data.snapshots import replace_text
from data.validation import validate
from data.yamlfile import read_yaml
from indicators.backtest import Backtest
from indicators.rule import Rule


class Trial(Part):
    """What a version of a rule would have done over a span."""

    rule: Name
    version: int = Field(ge=1)
    digest: str = Field(pattern=r"^[0-9a-f]{12}$")
    first: date
    last: date
    snapshot: str
    signs: int = Field(ge=0, description="signs of entities that it watched")
    alerts: int = Field(ge=0)
    flaps: int = Field(ge=0, description="of them, raised again within a week")
    median_days: float | None = Field(default=None, description="how long they lasted")
    median_a_day: float = Field(ge=0)
    busy_a_day: float = Field(ge=0, description="on the busiest of twenty days")
    at_night: int | None = Field(default=None, ge=0)
    events: int = Field(default=0, ge=0, description="incidents marked in the span")
    caught: int = Field(default=0, ge=0)
    lead_days: float | None = None


def trials(settings: Settings) -> dict[str, Trial]:
    """Return the trials that are kept, by rule; raises DefinitionError for one that cannot be read."""
    problems, found = [], {}
    for path in sorted((settings.rules_dir / "backtests").glob("*.yaml")):
        try:
            trial = validate(Trial, read_yaml(path, settings.city_dir))
            found[trial.rule] = trial
        except DefinitionError as error:
            problems += error.problems
    if problems:
        raise DefinitionError(problems)
    return found


def tried(rules: Mapping[str, Rule], kept: Mapping[str, Trial]) -> list[Rule]:
    """Return the rules that may speak: those whose very version was tried."""
    return [rule for name, rule in rules.items() if name in kept and kept[name].digest == rule.digest]


def trial_of(told: Backtest, snapshot: str) -> Trial:
    """Return what came out of a backtest as it is kept."""
    usual, busy = told.busiest
    return Trial(
        rule=told.rule, version=told.version, digest=told.digest, first=told.first, last=told.last, snapshot=snapshot, signs=told.signs,
        alerts=len(told.alerts), flaps=told.flaps, median_days=told.median_days, median_a_day=usual, busy_a_day=busy,
        at_night=told.at_night, events=told.events, caught=told.caught, lead_days=told.lead_days,
    )  # fmt: skip


def store(settings: Settings, trial: Trial) -> None:
    """Keep a trial beside the rules of the city; raises OSError where the city directory cannot be written."""
    path = settings.rules_dir / "backtests" / f"{trial.rule}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, value in trial.model_dump(mode="json").items():
        said = "null" if value is None else f'"{value}"' if isinstance(value, str) and name in {"digest", "first", "last"} else f"{value}"
        lines.append(f"{name}: {said}\n")
    replace_text(
        path, "# What a trial of this rule came to (cli.py backtest): written by the machine, read by a person.\n" + "".join(lines)
    )
