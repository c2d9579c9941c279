"""Rules are YAML with their own cases; what is wrong with one has its line, and the past says what it would have raised."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.terminal import Exit
from data import readings
from data.problems import DefinitionError
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.backtest import backtest
from indicators.backtested import trials, tried
from indicators.directory import load
from indicators.refresh import refresh
from indicators.rule import SERIES, Rule, load_rules, played
from tests.golden.small_city import write_small_city
from tests.test_cli import run

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2024, 5, 9, tzinfo=UTC)
RULES = """\
rules:
  - rule: repairs
    name: {zh: 修复越限, en: Repairs}
    indicators: [repairs_24h, repairs_open]
    kinds: [district]
    grain: day
    least: blue
    confirm: 1
    keep: 0
    version: 1
    cases:
      - says: {zh: 当期即报, en: at once}
        series: n b n
        states: . F .
"""


def city(directory: Path, text: str = RULES) -> Settings:
    """Write the small city with a rule."""
    where = write_small_city(directory)
    where.rules_dir.mkdir(parents=True, exist_ok=True)
    (where.rules_dir / "repairs.yaml").write_text(text, encoding="utf-8")
    return where


def read(where: Settings) -> dict[str, Rule]:
    """Return the rules of a city."""
    found = load(where)
    return load_rules(where, found.reference, found.catalogue)


def test_the_demonstration_has_rules_for_both_kinds() -> None:
    """Every case of the city's own rules holds."""
    found = read(Settings(ROOT, ROOT / "var"))

    assert {"district", "street"} <= {kind for rule in found.values() for kind in rule.kinds}
    assert all(played(rule, case.series) == case.states for rule in found.values() for case in rule.cases)


def test_every_rule_of_the_demonstration_was_tried() -> None:
    """None of them is a draft: whoever changes one tries it again (`cli.py backtest RULE --from 2014-03-01 --store`)."""
    where = Settings(ROOT, ROOT / "var")

    assert {rule.rule for rule in tried(read(where), trials(where))} == set(read(where))


@pytest.mark.parametrize(
    ("old", "new", "line", "wanted"),
    [
        ("repairs_open]", "nothing]", 4, "an indicator of the catalogue"),
        ("[district]", "[planet]", 5, "a kind of the register"),
        ("    grain: day\n", "    domains: [nowhere]\n", 6, "a domain of city.yaml"),
        ("states: . F .", "states: . P .", 14, "found .F., wanted .P."),
        ("series: n b n", "series: n b q", 12, "letters"),
        ("states: . F .", "states: . F", 12, "as many states as periods"),
        ("confirm: 1", "confirm: 0", 8, "greater than or equal to 1"),
        ("version: 1", "edition: 1", 10, "a key of the grammar"),
        ("indicators: [repairs_24h, repairs_open]", "indicators: [night_energy]", 2, None),
    ],
)
def test_what_is_wrong_has_its_line(tmp_path: Path, old: str, new: str, line: int, wanted: str | None) -> None:
    """Names that the city does not have, cases that do not hold, letters and keys that are none."""
    where = city(tmp_path, RULES.replace(old, new))
    if wanted is None:  # a watched sign is as good as any
        assert read(where)
        return
    with pytest.raises(DefinitionError) as caught:
        read(where)

    (problem, *_) = [one for one in caught.value.problems if wanted in str(one)]
    assert line == problem.line


def test_two_rules_of_one_name_and_a_rule_of_nothing(tmp_path: Path) -> None:
    """Both are said together."""
    twice = (
        RULES
        + RULES.removeprefix("rules:\n")
        + RULES.removeprefix("rules:\n").replace("rule: repairs", "rule: idle").replace("[district]", "[dept]")
    )
    with pytest.raises(DefinitionError) as caught:
        read(city(tmp_path, twice))

    said = " ".join(map(str, caught.value.problems))
    assert "an id that no other rule has" in said
    assert "a rule that watches any sign" in said


@given(series=st.text("".join(SERIES), min_size=1, max_size=20), level=st.sampled_from(["blue", "yellow", "orange", "red"]))
@settings(max_examples=60, deadline=None)
def test_a_higher_line_never_raises_more(series: str, level: str) -> None:
    """With a rule that begins at red nothing fires that does not with any other; errors are invisible."""
    base = Rule.model_validate({
        "rule": "r", "name": {"zh": "规"}, "kinds": ["district"], "version": 1, "least": level, "at_once": None, "keep": 0,
        "cases": [{"says": {"zh": "例"}, "series": "n", "states": "."}],
    })  # fmt: skip
    high, low = played(base.model_copy(update={"least": "red"}), series), played(base, series)

    assert all(below == "F" for above, below in zip(high, low, strict=True) if above == "F")
    quiet = series.replace("!", "")
    assert played(base, quiet) == "".join(state for letter, state in zip(series, low, strict=True) if letter != "!")


@pytest.fixture(scope="module")
def lamps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """The small city with its rule, refreshed."""
    where = city(tmp_path_factory.mktemp("rules"))
    return where, refresh(where, NOW).snapshot


def test_the_past_says_what_a_rule_would_have_raised(lamps: tuple[Settings, Snapshot]) -> None:
    """With nothing to confirm and nothing to keep, a run of breaching days is an alert; the span cuts off the rest."""
    where, snapshot = lamps
    found = backtest(where, snapshot, load(where).catalogue, read(where)["repairs"], date(2024, 5, 1), date(2024, 5, 9))
    signs = readings.signs(where, snapshot, indicator=["repairs_24h", "repairs_open"], entity_kind="district", grain="day")
    beyond = signs[signs["level"].notna() & (signs["level"] != "normal")].sort_values(["indicator", "start"])

    assert len(beyond)
    runs = beyond["start"].diff().ne(pd.Timedelta(days=1)) | beyond["indicator"].ne(beyond["indicator"].shift())
    assert len(found.alerts) == runs.sum()
    assert set(found.alerts["indicator"]) == set(beyond["indicator"])
    assert found.alerts["observed"].sum() == len(beyond)
    assert found.signs == 2
    before = backtest(where, snapshot, load(where).catalogue, read(where)["repairs"], date(2024, 4, 1), date(2024, 4, 9))
    assert before.alerts.empty
    assert before.median_days is None
    assert (0, 0) == before.busiest


def test_the_verb(lamps: tuple[Settings, Snapshot]) -> None:
    """As text and as JSON; an unknown rule and a span that ends before it begins are wrong use."""
    where, _ = lamps
    told = json.loads(run(where, "backtest", "repairs", "--from", "2024-05-01", "--json").output)

    assert told["count"] == len(told["alerts"]) > 0
    assert {"indicator", "fired_at", "resolved_at", "level"} <= set(told["alerts"][0])
    assert "repairs_open" in run(where, "backtest", "repairs", "--from", "2024-05-01").output
    for words in (["nothing"], ["repairs", "--from", "2024-05-05", "--to", "2024-05-01"], ["repairs", "--from", "soon"]):
        assert Exit.WRONG_USE == run(where, "backtest", *words).exit_code
    assert "RuleFile" in run(where, "schema", "rule").output
