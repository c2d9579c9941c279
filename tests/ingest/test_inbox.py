"""Whatever lies in the inbox, a refresh ends, the plain files beside it are taken, and nothing is taken that is not whole."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.killed import HOME, Forge, copy, forged, memory, standing
from data import journal
from data.settings import Settings
from tests.ingest.killed_city import HEAD, LATE, lay, make

SAME = ("kept_books_rows", "kept_loops_rows", "kept_meters_nights", "kept_repairs_reports", "signs", "cells", "lying about")
# A name as a file server leaves it, in bytes: an end of line to Python, GBK, no known encoding, an end of line, as long as one may be.
NAMES = ("线\u2028圈\x85.csv".encode(), "线圈日报.csv".encode("gbk"), b"\xff\xfe\x81.csv", b"a\nb.csv", b"x" * 251 + b".csv")
FOLDERS = (b"\xff\xfe", b"f" * 255, "路\n灯".encode(), "灯".encode() * 85)


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    """An interpreter whose forks are the refreshes."""
    with forged() as one:
        yield one


@pytest.fixture(scope="module")
def calm(forge: Forge) -> Iterator[Settings]:
    """The city after its drops, the large one not among them."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        settings = make(Path(folder), forge.refresh)["empty"]
        (settings.inbox / "loops" / "线圈.csv").unlink()
        assert forge.refresh(settings) == 10
        yield settings


@pytest.fixture
def city(calm: Settings, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A copy of it, to which more may come."""
    settings = copy(calm, f"copy-{abs(hash(request.node.name))}")
    yield settings
    shutil.rmtree(settings.var_dir)


def facts(settings: Settings) -> dict[str, Any]:
    """Return what stands, without the ledger's own lines."""
    found = standing(settings)
    return {name: found[name] for name in SAME}


def files(settings: Settings) -> list[str]:
    """Return the names of the journal, in its order."""
    return [arrival.file for arrival in journal.arrivals(settings)]


def test_a_crowded_inbox(forge: Forge, city: Settings, calm: Settings, tmp_path: Path) -> None:
    """What is no file or a link is left; any name has its line in the journal; the next refresh finds nothing to do."""
    inbox = city.inbox / "loops"
    (inbox / "folder.csv").mkdir()
    os.mkfifo(inbox / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(inbox / "socket.csv"))
    outside = tmp_path / "outside.csv"
    outside.write_text("secret", encoding="utf-8")
    (inbox / "link.csv").symlink_to(outside)
    (inbox / "nowhere.csv").symlink_to(tmp_path / "nowhere")
    left = sorted(inbox.iterdir())
    for name in NAMES:
        (inbox / os.fsdecode(name)).write_text(",".join(HEAD) + "\nW9,2024-05-06,1,\n", encoding="utf-8")
        os.utime(inbox / os.fsdecode(name), (1_715_000_000, 1_715_000_000))
    for name in FOLDERS:
        (city.inbox / os.fsdecode(name)).mkdir()
        (city.inbox / os.fsdecode(name) / "a.csv").write_text("a\n1\n", encoding="utf-8")
        os.utime(city.inbox / os.fsdecode(name) / "a.csv", (1_715_000_000, 1_715_000_000))
    before = files(city)

    assert forge.refresh(city) == 10
    assert len(files(city)) == len(before) + len(NAMES) + len(FOLDERS)
    assert "线圈日报.csv" in files(city)
    assert sorted(inbox.iterdir()) == left
    assert outside.read_text(encoding="utf-8") == "secret"
    assert [row for row in standing(city)["kept_loops_rows"] if row[0] != "W9"] == standing(calm)["kept_loops_rows"]
    assert forge.refresh(city) == 0


def test_a_file_that_is_still_being_written_waits(forge: Forge, city: Settings) -> None:
    """Half of it is never taken, however long the writer pauses; the drop beside it is."""
    lay(city, *LATE)
    path = city.inbox / "loops" / "慢.csv"
    with path.open("w", encoding="utf-8") as writer:
        writer.write(",".join(HEAD) + "\nS1,2024-05-06,1,\n")
        writer.flush()
        os.utime(path, (1_715_000_000, 1_715_000_000))
        assert forge.refresh(city) == 0
        assert files(city)[-1] == LATE[1]
        writer.write("S2,2024-05-06,1,\n")
    os.utime(path, (1_715_000_000, 1_715_000_000))

    assert forge.refresh(city) == 0
    assert files(city)[-1] == "慢.csv"
    assert {"S1", "S2"} <= {row[0] for row in standing(city)["kept_loops_rows"]}
    assert not path.exists()


def test_a_file_that_vanishes_before_its_turn_is_no_drop(forge: Forge, city: Settings) -> None:
    """It was there when the inbox was listed, and was taken away while the large one before it was copied."""
    lay(city, "loops", "线圈.csv", city.var_dir.parent / "wide.csv", "2024-05-08T07:45:00+08:00")
    lay(city, *LATE)
    known, archive = len(list(city.archive.iterdir())), city.archive
    running, until = forge.start(city), time.monotonic() + 60
    while len(list(archive.iterdir())) == known and time.monotonic() < until:
        time.sleep(0.0002)
    (city.inbox / "loops" / LATE[1]).unlink()

    assert forge.end(running) == 0, forge.says(city).read_text(encoding="utf-8")
    assert files(city)[-1] == "线圈.csv"


def bound(city: Settings) -> subprocess.CompletedProcess[str]:
    """Run a refresh that file permissions bind, as they do not bind root."""
    command = [sys.executable, "cli.py", "refresh", "--city", str(city.city_dir), "--var", str(city.var_dir)]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root is not bound by permissions, and setpriv is not here")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    return subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=120, check=False)


def test_an_inbox_that_may_only_be_read(forge: Forge, city: Settings) -> None:
    """Its drops are taken once, whether or not they can be removed; when they can, they are."""
    lay(city, *LATE)
    (city.inbox / "loops").chmod(0o555)
    first = bound(city)
    stands = standing(city)
    again = bound(city)
    lying = (city.inbox / "loops" / LATE[1]).is_file()
    (city.inbox / "loops").chmod(0o755)

    assert (0, 0) == (first.returncode, again.returncode), first.stderr + again.stderr
    assert lying
    assert standing(city) == stands
    assert files(city)[-1] == LATE[1]
    assert forge.refresh(city) == 0
    assert standing(city) == stands | {"inbox": [name for name in stands["inbox"] if name != LATE[1]]}


@pytest.mark.parametrize("what", ["线圈.csv", ""], ids=["a file", "its folder"])
def test_what_may_not_be_read_is_told_when_all_else_is_done(forge: Forge, city: Settings, what: str) -> None:
    """Exit 4 and its name; the drop beside it is taken; once it may be read, it is taken as well."""
    lay(city, "books", "线圈.csv", city.var_dir.parent / "wide.csv", "2024-05-08T07:45:00+08:00")
    lay(city, *LATE)
    path = city.inbox / "books" / what
    mode = path.stat().st_mode
    path.chmod(0o000)
    done = bound(city)
    path.chmod(mode)

    assert (4, f"做不成：Permission denied {path}") == (done.returncode, done.stderr.strip())
    assert files(city)[-1] == LATE[1]
    assert "W00003" in {row[0] for row in standing(city)["kept_loops_rows"]}
    assert forge.refresh(city) == 10
    assert files(city)[-1] == "线圈.csv"
