"""What every test may use: the repository's root on the path, golden files, and a run-time directory of its own."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from data.demo import write_demo
from data.settings import Settings
from indicators.refresh import refresh

GOLDEN = Path(__file__).parent / "golden"
# The files that take longest, the longest first (`pytest --durations=0`). The first makes the demonstration that others wait for.
LONGEST = (
    "demo/test_truth.py", "ingest/test_killed.py", "browser/test_browser.py", "test_docs.py", "pages/test_pages.py",
    "ingest/test_inbox.py", "ingest/test_full_disk.py", "corpus/test_corpus.py", "alerts/test_raising.py", "briefing/test_document.py",
    "pages/test_proposing.py", "pages/test_past.py", "ingest/test_benchmarks.py", "desk/test_store.py",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--golden`, which rewrites golden files instead of comparing with them, and `--whole`, for which time is no object."""
    parser.addoption("--golden", action="store_true", help="rewrite tests/golden; read the difference before committing it")
    parser.addoption("--whole", action="store_true", help="the demonstration of three years instead of the one year that tests rest on")


def pytest_configure() -> None:
    """Keep the caller's city out of the tests: each says which one it means. A busy machine is no fault of what is tried."""
    hypothesis_settings.register_profile("unhurried", deadline=None)
    hypothesis_settings.load_profile("unhurried")
    for name in ("CITY_DIR", "CITY_VAR", "CITY_LANG"):
        os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: a worker that gets one of them last keeps the other waiting."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.relative_to(GOLDEN.parent).as_posix(), len(LONGEST)))


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Put the main module back that AppTest leaves its script for: a process that is spawned later would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def demo_city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demonstration, written and taken in once for all workers. Its fixed clock is 2016-03-07: every feed is late.

    A whole year of history, and the first fortnight of drops with every mishap: twice, cut off, empty, and again whole.
    Nobody may change it: copy it. With `--whole` it is the one that `make demo` writes, of three years and two months.
    """
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    settings, span = Settings(GOLDEN.parents[1], shared / "demo_city" / "var"), {"start": date(2015, 1, 1), "until": date(2016, 1, 20)}
    with (shared / "demo_city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared / "demo_city" / "made"
        if not made.exists():
            write_demo(settings, **({} if request.config.getoption("--whole") else span))
            refresh(settings, datetime.now(UTC))
            made.touch()
    return settings


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return `golden(name, text)`: asserts that `text` is, byte for byte, what `tests/golden/<name>` holds."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"tests/golden/{name} is not there yet: make golden writes it"
        assert path.read_bytes().decode() == text

    return compare
