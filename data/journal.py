"""Claims drops from the inbox into the archive and writes one line for each: the journal is the source of truth.

A claim survives a crash at any point: the bytes lie in the archive before the line is written, and the inbox file goes
only after it; a file that is still there with a line of its own is simply removed. What is no file, is a link, or is
still being written stays where it is, and holds up nothing else.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.desk.action import Head
from data.dropname import MANIFEST, is_complete
from data.durable import sync
from data.settings import Settings

LONGEST_FEED = 60  # characters: a folder of any name must still leave room for the number of a drop
_CHUNK = 1_048_576


@dataclass(frozen=True, slots=True)
class Arrival:
    """One drop as it came. `arrived_at` carries its offset and is the knowledge time of every row in it."""

    seq: int
    feed: str
    file: str
    sha256: str
    arrived_at: datetime

    @property
    def drop(self) -> str:
        """The name of the drop: feed and sequence number."""
        return f"{self.feed}-{self.seq:06d}"

    def local(self, zone: ZoneInfo) -> datetime:
        """Return `arrived_at` as naive local time, the form of the warehouse."""
        return self.arrived_at.astimezone(zone).replace(tzinfo=None)


def arrivals(settings: Settings) -> list[Arrival]:
    """Return every arrival of the journal in its order; a last line cut by a crash is not there."""
    return [
        Arrival(line["seq"], line["feed"], line["file"], line["sha256"], datetime.fromisoformat(line["arrived_at"]))
        for line in _lines(settings)
        if line["kind"] == "arrival"
    ]


def claim(settings: Settings, zone: ZoneInfo) -> list[Arrival]:
    """Move every complete file of the inbox into the archive, in order of arrival; return the new arrivals.

    What is there and cannot be read stays and holds up nothing else; `unreadable` names it.
    """
    settings.archive.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in settings.archive.glob("*.tmp"):
        path.unlink()
    _mend(settings)
    known = arrivals(settings)
    seen = {(arrival.feed, arrival.file, arrival.sha256, arrival.arrived_at) for arrival in known}
    seq = max((arrival.seq for arrival in known), default=0)
    claimed = []
    for path, file, arrived_at in sorted(_waiting(settings, zone), key=_turn):
        sha256 = _archive(settings, path)
        if sha256 is None:
            continue
        feed = _name(path.parent)[:LONGEST_FEED]
        if (feed, file, sha256, arrived_at) not in seen:
            seq += 1
            arrival = Arrival(seq, feed, file, sha256, arrived_at)
            _append(settings, {"kind": "arrival"} | asdict(arrival) | {"arrived_at": arrived_at.isoformat()})
            claimed.append(arrival)
        with suppress(OSError):  # an inbox that may only be read: the line says that the file has been taken
            path.unlink()
    return claimed


def _turn(waiting: tuple[Path, str, datetime]) -> tuple[datetime, str, str, str]:
    """By arrival; what came in one moment by feed and by the name that the department gave it."""
    path, file, arrived_at = waiting
    return arrived_at, str(path.parent), file, path.name


def has_waiting(settings: Settings) -> bool:
    """Whether a file lies in the inbox that a claim would take: readable, at rest, and without a line of its own."""
    waiting = [one for one in _waiting(settings, ZoneInfo("UTC")) if _is_at_rest(one[0])]
    known = {(arrival.feed, arrival.file, arrival.arrived_at) for arrival in arrivals(settings)} if waiting else set()
    return any((_name(path.parent)[:LONGEST_FEED], file, moment) not in known for path, file, moment in waiting)


def note_refresh(settings: Settings, as_of: datetime, definitions: str, snapshot: str, desk: Head | None = None) -> None:
    """Write the line of a finished refresh, with how far the desk had come, unless the last line says the same."""
    line: dict[str, object] = {"kind": "refresh", "as_of": as_of.isoformat(), "definitions": definitions, "snapshot": snapshot}
    if desk:
        line["desk"] = asdict(desk)
    lines = list(_lines(settings))
    if not lines or lines[-1] != line:
        _append(settings, line)


def last_refresh(settings: Settings) -> dict[str, Any] | None:
    """Return what the last finished refresh noted: as_of, definitions, snapshot."""
    return next((line for line in reversed(list(_lines(settings))) if line["kind"] == "refresh"), None)


def heads(settings: Settings) -> dict[str, Head]:
    """Return how far the desk had come by each refresh, by its line in the journal."""
    lines = enumerate(_lines(settings), start=1)
    return {f"{settings.journal.name}:{number}": Head(**line["desk"]) for number, line in lines if line.get("desk")}


def note_purge(settings: Settings, before: Mapping[str, str], drops: Sequence[str], at: datetime, by: str) -> None:
    """Write the line of a purge: which drops lose their bytes, before which arrivals by feed, when and by whom."""
    _append(settings, {"kind": "purge", "before": dict(before), "drops": list(drops), "at": at.isoformat(), "by": by})


def archived(settings: Settings, sha256: str) -> Path:
    """Return where the bytes of a drop lie."""
    return settings.archive / sha256


def unreadable(settings: Settings) -> OSError | None:
    """Return why something that waits in the inbox cannot be read, where there is such a thing."""
    for folder in _folders(settings):
        try:
            for path in _complete(folder):
                path.open("rb").close()
        except FileNotFoundError:
            continue
        except OSError as error:
            return error
    return None


def _waiting(settings: Settings, zone: ZoneInfo) -> Iterator[tuple[Path, str, datetime]]:
    """Yield the files of the inbox, each with its name and the time it arrived: as its manifest line says, else as it lies there."""
    for folder in _folders(settings):
        with suppress(OSError):  # a folder that cannot be read waits as a whole: its manifest may say when a file came
            said = _manifest(folder / MANIFEST)
            for path in _complete(folder):
                with suppress(FileNotFoundError):  # it was there a moment ago
                    own = datetime.fromtimestamp(path.stat().st_mtime, zone).replace(microsecond=0)
                    file, moment = said.get(_name(path), (_name(path), own))
                    yield path, file, moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _folders(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.inbox.iterdir() if path.is_dir()) if settings.inbox.is_dir() else []


def _complete(folder: Path) -> Iterator[Path]:
    """Yield the files whose names say that they are whole. A link is none of them: it may lead anywhere on this machine."""
    for path in sorted(folder.iterdir()):
        if is_complete(path.name) and path.is_file() and not path.is_symlink():
            yield path


def _name(path: Path) -> str:
    """Return a name as text: UTF-8, else what Chinese Windows means by its bytes."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path.name).decode("gb18030", errors="replace")
    return path.name


def _manifest(path: Path) -> dict[str, tuple[str, datetime]]:
    """Return what a manifest says of each file: the name that the department gave it, and when it came."""
    if not path.is_file():
        return {}
    said = {}
    for text in path.read_text(encoding="utf-8-sig", errors="replace").split("\n"):
        try:
            line = json.loads(text)
            said[str(line["file"])] = (str(line.get("name") or line["file"]), datetime.fromisoformat(line["arrived_at"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue  # a manifest line that cannot be read falls back to the file's own time
    return said


def _archive(settings: Settings, path: Path) -> str | None:
    """Copy a file into the archive and return its sha256; None where it is gone, cannot be read or is still being written."""
    draft = settings.archive / "draft.tmp"
    try:
        source = path.open("rb")
    except OSError:
        return None
    with source:
        before = _stamp(os.fstat(source.fileno()))
        if _has_writer(source.fileno()):
            return None
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        target = archived(settings, sha256)
        if not target.exists():
            source.seek(0)
            with draft.open("wb") as stream:
                shutil.copyfileobj(source, stream, _CHUNK)
                stream.flush()
                os.fsync(stream.fileno())
        if _stamp(os.fstat(source.fileno())) != before:
            return None
    if not target.exists():
        draft.replace(target)
        sync(settings.archive)
    return sha256


def _stamp(state: os.stat_result) -> tuple[int, int]:
    return state.st_size, state.st_mtime_ns


def _is_at_rest(path: Path) -> bool:
    try:
        with path.open("rb") as source:
            return not _has_writer(source.fileno())
    except OSError:
        return False


def _has_writer(descriptor: int) -> bool:
    """Whether somebody on this machine has the file open for writing: Linux gives no lease to a reader then."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # who opens it in this instant sends a signal that nobody heeds
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:  # a file system without leases, or a file of another user: size and time must do
        return False
    return False


def _lines(settings: Settings) -> Iterator[dict[str, Any]]:
    if not settings.journal.is_file():
        return
    for text in settings.journal.read_text(encoding="utf-8").split("\n"):  # a name may hold what else ends a line
        try:
            yield json.loads(text)
        except ValueError:
            return


def _mend(settings: Settings) -> None:
    """Cut a last line that a crash left unfinished."""
    if not settings.journal.is_file():
        return
    content = settings.journal.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        with settings.journal.open("r+b") as stream:
            stream.truncate(len(whole))


def _append(settings: Settings, line: Mapping[str, object]) -> None:
    is_new = not settings.journal.is_file()
    with settings.journal.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        sync(settings.archive)
