"""What stays of a drop when its bytes are purged: its ledger row, quarantine, coverage and records, as they were judged.

It lies beside the archive, so that a rebuild loses no figure. Nothing here decides what may be purged.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from data import clearing, journal
from data.columns import sql_type
from data.contract import Contract, Table
from data.durable import sync
from data.journal import Arrival
from data.recordpart import RecordPart, quoted, rows_of
from data.settings import Settings
from data.upsert import Noted, Stored, into_current, measured, noted_parts, unsurpassed

_TABLES = ("ledger", "quarantine", "coverage")
_PARTS = "parts.json"


def folder(settings: Settings, drop: str) -> Path:
    """Return where the residue of a drop lies."""
    return settings.archive / "purged" / drop


def stands_for(settings: Settings, arrival: Arrival) -> bool:
    """Whether the bytes of a drop are gone and its residue is all that there is."""
    return not journal.archived(settings, arrival.sha256).is_file() and (folder(settings, arrival.drop) / _PARTS).is_file()


def keep(con: duckdb.DuckDBPyConnection, settings: Settings, drop: str) -> None:
    """Write what the warehouse holds of a drop, whole or not at all."""
    target, parts = folder(settings, drop), noted_parts(con, 'p."drop" = ?', [drop])
    if target.is_dir():
        return
    draft = target.with_name(f"{drop}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for table in _TABLES:
        con.execute(f"COPY (SELECT * FROM {table} WHERE \"drop\" = '{drop}') TO '{quoted(str(draft / table))}.parquet' (FORMAT parquet)")
    for part in parts:
        _link(settings.records / part.file, draft / Path(part.file).name)
    (draft / _PARTS).write_text(json.dumps([asdict(part) for part in parts]), encoding="utf-8")
    for path in (*draft.iterdir(), draft):
        sync(path)
    draft.replace(target)
    sync(target.parent)


def restore(con: duckdb.DuckDBPyConnection, settings: Settings, arrival: Arrival, contract: Contract | None) -> dict[str, Any]:
    """Bring the residue of a drop back into the warehouse as it was judged; return what its ledger row says.

    Columns that the contract has gained since are missing in its records; those that it has lost are left out.
    """
    place = folder(settings, arrival.drop)
    for kind in _TABLES:
        said = f"read_parquet('{quoted(str(place / kind))}.parquet')"
        known = {row[0] for row in con.execute(f"DESCRIBE {kind}").fetchall()}
        kept = ", ".join(f'"{row[0]}"' for row in con.execute(f"DESCRIBE SELECT * FROM {said}").fetchall() if row[0] in known)
        con.execute(f"INSERT INTO {kind} BY NAME SELECT {kept} FROM {said}")
    parts = [
        RecordPart(**said | {"gaps": tuple(said["gaps"]), "without": tuple(said["without"])})
        for said in json.loads((place / _PARTS).read_text(encoding="utf-8"))
    ]
    for part in parts:
        path = settings.records / part.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        _link(place / path.name, path)
        Noted(part.feed, part.table, path, part.first_line, part.gaps, part.without).insert(con, settings, arrival)
    found = con.execute('SELECT state, rows, quarantined, arrived_at FROM ledger WHERE "drop" = ?', [arrival.drop])
    row = dict(zip(("state", "rows", "quarantined", "arrived_at"), found.fetchall()[0], strict=True))
    for name, table in contract.tables.items() if contract else ():
        if mine := [part for part in parts if part.table == name]:
            stored = _stored(con, settings, mine, table)
            newest = unsurpassed(con, settings, (row["arrived_at"], arrival.seq), arrival.feed, name, table, stored)
            into_current(con, arrival.feed, name, table, newest, arrival.seq)
            clearing.clear(con, arrival.drop, arrival.feed, name, table, stored, row["arrived_at"])
    return row


def _stored(con: duckdb.DuckDBPyConnection, settings: Settings, parts: Sequence[RecordPart], table: Table) -> Stored:
    """Return the records of a drop in the form of the contract, numbered."""
    selects = []
    for part in parts:
        rows = rows_of(settings, part)
        there = {row[0] for row in con.execute(f"DESCRIBE {rows}").fetchall()}
        columns = [
            (f'TRY_CAST("{name}" AS {sql_type(spec)})' if name in there else f"NULL::{sql_type(spec)}") + f' AS "{name}"'
            for name, spec in table.columns.items()
        ]
        selects.append(f"SELECT {', '.join(columns)} FROM ({rows})")
    return measured(con, f"SELECT row_number() OVER () AS _spot, * FROM ({' UNION ALL '.join(selects)})", table)


def _link(source: Path, target: Path) -> None:
    """Have the same bytes under a second name; a part is never written again. Copied where the disk cannot link."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
