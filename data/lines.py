"""The lines of a large text file: how many there are, and any of them by its number, without reading it whole."""

from __future__ import annotations

import functools
import os
from bisect import bisect_left
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

_CHUNK = 262_144  # small enough to be looked at several times in the cache
_NEWLINE, _RETURN = 10, 13

Numbers = npt.NDArray[np.int64]


class Lines:
    """A text file seen as numbered lines; `count` of them, and whether an underscore occurs (`has_underscore`)."""

    def __init__(self, path: Path, delimiter: str) -> None:
        """Scan the file once, in parallel: numpy lets go of the interpreter's lock while it counts."""
        self._path, self._size, self._delimiter = path, path.stat().st_size, delimiter.encode()
        with path.open("rb") as stream, ThreadPoolExecutor(os.cpu_count()) as pool:
            read = functools.partial(os.pread, stream.fileno(), _CHUNK + 2)
            marks = list(pool.map(lambda start: _marks(read(start), self._delimiter[0]), range(0, self._size, _CHUNK)))
            last = os.pread(stream.fileno(), 1, self._size - 1) if self._size else b"\n"
        self._passed = [0, *accumulate(newlines for newlines, _, _ in marks)]
        self.count = self._passed[-1] + (last != b"\n")
        self.has_underscore = any(underscore for _, underscore, _ in marks)
        self._has_open_ends = any(open_end for _, _, open_end in marks)

    def open_ended(self) -> Numbers:
        """Return the numbers of the lines that end with the delimiter."""
        found: list[Numbers] = [np.empty(0, np.int64)]
        if self._has_open_ends:
            with self._path.open("rb") as stream:
                for chunk, start in enumerate(range(0, self._size, _CHUNK)):
                    before = min(start, 2)
                    read = np.frombuffer(os.pread(stream.fileno(), _CHUNK + before, start - before), np.uint8)
                    ends = np.flatnonzero(read == _NEWLINE)
                    ends = ends[ends >= before]
                    sign = read[np.maximum(ends - 1, 0)]
                    sign = np.where(sign == _RETURN, read[np.maximum(ends - 2, 0)], sign)
                    found.append(np.flatnonzero(sign == self._delimiter[0]) + self._passed[chunk] + 1)
        return np.concatenate(found)

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


def _marks(read: bytes, delimiter: int) -> tuple[int, bool, bool]:
    """Return the count of newlines of a chunk, and whether it holds an underscore or a line that ends with the delimiter.

    Two bytes more than the chunk are looked at, so that no end is cut in two.
    """
    signs = np.frombuffer(read, np.uint8)
    ends = signs == _NEWLINE
    open_end = bool((ends[1:] & (signs[:-1] == delimiter)).any())
    if not open_end and b"\r" in read:
        open_end = bool((ends[2:] & (signs[1:-1] == _RETURN) & (signs[:-2] == delimiter)).any())
    return int(np.count_nonzero(ends[:_CHUNK])), b"_" in read, open_end
