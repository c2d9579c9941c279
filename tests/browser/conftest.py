"""A small demonstration city, servers as `make run` starts them, and a browser that notes where it was sent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks import chromium
from benchmarks.chromium import ELSEWHERE
from data.settings import Settings

HOME = Path(__file__).resolve().parents[2]
FIRST = ("overview", "sign", "feeds")  # what a closed gate is asked for right after a start; for the rest on a server of these
PAGES = [path.stem for path in sorted((HOME / "pages").glob("*.py")) if path.name != "__init__.py"]
# notes every state of the page that shows something in the main part without the title bar
WATCH = """
window.bare = [];
const look = () => {
  const main = document.querySelector('[data-testid="stMain"]');
  const text = main ? main.innerText.trim() : '';
  if (text && !document.querySelector('header.bar') && !document.querySelector('.oops')) window.bare.push(text.slice(0, 200));
};
new MutationObserver(look).observe(document, {childList: true, subtree: true, characterData: true});
"""
DONE = "document.querySelector('[data-testid=\"stApp\"]')?.getAttribute('data-test-script-state') === 'notRunning'"


@dataclass
class Visit:
    """A browser's page and every address that it asked for."""

    page: Page
    asked: list[str] = field(default_factory=list)

    def open(self, address: str) -> str:
        """Go there, wait until something of ours stands still, and return the whole visible text."""
        self.page.goto(address)
        return self.settled("header.bar, .oops")

    def hosts(self) -> set[str]:
        """Return the names of all machines that were asked."""
        return {urlsplit(address).hostname or "" for address in self.asked if not address.startswith(("data:", "blob:"))}

    def settled(self, wanted: str) -> str:
        """Wait for what is wanted and for the end of the run; return the whole visible text."""
        self.page.wait_for_selector(wanted, timeout=20_000)
        self.page.wait_for_function(DONE, timeout=20_000)
        self.page.wait_for_timeout(400)
        return self.page.inner_text("body")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """`cli.py serve` as a child in a group of its own. Health is asked by plain HTTP: the first session is the test's own."""

    child: subprocess.Popen[bytes]
    number: int

    @property
    def port(self) -> int:
        """The port, once it answers."""
        _wait(self.number, self.child)
        return self.number

    def stop(self) -> None:
        """Ask it to end."""
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGTERM)


def start(var: Path, **environment: str) -> Server:
    """Start a server without waiting for it."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "cli.py", "serve", "--no-watch", "--port", str(port), "--city", str(HOME), "--var", str(var)],
        cwd=HOME,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return Server(child, port)


@contextmanager
def serving(*servers: Server) -> Iterator[tuple[Server, ...]]:
    """Stop servers at the end, all at once."""
    try:
        yield servers
    finally:
        for server in servers:
            server.stop()
        for server in servers:
            server.child.wait(15)


def _wait(port: int, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)
    pytest.fail(f"cli.py serve did not answer on port {port} (exit {child.poll()})")


@pytest.fixture(scope="session")
def city(demo_city: Settings) -> Settings:
    """The demonstration that all tests share; servers only read it."""
    return demo_city


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; it ends with the module, since an event loop runs as long as it does."""
    found = chromium.find()
    if found is None:
        pytest.skip(chromium.MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=chromium.FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def site(city: Settings, browser: Browser) -> Iterator[str]:
    """The address of one server over the small city, for tests that may share it."""
    with serving(start(city.var_dir)) as (server,):
        yield f"http://localhost:{server.port}"


@pytest.fixture(scope="module")
def fresh(city: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """Servers that nobody has visited, started together: one a page, some behind a closed gate, one without data."""
    made = {name: start(city.var_dir) for name in PAGES}
    made |= {f"closed {name}": start(city.var_dir, STREAMLIT_BROWSER_SERVER_ADDRESS=ELSEWHERE) for name in FIRST}
    made["empty"] = start(tmp_path_factory.mktemp("empty") / "var")
    with serving(*made.values()):
        yield made


@pytest.fixture(scope="module")
def profile(browser: Browser) -> BrowserContext:
    """One profile, as large as the duty room's screen; what was loaded once stays in its cache."""
    return browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")


@pytest.fixture
def visit(profile: BrowserContext) -> Iterator[Visit]:
    """A page of its own; whatever a test does there, no request may leave this machine."""
    made = Visit(profile.new_page())
    note: Callable[[str], None] = made.asked.append
    made.page.on("request", lambda request: note(request.url))
    made.page.on("websocket", lambda wire: note(wire.url))
    made.page.add_init_script(WATCH)
    yield made
    made.page.close()
    assert made.hosts() <= {"localhost", "127.0.0.1", ELSEWHERE}
