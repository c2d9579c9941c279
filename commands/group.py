"""The verbs as one command: what is wrong with the words given to it is said in the reader's language."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from typer._click.exceptions import ClickException, NoArgsIsHelpError  # Typer carries its own Click and names these nowhere else
from typer.core import TyperGroup

from commands.terminal import Exit, Language, Voice


class Verbs(TyperGroup):
    """Ends with the exit codes of `commands.terminal`."""

    def main(self, *said: Any, **named: Any) -> Any:
        """Run a verb; wrong use is one sentence and code 2."""
        words = (said[0] if said else named.get("args")) or sys.argv[1:]
        try:
            code = super().main(*said, **(named | {"standalone_mode": False}))
        except NoArgsIsHelpError as error:
            error.show()
            code = Exit.WRONG_USE
        except ClickException as error:
            Voice(language_of(words, os.environ)).wrong_use(error.format_message())
            code = Exit.WRONG_USE
        sys.exit(code or Exit.DONE)


def language_of(words: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language asked for by words that could not be read as a whole: `--lang`, else `CITY_LANG`, else Chinese."""
    after = [said for word, said in itertools.pairwise(words) if word == "--lang"]
    after += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked = after[-1] if after else environment.get("CITY_LANG", "")
    return Language(asked) if asked in set(Language) else Language.ZH
