"""Unpacks a .gz or .zip drop into the files that it holds, counting bytes while they stream so that no bomb goes off."""

from __future__ import annotations

import gzip
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import uuid4

from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError

MOST_EXPANSION = 200
MOST_MEMBERS = 1000
# Below this size an expansion can do no harm, and short files of equal rows do shrink beyond any ratio.
HARMLESS_BYTES = 8_388_608
_CHUNK = 1_048_576
_WORKBOOK_MARKS = frozenset({"[Content_Types].xml", "mimetype", "xl/workbook.xml"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a drop: its name inside the container (the drop's own name when there is none), and where it lies."""

    name: str
    path: Path


class Meter:
    """Counts the bytes of an expansion; raises RefusedError TOO_LARGE where they pass the limit or the ratio."""

    def __init__(self, packed: int, max_bytes: int) -> None:
        """Know the packed size and the limit."""
        self._packed, self._most, self.expanded = max(packed, 1), max_bytes, 0

    def add(self, count: int) -> None:
        """Count some bytes."""
        self.expanded += count
        if self.expanded > self._most:
            found, most = (Phrase(says, self._most, Noun.BYTES) for says in (Says.MORE_THAN_COUNT, Says.AT_MOST_COUNT))
            raise RefusedError(FileReason.TOO_LARGE, found, most)
        if self.expanded > HARMLESS_BYTES and self.expanded > MOST_EXPANSION * self._packed:
            found, most = (Phrase(says, MOST_EXPANSION, Noun.FOLDS) for says in (Says.MORE_THAN_COUNT, Says.AT_MOST_COUNT))
            raise RefusedError(FileReason.TOO_LARGE, found, most)


@contextmanager
def opened(path: Path, name: str, scratch: Path, max_bytes: int) -> Iterator[list[Member]]:
    """Yield the files of a drop, unpacked into a folder of their own for as long as they are needed.

    Raises RefusedError: EMPTY, CORRUPT, TOO_LARGE, BAD_NAME (a member that leaves the folder), UNSUPPORTED_TYPE.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    is_zip = head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not is_workbook(path)
    if not (is_zip or head.startswith(b"\x1f\x8b")):
        yield [Member(name, path)]
        return
    folder = scratch / f"unpacked-{uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield _unzip(path, folder, max_bytes) if is_zip else _gunzip(path, name, folder, max_bytes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_workbook(path: Path) -> bool:
    """Whether a zip is a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not _WORKBOOK_MARKS.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error


def _gunzip(path: Path, name: str, folder: Path, max_bytes: int) -> list[Member]:
    target = folder / "0"
    try:
        with gzip.open(path) as source, target.open("wb") as stream:
            _pour(source, stream, Meter(path.stat().st_size, max_bytes))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error
    return [Member(name.removesuffix(".gz"), target)]


def _unzip(path: Path, folder: Path, max_bytes: int) -> list[Member]:
    """Unpack each member under a number, never under its own name."""
    members: list[Member] = []
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [info for info in archive.infolist() if not info.is_dir() and not _is_litter(info.filename)]
            if len(listed) > MOST_MEMBERS:
                most = Phrase(Says.AT_MOST_COUNT, MOST_MEMBERS, Noun.FILES)
                raise RefusedError(FileReason.TOO_LARGE, Phrase(Says.COUNT, len(listed), Noun.FILES), most)
            meter = Meter(path.stat().st_size, max_bytes)
            for number, info in enumerate(sorted(listed, key=lambda info: info.filename)):
                name = _member_name(info)
                target = folder / str(number)
                with archive.open(info) as source, target.open("wb") as stream:
                    _pour(source, stream, meter)
                members.append(Member(name, target))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error
    if not members:
        raise RefusedError(FileReason.EMPTY, Phrase(Says.COUNT, 0, Noun.FILES), Phrase(Says.ANY_FILE))
    return members


def _is_litter(name: str) -> bool:
    """Whether a member is what a Mac or Windows leaves behind, no file of the department."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return name.startswith("__MACOSX/") or last in {".DS_Store", "Thumbs.db", "desktop.ini"} or last.startswith("._")


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name as people see it; raises RefusedError when it would leave the folder."""
    name = info.filename
    if not info.flag_bits & 0x800:  # old archivers wrote names in the code page of their machine: here, Chinese Windows
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    pure = PurePosixPath(name.replace("\\", "/"))
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    if is_link or pure.is_absolute() or ".." in pure.parts or ":" in name or "\x00" in name:
        raise RefusedError(FileReason.BAD_NAME, name[:120], Phrase(Says.INNER_NAME))
    return pure.name


def _pour(source: IO[bytes] | gzip.GzipFile, target: IO[bytes], meter: Meter) -> None:
    while read := source.read(_CHUNK):
        meter.add(len(read))
        target.write(read)
