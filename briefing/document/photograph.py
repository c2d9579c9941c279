"""Takes the picture of a page of the dashboard for a slide: whole, at twice the pixels, without anything to press."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Error

from briefing.document.printing import SCALE

PATIENCE_MS = 60_000
STILL_MS = 800  # after the end of a run: fonts and images that are still being drawn
MOST = 16_000  # pixels high, of the page; beyond that a browser gives up
_DONE = "document.querySelector('[data-testid=\"stApp\"]')?.getAttribute('data-test-script-state') === 'notRunning'"
_TALL = "() => Math.max(document.querySelector('[data-testid=\"stMain\"]').scrollHeight, 1)"
# What only serves a reader who can press it goes by a rule of the page's own style sheet, as when a page is presented.
_BARE = "() => document.documentElement.classList.add('bare')"
_BLANK = "() => [...document.images].filter(one => !one.complete || !one.naturalWidth).map(one => (one.alt || '').slice(0, 40))"


class NoPictureError(OSError):
    """Raised for a page that did not come, or came with something missing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and how large the page is in its own pixels (the file has twice as many each way)."""

    png: bytes
    width: int
    height: int


def photograph(running: Browser, address: str, width: int = 1920, theme: str = "light") -> Picture:
    """Return the picture of a page at an address of this machine; raises NoPictureError where it would not be whole."""
    page = running.new_page(
        viewport={"width": width, "height": 1080}, device_scale_factor=SCALE, color_scheme="dark" if theme == "dark" else "light"
    )
    try:
        page.goto(address)
        page.wait_for_selector("header.bar, .oops", timeout=PATIENCE_MS)
        page.wait_for_function(_DONE, timeout=PATIENCE_MS)
        page.evaluate(_BARE)
        page.wait_for_timeout(STILL_MS)
        if page.locator(".oops").count():
            raise NoPictureError(0, page.inner_text(".oops").splitlines()[0], address)
        # A taller window may lay the page out anew: the second look is the one that counts.
        for _ in range(2):
            if (height := int(page.evaluate(_TALL))) > MOST:
                raise NoPictureError(0, f"{height} > {MOST} px", address)
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(STILL_MS)
        if blank := page.evaluate(_BLANK):
            raise NoPictureError(0, f"{len(blank)}: {', '.join(blank[:3])}", address)
        return Picture(page.screenshot(), width, height)
    except Error as error:
        raise NoPictureError(0, str(error).splitlines()[0], address) from error
    finally:
        page.close()
