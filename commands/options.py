"""The options that verbs share, and the two directories that they lead to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import Language
from data.settings import Settings

HERE = Path(__file__).resolve().parent.parent

CityOption = Annotated[Path | None, typer.Option("--city", help="City directory (default: $CITY_DIR, else this folder).")]
VarOption = Annotated[Path | None, typer.Option("--var", help="Run-time directory (default: $CITY_VAR, else ./var).")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line, with every column.")]
LangOption = Annotated[Language, typer.Option("--lang", envvar="CITY_LANG", help="Language of what is said.")]
SnapshotOption = Annotated[str | None, typer.Option(help="Default: the current one.")]
KnownOption = Annotated[
    str | None, typer.Option("--as-known-at", help="What was known at that moment: only drops that had arrived by then.")
]


def settings_of(city: Path | None, var: Path | None) -> Settings:
    """Return the two directories, the option, else the environment, else the default; and the desk's URL from the environment."""
    return Settings(
        (city or Path(os.environ.get("CITY_DIR") or HERE)).resolve(),
        (var or Path(os.environ.get("CITY_VAR") or "var")).resolve(),
        os.environ.get("DESK_URL") or "",
    )
