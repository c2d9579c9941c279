"""Turns text into escaped HTML and SVG into an image that survives sanitising.

It must not know what is shown.
"""

from __future__ import annotations

import base64
from html import escape


def esc(text: object) -> str:
    """Return text safe inside HTML elements and quoted attributes."""
    return escape("" if text is None else str(text), quote=True)


def svg(width: float, height: float, body: str, *, stretch: bool = False) -> str:
    """Return an SVG document; `stretch` lets it fill its box regardless of proportion."""
    ratio = ' preserveAspectRatio="none"' if stretch else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}"{ratio}>{body}</svg>'
    )


def image(document: str, alt: str, style: str = "") -> str:
    """Return an `<img>` of an SVG document; `alt` says in words what it shows."""
    code = base64.b64encode(document.encode()).decode()
    look = f' style="{esc(style)}"' if style else ""
    return f'<img alt="{esc(alt)}" src="data:image/svg+xml;base64,{code}"{look}>'


def link(target: str, body: str, css: str = "") -> str:
    """Return a link that the page follows without a new session; `body` is HTML already."""
    look = f' class="{esc(css)}"' if css else ""
    return f'<a href="{esc(target)}" data-go="{esc(target)}"{look}>{body}</a>'
