"""A scheme says by which rules scores come about; what is wrong with it has its place, and what it says comes out."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from data import readings, scored
from data.problems import DefinitionError
from data.revisions import known_at
from data.settings import Settings
from indicators.directory import load
from indicators.evaluation.scheme import Node, Scheme
from indicators.evaluation.tree import Rules, Told, roll_up, tree_of
from indicators.known import recalled
from indicators.refresh import refresh
from tests.golden.small_city import write_small_city

NOW = datetime(2024, 5, 9, tzinfo=UTC)
CIRCLE = [{"one": one, "other": other, "times": 5} for one, other in ("ab", "bc", "ca")]
SCHEME = """
scheme: lamps
name: {zh: 路灯评价, en: Lamps}
kind: district
grain: day
grades: {good: {zh: 良}, poor: {zh: 差}}
editions:
  - from: 2024-01-01
    version: 1
    least_coverage: 0.5
    grades: {good: 80, poor: 0}
    cap: {level: red, most: 79.99}
    index:
      nodes:
        repairs: {name: {zh: 修复}, weight: 0.75, capped: true, signs: {repairs_24h: 1}}
        backlog: {name: {zh: 未修}, weight: 0.25, signs: {repairs_open: 1}}
"""


def city(directory: Path, text: str = SCHEME) -> Settings:
    """Write the small city with a scheme."""
    where = write_small_city(directory)
    where.schemes_dir.mkdir(parents=True, exist_ok=True)
    (where.schemes_dir / "lamps.yaml").write_text(text, encoding="utf-8")
    return where


def edition(index: dict[str, object], **rules: object) -> Scheme:
    """Return a scheme with one edition."""
    return Scheme.model_validate({
        "scheme": "s", "name": {"zh": "评"}, "kind": "street", "grain": "day", "grades": {"good": {"zh": "良"}},
        "editions": [{"from": "2024-01-01", "version": 1, "grades": {"good": 0}, "index": index} | rules],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        ({"signs": {"a": 0.5, "b": 0.4}}, "sum to 1, not to 0.9"),
        ({"signs": {"a": 0.5, "b": None}}, "a weight for each"),
        ({"signs": {"a": 1.0}, "weights": "equal"}, "for none otherwise"),
        ({}, "either nodes or signs"),
        ({"signs": ["a", "b", "c"], "weights": "pairs"}, "pairs with weights: pairs"),
        (
            {"signs": ["a", "b", "c"], "weights": "pairs", "pairs": CIRCLE},
            "consistency ratio of at most 0.1",
        ),
    ],
)  # fmt: skip
def test_weights_that_are_not_whole_are_refused(node: dict[str, object], wanted: str) -> None:
    """At every level: a sum that is not 1, a gap, judgements that contradict each other."""
    with pytest.raises(ValidationError, match=wanted):
        Node.model_validate(node)


def test_contradicting_judgements_may_stand_for_a_reason() -> None:
    """An override with its reason is kept; the ratio is told."""
    node = Node.model_validate({"signs": ["a", "b", "c"], "weights": "pairs", "pairs": CIRCLE, "inconsistent_because": "leaders decided"})

    assert node.ratio > 0.1
    assert sum(node.shares()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("old", "new", "line", "wanted"),
    [
        ("repairs_24h: 1", "no_such: 1", 15, "an indicator of the catalogue"),
        ("kind: district", "kind: planet", 4, "one of"),
        ("kind: district", "kind: street", 16, "published for each street"),
        ("name: {zh: 修复}, weight", "weight", 15, "a name, since no domain"),
    ],
)
def test_what_a_city_does_not_know_has_its_line(tmp_path: Path, old: str, new: str, line: int, wanted: str) -> None:
    """Signs, kinds and names are held against the city; each problem names file and line."""
    with pytest.raises(DefinitionError, match=wanted) as problem:
        load(city(tmp_path, SCHEME.replace(old, new)))

    assert [f"indicators/schemes/lamps.yaml:{line}"] == [str(one).split(": ")[0] for one in problem.value.problems]


def test_scores_come_out_of_a_refresh_and_stay(tmp_path: Path) -> None:
    """A city's YAML alone makes scores and moves; the same again gives the same digits; a scheme that goes takes its scores."""
    where = city(tmp_path)
    first = refresh(where, NOW).snapshot
    scores, moves = scored.scores(where, first, node=None), scored.moves(where, first)
    again = refresh(where, NOW).snapshot

    assert {"index", "index/repairs", "index/backlog"} == set(scores["node"])
    assert scores["score"].dropna().between(0, 100).all()
    assert (scores["score"].isna() == ~scores["state"].isin(["ok", "small_sample"])).all()
    assert first.hash == again.hash
    whole = scores[(scores["node"] == "index")].set_index(["entity", "start"])["score"].sort_index()
    change = whole.groupby("entity").diff()
    told = moves.groupby(["entity", "start"])["points"].sum()
    assert len(told)
    assert np.allclose(change.loc[told.index], told, atol=1e-9)
    shutil.rmtree(where.schemes_dir)
    assert scored.scores(where, refresh(where, NOW).snapshot).empty


def test_what_was_known_is_told_beside_a_scheme(tmp_path: Path) -> None:
    """Signs of a moment are computed for what is asked only, whatever else a scheme would need."""
    where = city(tmp_path)
    last = refresh(where, NOW).snapshot
    then = recalled(where, known_at(where, last, last.as_of), load(where), ["repairs_24h"], grain="day")

    assert set(readings.signs(where, then)["indicator"]) == {"repairs_24h"}


def test_missing_leaves_with_its_weight_and_coverage_says_so() -> None:
    """Of three signs one is missing: the mean of the others, two thirds known; out of season it is not owed; below the limit no score."""
    tree = tree_of(edition({"weights": "equal", "signs": ["a", "b", "c"]}).editions[0], {"a": 0, "b": 1, "c": 2})
    points = np.array([[90.0, 60.0, np.nan]])
    calm = np.zeros((1, 3), dtype=bool)
    owed, free = np.ones((1, 3), dtype=bool), np.array([[True, True, False]])

    plain, season = (roll_up(tree, Told(points, due, calm), Rules(0.6))["index"] for due in (owed, free))
    withheld = roll_up(tree, Told(points, owed, calm), Rules(0.7))["index"]

    assert (plain.score[0], plain.coverage[0]) == (75.0, pytest.approx(2 / 3))
    assert (season.score[0], season.coverage[0]) == (75.0, 1.0)
    assert np.isnan(withheld.score[0])


def test_a_red_sign_holds_its_domain_down_and_no_other() -> None:
    """A capped node with an alarmed sign has at most 79.99; one below that keeps its score; the whole follows."""
    index = {"nodes": {
        "one": {"name": {"zh": "甲"}, "weight": 0.5, "capped": True, "signs": {"a": 1}},
        "other": {"name": {"zh": "乙"}, "weight": 0.5, "capped": True, "signs": {"b": 1}},
    }}  # fmt: skip
    tree = tree_of(edition(index).editions[0], {"a": 0, "b": 1})
    told = Told(np.array([[95.0, 90.0], [40.0, 90.0]]), np.ones((2, 2), dtype=bool), np.array([[True, False], [True, False]]))

    found = roll_up(tree, told, Rules(0.6, 79.99))

    assert found["index/one"].score.tolist() == [79.99, 40.0]
    assert found["index/one"].held.tolist() == [True, False]
    assert found["index"].score.tolist() == [pytest.approx(84.995), pytest.approx(65)]


def test_a_city_without_figures_yet_has_no_scores(tmp_path: Path) -> None:
    """Nothing has come, or only before the first edition: the refresh ends, and there is no score, interval or move."""
    sure = SCHEME.replace("editions:", "uncertainty: {runs: 100}\neditions:")
    late = city(tmp_path / "late", sure.replace("from: 2024-01-01", "from: 2030-01-01"))
    empty = city(tmp_path / "empty", sure)
    for path in empty.inbox.rglob("*.*"):
        path.unlink()

    for where in (late, empty):
        snapshot = refresh(where, NOW).snapshot
        assert scored.scores(where, snapshot, node=None).empty
        assert scored.moves(where, snapshot).empty
