"""Patterns of names and titles: literal text with tokens of a period, `*` for anything, and names of the city's own."""

from __future__ import annotations

import re

PERIOD_TOKENS = {
    "year": r"(?P<year>\d{4})",
    "month": r"(?P<month>\d{1,2})",
    "day": r"(?P<day>\d{1,2})",
    "quarter": r"(?P<quarter>[1-4])",
    "to_month": r"(?P<to_month>\d{1,2})",
    "to_day": r"(?P<to_day>\d{1,2})",
}


def pattern_regex(pattern: str) -> re.Pattern[str]:
    """Turn `城管案件_{year}{month}{day}.csv` into a regular expression over a whole name.

    A token that touches another has two digits, since `201613` could be read in two ways.
    """
    fixed = re.sub(r"(?<=\})\{(month|day|to_month|to_day)\}", r"{\1!}", pattern)
    pieces = re.split(r"(\{\w+!?\}|\*)", fixed)
    regex = "".join(_piece(piece) for piece in pieces)
    return re.compile(regex)


def own_names(pattern: str) -> frozenset[str]:
    """Return the names of a pattern that are no tokens of a period."""
    return frozenset(re.findall(r"\{(\w+)\}", pattern)) - frozenset(PERIOD_TOKENS)


def _piece(piece: str) -> str:
    if piece == "*":
        return ".*"
    token = piece.strip("{}!") if piece.startswith("{") else ""
    if token in PERIOD_TOKENS:
        return PERIOD_TOKENS[token].replace("{1,2}", "{2}") if piece.endswith("!}") else PERIOD_TOKENS[token]
    return f"(?P<{token}>.+?)" if token else re.escape(piece)
