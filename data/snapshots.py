"""Publishes what readers read: immutable parts named by their content, a manifest naming them, and one pointer.

A part is written once and never changed; a manifest is written before the pointer moves; the pointer is replaced by
an atomic rename. So a reader sees one snapshot or the next, never a mixture, and never waits for a writer.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from data.desk.action import Head
from data.recordpart import RecordPart
from data.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

# Parts that say when something ran or was said, not what is so: they stand outside the hash.
BOOKKEEPING = frozenset({"takings", "transitions", "alerts", "standing", "judged", "rule_versions"})


class NoSnapshotError(Exception):
    """Raised when nothing has been published yet, or the named snapshot is not kept."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One published file: rows of `table` in `partition` (such as `day/2016-03`, or `all`)."""

    table: str
    partition: str
    file: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A manifest: everything a reader needs to find the facts of one publication.

    `desk` is how far the desk had come by then, None where nobody had done anything: a later desk that is shorter was cut.
    """

    id: str
    as_of: datetime
    hash: str
    city: dict[str, Any]
    definitions: str
    parts: tuple[Part, ...]
    records: tuple[RecordPart, ...]
    desk: Head | None = field(default=None, kw_only=True)

    @property
    def is_demo(self) -> bool:
        """Whether everything in it is invented and must say so."""
        return bool(self.city["provenance"] == "demo")


@dataclass(frozen=True, slots=True, eq=False)
class Recalled(Snapshot):
    """A snapshot set back to an earlier moment: `signs`, computed from what was known then, stand in place of the published ones."""

    signs: pd.DataFrame


def write_part(con: duckdb.DuckDBPyConnection, settings: Settings, table: str, partition: str, query: str) -> Part:
    """Write the ordered rows of `query` as a part and return it; the same rows give the same file."""
    settings.parts.mkdir(parents=True, exist_ok=True)
    draft = settings.parts / f".draft-{os.getpid()}.parquet"
    con.execute(f"COPY ({query}) TO '{draft}' (FORMAT parquet, COMPRESSION zstd)")
    rows = con.execute(f"SELECT count(*) FROM read_parquet('{draft}')").fetchall()[0][0]
    sha256 = file_hash(draft)
    path = settings.parts / f"{table}-{sha256[:24]}.parquet"
    draft.replace(path)
    return Part(table, partition, path.name, sha256, rows)


def publish(
    settings: Settings,
    as_of: datetime,
    city: dict[str, Any],
    definitions: str,
    parts: list[Part],
    records: list[RecordPart],
    desk: Head | None = None,
) -> Snapshot:
    """Write the manifest and move the pointer. The hash speaks of facts only: parts, definitions and `as_of`."""
    ordered = tuple(sorted(parts))
    digest = hashlib.sha256()
    for part in ordered:
        if part.table in BOOKKEEPING:
            continue
        digest.update(f"{part.table}/{part.partition}={part.sha256}\n".encode())
    digest.update(f"definitions={definitions}\nas_of={as_of.isoformat()}\n".encode())
    content = digest.hexdigest()
    snapshot = Snapshot(f"S{as_of:%Y%m%d-%H%M}-{content[:4]}", as_of, content, city, definitions, ordered, tuple(records), desk=desk)
    settings.snapshots.mkdir(parents=True, exist_ok=True)
    body = asdict(snapshot) | {"as_of": as_of.isoformat()}
    replace_text(settings.snapshots / f"{snapshot.id}.json", json.dumps(body, ensure_ascii=False, indent=1))
    replace_text(settings.snapshots / "current.json", json.dumps({"snapshot": snapshot.id}))
    return snapshot


def tidy(settings: Settings) -> None:
    """Remove what a publication that was cut off has left: drafts, and parts that no manifest names. Only a refresh may."""
    for path in (*settings.parts.glob(".draft-*"), *settings.snapshots.glob("*.tmp")):
        path.unlink()
    moved = pointer_stamp(settings)
    newer = [path for path in settings.parts.glob("*.parquet") if path.stat().st_mtime_ns > moved]
    if newer:  # hardly ever: the pointer is what a publication moves last
        manifests = [json.loads(path.read_text(encoding="utf-8")) for path in settings.snapshots.glob("S*.json")]
        named = {part["file"] for manifest in manifests for part in manifest["parts"]}
        for path in newer:
            if path.name not in named:
                path.unlink()


def pointer_stamp(settings: Settings) -> int:
    """Return a number that changes when another snapshot becomes current; 0 when there is none."""
    try:
        return (settings.snapshots / "current.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def open_snapshot(settings: Settings, snapshot: str | None = None) -> Snapshot:
    """Return the named snapshot, or the current one; raises NoSnapshotError."""
    name = snapshot or _current(settings)
    path = settings.snapshots / f"{name}.json"
    if Path(name).name != name or not path.is_file():
        msg = f"snapshot {name} is not kept"
        raise NoSnapshotError(msg)
    body = json.loads(path.read_text(encoding="utf-8"))
    return Snapshot(
        **body
        | {
            "as_of": datetime.fromisoformat(body["as_of"]),
            "parts": tuple(Part(**part) for part in body["parts"]),
            "records": tuple(
                RecordPart(**part | {"gaps": tuple(part["gaps"]), "without": tuple(part["without"])}) for part in body["records"]
            ),
            "desk": Head(**body["desk"]) if body.get("desk") else None,
        }
    )


def heads(settings: Settings) -> dict[str, Head]:
    """Return how far the desk had come by each snapshot that is kept, by its id."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")).get("desk") for path in sorted(settings.snapshots.glob("S*.json"))}
    return {name: Head(**head) for name, head in found.items() if head}


def file_hash(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _current(settings: Settings) -> str:
    try:
        return str(json.loads((settings.snapshots / "current.json").read_text(encoding="utf-8"))["snapshot"])
    except FileNotFoundError:
        msg = "no snapshot yet: run `cli.py refresh` after the first drops have arrived"
        raise NoSnapshotError(msg) from None


def replace_text(path: Path, text: str) -> None:
    """Have a file say something else in one step: the old text or the new one, never half."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
