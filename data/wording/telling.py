"""Puts phrases into words: what was found in a drop, what was wanted, and why a whole file was refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from data.phrase import MANY, read_phrase
from data.wording.catalogue import Wording, number


def told(text: str, words: Wording) -> str:
    """Return a kept phrase in the reader's language; text that is no phrase stands for itself."""
    phrase = read_phrase(text)
    if phrase is None:
        return text
    filled = {
        slot: _MANY[slot](words, phrase.values) if slot in MANY else _ONE.get(slot, _as_it_is)(words, value)
        for slot, value in zip(phrase.code.slots, phrase.values or ("",), strict=False)
    }
    return words.say(f"wanted.phrase.{phrase.code}", **filled).strip()


def refusal(words: Wording, reason: str, found: str, wanted: str) -> str:
    """Return why a file was refused in one sentence, its code beside it; `found` and `wanted` are told already."""
    return words.say("wanted.refusal", fault=words.label("fault", reason), code=reason, found=found, wanted=wanted)


def _as_it_is(_: Wording, value: str) -> str:
    return value


def _count(_: Wording, value: str) -> str:
    return number(int(value))


def _joined(words: Wording, values: tuple[str, ...]) -> str:
    return words.listed(list(values), len(values))


def _pattern(words: Wording, patterns: tuple[str, ...]) -> str:
    """Return patterns of names with their tokens in words: `{year}` is no name that a clerk can give a file."""
    worded = [re.sub(r"\{(\w+)\}", lambda token: f"[{words.label('wanted.token', token[1])}]", pattern) for pattern in patterns]
    return " / ".join(worded)


_ONE: dict[str, Callable[[Wording, str], str]] = {
    "n": _count,
    "noun": lambda words, noun: words.label("wanted.noun", noun),
    "kind": lambda words, kind: words.label("kind", kind),
    "day": lambda words, day: words.full_day(date.fromisoformat(day)),
    "moment": lambda words, moment: words.moment(datetime.fromisoformat(moment)),
}
_MANY: dict[str, Callable[[Wording, tuple[str, ...]], str]] = {
    "choices": lambda _, choices: " / ".join(choices),
    "headings": _joined,
    "patterns": _pattern,
    "says": lambda words, says: words.name(dict(zip(("zh", "en"), says, strict=True)), prefix=""),
}
