"""Claims drops from the inbox into the archive and writes one line for each: the journal is the source of truth.

A claim survives a crash at any point: the bytes lie in the archive before the line is written, and the inbox file goes
only after it; a file that is still there with a line of its own is simply removed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.settings import Settings
from data.snapshots import file_hash

MANIFEST = "manifest.jsonl"
PARTIAL_SUFFIXES = (".tmp", ".part", ".filepart", ".crdownload", ".swp")


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
    """Move every complete file of the inbox into the archive, in order of arrival; return the new arrivals."""
    settings.archive.mkdir(parents=True, exist_ok=True, mode=0o700)
    _mend(settings)
    known = arrivals(settings)
    seen = {(arrival.feed, arrival.file, arrival.sha256, arrival.arrived_at) for arrival in known}
    seq = max((arrival.seq for arrival in known), default=0)
    claimed = []
    for path, arrived_at in sorted(_waiting(settings, zone), key=lambda item: (item[1], str(item[0]))):
        sha256 = _archive(settings, path)
        if (path.parent.name, path.name, sha256, arrived_at) not in seen:
            seq += 1
            arrival = Arrival(seq, path.parent.name, path.name, sha256, arrived_at)
            _append(settings, {"kind": "arrival"} | asdict(arrival) | {"arrived_at": arrived_at.isoformat()})
            claimed.append(arrival)
        path.unlink()
    return claimed


def has_waiting(settings: Settings) -> bool:
    """Whether a complete file lies in the inbox."""
    return next(_waiting(settings, ZoneInfo("UTC")), None) is not None


def note_refresh(settings: Settings, as_of: datetime, definitions: str, snapshot: str) -> None:
    """Write the line of a finished refresh, unless the last line says the same."""
    line = {"kind": "refresh", "as_of": as_of.isoformat(), "definitions": definitions, "snapshot": snapshot}
    lines = list(_lines(settings))
    if not lines or lines[-1] != line:
        _append(settings, line)


def last_refresh(settings: Settings) -> dict[str, Any] | None:
    """Return what the last finished refresh noted: as_of, definitions, snapshot."""
    return next((line for line in reversed(list(_lines(settings))) if line["kind"] == "refresh"), None)


def archived(settings: Settings, sha256: str) -> Path:
    """Return where the bytes of a drop lie."""
    return settings.archive / sha256


def _waiting(settings: Settings, zone: ZoneInfo) -> Iterator[tuple[Path, datetime]]:
    """Yield the files of the inbox with the time each arrived: its manifest line, else its modification time."""
    if not settings.inbox.is_dir():
        return
    for folder in sorted(path for path in settings.inbox.iterdir() if path.is_dir()):
        said = _manifest(folder / MANIFEST)
        for path in sorted(folder.iterdir()):
            if not path.is_file() or path.name == MANIFEST or path.name.startswith(".") or path.name.endswith(PARTIAL_SUFFIXES):
                continue
            moment = said.get(path.name) or datetime.fromtimestamp(path.stat().st_mtime, zone).replace(microsecond=0)
            yield path, moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _manifest(path: Path) -> dict[str, datetime]:
    if not path.is_file():
        return {}
    said = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
            said[str(line["file"])] = datetime.fromisoformat(line["arrived_at"])
        except (ValueError, KeyError, TypeError):
            continue  # a manifest line that cannot be read falls back to the file's own time
    return said


def _archive(settings: Settings, path: Path) -> str:
    sha256 = file_hash(path)
    target = archived(settings, sha256)
    if not target.exists():
        draft = target.with_suffix(".tmp")
        shutil.copyfile(path, draft)
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        draft.replace(target)
    return sha256


def _lines(settings: Settings) -> Iterator[dict[str, Any]]:
    if not settings.journal.is_file():
        return
    for text in settings.journal.read_text(encoding="utf-8").splitlines():
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
    with settings.journal.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
