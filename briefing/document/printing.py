"""Prints a laid-out page through the system's Chromium: to PDF, and from that to pictures; says what is missing instead of printing it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
from playwright.sync_api import Browser, Error, sync_playwright

FONTS = ("Noto Sans CJK SC", "Noto Serif CJK SC")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SCALE = 2.0  # pictures have twice as many pixels as the page has at 96 dpi
# What does not fit its box, and images that did not draw.
_FAULTS = """() => {
  const cut = [...document.querySelectorAll('figcaption,td,th,h1,h2,.row')].filter(one => one.scrollWidth > one.clientWidth + 1);
  cut.push(...[...document.querySelectorAll('table')].filter(one => one.offsetWidth > one.parentElement.clientWidth + 1));
  const blank = [...document.images].filter(one => !one.complete || !one.naturalWidth);
  return [...cut.map(one => 'cut:' + one.textContent.slice(0, 40)), ...blank.map(one => 'chart:' + (one.alt || '').slice(0, 40))];
}"""
# A letter without a glyph is drawn like any other without one.
_TOFU = """letters => {
  const drawn = text => {
    const canvas = document.createElement('canvas'); canvas.width = 60; canvas.height = 60;
    const brush = canvas.getContext('2d'); brush.font = '40px sans-serif'; brush.fillText(text, 5, 45);
    return canvas.toDataURL();
  };
  const nothing = [drawn('\\u{10FFFD}'), drawn(' ')];
  return letters.filter(one => nothing.includes(drawn(one)));
}"""
LETTERS = ("龙", "口", "和", "平", "区", "𠮷")


class NoBrowserError(OSError):
    """Raised where there is no Chromium on this machine, or it does not start."""


def find() -> str | None:
    """Return the path of the system's Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a running browser; raises NoBrowserError."""
    path = find()
    if path is None:
        raise NoBrowserError(0, "no Chromium on the path", "apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as play:
        try:
            running = play.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            raise NoBrowserError(0, str(error).splitlines()[0], path) from error
        try:
            yield running
        finally:
            running.close()


def pdf(running: Browser, html: str, footer: str) -> tuple[bytes, list[str]]:
    """Return the printed pages, and what is wrong with them: `cut:...` does not fit, `chart:...` did not draw."""
    page = running.new_page(viewport={"width": 794, "height": 1123})
    try:
        page.route("**/*", lambda route: route.abort() if route.request.url.startswith(("http:", "https:")) else route.continue_())
        page.set_content(html, wait_until="load")
        page.emulate_media(media="print")
        faults: list[str] = page.evaluate(_FAULTS)
        printed = page.pdf(
            format="A4", print_background=True, prefer_css_page_size=True, display_header_footer=True, header_template="<span></span>",
            footer_template=footer,
        )  # fmt: skip
    finally:
        page.close()
    return printed, faults


def figures(running: Browser, html: str) -> list[bytes]:
    """Return each chart of a laid-out page as a PNG, in its order there."""
    page = running.new_page(viewport={"width": 794, "height": 1123}, device_scale_factor=SCALE)
    try:
        page.set_content(html, wait_until="load")
        return [one.screenshot() for one in page.locator("figure img").all()]
    finally:
        page.close()


def pictures(printed: bytes) -> list[bytes]:
    """Return each page of a PDF as a PNG."""
    found = []
    for page in _document(printed):
        stream = io.BytesIO()
        page.render(scale=SCALE * 96 / 72).to_pil().save(stream, format="PNG")
        found.append(stream.getvalue())
    return found


def text_of(printed: bytes) -> str:
    """Return the text of a PDF, as a reader who copies it gets it."""
    return "\n".join(page.get_textpage().get_text_bounded() for page in _document(printed))


def missing_fonts(running: Browser) -> list[str]:
    """Return which fonts of a page, and which letters of the city's names, this machine cannot draw."""
    page = running.new_page()
    try:
        page.set_content("".join(f"<p id='f{place}' style='font-family:\"{name}\"'>龙口和平区</p>" for place, name in enumerate(FONTS)))
        session = page.context.new_cdp_session(page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        missing = []
        for place, name in enumerate(FONTS):  # the browser says with which font it has drawn
            node = session.send("DOM.querySelector", {"nodeId": root, "selector": f"#f{place}"})["nodeId"]
            used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            missing += [] if name in {font["familyName"] for font in used} else [name]
        tofu: list[str] = page.evaluate(_TOFU, list(LETTERS))
        return missing + tofu
    finally:
        page.close()


def _document(printed: bytes) -> Any:
    return pypdfium2.PdfDocument(printed)
