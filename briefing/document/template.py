"""The grammar of a briefing's template: sections with a text in Jinja and what stands below it. One file each in `data/briefings/`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data.grammar import Label, Name, Part
from data.periods import GRAINS
from data.problems import DefinitionError
from data.settings import Settings
from data.validation import validate
from data.yamlfile import YamlFile, read_yaml


class Block(Part):
    """A table or chart below a text."""

    kind: Literal[
        "alerts", "domains", "ranking", "signs", "duty", "index", "trend", "bars", "parts", "moved", "left_out",
        "card", "course", "areas", "kin", "near", "own", "acts",
    ]  # fmt: skip
    sign: Name | None = Field(default=None, description="of trend and bars: the sign")
    signs: tuple[Name, ...] = Field(default=(), description="of signs: which")
    of: Name | None = Field(default=None, description="of bars: the entity kind")
    scheme: Name | None = Field(default=None, description="of ranking, parts, moved and left_out: the evaluation scheme")
    least: Literal["blue", "yellow", "orange", "red"] = Field(default="orange", description="of alerts: the least level")
    most: int = Field(default=8, ge=1, le=60)
    days: int = Field(default=14, ge=2, le=400)
    title: str = ""


class SectionSpec(Part):
    """One section."""

    section: Name
    title: str
    note: str = ""
    text: str = Field(default="", description="Jinja over the facts of docs/briefing.md; an empty line parts paragraphs")
    blocks: tuple[Block, ...] = ()
    beside: bool = Field(default=False, description="the first chart stands to the right of the text")


class Requirement(Part):
    """What must be there; otherwise it is said in the head, or the briefing is not issued."""

    feeds: tuple[Name, ...] = ()
    coverage: float = Field(default=0, ge=0, le=1, description="the least share of signs of the index that are known")
    otherwise: Literal["say", "refuse"] = "say"


class Template(Part):
    """A kind of briefing."""

    briefing: Name
    name: Label
    title: str = Field(description="Jinja over `city`, `day`, `period`")
    organ: str
    number: Literal["day_of_year", "week_of_year", "month_of_year", "running"]
    grain: Literal["day", "week", "month"]
    about: Literal["city", "subject"] = Field(default="city", description="subject: one sign or one alert")
    recipients: str = ""
    lead: str = Field(description="Jinja; `headline` is the sentence of the morning")
    due: str = Field(default="", description="by when it goes out, for people")
    requires: Requirement = Requirement()
    sections: tuple[SectionSpec, ...] = Field(min_length=1)


def load_templates(settings: Settings) -> dict[str, tuple[Template, YamlFile]]:
    """Return the templates of a city by name, the shortest span first, each with its file; raises DefinitionError with every problem."""
    found: dict[str, tuple[Template, YamlFile]] = {}
    problems = []
    for path in sorted((settings.city_dir / "data" / "briefings").glob("*.yaml")):
        try:
            source = read_yaml(path, settings.city_dir)
            template = validate(Template, source)
        except DefinitionError as error:
            problems += error.problems
            continue
        if template.briefing in found:
            problems.append(source.problem(("briefing",), repr(template.briefing), "each name once"))
        found[template.briefing] = (template, source)
    if problems:
        raise DefinitionError(problems)
    return dict(sorted(found.items(), key=lambda one: (one[1][0].about == "subject", GRAINS.index(one[1][0].grain), one[0])))
