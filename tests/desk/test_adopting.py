"""A change of a definition is proposed with a reason, adopted by somebody else, in force from its day, and written back on request."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.terminal import Exit
from data import readings
from data.adopted import as_adopted
from data.settings import Settings
from data.snapshots import open_snapshot
from indicators.directory import load
from indicators.rebuild import rebuild
from indicators.refresh import refresh
from tests.golden.small_city import copied, write_small_city
from tests.test_cli import run

NOW = datetime(2024, 5, 9, tzinfo=UTC)
SIGN = "repairs_per_1000"
RULE = """
rules:
  - rule: any_level
    name: {zh: 越限}
    kinds: [district]
    least: yellow
    confirm: 1
    keep: 2
    version: 1
    cases:
      - says: {zh: 黄级即报}
        series: n y
        states: . F
"""


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the small city with a rule, refreshed."""
    where = write_small_city(tmp_path_factory.mktemp("ruled"))
    where.rules_dir.mkdir(parents=True, exist_ok=True)
    (where.rules_dir / "levels.yaml").write_text(RULE, encoding="utf-8")
    refresh(where, NOW)
    return where


@pytest.fixture
def city(ruled: Settings, tmp_path: Path) -> Settings:
    """Return a copy of it, in which a test may act."""
    return copied(ruled, tmp_path)


def proposed(city: Settings, text: str, *more: str, what: str = "indicator", name: str = SIGN, code: int = 0) -> str:
    """Propose a change as 张三 and return what was said."""
    path = city.var_dir / "change.yaml"
    path.write_text(text, encoding="utf-8")
    said = ["--who", "张三", "--reason", "试点结果", *more]
    found = run(city, "propose", what, name, str(path), *said)
    assert found.exit_code == code, found.output
    return found.output


def decided(city: Settings, number: int, how: str, who: str, code: int = 0) -> str:
    """Decide on a proposal and return what was said."""
    found = run(city, "decide", str(number), how, "--who", who, "--reason", "同意")
    assert found.exit_code == code, found.output
    return found.output


def unit_of(city: Settings) -> set[str]:
    """Return the unit that the published signs carry."""
    return set(readings.signs(city, open_snapshot(city), indicator=SIGN)["unit"])


def test_a_change_is_in_force_once_a_second_person_adopted_it(city: Settings) -> None:
    """Proposed alone it does nothing; adopted, the next refresh computes with it; the hash of the definitions is another."""
    before = open_snapshot(city)
    proposed(city, "unit: 处/千盏\nformula: rows() * 2")
    assert refresh(city, NOW).snapshot.definitions == before.definitions
    decided(city, 1, "adopt", "李四")
    after = refresh(city, NOW).snapshot
    assert after.definitions != before.definitions
    assert unit_of(city) == {"处/千盏"}
    signs = readings.signs(city, after, indicator=SIGN)
    assert set(signs["definition_version"]) == {2}, "the version that follows"
    old = readings.signs(city, before, indicator=SIGN).set_index(["entity", "period"])["value"]
    new = signs.set_index(["entity", "period"])["value"]
    both = old.dropna().index.intersection(new.dropna().index)
    assert len(both) > 0
    assert (new[both] == old[both] * 2).all()


def test_nobody_adopts_their_own_and_nobody_decides_twice(city: Settings) -> None:
    """The second person is another one, however the name is written; what is decided is decided."""
    proposed(city, "unit: 处/千盏")
    assert "张三" in decided(city, 1, "adopt", " 张三 ", Exit.NOTHING_DONE)
    decided(city, 1, "withdraw", "李四", Exit.NOTHING_DONE)
    decided(city, 1, "reject", "李四")
    decided(city, 1, "adopt", "王五", Exit.NOTHING_DONE)
    decided(city, 9, "adopt", "王五", Exit.NOTHING_DONE)
    shown = json.loads(run(city, "show", "proposals", "--json").output.splitlines()[0])
    assert (shown["stage"], shown["decided_by"], shown["who"]) == ("rejected", "李四", "张三")
    assert json.loads(shown["changes"])["unit"] == "处/千盏"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("formula: rows() + nothing", "nothing"),
        ("colour: blue", "colour"),
        ("thresholds: [{from: 2024-01-01, red: many}]", "thresholds"),
    ],
)
def test_what_no_definition_may_hold_is_refused_with_its_place(city: Settings, text: str, says: str) -> None:
    """A proposal is read and checked before it is written down; what is wrong is said with file and line."""
    said = proposed(city, text, code=Exit.DEFINITIONS_WRONG)
    assert says in said
    assert "operations.yaml" in said
    assert not json.loads(run(city, "desk", "--json").output)["number"]


def test_a_change_that_changes_nothing_and_one_of_nothing_are_refused(city: Settings) -> None:
    """There is nothing to adopt in either."""
    unit = unit_of(city).pop()
    proposed(city, f"unit: {unit}", code=Exit.NOTHING_DONE)
    assert SIGN in proposed(city, "unit: 处/千盏", name="no_such_sign", code=Exit.NOTHING_DONE)


def test_what_is_adopted_begins_on_its_day(city: Settings) -> None:
    """Before the day the city's own files hold."""
    proposed(city, "unit: 处/千盏", "--effective", "2024-05-11")
    decided(city, 1, "adopt", "李四")
    for day, unit in ((10, False), (11, True)):
        with as_adopted(city, datetime(2024, 5, day).date()) as judging:
            assert (load(judging).catalogue.definitions[SIGN].spec.unit == "处/千盏") is unit


def test_export_writes_the_files_and_ends_the_overlay(city: Settings) -> None:
    """The same definitions, hash and figures come from the files alone; the rest of the file stays as people wrote it."""
    proposed(city, "unit: 处/千盏\nnote: null")
    decided(city, 1, "adopt", "李四")
    adopted = refresh(city, NOW).snapshot
    path = city.catalogue_dir / "operations.yaml"
    before = path.read_text(encoding="utf-8").splitlines()
    found = run(city, "check", "--export", "--who", "王五")
    assert found.exit_code == 0, found.output
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == ["    unit: 处/千盏", "    version: 2"]
    assert run(city, "check", "--export", "--who", "王五").exit_code == Exit.NOTHING_DONE
    now = refresh(city, NOW).snapshot
    assert (now.definitions, now.hash) == (adopted.definitions, adopted.hash)
    assert run(city, "audit", "verify").exit_code == 0


def test_a_rebuild_judges_by_what_was_adopted(city: Settings) -> None:
    """The archive holds the definitions with the change in them, even once the desk says otherwise."""
    proposed(city, "unit: 处/千盏")
    decided(city, 1, "adopt", "李四")
    refresh(city, NOW)
    proposed(city, "unit: 条/千盏")
    decided(city, 3, "adopt", "李四")
    assert rebuild(city).is_same
    assert unit_of(city) == {"处/千盏"}


def test_while_the_desk_is_away_what_was_adopted_holds(city: Settings) -> None:
    """A database that cannot be reached takes no definition back."""
    proposed(city, "unit: 处/千盏")
    decided(city, 1, "adopt", "李四")
    refresh(city, NOW)
    with as_adopted(city, datetime(2024, 5, 1).date()) as earlier:  # a reader of an earlier day leaves no trace
        assert load(earlier).catalogue.definitions[SIGN].spec.unit != "处/千盏"
    away = Settings(city.city_dir, city.var_dir, "postgresql://nobody@127.0.0.1:9/none")
    with as_adopted(away, NOW.date()) as judging:
        assert load(judging).catalogue.definitions[SIGN].spec.unit == "处/千盏"


def test_a_changed_rule_comes_with_its_trial(city: Settings) -> None:
    """A rule without a trial of its version is a draft; the proposal brings one, so the adopted rule speaks at once."""
    assert not load(city).trials
    proposed(city, "confirm: 2\ncases: [{says: {zh: 两期}, series: y y, states: P F}]", what="rule", name="any_level")
    decided(city, 1, "adopt", "李四")
    with as_adopted(city, NOW.date()) as judging:
        found = load(judging)
    rule = found.rules["any_level"]
    assert (rule.confirm, rule.version, found.trials["any_level"].digest) == (2, 2, rule.digest)
    assert not load(city).trials, "the files of the city stay as they are"


def test_the_impact_of_a_proposal_is_told_before_anybody_adopts_it(city: Settings) -> None:
    """`check --impact --proposal` computes a year as if it were adopted."""
    proposed(city, "formula: rows() * 2")
    found = run(city, "check", "--impact", "--proposal", "1", "--json")
    assert found.exit_code == 0, found.output
    rows = [json.loads(line) for line in found.output.splitlines()]
    assert {row["indicator"] for row in rows} >= {SIGN}
    assert all(row["values_changed"] > 0 for row in rows if row["indicator"] == SIGN)
    assert run(city, "check", "--impact", "--json").output.strip() == ""
    assert run(city, "check", "--proposal", "7").exit_code == Exit.WRONG_USE
