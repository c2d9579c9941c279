"""Runs the sides of a comparison in turn, each time in a process of its own; medians count.

A side is a function of a folder of its own and of files that all share; it ends with `tell`.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Side = Callable[..., None]
Row = dict[str, object]
_MEASURED = ("seconds", "cpu", "peak_mb")


class Clock:
    """Time and processor time since it was made; `tell` prints both, with the process's peak memory and some facts."""

    def __init__(self) -> None:
        """Start."""
        self._started, self._worked = time.perf_counter(), time.process_time()

    def tell(self, **facts: object) -> None:
        """Print one line for `take_turns`."""
        seconds, cpu = time.perf_counter() - self._started, time.process_time() - self._worked
        print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": _peak_mb()} | facts))


def _peak_mb() -> float:
    """Return the most memory that this process has held; getrusage would count what its parent held when it was started."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def take_turns(
    folder: Path, module: str, sides: Mapping[str, list[str]], runs: int, prepare: Callable[[str, Path], None]
) -> dict[str, list[Row]]:
    """Run `python -m MODULE SIDE FOLDER WORD...` of every side `runs` times; return what they told.

    Each run has a new folder, made by `prepare` outside the clock and removed afterwards.
    """
    told: dict[str, list[Row]] = {side: [] for side in sides}
    for run in range(runs):
        for side, words in sides.items():
            own = folder / f"{side}-{run}"
            own.mkdir()
            prepare(side, own)
            command = [sys.executable, "-m", module, side, str(own), *words]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            told[side].append(json.loads(done.stdout.splitlines()[-1]))
            shutil.rmtree(own)
    return told


def figures(told: Mapping[str, list[Row]], ours: str = "ours", other: str = "bare") -> Row:
    """Return both sides' medians (seconds, of the processor too, and MB), their ratios, and the facts that ours told last."""
    medians = {side: {name: statistics.median(float(str(row[name])) for row in rows) for name in _MEASURED} for side, rows in told.items()}
    mine, its = medians[ours], medians[other]
    row: Row = {}
    for side in (ours, other):
        row |= {f"{side}_s": round(medians[side]["seconds"], 2), f"{side}_cpu_s": round(medians[side]["cpu"], 2)}
        row |= {f"{side}_mb": round(medians[side]["peak_mb"])}
    row |= {"time_ratio": round(mine["seconds"] / its["seconds"], 2), "cpu_ratio": round(mine["cpu"] / its["cpu"], 2)}
    row |= {"memory_ratio": round(mine["peak_mb"] / its["peak_mb"], 2)}
    return row | {name: value for name, value in told[ours][-1].items() if name not in _MEASURED}
