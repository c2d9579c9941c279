"""The two servers that pages are compared on: the product over the demonstration, and a blank page of the same Streamlit."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.request import urlopen

HOME = Path(__file__).resolve().parents[1]
START = date(2015, 12, 1)  # three months of the demonstration up to its last day
PAGES = tuple(path.stem for path in sorted((HOME / "pages").glob("[a-z]*.py")))  # as app.py names them
BLANK = "import streamlit as st\n\nst.markdown('blank')\n"


@dataclass(frozen=True)
class Site:
    """A running server: its port on this machine and the number of its process."""

    port: int
    process: int

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://localhost:{self.port}"


@contextmanager
def served(command: list[str], folder: Path) -> Iterator[Site]:
    """Run a server that takes `--port` last; yield it once it answers.

    Raises TimeoutError where it does not within 60 s.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    quiet = subprocess.DEVNULL
    child = subprocess.Popen([sys.executable, *command, str(port)], cwd=folder, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        _await(port)
        yield Site(port, child.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        child.wait(15)


def _await(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nobody answers on port {port}")


def ours(var: Path) -> AbstractContextManager[Site]:
    """Serve the product over what a city has in `var`, without a watch."""
    return served(["cli.py", "serve", "--no-watch", "--city", str(HOME), "--var", str(var), "--port"], HOME)


def blank(folder: Path, *, alike: bool = False) -> AbstractContextManager[Site]:
    """Serve a page of one line, written into `folder`: as Streamlit comes, or with the product's settings."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "blank.py").write_text(BLANK, encoding="utf-8")
    if alike:
        shutil.copytree(HOME / ".streamlit", folder / ".streamlit")
    command = ["-m", "streamlit", "run", "blank.py", "--server.headless=true", "--server.address=127.0.0.1"]
    return served([*command, "--server.fileWatcherType=none", "--browser.gatherUsageStats=false", "--server.port"], folder)


def make_city(var: Path, start: date, until: date | None = None) -> None:
    """Write the demonstration of some days, up to its last one by default, and take it in."""
    from data.demo import write_demo
    from data.settings import Settings
    from indicators.refresh import refresh

    settings = Settings(HOME, var)
    write_demo(settings, start=start, **({"until": until} if until else {}))
    refresh(settings, datetime.now(UTC))
