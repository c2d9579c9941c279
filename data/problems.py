"""Turns a mistake in a file into a sentence: file, line, where, found, wanted.

It must not know what kind of file was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: `file` relative to the city directory, `line` counted from 1, and two plain phrases."""

    file: str
    line: int
    where: str
    found: str
    wanted: str

    def __str__(self) -> str:
        """Return `file:line: where: found ..., wanted ...`."""
        return f"{self.file}:{self.line}: {self.where}: found {self.found}, wanted {self.wanted}"


class DefinitionError(Exception):
    """Raised with every problem of a city directory, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems sorted by file and line."""
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CityMissingError(Exception):
    """Raised when the city directory is not there, or holds no `data/city.yaml`."""
