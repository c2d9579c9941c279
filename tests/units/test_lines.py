"""Lines of a large file are counted and found by number, wherever the scan happens to cut it."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.lines import Lines


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("closed", [True, False])
def test_every_line_is_found(tmp_path: Path, end: str, *, closed: bool) -> None:
    """Lines of many lengths, over several megabytes, come back as they were written."""
    written = [f"第{number}行" + "长" * (number * 37 % 211) for number in range(1, 12_001)]
    path = tmp_path / "text.csv"
    path.write_bytes((end.join(written) + (end if closed else "")).encode())

    lines = Lines(path, ",")

    assert lines.count == len(written)
    assert lines.texts(range(1, len(written) + 1)) == dict(enumerate(written, start=1))
    assert not lines.has_underscore


def test_an_underscore_is_seen_anywhere(tmp_path: Path) -> None:
    """It decides how numbers are read, so one in the last line counts."""
    path = tmp_path / "text.csv"
    path.write_text("a,b\n" * 900_000 + "1_000,2\n", encoding="utf-8")

    assert Lines(path, ",").has_underscore


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    """Nothing is counted where nothing stands."""
    (tmp_path / "empty.csv").touch()

    assert Lines(tmp_path / "empty.csv", ",").count == 0


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_that_end_with_the_delimiter_are_found(tmp_path: Path, end: str) -> None:
    """Also where a chunk of the scan ends between the delimiter and the end of its line."""
    written = ["a,b" + "c" * (number % 7) + ("," if number % 3 == 0 else "") for number in range(1, 400_001)]
    path = tmp_path / "text.csv"
    path.write_bytes((end.join(written) + end).encode())

    assert Lines(path, ",").open_ended().tolist() == list(range(3, 400_001, 3))
    assert Lines(path, ";").open_ended().tolist() == []
