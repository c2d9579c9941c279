"""A disk that is full ends a refresh with one sentence and loses nothing: with room again, the next one ends as if it had never been."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.killed import Forge, copy, forged, memory, seen_by_a_page, standing
from data.settings import Settings
from tests.ingest.killed_city import NAMES, make


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    """An interpreter whose forks are the refreshes."""
    with forged() as one:
        yield one


@pytest.fixture(scope="module")
def city(forge: Forge) -> Iterator[dict[str, Settings]]:
    """The city with its drops in the inbox: before the first refresh, and with a snapshot of the first morning."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        yield make(Path(folder), forge.refresh)


@pytest.fixture(scope="module")
def expected(forge: Forge, city: dict[str, Settings]) -> dict[str, Any]:
    """What stands after a refresh that nothing has disturbed."""
    calm = copy(city["empty"], "calm")
    assert forge.refresh(calm) == 10
    return standing(calm)


@pytest.mark.parametrize("start", NAMES)
def test_files_that_may_not_grow(forge: Forge, city: dict[str, Settings], expected: dict[str, Any], start: str) -> None:
    """From the first byte of the journal up to the large drop: each attempt says so and ends with 4, pages keep what they have."""
    settings = copy(city[start], f"{start}-narrow")
    before = seen_by_a_page(settings)
    sizes = (100, 4096, 300_000, 3_000_000)
    codes = [forge.refresh(settings, fsize=size) for size in sizes]
    said = forge.says(settings).read_text(encoding="utf-8").splitlines()

    assert codes == [4] * len(sizes)
    assert said == [f"做不成：File too large {settings.var_dir}"] * len(sizes)
    assert seen_by_a_page(settings) == before
    assert forge.refresh(settings) == 10
    assert standing(settings) == expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 18 MB large."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=18m", "none", str(tmp_path)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()}")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_file_system_that_is_full(forge: Forge, city: dict[str, Settings], expected: dict[str, Any], small_disk: Path) -> None:
    """17 MB of it lie in the inbox. Whatever room there is, each attempt ends well or with 4; the last one ends as it should."""
    settings = Settings(city["empty"].city_dir, small_disk / "var")
    shutil.copytree(city["empty"].var_dir, settings.var_dir)
    codes = []
    for room in (18, 19, 22, 30, 37, 45, 200):
        subprocess.run(["mount", "-o", f"remount,size={room}m", str(small_disk)], check=True)
        codes.append(forge.refresh(settings))
        if codes[-1] in {0, 10}:  # 0 where an earlier attempt has taken the drops and only had no room to publish
            break
        assert codes[-1] == 4, forge.says(settings).read_text(encoding="utf-8")
        assert seen_by_a_page(settings) in {"", expected["page"]}  # nothing, or the whole: room may end behind the publication
    said = [line for line in forge.says(settings).read_text(encoding="utf-8").splitlines() if line.startswith("做不成")]

    assert len(codes) > 2
    assert codes[-1] in {0, 10}
    assert said == [f"做不成：No space left on device {settings.var_dir}"] * (len(codes) - 1)
    assert standing(settings) == expected
