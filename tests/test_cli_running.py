"""Watching the inbox and rebuilding from the archive, as real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.settings import Settings
from tests.golden.small_city import write_small_city

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """A small city with its drops in the inbox."""
    return write_small_city(tmp_path)


def command(city: Settings, *words: str) -> list[str]:
    """Return a command line for the city."""
    return [sys.executable, "cli.py", *words, "--city", str(city.city_dir), "--var", str(city.var_dir)]


def run(city: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    return subprocess.run(command(city, *words), cwd=ROOT, check=False, capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def watching(city: Settings) -> Iterator[subprocess.Popen[str]]:
    """A watch that has done its first refresh."""
    with subprocess.Popen(command(city, "watch", "--json"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for((city.snapshots / "current.json").is_file)
            yield process
        finally:
            process.kill()


def wait_for(done: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it does not in good time."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def pointer(city: Settings) -> str:
    """Return what the pointer says."""
    return (city.snapshots / "current.json").read_text(encoding="utf-8")


def test_a_drop_is_taken_when_it_is_complete(city: Settings, watching: subprocess.Popen[str]) -> None:
    """A part file waits, its renaming starts a refresh, and SIGTERM ends the watch with 0."""
    feed = next(folder for folder in sorted((city.archive.parent / "inbox").iterdir()) if folder.is_dir())
    drops = {line["file"] for line in map(json.loads, run(city, "show", "drops", "--json").stdout.splitlines())}
    part = feed / "新到.csv.part"
    part.write_text("不是这个来源的表头\n1\n", encoding="utf-8")
    os.utime(part, (1e9, 1e9))  # the clock of the city stands; what came after it would wait
    part.rename(feed / "新到.csv")

    def taken() -> bool:
        said = run(city, "show", "drops", "--json").stdout.splitlines()
        return {json.loads(line)["file"] for line in said} == drops | {"新到.csv"}

    wait_for(lambda: not list(feed.glob("新到*")))
    wait_for(taken)
    watching.send_signal(signal.SIGTERM)

    assert watching.wait(PATIENCE) == 0


def test_a_wrong_definition_does_not_end_the_watch(city: Settings, watching: subprocess.Popen[str]) -> None:
    """It is said, the drops wait, and once it is mended they are taken."""
    contract = next(city.feeds_dir.glob("*.yaml"))
    right = contract.read_text(encoding="utf-8")
    contract.write_text(right + "nonsense: 1\n", encoding="utf-8")
    waiting = city.inbox / contract.stem / "等着.csv"
    waiting.parent.mkdir(exist_ok=True)
    waiting.write_text("x\n", encoding="utf-8")
    os.utime(waiting, (1e9, 1e9))
    time.sleep(5)
    assert waiting.is_file()
    assert watching.poll() is None

    contract.write_text(right, encoding="utf-8")

    wait_for(lambda: not waiting.exists())


def test_a_rebuild_gives_the_same_figures(city: Settings) -> None:
    """Everything derived is thrown away and comes back as it was; without a refresh there is nothing to rebuild."""
    assert run(city, "rebuild").returncode == 4
    assert run(city, "refresh").returncode in {0, 10}
    before = pointer(city)
    (city.records / "litter.parquet").write_bytes(b"x")

    done = run(city, "rebuild", "--json")

    said = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (said["same"], said["comparable"]) == (True, True)
    assert pointer(city) == before
    assert not (city.records / "litter.parquet").exists()
