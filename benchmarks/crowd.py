"""Many people at once: `python -m benchmarks.crowd [--people N] [--seconds S]` prints one table.

They open the overview together, beside as many who open a blank page; then each clicks every 5 to 15 s, from the overview to a sign or
an alert that it names and by the menu back, once while much is seen for the first time and once more. Last, one person asks for each
page again and again: what that costs the server's processor, beside the blank page. `blank` runs as Streamlit comes, and budgets go by
it; `alike` is the same page with the product's own settings, under which no full collection follows each run. Clients run on the same
cores as the server that they measure.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import numpy as np
import psutil

from benchmarks import sites
from benchmarks.person import Person, Run, person_at
from benchmarks.sites import PAGES, Site

PEOPLE, SECONDS, RERUNS, ROUNDS = 50, 60.0, 50, 3
PAUSE = (5.0, 15.0)  # seconds between two clicks of one person
VISITED = ("overview", "sign", "alerts")
HOME = "overview"
BLANKS = ("blank", "alike")
TICK = 0.01  # seconds: the processor's time is counted in these
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
    is_home = True
    await asyncio.sleep(dice.uniform(0, pause[1]))  # nobody begins with the others
    while asyncio.get_running_loop().time() < until:
        named = [target for target in run.links if page_of(target) in VISITED and (is_home or "?" not in target)]
        target = dice.choice(named or ["./"])
        run, is_home = await person.click(target), page_of(target) == HOME
        done.append(run)
        await asyncio.sleep(dice.uniform(*pause))
    return done


def page_of(target: str) -> str:
    """Return the page that a link leads to."""
    return target.partition("?")[0].strip("./") or HOME


async def cpu_of(site: Site, page: str, reruns: int) -> tuple[float, list[Run]]:
    """Return the server's processor time for reruns of a page that was shown before, in seconds, and the runs."""
    process = psutil.Process(site.process)
    async with person_at(site) as person:
        await person.arrive(page)
        before = process.cpu_times()
        runs = [await person.turn_to(page) for _ in range(reruns)]
        after = process.cpu_times()
    return after.user + after.system - before.user - before.system, runs


async def compare(
    servers: Mapping[str, Site], people: int, seconds: float, reruns: int, pause: tuple[float, float], pages: Sequence[str]
) -> list[Row]:
    """Return the rows of the servers `ours`, `blank` and `alike`; the first visit of each fills what is kept and does not count."""
    for site in servers.values():
        await open_at_once(site, 1)
    together: dict[str, list[list[Run]]] = {name: [] for name in servers}
    for _ in range(ROUNDS):
        for name, site in servers.items():
            together[name].append(await open_at_once(site, people))
    rows = [_together(together, people)]
    for when in ("much for the first time", "once more"):
        runs = await click_about(servers["ours"], people, seconds, pause)
        what = f"{people} people, {pause[0]:g}-{pause[1]:g} s between clicks, {when}"
        rows.append({"what": what} | _spread("ours", runs) | {"guide_p95_ms": 200} | _finished(runs))
    rows[-1]["ours_mb"] = round(psutil.Process(servers["ours"].process).memory_info().rss / 2**20)
    bare = {name: (await cpu_of(servers[name], "", reruns))[0] for name in BLANKS}
    for page in pages:
        spent, runs = await cpu_of(servers["ours"], "" if page == HOME else page, reruns)
        row: Row = {"what": f"{page}: server CPU a rerun", "ours_cpu_ms": _ms(spent / reruns)}
        row |= {f"{name}_cpu_ms": _ms(of / reruns) for name, of in bare.items()}
        row |= {f"cpu_ratio_{name}": round(spent / max(of, TICK), 2) for name, of in bare.items()}
        rows.append(row | {"at_most": 1.5 if page == HOME else 3.0} | _finished(runs))
    return rows


def _together(rounds: Mapping[str, Sequence[list[Run]]], people: int) -> Row:
    """Return, of several rounds in turn, the middle one of each server by its p95."""
    middle = {name: sorted(all_, key=_p95)[len(all_) // 2] for name, all_ in rounds.items()}
    row: Row = {"what": f"{people} people open the overview at once, until the script has finished"}
    for name, runs in middle.items():
        row |= _spread(name, runs)
    row |= {f"time_ratio_{name}": round(_p95(middle["ours"]) / _p95(middle[name]), 2) for name in BLANKS}
    return row | {"at_most": 2.0} | _finished([run for runs in rounds["ours"] for run in runs])


def _spread(name: str, runs: Sequence[Run]) -> Row:
    middle, high = np.percentile([run.seconds for run in runs], (50, 95)) if runs else (0.0, 0.0)
    return {f"{name}_p50_ms": _ms(middle), f"{name}_p95_ms": _ms(high)}


def _p95(runs: Sequence[Run]) -> float:
    return float(np.percentile([run.seconds for run in runs], 95))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _finished(runs: Sequence[Run]) -> Row:
    return {"finished": len(runs), "faults": sorted({fault for run in runs for fault in run.faults})}


def measure(
    people: int = PEOPLE,
    seconds: float = SECONDS,
    reruns: int = RERUNS,
    pause: tuple[float, float] = PAUSE,
    pages: Sequence[str] = PAGES,
    var: Path | None = None,
) -> list[Row]:
    """Return the table; `var` holds a city that was taken in, by default one is made."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        if var is None:
            var = folder / "var"
            sites.make_city(var, sites.START)
        made = {"ours": sites.ours(var), "blank": sites.blank(folder / "blank"), "alike": sites.blank(folder / "alike", alike=True)}
        servers = {name: stack.enter_context(site) for name, site in made.items()}
        return asyncio.run(compare(servers, people, seconds, reruns, pause, pages))


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
