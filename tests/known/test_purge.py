"""Bytes may go when they were kept long enough; hash, ledger, journal, records and every figure stay, through every rebuild."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from commands.terminal import Exit
from data import journal, readings, residue
from data.problems import DefinitionError
from data.purge import due, purge
from data.settings import Settings
from data.snapshots import Snapshot, open_snapshot
from indicators.directory import load
from indicators.explain import explain
from indicators.rebuild import rebuild
from indicators.refresh import refresh
from tests.known.corrected_city import arrive, figures, measure, morning, report, write_city
from tests.test_cli import run

LATER = morning(9, 20)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """Three mornings with corrections, a row in quarantine that is put right later, and a refused drop."""
    place = write_city(tmp_path_factory.mktemp("purge"))
    report(place, 6, [(1, 0, 6, None), (2, 0, 6, None), (3, 1, 6, 2), (8, 1, 6, 90)])
    arrive(place, "repairs", "坏.csv", "", morning(7, 7))
    refresh(place, morning(7))
    report(place, 7, [(1, 0, 6, 10), (4, 1, 7, 3), (8, 1, 6, 3)])
    measure(place, 7, [10])
    refresh(place, morning(8))
    report(place, 8, [(2, 0, 6, 50), (5, 1, 7, None)])
    return place, refresh(place, morning(9)).snapshot


@pytest.fixture
def city(original: tuple[Settings, Snapshot], tmp_path: Path) -> Settings:
    """A copy that a test may purge."""
    settings = Settings(tmp_path / "city", tmp_path / "var")
    shutil.copytree(original[0].city_dir, settings.city_dir)
    shutil.copytree(original[0].var_dir, settings.var_dir)
    return settings


def _bytes(settings: Settings) -> set[str]:
    return {path.name for path in settings.archive.iterdir() if path.is_file()} - {"journal.jsonl"}


def _purge(settings: Settings, day: int) -> tuple[str, ...]:
    return purge(settings, {"repairs": morning(day, 0)}, LATER, "tester").drops


def test_only_bytes_go_and_the_journal_says_so(city: Settings) -> None:
    """The drops of one feed before a day lose their bytes, workbooks and notes; the arrivals stay in the journal."""
    before, arrivals = _bytes(city), journal.arrivals(city)
    old = [arrival for arrival in arrivals if arrival.feed == "repairs" and arrival.arrived_at < morning(8, 0)]
    done = _purge(city, 8)
    last = json.loads(city.journal.read_text(encoding="utf-8").splitlines()[-1])

    assert tuple(arrival.drop for arrival in old) == done
    assert before - _bytes(city) == {arrival.sha256 for arrival in old}
    assert arrivals == journal.arrivals(city)
    assert ("purge", "tester", list(done)) == (last["kind"], last["by"], last["drops"])
    assert not list((city.returns / "repairs").glob("repairs-000001*")) + list((city.refused / "repairs").iterdir())


def test_a_rebuild_after_a_purge_gives_the_same_figures(city: Settings) -> None:
    """The same content hash, with the records as they were judged; what cannot be judged again is named."""
    purged = _purge(city, 9)
    done = rebuild(city)

    assert done.is_same
    assert done.comparable
    assert purged == done.purged


def test_a_refresh_after_a_purge_goes_on(city: Settings, original: tuple[Settings, Snapshot]) -> None:
    """A correction of a purged row counts, as in a city that purged nothing; and again after a rebuild."""
    _purge(city, 9)
    rebuild(city)
    whole = Settings(city.city_dir, city.var_dir.parent / "whole")
    shutil.copytree(original[0].var_dir, whole.var_dir)
    for place in (city, whole):
        report(place, 9, [(3, 1, 6, 70), (6, 0, 9, 1)])
    last = refresh(city, morning(10)).snapshot

    assert last.hash == refresh(whole, morning(10)).snapshot.hash
    assert rebuild(city).is_same
    assert 3 == len(explain(city, last, "repairs_24h", "G1", "2024-05-06")["drops"])


def test_a_changed_contract_keeps_what_was_purged(city: Settings, original: tuple[Settings, Snapshot]) -> None:
    """A column more, a column less: purged drops cannot be judged again, and their figures stand."""
    _purge(city, 9)
    contract = city.feeds_dir / "repairs.yaml"
    text = contract.read_text(encoding="utf-8").replace("      remark: {heading: 说明, type: text, mask: [phone], optional: true}\n", "")
    contract.write_text(
        text.replace("    checks:\n", "      crew: {heading: 班组, type: text, optional: true}\n    checks:\n"), encoding="utf-8"
    )
    last = refresh(city, morning(9)).snapshot

    assert_frame_equal(figures(*original), figures(city, last))


def test_bytes_that_a_younger_drop_also_has_stay(city: Settings) -> None:
    """The same file that came again under another date is one file in the archive."""
    text = journal.archived(city, journal.arrivals(city)[0].sha256).read_text(encoding="utf-8")
    arrive(city, "repairs", "路灯报修_20240506（再）.csv", text, morning(9, 9))
    refresh(city, morning(10))
    done = purge(city, {"repairs": morning(8, 0)}, LATER, "tester")

    assert (journal.arrivals(city)[0].drop,) == done.shared
    assert journal.archived(city, journal.arrivals(city)[0].sha256).is_file()


def test_a_drop_that_was_not_taken_in_is_not_purged(city: Settings) -> None:
    """What waits in the archive has no records yet."""
    report(city, 9, [(6, 0, 9, 1)])
    journal.claim(city, load(city).reference.city.zone)

    assert "repairs-000006" not in _purge(city, 15)
    assert journal.archived(city, journal.arrivals(city)[-1].sha256).is_file()


@pytest.mark.parametrize("left", ["residue", "journal"])
def test_a_purge_that_was_cut_off_is_made_again(city: Settings, left: str, original: tuple[Settings, Snapshot]) -> None:
    """Between any two steps the bytes are still there, or their residue is whole."""
    expected = _purge(city, 9)
    for name in _bytes(original[0]) - _bytes(city):  # as if the last step had not been taken
        shutil.copy(original[0].archive / name, city.archive / name)
    if left == "residue":
        half = residue.folder(city, expected[0])
        half.rename(half.with_name(f"{half.name}.tmp"))

    assert expected == _purge(city, 9)
    assert rebuild(city).is_same


def test_retention_is_a_line_of_the_city(city: Settings) -> None:
    """By feed before by grade; feeds without a line are kept for ever; a feed that is none is refused with its line."""
    with city.city_file.open("a", encoding="utf-8") as lines:
        lines.write("retention:\n  - {feed: repairs, days: 2}\n  - {grade: 1, days: 30}\n")
    found = load(city)
    assert {"repairs": morning(7, 0), "meters": datetime(2024, 4, 9, tzinfo=morning(1).tzinfo)} == due(
        found.reference, found.contracts, morning(9)
    )

    city.city_file.write_text(city.city_file.read_text(encoding="utf-8").replace("feed: repairs", "feed: lamps"), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"data/city.yaml:19: retention.0.feed: found 'lamps'"):
        load(city)


@pytest.mark.parametrize(
    ("words", "code", "gone"),
    [
        (["--feed", "repairs", "--before", "2024-05-08", "--dry-run"], Exit.DONE, 0),
        (["--feed", "repairs", "--before", "2024-05-08"], Exit.WRONG_USE, 0),
        (["--feed", "repairs", "--before", "2024-05-08", "--yes"], Exit.DONE, 2),
        (["--feed", "lamps", "--before", "2024-05-08", "--yes"], Exit.WRONG_USE, 0),
        (["--feed", "repairs", "--yes"], Exit.WRONG_USE, 0),
        (["--feed", "repairs", "--before", "soon", "--yes"], Exit.WRONG_USE, 0),
        (["--yes"], Exit.WRONG_USE, 0),
    ],
)
def test_the_command_line_removes_nothing_by_accident(city: Settings, words: list[str], code: Exit, gone: int) -> None:
    """Bytes go with --yes only; anything else shows what would go, or says what is wrong."""
    before = len(_bytes(city))

    assert code == run(city, "purge", *words).exit_code
    assert gone == before - len(_bytes(city))


def test_definitions_of_the_last_refresh_judge_a_rebuild(city: Settings, original: tuple[Settings, Snapshot]) -> None:
    """A definition that was changed or spoilt since has no part in it; the next refresh goes by today's."""
    catalogue = city.catalogue_dir / "operations.yaml"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace("<= 24", "<= 2"), encoding="utf-8")
    done = rebuild(city)

    assert done.is_same
    assert done.comparable
    assert original[1].hash == open_snapshot(city).hash
    assert (
        1
        == readings.signs(city, refresh(city, morning(9)).snapshot, indicator="repairs_24h", entity="G1", period="2024-05-06")["numerator"][
            0
        ]
    )

    catalogue.write_text("domain: [\n", encoding="utf-8")
    assert rebuild(city).is_same


def test_a_rebuild_without_kept_definitions_judges_by_todays(city: Settings) -> None:
    """An archive of before says nothing of its definitions; then it is not compared."""
    shutil.rmtree(city.archive / "definitions")
    catalogue = city.catalogue_dir / "operations.yaml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace("<= 24", "<= 2"), encoding="utf-8")
    done = rebuild(city)

    assert not done.comparable
    assert not done.is_same
