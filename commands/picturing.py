"""The verb that takes a picture of a page for a slide, by a server and a browser of its own that end with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer

from commands.options import HERE, CityOption, LangOption, SnapshotOption, VarOption, settings_of
from commands.terminal import Language, WrongUseError, speaking

if TYPE_CHECKING:
    from data.settings import Settings

app = typer.Typer(add_completion=False)
PATIENCE_SECONDS = 60


@app.command()
def picture(
    page: Annotated[str, typer.Argument(help="A page by the name in its address: overview, sign, alerts, area ...")],
    out: Annotated[Path, typer.Option(help="The PNG to write.")],
    said: Annotated[
        list[str] | None, typer.Option("--set", help="NAME=VALUE of its address, such as indicator=…, entity=…, grain=…; repeat.")
    ] = None,
    theme: Annotated[str, typer.Option(help="light or dark.")] = "light",
    width: Annotated[int, typer.Option(min=1024, max=3840, help="Of the page, in its own pixels; the file has twice as many.")] = 1920,
    snapshot: SnapshotOption = None,
    city: CityOption = None,
    var: VarOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """Take the picture of a whole page, not only of what a screen shows, with the time of its data and its snapshot on it."""
    from briefing.document.photograph import photograph
    from briefing.document.printing import browser
    from data.durable import sync
    from data.snapshots import open_snapshot
    from pages.parts.filters import NAMES, Filters

    settings = settings_of(city, var)
    with speaking(lang, settings, snapshot) as voice:
        opened = open_snapshot(settings, snapshot)
        asked = dict(word.partition("=")[::2] for word in said or ())
        if unknown := asked.keys() - set(NAMES):
            raise WrongUseError("picture_set", found=", ".join(sorted(unknown)), wanted=", ".join(NAMES))
        if page not in (known := _pages()):
            raise WrongUseError("picture_page", found=page, wanted=", ".join(known))
        if theme not in {"light", "dark"}:
            raise WrongUseError("picture_theme", found=theme)
        named = {"snapshot": snapshot} if snapshot else {}
        target = Filters(**{"lang": lang.value} | asked | named).target(page)
        with _serving(settings) as port, browser() as running:
            made = photograph(running, f"http://127.0.0.1:{port}/{target.removeprefix('./')}", width, theme)
        draft = out.with_name(f".{out.name}.part")
        draft.write_bytes(made.png)
        sync(draft)
        draft.replace(out)
        voice.say("pictured", file=out, width=2 * made.width, height=2 * made.height, snapshot=opened.id)


def _pages() -> list[str]:
    """Return the names of the pages that there are."""
    return sorted(path.stem for path in (HERE / "pages").glob("*.py") if path.stem != "__init__")


@contextmanager
def _serving(settings: Settings) -> Iterator[int]:
    """Yield the port of a server that nobody else knows; raises OSError where it does not come up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    where = ("--city", str(settings.city_dir), "--var", str(settings.var_dir))
    child = subprocess.Popen(
        [sys.executable, str(HERE / "cli.py"), "serve", "--no-watch", "--port", str(port), *where],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ,
    )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and child.poll() is None:
            with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                yield port
                return
            time.sleep(0.2)
        raise OSError(0, f"serve: {child.poll()}", str(HERE / "cli.py"))
    finally:
        child.terminate()
        child.wait(15)
