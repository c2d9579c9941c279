"""Says which names a drop may bear, and which files of an inbox are none yet."""

from __future__ import annotations

from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError

MANIFEST = "manifest.jsonl"
PARTIAL_SUFFIXES = (".tmp", ".part", ".filepart", ".crdownload", ".swp")
_NOT_IN_NAMES = frozenset("<>\"'&;|`$*?\\/")


def check_name(file: str) -> None:
    """Raise RefusedError BAD_NAME for a name that leads elsewhere, is hidden, or means something to a shell or a browser."""
    if any(mark in _NOT_IN_NAMES or not mark.isprintable() for mark in file) or file.startswith(".") or ".." in file:
        raise RefusedError(FileReason.BAD_NAME, shown_name(file)[:120], Phrase(Says.PLAIN_NAME))


def is_complete(file: str) -> bool:
    """Whether a name says that the file is whole: not the manifest, not hidden, not on its way."""
    return file != MANIFEST and not file.startswith(".") and not file.endswith(PARTIAL_SUFFIXES)


def shown_name(name: str) -> str:
    """Return a file's name as text: bytes of it that are no UTF-8 cannot be kept as such."""
    return name.encode("utf-8", "replace").decode()
