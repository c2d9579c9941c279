"""Says who is looking. The only file that pages ask about people.

Until sign-in is built there is one local administrator, and every page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.readings import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Person:
    """A reader: a code that wording names, what may be seen, whether a sign-in vouches for it, for whom files may be handed in."""

    code: str
    scope: Scope
    is_signed_in: bool
    departments: frozenset[str] | None = None  # None: for every department

    def may_send(self, department: str) -> bool:
        """Whether this reader may hand in files of a department."""
        return self.departments is None or department in self.departments


LOCAL = Person("local", EVERYTHING, is_signed_in=False)


def who() -> Person:
    """Return the reader of this session."""
    return LOCAL
