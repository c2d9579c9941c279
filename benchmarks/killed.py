"""Kill a refresh at moments spread over its whole run; whatever was cut off, the next one must end where an undisturbed one ends.

A small city with a drop of every form. Processes are real: one interpreter has imported the command line, each refresh is a
fork of it, and SIGKILL comes from outside, at seeded moments counted from what the disk shows (lock, archive, records, parts).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from data.settings import Settings
from tests.ingest.killed_city import LATE, NAMES, copy, lay, make

HOME = Path(__file__).resolve().parents[1]
KILLS, SEED, POLL = 200, 20260, 0.001
FIRST_WORK, IN_A_ROW = 0.1, 4  # seconds of work that always get their share of kills; how many kills the longest row has
KEPT = {"ledger": "* EXCLUDE (taken_at)"}  # of a table, all that must not depend on kills


class Forge:
    """An interpreter that has imported the command line; each run of it is a fork, a process of its own."""

    def __init__(self) -> None:
        """Start the interpreter and wait until it has imported everything."""
        command = [sys.executable, "-m", "benchmarks.killed", "forge"]
        self.child = subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._ask({})

    def start(self, settings: Settings, *words: str, fsize: int = 0) -> int:
        """Start `cli.py refresh` and return its process; `fsize` is the most that one file of it may hold."""
        said = ["refresh", *words, "--city", str(settings.city_dir), "--var", str(settings.var_dir)]
        return int(self._ask({"run": said, "fsize": fsize, "says": str(self.says(settings))}))

    def end(self, process: int) -> int:
        """Wait for a process and return its exit code, or minus the signal that ended it."""
        return int(self._ask({"wait": process}))

    def refresh(self, settings: Settings, *words: str, fsize: int = 0) -> int:
        """Run `cli.py refresh` to its end."""
        return self.end(self.start(settings, *words, fsize=fsize))

    def says(self, settings: Settings) -> Path:
        """Return the file, never on the disk that may be full, that holds all that the runs in a directory have said."""
        return settings.city_dir.parent / f"{settings.var_dir.name}.said"

    def close(self) -> None:
        """End the interpreter."""
        self.child.communicate("", timeout=30)

    def _ask(self, question: dict[str, Any]) -> str:
        assert self.child.stdin
        assert self.child.stdout
        self.child.stdin.write(json.dumps(question) + "\n")
        self.child.stdin.flush()
        return self.child.stdout.readline()


@contextmanager
def forged() -> Iterator[Forge]:
    """Yield an interpreter to fork from, and end it."""
    forge = Forge()
    try:
        yield forge
    finally:
        forge.close()


def forge() -> None:
    """Be the interpreter: import, then fork once for each line that asks for a run."""
    import resource

    import ibis.backends.sql.compilers.duckdb  # noqa: F401
    import pyarrow.pandas_compat  # noqa: F401
    import python_calamine  # noqa: F401

    import cli
    import indicators.refresh  # noqa: F401
    from data.wording import Wording

    Wording("zh")
    for line in sys.stdin:
        said = json.loads(line)
        if "wait" in said:
            print(os.waitstatus_to_exitcode(os.waitpid(said["wait"], 0)[1]), flush=True)
            continue
        process = os.fork() if "run" in said else -1
        if process == 0:
            stream = os.open(said["says"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(stream, 1)
            os.dup2(stream, 2)
            if said["fsize"]:
                resource.setrlimit(resource.RLIMIT_FSIZE, (said["fsize"], said["fsize"]))
            sys.argv = ["cli.py", *said["run"]]
            cli.app()
        print(process, flush=True)


@dataclass(frozen=True)
class Kill:
    """One moment: so many seconds after the disk has shown that a stage began."""

    stage: str
    after: float


def marks(settings: Settings) -> dict[str, Callable[[], object]]:
    """Return, by stage in order, what changes on the disk when it begins."""
    folders = {"claim": settings.archive, "take": settings.records, "publish": settings.parts, "point": settings.snapshots}

    def look(path: Path) -> tuple[int, ...]:
        with suppress(FileNotFoundError):
            return tuple(one.stat().st_mtime_ns for one in (path, *(path.iterdir() if path == settings.records else ())))
        return ()

    looks: dict[str, Callable[[], object]] = {"load": tuple, "lock": partial(look, settings.lock), "open": settings.warehouse.exists}
    return looks | {stage: partial(look, path) for stage, path in folders.items()}


def undisturbed(forge: Forge, settings: Settings) -> dict[str, float]:
    """Run a refresh to its end; return when each stage began, and when all was over."""
    looks, seen = marks(settings), {"load": 0.0}
    before = {stage: look() for stage, look in looks.items()}
    started = time.perf_counter()
    process = forge.start(settings)
    while _runs(process):
        seen |= {stage: time.perf_counter() - started for stage, look in looks.items() if stage not in seen and look() != before[stage]}
        time.sleep(POLL)
    seen["over"] = time.perf_counter() - started
    assert forge.end(process) in {0, 10}, forge.says(settings).read_text(encoding="utf-8")
    return seen


def moments(times: dict[str, float], count: int, dice: random.Random) -> list[Kill]:
    """Return moments stratified over the run: three fifths over all of it, a fifth each over its first work and the publishing.

    The first of all, where there is none yet, is the instant in which the warehouse is made.
    """
    share = max(count // 5, 1)
    spans = (
        (times["load"], times["over"], count - 2 * share),
        (times["lock"], times["lock"] + FIRST_WORK, share),
        (times["publish"], times["point"], share),
    )
    found = []
    for start, end, strata in spans:
        for stratum in range(strata):
            moment = start + (end - start) * (stratum + dice.random()) / strata
            stage = max((stage for stage in times if stage != "over" and times[stage] <= moment), key=times.__getitem__)
            found.append(Kill(stage, moment - times[stage]))
    dice.shuffle(found)
    return [*found[: count - 1], Kill("open", 0.0)] if "open" in times else found


def strike(forge: Forge, settings: Settings, kill: Kill) -> bool:
    """Start a refresh and kill it at a moment; False when it was over before."""
    look = marks(settings)[kill.stage]
    before = look()
    process = forge.start(settings)
    while kill.stage != "load" and look() == before and _runs(process):
        time.sleep(POLL if kill.after else 0)
    time.sleep(kill.after)
    os.kill(process, signal.SIGKILL)
    return forge.end(process) == -signal.SIGKILL


def _runs(process: int) -> bool:
    """Whether a process has not ended yet; one that nobody has asked about stays as a zombie."""
    return " Z " not in Path(f"/proc/{process}/stat").read_text(encoding="ascii")[:60]


def seen_by_a_page(settings: Settings) -> str:
    """Return a digest of what a page reads of the current snapshot, every part of it; empty where none is published."""
    from data import readings
    from data.snapshots import NoSnapshotError, file_hash, open_snapshot, pointer_stamp

    try:
        snapshot = open_snapshot(settings)
    except NoSnapshotError as error:
        return str(error) if pointer_stamp(settings) else ""
    frames = [read(settings, snapshot) for read in (readings.signs, readings.drops, readings.quarantine)]
    whole = all(file_hash(settings.parts / part.file) == part.sha256 for part in snapshot.parts)
    text = "".join(frame.drop(columns=["taken_at"], errors="ignore").to_csv() for frame in frames)
    return f"{snapshot.hash} {hashlib.sha256(text.encode()).hexdigest()} {whole}"


def standing(settings: Settings) -> dict[str, Any]:
    """Return everything that must not depend on kills: what a page reads, the warehouse, the archive, what lies about."""
    from data import journal

    found: dict[str, Any] = {"page": seen_by_a_page(settings)}
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        tables = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()]
        for name in sorted(tables):
            found[name] = con.execute(f"SELECT {KEPT.get(name, '*')} FROM {name} ORDER BY ALL").fetchall()
        noted = {file for (file,) in con.execute("SELECT file FROM record_parts").fetchall()}
    found["arrivals"] = journal.arrivals(settings)
    found["refused"] = {str(path.relative_to(settings.refused)): path.read_bytes() for path in settings.refused.rglob("*.txt")}
    found["inbox"] = sorted(path.name for path in settings.inbox.rglob("*") if path.is_file())
    archived = {one.sha256 for one in found["arrivals"]} | {settings.journal.name}
    listed = [json.loads(path.read_text(encoding="utf-8")) for path in settings.snapshots.glob("S*.json")]
    wanted = {part["file"] for one in listed for part in one["parts"]}
    records = {str(path.relative_to(settings.records)) for path in settings.records.rglob("*") if path.is_file()}
    lying = {path.name for path in settings.parts.iterdir()} ^ wanted, {path.name for path in settings.archive.iterdir()} ^ archived
    found["lying about"] = sorted({*lying[0], *lying[1], *(records ^ noted), *_scratch(settings)})
    return found


def _scratch(settings: Settings) -> Iterator[str]:
    return (str(path) for path in settings.records.glob(".scratch/*"))


@dataclass
class Tally:
    """What came of some kills."""

    kills: int = 0
    too_late: int = 0
    refreshes: int = 0
    stages: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def trial(forge: Forge, settings: Settings, kills: Sequence[Kill], pages: set[str], expected: dict[str, Any], tally: Tally) -> None:
    """Kill some refreshes in a row, look at each wreck as a page does; then one more drop comes, and a refresh is compared."""
    for kill in kills:
        tally.too_late += not strike(forge, settings, kill)
        tally.kills += 1
        tally.stages[kill.stage] = tally.stages.get(kill.stage, 0) + 1
        if seen_by_a_page(settings) not in pages:
            tally.wrong.append(f"{kills}: a page could not read after {kill}")
    lay(settings, *LATE)
    code = forge.refresh(settings)
    tally.refreshes += 1
    if code not in {0, 10}:
        tally.wrong.append(f"{kills}: exit {code}: {forge.says(settings).read_text(encoding='utf-8')[-2000:]}")
        return
    found = standing(settings)
    tally.wrong += [f"{kills}: {name}: {found.get(name)!r:.1500}" for name in expected if found.get(name) != expected[name]]


def run(forge: Forge, settings: Settings, count: int, seed: int = SEED) -> Tally:
    """Kill `count` refreshes that start from a run-time directory, some of them several in a row."""
    undisturbed(forge, copy(settings, f"{settings.var_dir.name}-first"))  # the second one is as fast as those that follow
    times = undisturbed(forge, calm := copy(settings, f"{settings.var_dir.name}-calm"))
    pages, tally, dice = {seen_by_a_page(settings), seen_by_a_page(calm)}, Tally(), random.Random(seed)
    lay(calm, *LATE)
    assert forge.refresh(calm) in {0, 10}
    expected, waiting = standing(calm), moments(times, count, dice)
    while waiting:
        row = [waiting.pop() for _ in range(min(len(waiting), IN_A_ROW if tally.refreshes % 3 == 0 else 1))]
        disturbed = copy(settings, f"{settings.var_dir.name}-{tally.refreshes}")
        trial(forge, disturbed, row, pages, expected, tally)
        shutil.rmtree(disturbed.var_dir)
    return tally


def memory() -> str | None:
    """Return a folder in memory where there is one: a kill spares what the kernel holds, so the disk is no part of this."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def measure(count: int = KILLS) -> list[dict[str, object]]:
    """Return one row per state that a run starts from: how many kills, how many ends that differ."""
    table: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(dir=memory()) as folder, forged() as forge:
        for name, settings in make(Path(folder), forge.refresh).items():
            started = time.perf_counter()
            tally = run(forge, settings, count // len(NAMES))
            facts = {"kills": tally.kills, "too_late": tally.too_late, "stages": tally.stages, "refreshes": tally.refreshes}
            seconds = round(time.perf_counter() - started, 1)
            said = {"wrong": len(tally.wrong), "at_most": 0, "seconds": seconds, "first": tally.wrong[:1]}
            table.append({"what": f"killed refreshes, from {name}", **facts, **said})
    return table


if __name__ == "__main__":
    if sys.argv[1:] == ["forge"]:
        forge()
    else:
        for row in measure(*map(int, sys.argv[1:])):
            print(json.dumps(row, ensure_ascii=False))
