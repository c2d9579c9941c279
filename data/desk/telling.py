"""The grammar of telling people: which occasions go to whom by which channel, and how many at once. A city's own `data/telling.yaml`.

Addresses of channels are secrets and lie in the environment, under the names that `url` gives; a city without the file tells nobody.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from data.desk.duty import Shift, load_rota
from data.desk.terms import Level, Terms, load_terms
from data.grammar import Label, Name, Part
from data.problems import DefinitionError
from data.settings import Settings
from data.validation import validate
from data.yamlfile import read_yaml

Occasion = Literal[
    "fired", "raised", "lowered", "resolved", "revised", "unconfirmed",  # of the log of what was said
    "remind", "supervise", "raise", "announce",  # of the ladder
    "dispatch", "return", "rework", "escalate", "instruct", "reopen", "close",  # of the desk
]  # fmt: skip


class Channel(Part):
    """A way to people: a group that all read, or, with `personal`, each one's own address, which the URL holds as {contact}."""

    channel: Name
    name: Label
    url: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$", description="the environment variable that holds an Apprise URL")
    personal: bool = False


class Tell(Part):
    """Who is told of these occasions at these levels."""

    occasions: tuple[Occasion, ...] = Field(min_length=1)
    levels: tuple[Level, ...] = ("blue", "yellow", "orange", "red")
    channels: tuple[Name, ...] = Field(min_length=1)
    roles: tuple[Name, ...] = Field(default=(), description="those on duty in these roles; only of personal channels")
    unit: bool = Field(default=False, description="the unit that has the alert; only of personal channels")


class Limits(Part):
    """How much at once."""

    a_minute: int = Field(default=20, ge=1, description="messages by one channel")
    bundle_over: int = Field(default=3, ge=1, description="more that wait for one recipient come as one message")
    retry_minutes: tuple[int, ...] = Field(default=(1, 5, 15, 60), description="after each failure; then it has failed")
    within_hours: int = Field(default=24, ge=1, description="what was said longer ago is told no more")


class Telling(Part):
    """How a city tells people."""

    address: str = Field(default="", pattern=r"^(https?://.+[^/])?$", description="where the dashboard is opened; empty: no link")
    rota: str = Field(default="", description="the table of who is on duty, relative to `data/`")
    contacts: dict[str, str] = Field(default_factory=dict, description="where messages reach a unit, by its code")
    channels: tuple[Channel, ...] = Field(min_length=1)
    tell: tuple[Tell, ...] = Field(min_length=1)
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _whole(self) -> Telling:
        known = {one.channel: one for one in self.channels}
        for place, one in enumerate(self.tell):
            for name in one.channels:
                if name not in known:
                    msg = f"channels that are declared: {', '.join(known)}, not {name} (tell.{place})"
                    raise ValueError(msg)
                if known[name].personal != bool(one.roles or one.unit):
                    msg = f"roles or unit where the channel {name} is personal, and only there (tell.{place})"
                    raise ValueError(msg)
        return self

    def channel(self, name: str) -> Channel:
        """Return a channel by name."""
        return next(one for one in self.channels if one.channel == name)


def rota_of(settings: Settings) -> tuple[Shift, ...]:
    """Return the rota of a city, nobody where it keeps none; raises DefinitionError."""
    found = load_telling(settings, load_terms(settings))
    return found[1] if found else ()


def load_telling(settings: Settings, terms: Terms) -> tuple[Telling, tuple[Shift, ...]] | None:
    """Return how a city tells people and its rota, None where it tells nobody; raises DefinitionError with file and line."""
    path = settings.telling_file
    if not path.is_file():
        return None
    source = read_yaml(path, settings.city_dir)
    telling = validate(Telling, source)
    problems = [
        source.problem(("tell", place, "roles"), repr(role), f"one of {', '.join(terms.roles)}")
        for place, one in enumerate(telling.tell)
        for role in one.roles
        if role not in terms.roles
    ]
    if problems:
        raise DefinitionError(problems)
    rota = load_rota(settings.city_dir / "data" / telling.rota, settings.city_dir, terms.roles) if telling.rota else ()
    return telling, rota
