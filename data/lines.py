"""The lines of a large text file: how many there are, and any of them by its number, without reading it whole."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, groupby
from pathlib import Path

import numpy as np

_CHUNK = 1_048_576
_NEWLINE = 10


class Lines:
    """A text file seen as numbered lines; `count` of them, and whether an underscore occurs (`has_underscore`)."""

    def __init__(self, path: Path) -> None:
        """Scan the file once, in parallel: numpy lets go of the interpreter's lock while it counts."""
        self._path, self._size = path, path.stat().st_size
        with path.open("rb") as stream, ThreadPoolExecutor(os.cpu_count()) as pool:
            marks = list(pool.map(lambda start: _marks(os.pread(stream.fileno(), _CHUNK, start)), range(0, self._size, _CHUNK)))
            last = os.pread(stream.fileno(), 1, self._size - 1) if self._size else b"\n"
        self._passed = [0, *accumulate(newlines for newlines, _ in marks)]
        self.count = self._passed[-1] + (last != b"\n")
        self.has_underscore = any(underscore for _, underscore in marks)

    def texts(self, lines: Iterable[int]) -> dict[int, str]:
        """Return the text of some lines (numbered from 1), without their ends; bytes that are no UTF-8 are replaced."""
        found: dict[int, str] = {}
        with self._path.open("rb") as stream:
            for chunk, numbers in groupby(sorted(set(lines)), key=self._chunk_of):
                base = chunk * _CHUNK
                read = os.pread(stream.fileno(), _CHUNK, base)
                ends = np.flatnonzero(np.frombuffer(read, np.uint8) == _NEWLINE)
                for number in numbers:
                    place = number - 2 - self._passed[chunk]
                    stream.seek(base + int(ends[place]) + 1 if place >= 0 else 0)
                    found[number] = stream.readline().decode(errors="replace").rstrip("\r\n")
        return found

    def _chunk_of(self, number: int) -> int:
        """Return the chunk that holds the newline before a line."""
        return max(bisect_left(self._passed, number - 1) - 1, 0)


def _marks(chunk: bytes) -> tuple[int, bool]:
    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == _NEWLINE)), b"_" in chunk
