"""The grammar of an alert rule, reading the rules of a city, and trying each on the cases that stand beside it.

A case is a series of periods in a row, a letter each, and the state after each of them: see SERIES and STATES.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from data.grammar import Label, Name, Part
from data.problems import DefinitionError, Problem
from data.register import Reference
from data.settings import Settings
from data.validation import validate
from data.yamlfile import Place, YamlFile, read_yaml
from indicators.alerts import AlertState, Evidence, Observed, Standing, Terms, step
from indicators.definition import Catalogue, Definition
from indicators.watching import OF_FEEDS, RANKS, Level, When

# n normal, b blue, y yellow, o orange, r red, _ no evidence (no data, late, few cases), ! an error, x out of season
SERIES = {level[0]: (Evidence.SEEN, rank) for level, rank in RANKS.items()}
SERIES |= {"_": (Evidence.NONE, 0), "!": (Evidence.ERROR, 0), "x": (Evidence.ENDED, 0)}
STATES = {AlertState.INACTIVE: ".", AlertState.PENDING: "P", AlertState.FIRING: "F", AlertState.RECOVERING: "R"}
_START = datetime(2016, 1, 1)


class Case(Part):
    """A series and what the rule makes of it, a letter a period; spaces are for the eye."""

    says: Label
    series: str = Field(min_length=1, description="n b y o r: the level of a period; _ no evidence, ! an error, x out of season")
    states: str = Field(min_length=1, description=". nothing, P pending, F firing, R recovering")

    @field_validator("series", "states")
    @classmethod
    def _without_spaces(cls, value: str) -> str:
        return "".join(value.split())

    @model_validator(mode="after")
    def _is_whole(self) -> Case:
        for text, known in ((self.series, set(SERIES)), (self.states, set(STATES.values()))):
            if wrong := sorted(set(text) - known):
                msg = f"letters {' '.join(sorted(known))}, not {' '.join(wrong)}"
                raise ValueError(msg)
        if len(self.series) != len(self.states):
            msg = f"as many states as periods, not {len(self.states)} for {len(self.series)}"
            raise ValueError(msg)
        return self


class Rule(Part):
    """When the level of a sign becomes an alert, and when that ends."""

    rule: Name
    name: Label
    indicators: tuple[Name, ...] = Field(default=(), description="none: all that are weighed")
    domains: tuple[Name, ...] = Field(default=(), description="only signs of these domains; none: of all")
    when: When | None = Field(default=None, description="what is watched; none: the level of each sign")
    kinds: tuple[Name, ...] = Field(default=(), description="the entity kinds that are watched; of a rule on feeds: none")
    grain: Literal["hour", "day", "week", "month", "quarter", "year"] | None = Field(default=None, description="none: each sign's own")
    least: Level = Field(default="yellow", description="the least level that is an alert")
    least_watch: Level = Field(default="orange", description="the same, of signs that have no limits and are only watched")
    confirm: int = Field(default=2, ge=1, description="so many observed periods in a row at that level raise it")
    wait: int = Field(default=0, ge=0, description="minutes from the first of them on that must have passed")
    at_once: Level | None = Field(default="red", description="this level raises it with its first period; null: none does")
    keep: int = Field(default=3, ge=0, description="so many good periods it recovers; the next one ends it, or lowers its level")
    keep_for: int = Field(default=0, ge=0, description="minutes of that which must have passed")
    owner: tuple[str, ...] = Field(default=(), description="who works its alerts; none: the owners of the sign, of a feed its department")
    version: int = Field(ge=1)
    cases: tuple[Case, ...] = Field(min_length=1, description="run by `check`")

    @model_validator(mode="after")
    def _can_speak(self) -> Rule:
        if self.watches_feeds == bool(self.kinds):
            msg = "kinds, save in a rule on feeds"
            raise ValueError(msg)
        level = self.when.level if self.when else None
        if level and RANKS[level] < RANKS[self.least]:
            msg = "a level of what is watched that reaches `least`"
            raise ValueError(msg)
        return self

    @property
    def watches_feeds(self) -> bool:
        """Whether it watches what comes in, at the clock of a refresh, and no signs."""
        return self.when is not None and self.when.kind in OF_FEEDS

    @property
    def digest(self) -> str:
        """A short hash of all that decides what it says: a change is a new version even where the number was not raised."""
        said = self.model_dump(
            mode="json", exclude={"name", "cases", "owner"}, exclude_none=True
        )  # what a rule cannot say yet changes none
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]

    def terms(self, size: int) -> Terms:
        """Return the terms of so many identities."""
        at_once = RANKS[self.at_once] if self.at_once else len(RANKS)
        return Terms.alike(size, least=self.confirm, wait=self.wait, goods=self.keep, keep=self.keep_for, at_once=at_once)

    def line(self, one: Definition) -> int:
        """Return the least level of a sign that breaches, as a rank; only raw levels of watched signs have a line of their own."""
        return RANKS[self.least_watch if one.spec.direction == "watch" and self.when is None else self.least]

    def watches(self, one: Definition) -> bool:
        """Whether it watches a sign."""
        if self.watches_feeds:
            return False
        if self.when and self.when.together:
            return one.name in self.when.together.of
        named = one.name in self.indicators if self.indicators else one.spec.weight > 0
        return named and (not self.domains or one.domain in self.domains)


class RuleFile(Part):
    """The rules of one file."""

    rules: tuple[Rule, ...] = Field(min_length=1)


def load_rules(settings: Settings, reference: Reference, catalogue: Catalogue) -> dict[str, Rule]:
    """Return the rules of a city by id; raises DefinitionError with every problem of every file, cases that do not hold too."""
    problems: list[Problem] = []
    found: dict[str, Rule] = {}
    for path in sorted(settings.rules_dir.glob("*.yaml")):
        try:
            source = read_yaml(path, settings.city_dir)
            rules = validate(RuleFile, source).rules
        except DefinitionError as error:
            problems += error.problems
            continue
        for number, rule in enumerate(rules):
            place: Place = ("rules", number)
            if rule.rule in found:
                problems.append(source.problem((*place, "rule"), repr(rule.rule), "an id that no other rule has"))
            found[rule.rule] = rule
            problems += _unknown(rule, place, source, reference, catalogue) + _unproved(rule, place, source)
    if problems:
        raise DefinitionError(problems)
    return found


def observed(rank: int, evidence: Evidence, line: int) -> Observed:
    """Return a period of one identity at a level; the same line raises and ends."""
    level, breaches = np.array([rank]), np.array([rank >= line])
    return Observed(np.array([int(evidence)]), level, breaches, breaches)


def played(rule: Rule, series: str) -> str:
    """Return the states that a series of days leads to, a letter a period."""
    standing, states = Standing.new(1), ""
    for day, letter in enumerate(series):
        evidence, rank = SERIES[letter]
        standing, _ = step(rule.terms(1), standing, observed(rank, evidence, RANKS[rule.least]), _START + timedelta(days=day))
        states += STATES[AlertState(standing.state[0])]
    return states


def _unproved(rule: Rule, place: Place, source: YamlFile) -> list[Problem]:
    """Return the cases that come out otherwise."""
    told = [(number, case, played(rule, case.series)) for number, case in enumerate(rule.cases)]
    return [source.problem((*place, "cases", number, "states"), found, case.states) for number, case, found in told if found != case.states]


def _unknown(rule: Rule, place: Place, source: YamlFile, reference: Reference, catalogue: Catalogue) -> list[Problem]:
    """Return what a rule names and the city does not have, and that it watches nothing."""
    known: dict[str, tuple[tuple[str, ...], set[str], str]] = {
        "indicators": (rule.indicators, set(catalogue.definitions), "an indicator of the catalogue"),
        "domains": (rule.domains, {one.domain for one in reference.city.domains}, "a domain of city.yaml"),
        "kinds": (rule.kinds, {one.entity_kind for one in reference.entities}, "a kind of the register"),
    }
    if rule.when and rule.when.together:
        known |= {"when": (rule.when.together.of, set(catalogue.definitions), "an indicator of the catalogue")}
    problems = [
        source.problem((*place, key, number), repr(name), wanted)
        for key, (names, there, wanted) in known.items() for number, name in enumerate(names) if name not in there
    ]  # fmt: skip
    watched = [one for one in catalogue.definitions.values() if rule.watches(one) and set(rule.kinds) & set(one.spec.grain)]
    if not problems and not watched and not rule.watches_feeds:
        problems.append(source.problem((*place, "rule"), repr(rule.rule), "a rule that watches any sign of the catalogue"))
    return problems
