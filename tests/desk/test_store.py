"""What was done stays done: in order, without gaps, each row resting on the one before it, on both databases."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError

from data.desk.action import NOTHING_BEFORE, Action, Break, Entry, Head, breaks
from data.desk.schema import MIGRATIONS, DeskNewerError, Migration
from data.desk.store import BackupNeededError, DeskUnavailableError, head_of, open_store, store_if_there
from data.settings import Settings
from tests.desk.conftest import NOW, anything, entry

SECOND = Migration(MIGRATIONS[-1].version + 1, ("CREATE TABLE later (a INTEGER)",), ("CREATE TABLE later (a INTEGER)",))
PEOPLE = 20


def straight(settings: Settings, *statements: str) -> None:
    """Run statements on the database, past the store."""
    url = make_url(settings.desk_url or f"sqlite:///{settings.desk_file}")
    engine = create_engine(url.set(drivername="postgresql+psycopg") if settings.desk_url else url)
    try:
        with engine.begin() as con:
            for statement in statements:
                con.exec_driver_sql(statement)
    finally:
        engine.dispose()


def test_what_is_done_is_there(desk: Settings) -> None:
    """An action comes back as it was said, Chinese and all, in order, and the chain holds."""
    store = open_store(desk)
    said = [store.append(entry(subject="甲-1", reason="供热站已到场，预计 09:30 回温", payload={"owner": "heating", "n": 1.5}), anything)]
    said += [store.append(entry(subject=name), anything) for name in ("B", "甲-1")]

    assert said == open_store(desk).actions()
    assert [1, 2, 3] == [action.number for action in said]
    assert [said[0], said[2]] == store.actions({"甲-1"})
    assert said[:2] == store.actions(upto=2)
    assert {"owner": "heating", "n": 1.5} == said[0].details
    assert said[0].moment == NOW
    assert Head(3, said[2].hash) == store.head() == head_of(desk)
    assert [] == breaks(store.actions(), {"S1": Head(2, said[1].hash), "S0": Head()})


def test_nothing_is_made_by_looking(desk: Settings) -> None:
    """Where nobody has done anything there is no desk, and looking makes none."""
    assert store_if_there(desk) is None
    assert head_of(desk) is None
    assert not desk.desk_file.exists()
    assert Head(0, NOTHING_BEFORE) == open_store(desk).head()


def test_what_is_refused_leaves_nothing(desk: Settings) -> None:
    """A refusal sees what was done to the subject, and only to it, and adds nothing; the next action follows without a gap."""
    store, seen = open_store(desk), []

    def refuse(_: Entry, past: Sequence[Action]) -> None:
        seen.extend(past)
        raise LookupError

    first = store.append(entry(), anything)
    store.append(entry(subject="B"), anything)
    with pytest.raises(LookupError):
        store.append(entry(), refuse)

    assert [first] == seen
    assert store.append(entry(), anything).number == 3


def test_what_people_found_is_named_by_its_number(desk: Settings) -> None:
    """A command without a subject opens one."""
    store = open_store(desk)
    store.append(entry(), anything)

    assert store.append(entry("open", ""), anything).subject == "M000002"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE actions SET reason = 'x' WHERE number = 1",
        "DELETE FROM actions WHERE number = 2",
        (
            "INSERT INTO actions SELECT 9, at, recorded_at, who, role, unit, kind, subject, reason, payload, hash, hash FROM actions"
            " WHERE number = 2"
        ),
        "TRUNCATE TABLE actions",  # SQLite does not know it, PostgreSQL refuses it
    ],
)
def test_the_database_refuses_changes(desk: Settings, statement: str) -> None:
    """Rows cannot be changed or removed, nor a number left out, by anybody who does not first take the triggers away."""
    store = open_store(desk)
    said = [store.append(entry(), anything) for _ in range(2)]

    with pytest.raises(DBAPIError, match=r"actions|syntax error"):
        straight(desk, statement)
    assert said == store.actions()


def test_the_file_refuses_to_replace(tmp_path: Path) -> None:
    """SQLite's REPLACE removes rows without asking the trigger for DELETE."""
    settings = Settings(tmp_path, tmp_path / "var")
    store = open_store(settings)
    said = store.append(entry(), anything)
    with pytest.raises(DBAPIError, match="no gaps"):
        straight(settings, "INSERT OR REPLACE INTO actions SELECT number, at, recorded_at, 'x', role, unit, kind, subject, reason,"
                           " payload, previous, hash FROM actions")  # fmt: skip

    assert [said] == store.actions()


def tampered(desk: Settings, *statements: str) -> list[Break]:
    """Do ten things, take the triggers away, run statements, and return where the chain breaks beside what snapshots noted."""
    store = open_store(desk)
    heads = {}
    for number in range(10):
        store.append(entry(payload={"n": number}), anything)
        heads[f"S{number + 1}"] = store.head()
    heads = {name: heads[name] for name in ("S4", "S9")}
    if desk.desk_url:
        straight(desk, "ALTER TABLE actions DISABLE TRIGGER USER", *statements)
    else:
        straight(desk, *(f"DROP TRIGGER actions_{name}" for name in ("stay", "last", "follow")), *statements)
    return breaks(store.actions(), heads)


def test_a_changed_row_is_found(desk: Settings) -> None:
    """By its number."""
    assert [Break(3, "changed")] == tampered(desk, "UPDATE actions SET who = 'x' WHERE number = 3")


def test_a_removed_row_is_found(desk: Settings) -> None:
    """By its number; those behind it rest on it still."""
    assert [Break(3, "removed"), Break(4, "removed")] == tampered(desk, "DELETE FROM actions WHERE number IN (3, 4)")


def test_a_cut_tail_is_found(desk: Settings) -> None:
    """The chain that is left is whole; a snapshot knows that it was longer."""
    assert [Break(9, "cut", "S9")] == tampered(desk, "DELETE FROM actions WHERE number > 8")


def test_everything_gone_is_found(desk: Settings) -> None:
    """An empty desk is no fresh one where snapshots noted its head."""
    assert [Break(1, "cut", "S4"), Break(1, "cut", "S9")] == tampered(desk, "DELETE FROM actions")


def test_a_chain_that_was_written_anew_is_found(tmp_path: Path) -> None:
    """Whoever computes every hash again cannot change what the manifests say."""
    store = open_store(Settings(tmp_path, tmp_path / "var"))
    for number in range(6):
        store.append(entry(payload={"n": number}), anything)
    forged, previous = [], NOTHING_BEFORE
    for action in store.actions():
        other = replace(action, who="x" if action.number == 3 else action.who, previous=previous)
        forged.append(replace(other, hash=other.digest))
        previous = forged[-1].hash
    real = store.actions()
    noted = {f"S{number}": Head(number, real[number - 1].hash) for number in (2, 5)}

    assert [] == breaks(forged, {})
    assert [Break(5, "rewritten", "S5")] == breaks(forged, noted)
    assert [Break(4, "unchained")] == breaks([*real[:2], forged[2] if forged[2].previous == real[1].hash else real[2], *real[3:]], {})


def test_a_desk_comes_forward_after_a_copy(desk: Settings) -> None:
    """A file is copied first; of PostgreSQL somebody must say that there is a dump. What was done stays."""
    said = open_store(desk).append(entry(), anything)
    steps = (*MIGRATIONS, SECOND)
    if desk.desk_url:
        with pytest.raises(BackupNeededError):
            open_store(desk, steps)
        straight(desk, "SELECT 1 FROM actions")
    store = open_store(desk, steps, backed_up=bool(desk.desk_url))

    assert [said] == store.actions()
    straight(desk, "SELECT a FROM later")
    if not desk.desk_url:
        with sqlite3.connect(desk.var_dir / f"desk.v{MIGRATIONS[-1].version}.sqlite") as copy:
            assert [(1, said.hash)] == copy.execute("SELECT number, hash FROM actions").fetchall()
            assert [(one.version,) for one in MIGRATIONS] == copy.execute("SELECT version FROM versions ORDER BY 1").fetchall()
    with pytest.raises(DeskNewerError):
        open_store(desk)


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    """One error, with where it was looked for and no password."""
    with pytest.raises(DeskUnavailableError) as caught:
        open_store(Settings(tmp_path, tmp_path, f"postgresql://desk:secret@/desk?host={tmp_path}"))

    assert "secret" not in f"{caught.value}"
    assert caught.value.strerror
    with pytest.raises(ValueError, match="DESK_URL"):
        open_store(Settings(tmp_path, tmp_path, "mysql://desk@somewhere/desk"))


def act_for(settings: Settings, person: int, seconds: float, start: Barrier, kept: Callable[[list[int]], None]) -> None:
    """Act on one alert for some seconds, as one of many processes; hand over the numbers of what was said to be kept."""
    numbers: list[int] = []
    start.wait(120)
    end = time.monotonic() + seconds
    store = open_store(settings)
    while not numbers or time.monotonic() < end:
        numbers.append(store.append(entry(who=f"P{person}", payload={"turn": len(numbers)}), anything).number)
    kept(numbers)


def together(settings: Settings, seconds: float) -> tuple[list[Action], list[list[int]]]:
    """Have 20 processes act at once on a desk that is not there yet; return the rows, and what each process was told."""
    context = multiprocessing.get_context("spawn")
    queue, start = context.Queue(), context.Barrier(PEOPLE)
    people = [context.Process(target=act_for, args=(settings, person, seconds, start, queue.put)) for person in range(PEOPLE)]
    for one in people:
        one.start()
    told = [queue.get(timeout=seconds + 240) for _ in people]
    for one in people:
        one.join()
    return open_store(settings).actions(), told


def test_twenty_people_at_once_lose_nothing(desk: Settings) -> None:
    """Every action that was said to be kept is kept, in the order of its numbers, each person's own in their order, chain whole."""
    rows, told = together(desk, 2)
    turns = {person: [json.loads(row.payload)["turn"] for row in rows if row.who == f"P{person}"] for person in range(PEOPLE)}

    assert sorted(number for numbers in told for number in numbers) == [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all(order == list(range(len(order))) and order for order in turns.values())
    assert [] == breaks(rows, {})
