"""Finds the encoding of text by evidence, never by name."""

from __future__ import annotations

from pathlib import Path

from data.phrase import Phrase, Says
from data.reasons import FileReason, RefusedError

_OTHER_KINDS = (
    b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"PAR1", b"ARROW1", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF",
    b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML", b"{\\rtf",
)  # fmt: skip
_TAR = slice(257, 262)


def read_text(path: Path) -> tuple[str, str]:
    """Return (encoding, text) of a whole file; raises RefusedError ENCODING or UNSUPPORTED_TYPE."""
    content = path.read_bytes()
    encoding = find_encoding(content, whole=True)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedError(FileReason.ENCODING, Phrase(Says.NOT_ENCODED, encoding), Phrase(Says.ENCODED, encoding)) from error
    if "\ufffd" in text:
        raise RefusedError(FileReason.ENCODING, Phrase(Says.GARBLED), Phrase(Says.UNGARBLED))
    return encoding, text


def find_encoding(head: bytes, *, whole: bool) -> str:
    """Return the encoding that the bytes are strictly in: by mark, else UTF-8, else GB18030; raises RefusedError."""
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise RefusedError(FileReason.ENCODING, Phrase(Says.NO_ENCODING), Phrase(Says.ANY_ENCODING))
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if head.startswith(_OTHER_KINDS) or head[_TAR] == b"ustar":
        raise RefusedError(FileReason.UNSUPPORTED_TYPE, Phrase(Says.NO_TEXT_FILE), Phrase(Says.TEXT_FILE))
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            if not whole and error.start >= len(head) - 4:
                return encoding
        else:
            return encoding
    raise RefusedError(FileReason.ENCODING, Phrase(Says.NO_ENCODING), Phrase(Says.ANY_ENCODING))
