"""A record part: rows of one drop as they were accepted, and how to read them."""

from __future__ import annotations

from dataclasses import dataclass

from data.settings import Settings


@dataclass(frozen=True, slots=True)
class RecordPart:
    """Rows of one drop as they were taken in: the evidence behind figures. `file` is relative to `records/`.

    `first_line` 0: the part carries `_line`. Else its rows are named by their position: `gaps` are lines that are not in
    it, `without` positions that were quarantined.
    """

    feed: str
    table: str
    drop: str
    file: str
    first_line: int = 0
    gaps: tuple[int, ...] = ()
    without: tuple[int, ...] = ()


def rows_of(settings: Settings, part: RecordPart) -> str:
    """Return SQL of the accepted rows of a part with `_line`, the line of each as a spreadsheet numbers it."""
    path = quoted(str(settings.records / part.file))
    if not part.first_line:
        return f"SELECT * FROM read_parquet('{path}')"
    before = [gap - part.first_line - place for place, gap in enumerate(part.gaps)]
    line = f"{part.first_line} + file_row_number + len(list_filter({before}::BIGINT[], lambda place: place <= file_row_number))"
    without = f" WHERE file_row_number NOT IN ({', '.join(map(str, part.without))})" if part.without else ""
    return f"SELECT *, ({line})::INTEGER AS _line FROM read_parquet('{path}', file_row_number = true){without}"


def quoted(path: str) -> str:
    """Return a path as it stands between quotes in SQL."""
    return path.replace("'", "''")
