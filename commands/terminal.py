"""How the command line speaks: sentences on standard error, facts on standard output, each end with its exit code.

It must not know what any verb does.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum, StrEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from rich.cells import cell_len, set_cell_size
from rich.console import Console

from commands.columns import COLUMNS, GROUPS
from data.problems import CityMissingError, DefinitionError, Problem
from data.settings import Settings

if TYPE_CHECKING:
    from data.wording import Wording

Given = TypeVar("Given")
Row = Mapping[str, Any]
GAP, ELLIPSIS, NARROWEST = "  ", "…", 6


class Exit(IntEnum):
    """What a caller may rely on. 1 is left to a crash and is a defect."""

    DONE = 0
    WRONG_USE = 2
    DEFINITIONS_WRONG = 3
    NOTHING_DONE = 4
    BUSY = 5
    FINDINGS = 10


class Language(StrEnum):
    """In which language sentences are said. Facts and their codes are the same in both."""

    ZH = "zh"
    EN = "en"


class WrongUseError(Exception):
    """Raised for an argument that cannot be; names the sentence that says so."""

    def __init__(self, key: str, **values: object) -> None:
        """Keep the key of the sentence below `cli`, and what it speaks of."""
        self.key, self.values = key, values
        super().__init__(key)


def given(form: Callable[[str], Given], text: str, key: str) -> Given:
    """Return what an argument means; raises WrongUseError with the sentence `key` when it means nothing."""
    try:
        return form(text)
    except ValueError as error:
        raise WrongUseError(key, given=text) from error


class PatientConsole(Console):
    """Standard error. When nobody reads it any more, work goes on in silence: no refresh is given up for that."""

    def on_broken_pipe(self) -> None:
        """Turn what is still to be said away."""
        self.quiet = True
        _close_to_readers(sys.stderr.fileno())


class Voice:
    """Says things in one language; the catalogue is read when the first of them is said."""

    def __init__(self, language: str) -> None:
        """Open standard error."""
        self.language, self.err = language, PatientConsole(stderr=True, emoji=False)

    @cached_property
    def words(self) -> Wording:
        """The catalogue."""
        from data.wording import Wording  # a fifth of a second that facts as JSON do without

        return Wording(self.language)

    def text(self, key: str, **values: object) -> str:
        """Return a sentence of the command line."""
        return self.words.say(f"cli.{key}", **values)

    def say(self, key: str, **values: object) -> None:
        """Say a sentence of the command line."""
        self.write(self.text(key, **values))

    def write(self, line: str) -> None:
        """Write a line as it is on standard error."""
        self.err.print(line, markup=False, highlight=False, soft_wrap=True)

    def wrong_use(self, reason: str) -> None:
        """Say what is wrong with the words that were given."""
        from data.wording import in_chinese  # as above

        self.say("wrong_use", reason=in_chinese(reason) if self.language == Language.ZH else reason)

    def problem(self, problem: Problem) -> None:
        """Say what is wrong with a definition."""
        from data.wording import problem_text  # as above

        self.write(problem_text(problem, self.language))

    def report(self, key: str, facts: Row, *, as_json: bool) -> None:
        """Say what was done, or print its facts."""
        put([json.dumps(facts, ensure_ascii=False)]) if as_json else self.say(key, **facts)

    def show(self, what: str, rows: Sequence[Row], *, as_json: bool) -> None:
        """Print facts one JSON object a line, or as a table for a person; that there are none is said, not printed."""
        if as_json:
            put(map(partial(json.dumps, ensure_ascii=False), rows))
        elif rows:
            columns = [column.format(language=self.language) for column in COLUMNS[what]]
            put(self.table([{column: self._cell(what, column, row) for column in columns} for row in rows]))
        else:
            self.say("no_rows")

    def explain(self, facts: Row) -> None:
        """Print what stands behind a figure: facts a line each, then its tables."""
        for key, value in facts.items():
            heading = self._heading(key)
            if value in (None, "", []):
                continue
            if isinstance(value, list):
                # Rows carry the names of their contract, which may be words of ours as well.
                put(["", heading, *self.table(value, {"drop", "file", "line"} if key == "rows" else None)])
            elif isinstance(value, dict):
                put([f"{heading}: " + "; ".join(f"{name} = {number}" for name, number in value.items())])
            else:
                put([f"{heading}: {self.words.label(GROUPS.get(('signs', key), ''), value)}"])

    def table(self, rows: Sequence[Row], worded: Container[str] | None = None) -> Iterator[str]:
        """Yield the lines of a table; a Chinese character is two columns wide. Columns that hold nothing are left out.

        Headings are words for the columns that `worded` holds, by default for all.
        """
        keys = [key for key in (rows[0] if rows else ()) if any(row[key] not in {None, ""} for row in rows)]
        texts = [[self._heading(key) if worded is None or key in worded else key for key in keys]]
        texts += [["" if row[key] is None else " ".join(str(row[key]).split()) for key in keys] for row in rows]
        widths = [max(cell_len(line[place]) for line in texts) for place in range(len(keys))]
        numbers = [all(isinstance(row[key], int | float | None) for row in rows) for key in keys]
        if sys.stdout.isatty():  # only a terminal has an edge: what goes into a file or another program is never cut
            cut = [place for place, is_number in enumerate(numbers) if place and not is_number]
            widths = narrowed(widths, cut, Console().width)
        for line in texts:
            yield GAP.join(_fitted(text, width, is_number) for text, width, is_number in zip(line, widths, numbers, strict=True)).rstrip()

    def _heading(self, key: str) -> str:
        return self.words.label("cli.column", key)

    def _cell(self, what: str, column: str, row: Row) -> Any:
        value = row[column]
        if column in {"level", "level_then"} and value is None:  # what stands where no level could be given
            return self.words.label("state", row[column.replace("level", "state")])
        if (what, column) in GROUPS and value is not None:
            return self.words.label(GROUPS[what, column], value)
        if isinstance(value, list | dict):
            return "; ".join(
                map(str, value) if isinstance(value, list) else (f"{name}={'—' if said is None else said}" for name, said in value.items())
            )
        if column == "change" and value is not None:
            return f"{value:+.4g}"
        return str(value)[:16].replace("T", " ") if value and column.endswith(("_at", "_until", "_since")) else value


def narrowed(widths: Sequence[int], cut: Sequence[int], room: int) -> list[int]:
    """Return widths that fit into the room as far as they can; only the columns at `cut` give way, the widest first."""
    found = list(widths)
    for _ in range(sum(found) + len(GAP) * (len(found) - 1) - room):
        widest = max(cut, key=found.__getitem__, default=0)
        if found[widest] <= NARROWEST or widest not in cut:
            break
        found[widest] -= 1
    return found


def _fitted(text: str, width: int, is_number: bool) -> str:  # noqa: FBT001  # one of the three that a cell is made of
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + ELLIPSIS
    space = " " * (width - cell_len(text))
    return space + text if is_number else text + space


def put(lines: Iterable[str]) -> None:
    """Print lines of facts on standard output, as they are."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


@contextmanager
def speaking(language: str, settings: Settings, snapshot: str | None = None) -> Iterator[Voice]:
    """Yield the voice of a verb; each foreseen error is one sentence and an exit code."""
    from data.snapshots import NoSnapshotError, pointer_stamp  # they bring the engine, `--help` does without
    from data.warehouse import BusyError  # the same

    voice = Voice(language)
    try:
        yield voice
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough: `show signs | head -1`
        _close_to_readers(sys.stdout.fileno())
    except DefinitionError as error:
        for problem in error.problems:
            voice.problem(problem)
        voice.say("problems", count=len(error.problems))
        raise typer.Exit(Exit.DEFINITIONS_WRONG) from error
    except CityMissingError as error:
        voice.say("no_city", city=settings.city_dir)
        raise typer.Exit(Exit.NOTHING_DONE) from error
    except NoSnapshotError as error:
        voice.say("snapshot_lost" if snapshot or pointer_stamp(settings) else "no_snapshot", snapshot=snapshot or "current")
        raise typer.Exit(Exit.NOTHING_DONE) from error
    except BusyError as error:
        voice.say("busy")
        raise typer.Exit(Exit.BUSY) from error
    except WrongUseError as error:
        voice.say(error.key, **error.values)
        raise typer.Exit(Exit.WRONG_USE) from error
    except ValueError as error:
        voice.wrong_use(str(error))
        raise typer.Exit(Exit.WRONG_USE) from error
    except OSError as error:
        voice.say("cannot", reason=error.strerror or error, file=error.filename or "")
        raise typer.Exit(Exit.NOTHING_DONE) from error


def _close_to_readers(stream: int) -> None:
    """Send the rest of a stream nowhere, so that Python's own end does not stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
