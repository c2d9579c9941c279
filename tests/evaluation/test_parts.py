"""A score is taken apart down to its signs, tried with other weights, and asked which choice matters; all by the published figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.terminal import Exit
from data import scored
from data.scoreparts import explained, score_parts
from data.settings import Settings
from data.snapshots import Snapshot
from indicators.evaluation.scheme import Edition, Node
from indicators.evaluation.tree import Rules, Told, roll_up, tree_of
from indicators.evaluation.trial import Trial, compared, official, tried
from indicators.refresh import refresh
from tests.evaluation.test_schemes import NOW, SCHEME, city
from tests.test_cli import run

INDEX: dict[str, Any] = {
    "nodes": {
        "n": {"name": {"zh": "甲"}, "weight": 0.7, "signs": {"a": 0.4, "b": 0.6}},
        "m": {"name": {"zh": "乙"}, "weight": 0.3, "weights": "equal", "signs": ["c", "d", "e"]},
    }
}
SIGNS = "abcde"
POINTS = st.lists(st.none() | st.floats(0, 100), min_size=len(SIGNS), max_size=len(SIGNS))


def body(index: Mapping[str, Any], **rules: Any) -> dict[str, Any]:
    """Return an edition as it is published."""
    edition = Edition.model_validate({"from": "2024-01-01", "version": 1, "grades": {"good": 0}, "index": index} | rules)
    shares: dict[str, float] = {}

    def visit(path: str, node: Node) -> None:
        shares.update({f"{path}/{name}": share for name, share in zip([*node.nodes, *node.signs], node.shares(), strict=True)})
        for name, child in node.nodes.items():
            visit(f"{path}/{name}", child)

    visit("index", edition.index)
    return json.loads(edition.model_dump_json(by_alias=True)) | {"shares": shares}


def published(points: list[list[float | None]], *, red: tuple[int, int] | None = None) -> pd.DataFrame:
    """Return what is published of signs that were all due; `red` is the unit and sign that stands at the level of the cap."""
    rows = [
        {"entity": f"u{unit}", "indicator": name, "value": one, "anchors": one, "goalposts": None if one is None else one / 2,
         "due": True, "alarmed": red == (unit, place)}
        for unit, each in enumerate(points) for place, (name, one) in enumerate(zip(SIGNS, each, strict=True))
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"anchors": float, "goalposts": float})


def nodes(edition: Mapping[str, Any], points: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of the nodes of the one unit of `points`, as a refresh gives them."""
    rules = Edition.model_validate({name: said for name, said in edition.items() if name != "shares"})
    tree = tree_of(rules, {name: place for place, name in enumerate(SIGNS)})
    told = Told(points["anchors"].to_numpy(float)[None], points["due"].to_numpy(bool)[None], points["alarmed"].to_numpy(bool)[None])
    found = roll_up(tree, told, Rules(rules.least_coverage, rules.cap.most if rules.cap else 100.0))
    return pd.DataFrame(
        [{"node": path, "score": each.score[0], "coverage": each.coverage[0], "state": "ok"} for path, each in found.items()]
    )


@given(points=POINTS)
@settings(max_examples=60, deadline=None)
def test_what_the_signs_bring_is_the_score(points: list[float | None]) -> None:
    """With arithmetic means and no cap the parts sum to the whole, whatever is missing; without a score nothing is brought."""
    edition = body(INDEX, least_coverage=0.5)
    told = published([points])
    parts = score_parts(nodes(edition, told), told, edition)
    whole, signs = parts.iloc[0], parts[parts["indicator"] != ""]

    assert list(SIGNS) == list(signs["indicator"])
    if pd.isna(whole["points"]):
        assert signs["brings"].isna().all()
    else:
        assert signs["brings"].sum() == pytest.approx(whole["points"], abs=1e-9)
        assert signs["counts"].sum() == pytest.approx(1, abs=1e-12)


@given(points=st.lists(POINTS, min_size=2, max_size=5))
@settings(max_examples=40, deadline=None)
def test_the_official_choice_gives_the_official_scores(points: list[list[float | None]]) -> None:
    """What is tried goes through the engine of the published scores: with nothing turned nothing differs."""
    edition = body(INDEX, least_coverage=0.5)
    found = tried(edition, published(points), [f"u{unit}" for unit in range(len(points))], official(edition))
    expected = [
        nodes(edition, published([each])).set_index("node")["score"].loc["index"] for each in points
    ]  # fmt: skip

    assert np.allclose(expected, found["score"], atol=1e-9, equal_nan=True)


def test_a_trial_turns_weights_methods_and_ranks() -> None:
    """A weight on the other node turns the ranks; a small unit keeps none; a cap holds in a trial as well."""
    edition = body(INDEX, least_coverage=0.5, cap={"level": "red", "most": 79.99})
    points = [[90.0, 90, 10, 10, 10], [20.0, 20, 95, 95, 95], [50.0] * 5]
    told, ranked = published(points), ["u0", "u1"]
    before = tried(edition, told, ranked, official(edition)).set_index("entity")
    after = tried(edition, told, ranked, Trial("anchors", "arithmetic", {"n": 10, "m": 90})).set_index("entity")
    halves = tried(edition, told, ranked, Trial("goalposts", "arithmetic")).set_index("entity")
    geometric = tried(edition, told, ranked, Trial("anchors", "geometric")).set_index("entity")

    assert [(1, 2), (2, 1)] == [(before["rank"][name], after["rank"][name]) for name in ranked]
    assert np.isnan(after["rank"]["u2"])
    assert after["score"]["u1"] == pytest.approx(0.1 * 20 + 0.9 * 95)
    assert np.allclose(halves["score"], before["score"] / 2)
    assert (geometric["score"][ranked] < before["score"][ranked]).all()
    assert geometric["score"]["u2"] == pytest.approx(50)


@pytest.mark.parametrize(
    ("how", "wanted"),
    [("minmax", [100, 0, 25]), ("percentile", [100, 0, 50]), ("zscore", [61.209, 41.994, 46.797])],
)
def test_a_trial_may_compare_units(how: Any, wanted: list[float]) -> None:
    """Every sign by its value and direction; of a band by its points; what is alike in all leaves, and coverage does not suffer."""
    edition = body(INDEX, least_coverage=1)
    told = published([[50.0, 50, 50, 50, 7], [50.0] * 4 + [7], [50.0] * 4 + [7]])
    values = {"a": [90, 10, 30], "b": [1.0, 9, 7], "c": [0, 0, 0]}
    told["value"] = [values.get(str(row.indicator), [0, 0, 0])[int(str(row.entity)[1])] for row in told.itertuples()]
    told.loc[told["indicator"] == "d", "anchors"] = [90.0, 10, 30]
    found = tried(edition, told, ["u0", "u1", "u2"], Trial(how, "arithmetic"), {"a": "higher", "b": "lower", "c": "higher", "d": "band"})

    assert np.allclose(found["score"], wanted, atol=1e-3)
    assert found["rank"].tolist() == [1, 3, 2]
    assert compared(np.array([[np.nan, 4.0], [1.0, 4.0], [3.0, 4.0]]), how)[:, 1].tolist() == pytest.approx([np.nan] * 3, nan_ok=True)


@pytest.mark.parametrize("weights", [{"n": 0, "m": 0}, {"n": -1, "m": 2}])
def test_weights_that_weigh_nothing_are_refused(weights: dict[str, float]) -> None:
    """Nothing is scored by weights below 0 or of nothing."""
    with pytest.raises(ValueError, match="weights of 0 or more"):
        tried(body(INDEX), published([[1.0] * 5]), [], Trial("anchors", "arithmetic", weights))


@pytest.fixture(scope="module")
def lamps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Snapshot]:
    """The small city with a scheme, refreshed."""
    where = city(tmp_path_factory.mktemp("lamps"), SCHEME)
    return where, refresh(where, NOW).snapshot


def test_a_published_score_is_explained_to_its_signs(lamps: tuple[Settings, Snapshot]) -> None:
    """Every score of a city: the parts are those of its scheme, and sum to it where no cap holds it down."""
    where, snapshot = lamps
    scores = scored.scores(where, snapshot)
    shown = scores[scores["score"].notna()]
    assert len(shown)
    for row in shown.to_dict("records"):
        whole, parts = explained(where, snapshot, "lamps", str(row["entity"]), str(row["period"]))

        assert ["index", "index/repairs", "index/repairs/repairs_24h", "index/backlog", "index/backlog/repairs_open"] == list(parts["part"])
        if parts["capped_by"].isna().all():
            assert parts[parts["indicator"] != ""]["brings"].sum() == pytest.approx(whole["score"], abs=1e-6)


def test_explain_takes_a_scheme(lamps: tuple[Settings, Snapshot]) -> None:
    """As text and as JSON, a count whole and a time with its offset; a period without a score is wrong use."""
    where, snapshot = lamps
    scores = scored.scores(where, snapshot).dropna(subset="score")
    entity, period = str(scores["entity"].iloc[-1]), str(scores["period"].iloc[-1])

    assert "index/repairs/repairs_24h" in run(where, "explain", "lamps", entity, period).output
    told = json.loads(run(where, "explain", "lamps", entity, period, "--json").output)
    assert told["score"] == pytest.approx(scores["score"].iloc[-1])
    assert isinstance(told["signs"], int)
    assert told["start"].endswith("+08:00")
    assert {"repairs_24h", "repairs_open"} == {part["indicator"] for part in told["parts"]} - {""}
    assert Exit.WRONG_USE == run(where, "explain", "lamps", entity, "2019-01-01").exit_code
