"""Time until a page of ours is complete, against a blank page of the same Streamlit, in a browser that has been there before.

Blank is a script of one line, `st.markdown('blank')`. Complete is the first moment after which, for 1.5 s, the script does not run, no
skeleton shows, every image has loaded, and the number of elements and the network stand still. All sides in turn; medians count.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import chromium, sites
from benchmarks.sites import START

VISITS, QUIET, LIMIT = 5, 1.5, 60.0
PAGES = (
    ("overview", "", "table.signs", 1.5),
    ("feeds", "feeds", "table.held", 2.5),
    ("sign page", "sign?indicator=hotline_volume", ".trend .hit", 2.5),
    *((name, name, "footer.foot", 2.5) for name in sites.PAGES if name not in {"overview", "feeds", "sign"}),
)
# every 50 ms: since when has everything been still, in ms after the navigation began; null while it is not
CLOCK = """
window.since = null;
let before = -1;
setInterval(() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const count = document.querySelectorAll('*').length;
  const still = app && app.getAttribute('data-test-script-state') === 'notRunning' && document.querySelector(`%s`)
    && !document.querySelector('[data-testid="stSkeleton"]') && [...document.images].every((one) => one.complete) && count === before;
  before = count;
  if (!still) window.since = null;
  else if (window.since === null) window.since = performance.now();
}, 50);
"""


class Side:
    """One address in a profile of its own, with the requests that are under way."""

    def __init__(self, browser: Any, address: str, ready: str) -> None:
        """Open an empty page and listen to its network."""
        self.address = address
        self.seconds: list[float] = []
        self.page = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN").new_page()
        self.page.add_init_script(CLOCK % ready)
        self.waiting: set[str] = set()
        wire = self.page.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.requestWillBeSent", self._sent)
        for event in ("Network.loadingFinished", "Network.loadingFailed"):
            wire.on(event, lambda told: self.waiting.discard(told["requestId"]))

    def visit(self) -> float:
        """Go there and return the seconds until it was complete."""
        self.waiting.clear()
        self.page.goto(self.address, wait_until="commit")
        until = time.monotonic() + LIMIT
        while time.monotonic() < until:
            since, now = self.page.evaluate("[window.since, performance.now()]")
            if since is not None and now - since > QUIET * 1000 and not self.waiting:
                return float(since) / 1000
            self.page.wait_for_timeout(100)
        raise TimeoutError(f"{self.address} was not complete within {LIMIT:.0f} s")

    def leave(self) -> None:
        """End the session, so that the next side has the machine to itself."""
        self.page.goto("about:blank")

    def _sent(self, told: dict[str, Any]) -> None:
        if told.get("type") != "WebSocket" and not told["request"]["url"].startswith(("data:", "blob:")):
            self.waiting.add(told["requestId"])


def measure(visits: int = VISITS) -> list[dict[str, object]]:
    """Return one row per page: both medians, their ratio and what it may be at most."""
    from playwright.sync_api import sync_playwright

    found = chromium.find()
    if found is None:
        raise FileNotFoundError(chromium.MISSING)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        sites.make_city(folder / "var", START)
        blank = stack.enter_context(sites.blank(folder)).address
        ours = stack.enter_context(sites.ours(folder / "var")).address
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=found, args=chromium.FLAGS)
        sides = {what: Side(browser, f"{ours}/{path}", ready) for what, path, ready, _ in PAGES}
        sides["blank"] = Side(browser, blank, '[data-testid="stMarkdown"]')
        for turn in range(visits + 1):  # the first visit fills the cache and does not count
            for side in sides.values():
                seconds = side.visit()
                side.leave()
                if turn:
                    side.seconds.append(seconds)
        browser.close()
    medians = {what: statistics.median(side.seconds) for what, side in sides.items()}
    return [
        {
            "what": f"{what}, warm, until complete",
            "ours_s": round(medians[what], 2),
            "blank_s": round(medians["blank"], 2),
            "time_ratio": round(medians[what] / medians["blank"], 2),
            "at_most": at_most,
        }
        for what, _, _, at_most in PAGES
    ]


if __name__ == "__main__":
    for row in measure():
        print(json.dumps(row, ensure_ascii=False))
