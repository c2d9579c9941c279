"""The audit of the command line: whole, changed, cut; in words and as JSON, with its exit codes."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app
from commands.terminal import Exit
from data import journal, snapshots
from data.desk.action import Head
from data.desk.schema import MIGRATIONS, Migration
from data.desk.store import DeskUnavailableError, open_store
from data.settings import Settings
from indicators.rebuild import rebuild
from indicators.refresh import refresh
from tests.desk.conftest import anything, entry
from tests.golden.small_city import copied, write_small_city

NOW = datetime(2024, 5, 9, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def acted(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small city, refreshed twice, with three actions before the second time and one after it."""
    settings = write_small_city(tmp_path_factory.mktemp("acted"))
    refresh(settings, NOW)
    store = open_store(settings)
    for _ in range(3):
        store.append(entry(), anything)
    refresh(settings, NOW)
    store.append(entry(), anything)
    return settings


@pytest.fixture
def city(acted: Settings, tmp_path: Path) -> Settings:
    """A copy of it, to be tampered with."""
    return copied(acted, tmp_path)


def verify(settings: Settings, *words: str) -> Result:
    """Run the verb."""
    return CliRunner().invoke(app, ["audit", "verify", "--city", str(settings.city_dir), "--var", str(settings.var_dir), *words])


def tamper(settings: Settings, statement: str) -> None:
    """Change the file as somebody would who knows how."""
    with sqlite3.connect(settings.desk_file) as con:
        con.execute("DROP TRIGGER actions_stay")
        con.execute("DROP TRIGGER actions_last")
        con.execute(statement)


def test_where_the_desk_is(desk: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made where there is none, and says how far it has come; a newer one, or an older one without a dump, is left alone."""
    words = ["desk", "--city", str(desk.city_dir), "--var", str(desk.var_dir)]
    monkeypatch.setenv("DESK_URL", desk.desk_url)
    first = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    open_store(desk, (*MIGRATIONS, Migration(7)), backed_up=True)
    said = CliRunner().invoke(app, words)

    assert (0, "0" * 64) == (first["number"], first["head"])
    assert (Exit.NOTHING_DONE, "第7版" in said.stderr) == (said.exit_code, True)


def test_a_whole_record(city: Settings) -> None:
    """How many, how far, and beside how many notes: the manifest and the journal line of the second refresh."""
    store = open_store(city)
    said, facts = verify(city), json.loads(verify(city, "--json").stdout)

    assert (Exit.DONE, "") == (said.exit_code, said.stdout)
    assert "4条处置记录完整" in said.stderr
    head = store.head()
    assert {"actions": 4, "number": 4, "head": head.hash, "notes": 2, "whole": True, "breaks": [], "count": 0} == facts


@pytest.mark.parametrize(
    ("statement", "breaks"),
    [
        ("UPDATE actions SET reason = 'x' WHERE number = 2", [(2, "changed")]),
        ("DELETE FROM actions WHERE number = 2", [(2, "removed")]),
        ("DELETE FROM actions WHERE number > 2", [(3, "cut"), (3, "cut")]),
    ],
)
def test_what_is_wrong_is_named(city: Settings, statement: str, breaks: list[tuple[int, str]]) -> None:
    """By number and kind, with 10."""
    tamper(city, statement)
    said, facts = verify(city, "--lang", "en"), json.loads(verify(city, "--json").stdout)

    assert said.exit_code == Exit.FINDINGS
    assert breaks == [(one["number"], one["fault"]) for one in facts["breaks"]]
    assert not facts["whole"]
    assert f"do not hold in {len(breaks)} places" in said.stderr
    assert said.stdout.splitlines()[1].split()[0] == str(breaks[0][0])


def test_a_cut_tail_is_not_hidden_by_a_later_refresh(city: Settings) -> None:
    """A refresh at the same clock writes the same manifest anew; the journal remembers."""
    tamper(city, "DELETE FROM actions WHERE number > 2")
    refresh(city, NOW)

    assert ["cut"] == [one["fault"] for one in json.loads(verify(city, "--json").stdout)["breaks"]]


def test_where_there_is_no_desk(city: Settings, tmp_path: Path) -> None:
    """Nothing to verify is said; a desk that is gone though it was noted is a finding."""
    nobody = verify(Settings(city.city_dir, tmp_path / "elsewhere"))
    city.desk_file.unlink()

    assert (Exit.NOTHING_DONE, 1) == (nobody.exit_code, len(nobody.stderr.splitlines()))
    assert verify(city).exit_code == Exit.FINDINGS


def test_a_snapshot_says_how_far_the_desk_had_come(city: Settings) -> None:
    """In the manifest and the journal, and in no hash: figures do not depend on what people do."""
    rows = open_store(city).actions()
    opened = snapshots.open_snapshot(city)
    again = rebuild(city)

    assert Head(3, rows[2].hash) == opened.desk == next(iter(journal.heads(city).values()))
    assert again.is_same
    assert again.after.desk == Head(4, rows[3].hash)


def test_figures_do_not_wait_for_the_desk(city: Settings, tmp_path: Path) -> None:
    """A desk that is away is told once all else is done."""
    away = Settings(city.city_dir, city.var_dir, f"postgresql://desk@/desk?host={tmp_path}")
    before = snapshots.open_snapshot(city)
    with pytest.raises(DeskUnavailableError):
        refresh(away, NOW)

    assert snapshots.open_snapshot(city).hash == before.hash
    assert snapshots.open_snapshot(city).desk is None
