"""Keeps the definitions of each refresh: the files of a city directory under their hash, in the archive.

So a rebuild judges by what was in force, and today's mistake in a file is no part of yesterday's figures.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from data.durable import sync
from data.settings import Settings

_SUFFIXES = frozenset({".yaml", ".csv"})
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def fingerprint(settings: Settings) -> str:
    """Return the hash of everything that defines figures: the city, its contracts, tables and indicators."""
    digest = hashlib.sha256()
    for path in files(settings):
        digest.update(path.relative_to(settings.city_dir).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def keep(settings: Settings, said: str) -> None:
    """Keep the definitions whose fingerprint is `said`, unless they are kept already or are other ones by now."""
    target = _kept(settings, said)
    if target.is_file() or fingerprint(settings) != said:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".tmp")
    with draft.open("wb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in files(settings):
                entry = zipfile.ZipInfo(path.relative_to(settings.city_dir).as_posix(), _LONG_AGO)
                packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(target)
    sync(target.parent)


@contextmanager
def in_force(settings: Settings, said: str) -> Iterator[Settings]:
    """Yield settings whose city directory holds the definitions of that fingerprint; today's where they were not kept."""
    packed = _kept(settings, said)
    if fingerprint(settings) == said or not packed.is_file():
        yield settings
        return
    with TemporaryDirectory(dir=settings.var_dir, prefix=".definitions-") as directory:
        with zipfile.ZipFile(packed) as kept:
            kept.extractall(directory)
        yield replace(settings, city_dir=Path(directory))


def files(settings: Settings) -> list[Path]:
    """Return every file that defines figures, in order."""
    folders = (settings.city_dir / "data", settings.city_dir / "indicators")
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in _SUFFIXES)


def _kept(settings: Settings, said: str) -> Path:
    return settings.archive / "definitions" / f"{said}.zip"
