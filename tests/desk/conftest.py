"""Desks to try things on: a file, and a PostgreSQL server of our own where Debian's package is there."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from data.desk.action import Action, Entry
from data.settings import Settings

ROOT = Path(__file__).parents[2]
NOW = datetime(2016, 3, 7, 0, 0, tzinfo=UTC)
_NUMBERS = itertools.count(1)


def _programs() -> Path | None:
    """Return where the server's programs lie; Debian keeps them out of PATH."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path(shutil.which("initdb") or "/nowhere").parent]
    return next((place for place in places if (place / "initdb").is_file() and (place / "pg_ctl").is_file()), None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Yield the folder of the socket of a running server; it refuses to be started by root, so another user does."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    place = Path(tempfile.mkdtemp(prefix="desk-pg-"))
    step_down = []
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if name in {one.pw_name for one in pwd.getpwall()})
        shutil.chown(place, user)
        step_down = ["runuser", "-u", user, "--"]

    def run(*words: str) -> None:
        subprocess.run([*step_down, *words], cwd=place, check=True, capture_output=True, timeout=120)

    try:
        run(str(programs / "initdb"), "-D", f"{place}/cluster", "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {place} -c listen_addresses='' -c fsync=off -c max_connections=60"
        run(str(programs / "pg_ctl"), "-D", f"{place}/cluster", "-o", options, "-l", f"{place}/log", "-w", "start")
        try:
            yield str(place)
        finally:
            run(str(programs / "pg_ctl"), "-D", f"{place}/cluster", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Return settings that lead to an empty desk, on either database."""
    url = ""
    if request.param == "postgresql":
        place, name = request.getfixturevalue("server"), f"desk{next(_NUMBERS)}"
        with psycopg.connect(f"host={place} user=desk dbname=postgres", autocommit=True) as con:
            con.execute(f"CREATE DATABASE {name}")
        url = f"postgresql://desk@/{name}?host={place}"
    return Settings(ROOT, tmp_path / "var", url)


def entry(kind: str = "note", subject: str = "A1", **other: Any) -> Entry:
    """Return what somebody wants to do, at eight in the morning."""
    said = {"who": "王芳", "role": "duty_officer", "at": NOW, "recorded_at": NOW} | other
    return Entry(kind, subject, **said)


def anything(_: Entry, __: list[Action]) -> None:
    """Admit whatever comes."""
