"""One command prints the budget table: `python -m benchmarks [--rows N] [--base N] [--runs N] [--kills N] [--acting N] [--no-pages]`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from collections.abc import Iterable, Iterator

from benchmarks import alerts, computing, desk, evaluation, ingest, killed, pages, small, upsert, workbook


def measured(said: argparse.Namespace) -> Iterator[Iterable[dict[str, object]]]:
    """Yield the rows of each benchmark that was asked for, as it ends."""
    yield ingest.measure(said.rows, said.runs)
    yield workbook.measure(runs=said.runs)
    yield small.measure(runs=said.runs)
    yield evaluation.measure()
    yield alerts.measure()
    if said.base:
        yield upsert.measure(said.base, said.runs)
        yield computing.measure(said.base, said.runs)
    if said.kills:
        yield killed.measure(said.kills)
    if said.acting:
        yield desk.measure(said.acting)
    if not said.no_pages:
        yield pages.measure()


def main() -> None:
    """Measure and print one row per budget line, with commit, threads and both sides."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ingest.ROWS, help="of the large CSV")
    options.add_argument("--base", type=int, default=upsert.BASE, help="rows of the feed that a small drop comes to; 0: none")
    options.add_argument("--runs", type=int, default=ingest.RUNS)
    options.add_argument("--kills", type=int, default=killed.KILLS, help="0: none")
    options.add_argument("--acting", type=float, default=desk.SECONDS, help="seconds that twenty people act; 0: none")
    options.add_argument("--no-pages", action="store_true")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    for rows in measured(options.parse_args()):
        for row in rows:
            print(json.dumps({"commit": commit, "threads": os.cpu_count()} | row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
