"""Lays into the inbox what a clerk gives on a page: whole or not at all, and never over another file.

A file gets a name of its own there; the manifest says what the department called it and when it came. Nothing here opens
the warehouse: what becomes of a file is seen after the next refresh.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from data.contract import Contract
from data.decode import most_bytes
from data.dropname import MANIFEST, check_name, is_complete
from data.phrase import Noun, Phrase, Says
from data.reasons import FileReason, RefusedError
from data.settings import Settings
from data.zeroreport import content, file_name, read_zero_period

LONGEST_NAME = 180  # bytes: a name of a file system holds 255, and ours stands before it


@dataclass(frozen=True, slots=True)
class Laid:
    """A file that waits in the inbox; `sha256` and `arrived_at` name it in the ledger later."""

    feed: str
    file: str
    sha256: str
    arrived_at: datetime


def lay(settings: Settings, contract: Contract, file: str, given: bytes, arrived_at: datetime) -> Laid:
    """Lay a file into the inbox of a feed; raises RefusedError for a name, a size or an emptiness that would be refused anyway."""
    check_name(file)
    if not file or not is_complete(file) or len(file.encode()) > LONGEST_NAME:
        raise RefusedError(FileReason.BAD_NAME, file[:120], Phrase(Says.PLAIN_NAME))
    if not given:
        raise RefusedError(FileReason.EMPTY, Phrase(Says.COUNT, 0, Noun.BYTES), Phrase(Says.HEADER_AND_ROWS))
    if len(given) > (most := most_bytes(contract.files)):
        size = Phrase(Says.COUNT, len(given), Noun.BYTES)
        raise RefusedError(FileReason.TOO_LARGE, size, Phrase(Says.AT_MOST_COUNT, most, Noun.BYTES))
    folder = settings.inbox / contract.feed
    folder.mkdir(parents=True, exist_ok=True)
    stored = f"{uuid4().hex[:12]}-{file}"
    draft = folder / f".{stored}.part"
    try:
        with draft.open("xb") as stream:
            stream.write(given)
            stream.flush()
            os.fsync(stream.fileno())
        line = {"file": stored, "name": file, "arrived_at": arrived_at.isoformat()}
        with (folder / MANIFEST).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            lines.flush()
            os.fsync(lines.fileno())
        draft.rename(folder / stored)
    finally:
        draft.unlink(missing_ok=True)
    return Laid(contract.feed, file, hashlib.sha256(given).hexdigest(), arrived_at)


def lay_zero_report(settings: Settings, contract: Contract, table: str, period: str, arrived_at: datetime) -> Laid:
    """Write the 零报告 of a table for a period (a code such as 2016-02); raises RefusedError where it would be refused anyway."""
    if table not in contract.tables or not contract.tables[table].takes_zero:
        raise RefusedError(FileReason.UNSUPPORTED_TYPE, Phrase(Says.ZERO_REPORT), Phrase(Says.ROWS_OF_READINGS))
    file = file_name(table, period)
    read_zero_period(period, file, arrived_at.replace(tzinfo=None))
    return lay(settings, contract, file, content(contract.tables[table], period), arrived_at)
