"""The browser that tests and measurements look through: where it is, how it starts, and the name that leads here from elsewhere."""

from __future__ import annotations

import shutil

ELSEWHERE = "city.test"  # a name that leads here and is not the loopback's own
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
]
MISSING = "no Chromium on the path: apt-get install chromium (deploy/packages.sh browser)"


def find() -> str | None:
    """Return the path of the system's Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
