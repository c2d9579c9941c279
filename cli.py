"""The command line: the verbs of `commands/`, put together.

The only module besides `app.py` that is started by people; verbs read the clock, the environment and the arguments.
"""

from __future__ import annotations

import typer

from commands import acting, appraising, defining, doctoring, issuing, keeping, picturing, proposing, reading, running, telling, trying
from commands.group import Verbs

app = typer.Typer(
    cls=Verbs, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="CitySigns: city operation signs."
)
for verbs in (running, reading, keeping, defining, appraising, trying, acting, telling, proposing, issuing, picturing, doctoring):
    app.add_typer(verbs.app)

if __name__ == "__main__":
    app()
