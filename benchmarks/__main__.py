"""One command prints the budget table: `python -m benchmarks [--rows N] [--runs N] [--kills N] [--no-pages]`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess

from benchmarks import ingest, killed, pages


def main() -> None:
    """Measure and print one row per budget line, with commit, threads and both sides."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ingest.ROWS)
    options.add_argument("--runs", type=int, default=ingest.RUNS)
    options.add_argument("--kills", type=int, default=killed.KILLS, help="0: none")
    options.add_argument("--no-pages", action="store_true")
    said = options.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    rows = ingest.measure(said.rows, said.runs)
    if said.kills:
        rows += killed.measure(said.kills)
    if not said.no_pages:
        rows += pages.measure()
    for row in rows:
        print(json.dumps({"commit": commit, "threads": os.cpu_count()} | row, ensure_ascii=False))


if __name__ == "__main__":
    main()
