"""Many people at once: `python -m benchmarks.crowd [--people N] [--seconds S]` prints one table.

They open the overview together, beside as many who open a blank page; then each clicks a link of what is shown every 5 to 15 s, once while
much is seen for the first time and once more the same way. Last, one person asks for each page again and again: what that costs
the server's processor, beside the blank page. The clients run on the same cores as the server that they measure.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import numpy as np
import psutil

from app import PAGES
from benchmarks import sites
from benchmarks.person import Person, Run, person_at
from benchmarks.sites import Site

PEOPLE, SECONDS, RERUNS, ROUNDS = 50, 60.0, 50, 3
PAUSE = (5.0, 15.0)  # seconds between two clicks of one person
VISITED = ("overview", "sign", "alerts")
HOME = "overview"
Row = dict[str, object]


async def open_at_once(site: Site, people: int) -> list[Run]:
    """Have people connect and open the first page, all at the same moment; return what each got."""

    async def arrive() -> Run:
        async with person_at(site) as person:
            return await person.arrive()

    return await asyncio.gather(*(arrive() for _ in range(people)))


async def click_about(site: Site, people: int, seconds: float, pause: tuple[float, float] = PAUSE) -> list[Run]:
    """Have people click links for a while; return every run but the arrivals. The same number clicks the same way each time."""
    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(person_at(site)) for _ in range(people)]
        first = [await person.arrive() for person in crowd]
        until = asyncio.get_running_loop().time() + seconds
        done = await asyncio.gather(*(_click(*one, until, pause, random.Random(n)) for n, one in enumerate(zip(crowd, first, strict=True))))
    return [run for runs in done for run in runs]


async def _click(person: Person, run: Run, until: float, pause: tuple[float, float], dice: random.Random) -> list[Run]:
    done: list[Run] = []
    await asyncio.sleep(dice.uniform(0, pause[1]))  # nobody begins with the others
    while asyncio.get_running_loop().time() < until:
        run = await person.click(dice.choice([target for target in run.links if page_of(target) in VISITED] or ["./"]))
        done.append(run)
        await asyncio.sleep(dice.uniform(*pause))
    return done


def page_of(target: str) -> str:
    """Return the page that a link leads to."""
    return target.split("?")[0].strip("./") or HOME


async def cpu_of(site: Site, page: str, reruns: int) -> tuple[float, list[Run]]:
    """Return the server's processor time for reruns of a page that was shown before, in seconds, and the runs."""
    process = psutil.Process(site.process)
    async with person_at(site) as person:
        await person.arrive(page)
        before = process.cpu_times()
        runs = [await person.turn_to(page) for _ in range(reruns)]
        after = process.cpu_times()
    return after.user + after.system - before.user - before.system, runs


async def compare(ours: Site, blank: Site, people: int, seconds: float, reruns: int, pause: tuple[float, float]) -> list[Row]:
    """Return the rows of both servers; the first visit of each fills what is kept and does not count."""
    for site in (ours, blank):
        await open_at_once(site, 1)
    together: dict[Site, list[list[Run]]] = {ours: [], blank: []}
    for _ in range(ROUNDS):
        for site, rounds in together.items():
            rounds.append(await open_at_once(site, people))
    rows = [_together(together[ours], together[blank], people)]
    for when in ("much for the first time", "once more"):
        runs = await click_about(ours, people, seconds, pause)
        what = f"{people} people, {pause[0]:g}-{pause[1]:g} s between clicks, {when}"
        rows.append({"what": what, "clicks": len(runs)} | _spread("ours", runs) | {"guide_p95_ms": 200} | _faults(runs))
    bare, _ = await cpu_of(blank, "", reruns)
    for page in PAGES:
        spent, runs = await cpu_of(ours, "" if page == HOME else page, reruns)
        row: Row = {"what": f"{page}: server CPU a rerun", "ours_cpu_ms": _ms(spent / reruns), "blank_cpu_ms": _ms(bare / reruns)}
        ratio = round(spent / bare, 2) if bare else None
        rows.append(row | {"cpu_ratio": ratio, "at_most": 1.5 if page == HOME else 3.0} | _faults(runs))
    return rows


def _together(ours: Sequence[list[Run]], blank: Sequence[list[Run]], people: int) -> Row:
    """Return the round of medians: of several rounds in turn, the middle one of each side by its p95."""
    sides = {name: sorted(rounds, key=_p95)[len(rounds) // 2] for name, rounds in (("ours", ours), ("blank", blank))}
    row: Row = {"what": f"{people} people open the overview at once, until the script has finished"}
    for name, runs in sides.items():
        row |= _spread(name, runs)
    return row | {"time_ratio": round(_p95(sides["ours"]) / _p95(sides["blank"]), 2), "at_most": 2.0} | _faults(sum(ours, []))


def _spread(name: str, runs: Sequence[Run]) -> Row:
    middle, high = np.percentile([run.seconds for run in runs], (50, 95)) if runs else (0.0, 0.0)
    return {f"{name}_p50_ms": _ms(middle), f"{name}_p95_ms": _ms(high)}


def _p95(runs: Sequence[Run]) -> float:
    return float(np.percentile([run.seconds for run in runs], 95))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _faults(runs: Sequence[Run]) -> Row:
    return {"finished": len(runs), "faults": sorted({fault for run in runs for fault in run.faults})}


def measure(
    people: int = PEOPLE, seconds: float = SECONDS, reruns: int = RERUNS, pause: tuple[float, float] = PAUSE, var: Path | None = None
) -> list[Row]:
    """Return the table; `var` holds a city that was taken in, by default one is made."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        if var is None:
            var = folder / "var"
            sites.make_city(var, sites.START)
        ours, blank = stack.enter_context(sites.ours(var)), stack.enter_context(sites.blank(folder))
        return asyncio.run(compare(ours, blank, people, seconds, reruns, pause))


def printed(rows: Sequence[Row]) -> str:
    """Return rows as lines of text: what was measured, and each figure by its name."""
    wide = max(len(str(row["what"])) for row in rows)
    return "\n".join(
        f"{row['what']:<{wide}}  " + "  ".join(f"{name} {value}" for name, value in row.items() if name != "what") for row in rows
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=PEOPLE)
    options.add_argument("--seconds", type=float, default=SECONDS, help="of clicking, twice")
    options.add_argument("--var", type=Path, help="a city's run-time data; by default the demonstration's is made")
    said = options.parse_args()
    print(printed(measure(said.people, said.seconds, var=said.var)))
