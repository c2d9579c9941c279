"""Takes the drops of the corpus in a process of its own and says what became of them, what it took, and what stopped it.

`python -m tests.corpus.taking FOLDER WIDE_FROM` reads FOLDER/drops.json and writes FOLDER/told.json; on the way it prints, for
each drop, its place in the order of arrival and the seconds that it took or the error that it raised, as a line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from data import journal, warehouse
from data.contracts import load_contracts
from data.ingest import Ingest
from data.register import load_reference
from data.settings import Settings
from data.taken import Taken
from tests.corpus.city import FEEDS

TAKEN_AT = datetime(2020, 6, 1)
MOST_MEMORY = 6 * 2**30


def take(folder: Path, wide_from: int) -> dict[str, Any]:
    """Take every waiting drop in one go; where one stops it, note that and go on behind it."""
    where = Settings(folder, folder / "var")
    reference = load_reference(where)
    contracts = load_contracts(where, reference)
    listed = json.loads((folder / "drops.json").read_text(encoding="utf-8"))
    waiting = [journal.Arrival(seq, feed, file, sha256, datetime.fromisoformat(at)) for seq, feed, file, sha256, at in listed]
    passed: set[int] = set()
    started = last = time.process_time()

    def progress(drop: Taken) -> None:
        tell(drop.arrival.seq, time.process_time() - last)

    def tell(seq: int, what: float | str) -> None:
        nonlocal last
        passed.add(seq)
        print(json.dumps([seq, what]), flush=True)
        last = time.process_time()

    with warehouse.open_warehouse(where, reference, contracts) as con:
        while rest := [arrival for arrival in waiting if arrival.seq not in passed]:
            try:
                Ingest(con, where, reference, contracts, wide_from).take_all(rest, TAKEN_AT, progress)
            except Exception as error:  # noqa: BLE001 - which case it was is what the test is to say
                at = next(arrival.seq for arrival in rest if arrival.seq not in passed)
                tell(at, f"{type(error).__name__}: {error}"[:300])
        told: dict[str, Any] = {"ledger": _rows(con, "ledger"), "quarantine": _rows(con, "quarantine")}
        told["current"] = {feed: _rows(con, f"current_{feed}_readings") for feed in FEEDS}
    told["elapsed"] = time.process_time() - started
    told["scratch"] = [path.name for path in (where.records / ".scratch").rglob("*")]
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told


def _rows(con: Any, name: str) -> list[dict[str, str | None]]:
    """Return a table, every value as its text."""
    found = con.execute(f"SELECT * FROM {name}")
    names = [column[0] for column in found.description]
    return [{key: None if value is None else str(value) for key, value in zip(names, row, strict=True)} for row in found.fetchall()]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    target = Path(sys.argv[1])
    (target / "told.json").write_text(json.dumps(take(target, int(sys.argv[2]))), encoding="utf-8")
