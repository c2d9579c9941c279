"""Forges containers: zips whose members lie, transfers that broke off, bytes turned over."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import date

from tests.corpus.case import Build, on


def pack(members: Mapping[str, Build | str], *, symlink: str = "", suffix: bytes = b"", stored: bool = False) -> Build:
    """Return a zip of drops (or texts) under given names; `symlink` is a member that only points somewhere."""

    def build(day: date) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
            for name, make in members.items():
                info = zipfile.ZipInfo("x", (2016, 1, 1, 0, 0, 0))
                info.filename, info.compress_type = on(day, name), archive.compression
                if name == symlink:
                    info.create_system, info.external_attr = 3, 0o120777 << 16
                archive.writestr(info, make if isinstance(make, str) else make(day))
        return target.getvalue() + suffix

    return build


def gz(make: Build, *, suffix: bytes = b"") -> Build:
    """Return a gzip of a drop."""
    return lambda day: gzip.compress(make(day), 9, mtime=0) + suffix


def cut(make: Build, keep: float) -> Build:
    """Return the first part of a drop, as a broken transfer leaves it."""

    def build(day: date) -> bytes:
        content = make(day)
        return content[: int(len(content) * keep)]

    return build


def changed(make: Build, old: bytes, new: bytes) -> Build:
    """Return a drop with some of its bytes replaced everywhere."""

    def build(day: date) -> bytes:
        content = make(day)
        assert old in content, f"{old!r} is not there to be changed"
        return content.replace(old, new)

    return build


def flipped(make: Build, mark: bytes, behind: int) -> Build:
    """Return a drop with one byte turned over, so many behind the first place of a mark."""

    def build(day: date) -> bytes:
        content = bytearray(make(day))
        content[content.index(mark) + behind] ^= 0xFF
        return bytes(content)

    return build


def flagged(make: Build, *, method: int | None = None) -> Build:
    """Return a zip whose members all say that they are encrypted, or packed in some other method."""

    def build(day: date) -> bytes:
        content = bytearray(make(day))
        for mark, flags, packed in ((b"PK\x03\x04", 6, 8), (b"PK\x01\x02", 8, 10)):
            place = content.find(mark)
            while place >= 0:
                if method is None:
                    content[place + flags] |= 1
                else:
                    struct.pack_into("<H", content, place + packed, method)
                place = content.find(mark, place + 4)
        return bytes(content)

    return build


def lying_zip(name: str, content: bytes, said: int) -> bytes:
    """Return a zip with one member that says it is `said` bytes long."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeezer.compress(content) + squeezer.flush()
    fields = (zlib.crc32(content), len(packed), said, len(name), 0)
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0x4821, *fields) + name.encode() + packed
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0x4821, *fields, 0, 0, 0, 0, 0) + name.encode()
    return local + central + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


def overlapping_zip(names: Sequence[str], content: bytes) -> bytes:
    """Return a zip in which many members share the bytes of one."""
    packed = lying_zip(names[0], content, len(content))
    end = packed.rfind(b"PK\x05\x06")
    central = packed[packed.rfind(b"PK\x01\x02", 0, end) : end]
    local = packed[: packed.rfind(b"PK\x01\x02", 0, end)]
    listed = b"".join(
        central[:46].replace(struct.pack("<H", len(names[0])), struct.pack("<H", len(name))) + name.encode() for name in names
    )
    return local + listed + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(names), len(names), len(listed), len(local), 0)
