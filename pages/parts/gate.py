"""Lets a reader in, or stops the run before any page is drawn.

The server binds to the loopback address (`.streamlit/config.toml`); a request that came in by another name is refused
as long as there is no sign-in.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pages.parts.identity import Person, who

LOOPBACK = {"localhost", "127.0.0.1", "::1", ""}


def admit(url: str | None, host: str | None = None) -> Person | None:
    """Return the reader, or None when nobody may look.

    `url` is the address that the browser says it is at, `host` the name that its connection asked for: a foreign page that
    leads its own name to this machine can lie about the first, not about the second.
    """
    person = who()
    names = {urlsplit(url or "").hostname or "", urlsplit(f"//{host or ''}").hostname or ""}
    return person if person.is_signed_in or names <= LOOPBACK else None
