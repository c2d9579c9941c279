"""Looks into an OLE container before it is read: whether it is a workbook, and from which year its dates count."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import olefile

from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError

_STREAMS = ("Workbook", "Book")
_ENCRYPTED = "EncryptedPackage"
_DATE_MODE, _END_OF_GLOBALS = 0x0022, 0x000A  # records of BIFF, as [MS-XLS] numbers them


@dataclass(frozen=True, slots=True)
class OldBook:
    """What a container turned out to be; an encrypted workbook is one too."""

    is_workbook: bool
    epoch_1904: bool = False


def look(path: Path) -> OldBook:
    """Return what an OLE container holds; raises RefusedError CORRUPT where it cannot be opened."""
    try:
        with olefile.OleFileIO(str(path)) as container:
            stream = next((name for name in _STREAMS if container.exists(name)), None)
            if stream is None:
                return OldBook(container.exists(_ENCRYPTED))
            return OldBook(is_workbook=True, epoch_1904=_counts_from_1904(container.openstream(stream).read()))
    except (OSError, ValueError, LookupError, ArithmeticError, RecursionError, struct.error) as error:
        raise RefusedError(FileReason.CORRUPT, Phrase(Says.UNREADABLE), Phrase(Says.WHOLE_FILE)) from error


def _counts_from_1904(stream: bytes) -> bool:
    """Walk the records of the workbook's globals up to the one that says so."""
    at = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        if record == _END_OF_GLOBALS:
            return False
        if record == _DATE_MODE:
            return any(stream[at + 4 : at + 4 + length])
        at += 4 + length
    return False
