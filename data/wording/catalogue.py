"""Turns keys into the words that people read, in one language.

The product's own catalogue is `data/wording/<language>.yaml`; a city may override single keys with a file of the same
name in its own directory. Names of indicators, entities and feeds come from their definitions, not from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.yamlfile import read_yaml

LANGUAGES = ("zh", "en")
HOME = Path(__file__).parent
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Wording:
    """The words of one language; `city_dir` may override them."""

    language: str = "zh"
    city_dir: Path | None = None
    words: dict[str, str] = field(default_factory=dict, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        """Load the catalogue once."""
        if self.language not in LANGUAGES:
            object.__setattr__(self, "language", LANGUAGES[0])
        object.__setattr__(self, "words", _words(self.language, self.city_dir))

    def say(self, key: str, **values: object) -> str:
        """Return the text of `key` with `{names}` filled in; raises KeyError for a key that does not exist."""
        return self.words[key].format(**values)

    def label(self, group: str, code: object) -> str:
        """Return the word for a code such as a level; an unknown code stands for itself, so that it is seen."""
        return self.words.get(f"{group}.{code}", str(code))

    def has(self, key: str) -> bool:
        """Return whether there is a text for `key`."""
        return key in self.words

    def name(self, row: Any, prefix: str = "name") -> str:
        """Return the name of a definition that carries `name_zh` and `name_en`, or a mapping {zh, en}."""
        for language in (self.language, *LANGUAGES):
            key = f"{prefix}_{language}" if prefix else language
            value = row.get(key)
            if isinstance(value, str) and value:
                return value
        return ""

    def day(self, moment: date) -> str:
        """Return a day without its year."""
        return self.say("date.day", month=moment.month, day=moment.day, month_name=self.label("month", moment.month))

    def moment(self, moment: datetime) -> str:
        """Return a full date with the time of day."""
        return self.say("date.moment", date=self.full_day(moment), time=f"{moment:%H:%M}")

    def full_day(self, moment: date) -> str:
        """Return a date with its year."""
        names = {"month_name": self.label("month", moment.month)}
        return self.say("date.full", year=moment.year, month=moment.month, day=moment.day, **names)

    def listed(self, names: list[str], most: int = 3) -> str:
        """Return names joined; beyond `most` the rest is counted."""
        shown = self.say("list.comma").join(names[:most])
        return shown if len(names) <= most else self.say("list.more", names=shown, count=len(names))


def printed(value: float, precision: int = 0) -> Decimal:
    """Return a number as it is printed: rounded half up at its declared precision."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP)


def number(value: float, precision: int = 0, *, signed: bool = False) -> str:
    """Return a number rounded half up at its declared precision, with a true minus sign."""
    rounded = printed(value, precision)
    text = f"{abs(rounded):,f}"
    if not rounded:
        return text
    return (MINUS if rounded < 0 else "+" if signed else "") + text


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = str(value)
    return found


@lru_cache(maxsize=16)
def _words(language: str, city_dir: Path | None) -> dict[str, str]:
    if city_dir is None:
        return _flat(read_yaml(HOME / f"{language}.yaml", HOME).content)
    words = _words(language, None)
    own = city_dir / "data" / "wording" / f"{language}.yaml"
    if own.is_file() and own.resolve() != (HOME / f"{language}.yaml").resolve():
        words = words | _flat(read_yaml(own, city_dir).content)
    return words
