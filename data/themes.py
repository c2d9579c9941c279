"""What a city's pages of one theme show, block by block: `data/themes.yaml`. Without the file, or its entry, such a page is empty."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import Field, model_validator

from data import definitions
from data.grammar import Label, Name, Part
from data.problems import DefinitionError, Problem
from data.settings import Settings
from data.snapshots import Snapshot
from data.validation import validate
from data.yamlfile import Place, YamlFile, read_yaml

OF_ONE, OF_SEVERAL = ("trend", "makeup", "areas"), ("lines", "signs")


class PartOf(Part):
    """A sign that counts a part of what another one counts, and what its column is called."""

    sign: Name
    name: Label


class Block(Part):
    """A piece of a page, of the whole city."""

    kind: Literal["trend", "lines", "makeup", "signs", "areas", "coming"] = Field(
        description="one sign over time; several, small; one by its parts and areas; a table; one by area; what is due next"
    )
    name: Label | None = None
    note: Label | None = None
    sign: Name | None = Field(default=None, description=f"of {', '.join(OF_ONE)}: the sign")
    signs: tuple[Name, ...] = Field(default=(), description=f"of {', '.join(OF_SEVERAL)}: which")
    parts: tuple[PartOf, ...] = Field(default=(), description="of makeup: signs that share no case, as columns")
    rest: Label | None = Field(default=None, description="of makeup: what no part counts; without it that is not told")
    most: int = Field(default=30, ge=1, le=60, description="of areas: so many are shown, the worst first")

    @model_validator(mode="after")
    def _names_signs(self) -> Block:
        wanted = {"sign": self.kind in OF_ONE, "signs": self.kind in OF_SEVERAL, "parts": self.kind == "makeup"}
        wrong = [key for key, is_wanted in wanted.items() if bool(getattr(self, key)) != is_wanted]
        if wrong:
            msg = f"{wrong[0]} {'with' if wanted[wrong[0]] else 'not with'} a block of kind {self.kind}"
            raise ValueError(msg)
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """Every sign that it is drawn from."""
        return (*((self.sign,) if self.sign else ()), *self.signs, *(part.sign for part in self.parts))


class Theme(Part):
    """One page."""

    theme: Name = Field(description="the address of the page")
    domain: Name = Field(description="whose signs make its sentence")
    main: tuple[Block, ...] = Field(min_length=1)
    side: tuple[Block, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of them."""
        return (*self.main, *self.side)


class Themes(Part):
    """The file."""

    themes: tuple[Theme, ...] = ()


def load_themes(settings: Settings) -> dict[str, Theme]:
    """Return the themes of a city by page; raises DefinitionError."""
    source = _source(settings)
    return {one.theme: one for one in validate(Themes, source).themes} if source else {}


def check_themes(settings: Settings, domains: Collection[str], indicators: Collection[str]) -> None:
    """Hold the themes against domains and indicators of the city; raises DefinitionError with every problem and its line."""
    source = _source(settings)
    if source is None:
        return
    problems: list[Problem] = []
    seen: set[str] = set()

    def wants(place: Place, found: str, known: Collection[str], wanted: str) -> None:
        if found not in known:
            problems.append(source.problem(place, repr(found), wanted))

    for at, theme in enumerate(validate(Themes, source).themes):
        if theme.theme in seen:
            problems.append(source.problem(("themes", at, "theme"), repr(theme.theme), "each page once"))
        seen.add(theme.theme)
        wants(("themes", at, "domain"), theme.domain, domains, "a domain of city.yaml")
        for side, blocks in (("main", theme.main), ("side", theme.side)):
            for number, block in enumerate(blocks):
                for name in block.named:
                    wants(("themes", at, side, number), name, indicators, "an indicator of the catalogue")
    if problems:
        raise DefinitionError(problems)


def themes(settings: Settings, snapshot: Snapshot) -> dict[str, Theme]:
    """Return the themes that a snapshot was published with, by page; today's where it had none. Raises DefinitionError."""
    with definitions.in_force(settings, snapshot.definitions) as then:
        return load_themes(then) or load_themes(settings)


def _source(settings: Settings) -> YamlFile | None:
    path = settings.city_dir / "data" / "themes.yaml"
    return read_yaml(path, settings.city_dir) if path.is_file() else None
