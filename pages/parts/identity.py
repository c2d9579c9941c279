"""Says who is looking. The only file that pages ask about people.

Until sign-in is built there is one local administrator, and every page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.readings import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Person:
    """A reader: a code that wording names, what may be seen, and whether a sign-in vouches for it."""

    code: str
    scope: Scope
    is_signed_in: bool


LOCAL = Person("local", EVERYTHING, is_signed_in=False)


def who() -> Person:
    """Return the reader of this session."""
    return LOCAL
