"""Have twenty people act at once on the same alert for a minute: every action kept, in order, chain whole; tampering is found."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.turns import Row
from data.desk.action import Head, breaks
from data.settings import Settings
from tests.desk.test_store import PEOPLE, together

SECONDS = 60.0


def measure(seconds: float = SECONDS) -> list[Row]:
    """Return one row: how many actions were kept, how many a second, what was lost, and whether a changed row and a cut tail are found."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(Path(place), Path(place) / "var")
        rows, told = together(settings, seconds)
    numbers = sorted(number for one in told for number in one)
    head = {"manifest": Head(rows[-1].number, rows[-1].hash)}
    changed = [*rows[:1], replace(rows[1], who=f"{rows[1].who}?"), *rows[2:]]
    return [{
        "what": "desk", "people": PEOPLE, "seconds": seconds, "actions": len(rows), "a_second": round(len(rows) / seconds, 1),
        "fewest_of_one": min(map(len, told)), "lost": len(set(numbers) - {row.number for row in rows}),
        "in_order": [row.number for row in rows] == numbers == list(range(1, len(rows) + 1)), "breaks": len(breaks(rows, head)),
        "changed_row_found": bool(breaks(changed, head)), "cut_tail_found": bool(breaks(rows[:-1], head)),
    }]  # fmt: skip


if __name__ == "__main__":
    print(measure())
