"""Reads the rota (值班表): who is on duty in which role, from when to when; a table that a city keeps as it is signed.

Shape (CSV, UTF-8, one header row): from,to,role,person,name,contact. `from` and `to` are local moments such as 2016-03-07T08:00,
`to` not included; `role` is one of the roles of the desk; `contact` is where a message reaches the person, and may be empty.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.problems import DefinitionError, Problem

COLUMNS = ("from", "to", "role", "person", "name", "contact")


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on duty, from `start` to before `end` (local, naive)."""

    start: datetime
    end: datetime
    role: str
    person: str
    name: str
    contact: str


def load_rota(path: Path, root: Path, roles: Collection[str]) -> tuple[Shift, ...]:
    """Return the shifts in order of time; raises DefinitionError with every line that cannot be, and one that nobody can read."""
    name = path.relative_to(root).as_posix()
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except FileNotFoundError as error:
        raise DefinitionError([Problem(name, 1, "file", "no such file", "the rota that telling.yaml names")]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DefinitionError([Problem(name, 1, "encoding", str(error), "CSV in UTF-8")]) from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DefinitionError([Problem(name, 1, "header", ",".join(rows[0]) if rows else "nothing", ",".join(COLUMNS))])
    problems: list[Problem] = []
    shifts: list[Shift] = []
    for line, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        found = _shift(name, line, row, roles)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            shifts.append(found)
    if problems:
        raise DefinitionError(problems)
    return tuple(sorted(shifts, key=lambda one: (one.start, one.role, one.person)))


def on_duty(rota: Sequence[Shift], moment: datetime, role: str = "") -> list[Shift]:
    """Return who is on duty at a local moment, in one role or in all."""
    return [one for one in rota if one.start <= moment < one.end and role in {"", one.role}]


def gaps(rota: Sequence[Shift], role: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return the spans between two moments in which nobody is on duty in a role."""
    found, free = [], start
    for one in sorted((one for one in rota if one.role == role), key=lambda one: one.start):
        if one.start > free and free < end:
            found.append((free, min(one.start, end)))
        free = max(free, one.end)
    if free < end:
        found.append((free, end))
    return [(first, last) for first, last in found if first < last]


def _shift(name: str, line: int, row: list[str], roles: Collection[str]) -> Shift | Problem:
    if len(row) != len(COLUMNS):
        return Problem(name, line, "columns", str(len(row)), str(len(COLUMNS)))
    said = dict(zip(COLUMNS, (cell.strip() for cell in row), strict=True))
    moments = []
    for key in ("from", "to"):
        try:
            moments.append(datetime.fromisoformat(said[key]))
        except ValueError:
            return Problem(name, line, key, repr(said[key]), "a local moment such as 2016-03-07T08:00")
    if any(moment.tzinfo for moment in moments) or moments[0] >= moments[1]:
        return Problem(name, line, "to", repr(said["to"]), "a later moment than `from`, both without offset")
    if said["role"] not in roles:
        return Problem(name, line, "role", repr(said["role"]), f"one of {', '.join(roles)}")
    if not said["person"] or not said["name"]:
        return Problem(name, line, "person", "empty", "a person and the name that people read")
    return Shift(moments[0], moments[1], said["role"], said["person"], said["name"], said["contact"])
