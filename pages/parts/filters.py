"""Reads what a page should show from the query, as plain validated strings.

`choose` replaces what does not exist by the default and says which one it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

CODE = re.compile(r"^[\w.\-（）()]{1,80}$")
HOME = "overview"
GRAINS = ("hour", "day", "week", "month", "quarter", "year")
VIEWS = ("chart", "zoom", "table")
PARTS = ("departments", "send")
NAMES = ("indicator", "entity", "scheme", "period", "grain", "view", "feed", "drop", "part", "domain", "pillar", "owner", "find", "trial",
         "alert", "issue", "against",
         "normalise", "mean", "weights", "snapshot", "lang", "wall", "present", "take")  # fmt: skip
# What only some pages heed.
OWN: dict[str, tuple[str, ...]] = {"view": ("sign", "alerts", "briefs"), "drop": ("feeds",), "part": ("feeds",)}
OWN |= {"alert": ("alerts", "briefs"), "against": ("briefs",)}
OWN |= {"issue": ("briefs",), "wall": (HOME,)}
OWN |= dict.fromkeys(("domain", "pillar", "owner", "find"), ("catalogue",))
OWN |= dict.fromkeys(("scheme", "period", "normalise", "mean", "weights"), ("evaluation",)) | {"trial": ("evaluation", "alerts")}


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for; empty = the default."""

    indicator: str = ""
    entity: str = ""
    scheme: str = ""
    period: str = ""
    grain: str = ""
    view: str = ""
    feed: str = ""
    drop: str = ""
    part: str = ""
    domain: str = ""
    pillar: str = ""
    owner: str = ""
    find: str = ""
    trial: str = ""
    normalise: str = ""
    mean: str = ""
    weights: str = ""
    alert: str = ""
    issue: str = ""
    against: str = ""
    snapshot: str = ""
    lang: str = ""
    wall: str = ""
    present: str = ""
    take: str = ""

    def target(self, page: str, **changed: str) -> str:
        """Return the address of a page with these filters, changed as asked."""
        wanted = replace(self, **changed)
        pairs = [(name, getattr(wanted, name)) for name in NAMES if page in OWN.get(name, (page,))]
        query = urlencode([(name, value) for name, value in pairs if value])
        place = "./" if page == HOME else page
        return f"{place}?{query}" if query else place


def read(query: Mapping[str, str]) -> Filters:
    """Return the filters of a query; anything that is not a plain code is dropped."""
    asked = {name: str(query.get(name, "")) for name in NAMES}
    codes = {name: value for name, value in asked.items() if CODE.match(value)}
    return Filters(**codes | {"find": plain_text(asked["find"])})


def plain_text(text: str | None) -> str:
    """Return what a reader looks for, without anything but letters, digits, dots, dashes and single spaces."""
    return " ".join(re.sub(r"[^\w.\-]+", " ", text or "").split())[:40]


def choose(asked: str, known: Sequence[str], default: str) -> tuple[str, str]:
    """Return the choice, and what was asked for in vain (or nothing)."""
    if asked in known:
        return asked, ""
    return default, asked
