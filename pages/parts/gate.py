"""Lets a reader in, or stops the run before any page is drawn.

The server binds to the loopback address (`.streamlit/config.toml`); a request that came in by another name is refused
as long as there is no sign-in.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pages.parts.identity import Person, who

LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}


def admit(url: str | None) -> Person | None:
    """Return the reader, or None when nobody may look; `url` is the address that the browser asked for."""
    person = who()
    host = urlsplit(url or "").hostname or ""
    return person if person.is_signed_in or host in LOOPBACK else None
