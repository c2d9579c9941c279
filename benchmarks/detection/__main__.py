"""How well the judgement by normal variation finds what goes wrong: `python -m benchmarks.detection`, with REAL_DATA set.

Prints, for each kind and in all, recall and median delay of plain 3-sigma, plain XmR and ours at the same rate of false
alarms, with 95 % intervals by bootstrap over what was injected, and the difference of ours to the better plain one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pandas as pd

from benchmarks.detection.comparison import false_alarms, found, table
from benchmarks.detection.plan import read_plan
from benchmarks.detection.series import read_series


def main() -> int:
    """Print the table; 2 without REAL_DATA."""
    folder = os.environ.get("REAL_DATA")
    if not folder:
        print("REAL_DATA is unset: nothing was measured", file=sys.stderr)
        return 2
    plan = read_plan()
    series = [read_series(name, source, Path(folder)) for name, source in plan.series.items()]
    finds = pd.concat([found(plan, one, place) for place, one in enumerate(series)], ignore_index=True)
    with pd.option_context("display.width", 200, "display.max_rows", None, "display.max_columns", None):
        print(f"false alarms, % of days, nothing injected (lines at {plan.false_alarm_rate:.0%} of the clean halves)")
        print(false_alarms(plan, series).to_string(index=False), end="\n\n")
        for by in (["kind"], ["kind", "size"], ["series"]):
            print(table(finds, by, plan).to_string(index=False), end="\n\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
