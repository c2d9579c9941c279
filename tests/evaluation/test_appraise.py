"""A yearly appraisal of any table: by the command line, in every form, and in words where it cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pydantic import ValidationError
from typer.testing import CliRunner

from cli import app
from commands.terminal import Exit
from indicators.evaluation.appraisal import AppraisalError, appraise
from indicators.evaluation.study import Study
from indicators.evaluation.varied import COLUMNS, study_sensitivity

TABLE = pd.DataFrame({"街道": ["甲", "乙", "丙"], "办结率": [90.0, 70.0, 80.0], "投诉": [10.0, 20.0, np.nan]})
POSTS = {
    "办结率": {"weight": 0.6, "goalposts": {"low": 50, "high": 100}},
    "投诉": {"weight": 0.4, "direction": "lower", "goalposts": {"low": 0, "high": 40}},
}


def study(**said: object) -> Study:
    """Return a study of the table."""
    return Study.model_validate({"study": "s", "name": {"zh": "考核"}, "unit": "街道", "criteria": POSTS} | said)


def bare(**criterion: object) -> dict[str, object]:
    """Return the two criteria without weights."""
    return {name: {"direction": "lower" if name == "投诉" else "higher"} | criterion for name in POSTS}


def test_by_goalposts_and_weights() -> None:
    """80 and 75 points give 78; 40 and 50 give 44; without complaints 60 per cent are known: 60 points, just enough."""
    found = appraise(study(grades={"good": 60, "poor": 0}), TABLE).set_index("name")

    assert_allclose(found.loc[["甲", "乙", "丙"], "score"], [78, 44, 60])
    assert found.loc[["甲", "乙", "丙"], "rank"].tolist() == [1, 3, 2]
    assert found.loc[["甲", "乙"], "grade"].tolist() == ["good", "poor"]
    assert np.isnan(appraise(study(least_coverage=0.61), TABLE).set_index("name").loc["丙", "score"])


@pytest.mark.parametrize(
    ("way", "aggregate", "wanted"),
    [
        ("minmax", "arithmetic", [100, 0]),
        ("percentile", "arithmetic", [100, 0]),
        ("rank", "copeland", [1, -1]),
        ("minmax", "topsis", [100, 0]),
        ("share_of_maximum", "benefit_of_the_doubt", [100, 77.777777777]),
        ("share_of_maximum", "geometric", [100, np.sqrt(100 * 7 / 9 * 50)]),
    ],
)
def test_methods_that_compare(way: str, aggregate: str, wanted: list[float]) -> None:
    """The one that is better in both is best by every method."""
    found = appraise(study(criteria=bare(), normalise=way, weights="equal", aggregate=aggregate), TABLE[:2]).set_index("name")

    assert_allclose(found.loc[["甲", "乙"], "score"], wanted)


def test_four_steps_as_published() -> None:
    """1, 3, 4 and 1 points are 9 of 16, 56.25 per cent; what is not reported is left out: 3, 4 and 2 are 75."""
    criteria = {name: {"target": 100} for name in "abcd"}
    table = pd.DataFrame({"街道": ["甲", "乙"], "a": [20, 70], "b": [70, 99], "c": [97, 40], "d": [10, None]})
    found = appraise(study(criteria=criteria, normalise="four_steps", weights="equal"), table).set_index("name")

    assert_allclose(found.loc[["甲", "乙"], "score"], [56.25, 75])


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"criteria": {"办结率": {"weight": 1}}}, "goalposts of every criterion"),
        ({"criteria": {name: one | {"weight": 0.4} for name, one in POSTS.items()}}, "summing to 1"),
        ({"weights": "entropy"}, "no weights where a method finds them"),
        ({"weights": "pairs", "criteria": bare(goalposts={"low": 0, "high": 1})}, "pairs with weights: pairs"),
    ],
)
def test_a_study_that_lacks_what_its_methods_need(said: dict[str, object], wanted: str) -> None:
    """Said before anything is computed."""
    with pytest.raises(ValidationError, match=wanted):
        study(**said)


@pytest.mark.parametrize(
    ("table", "said", "wanted"),
    [
        (TABLE.rename(columns={"投诉": "投诉量"}), {}, "投诉 is not among them"),
        (pd.concat([TABLE, TABLE]), {}, "each unit once"),
        (TABLE.assign(办结率=["90", "七十", "80"]), {}, "line 3, 办结率: found '七十'"),
        (TABLE, {"criteria": bare(), "normalise": "minmax", "weights": "critic"}, "no missing values"),
        (TABLE[:2], {"criteria": bare(), "normalise": "minmax", "weights": "equal", "aggregate": "geometric"}, "above 0"),
    ],
)
def test_a_table_that_cannot_be_appraised(table: pd.DataFrame, said: dict[str, object], wanted: str) -> None:
    """One sentence with what was found and wanted."""
    with pytest.raises(AppraisalError, match=wanted):
        appraise(study(**said), table)


@pytest.mark.parametrize("form", ["csv", "xlsx", "gb.csv"])
def test_from_a_file_to_a_file(tmp_path: Path, form: str) -> None:
    """CSV in either encoding and workbooks in; JSON, CSV and a workbook out; another form is wrong use."""
    source, said = tmp_path / f"table.{form}", tmp_path / "study.yaml"
    TABLE.to_excel(source, index=False) if form == "xlsx" else TABLE.to_csv(
        source, index=False, encoding="gb18030" if form == "gb.csv" else "utf-8"
    )
    said.write_text(json.dumps(study().model_dump(mode="json", exclude_defaults=True), ensure_ascii=False), encoding="utf-8")
    call = ["appraise", str(source), "--scheme", str(said)]
    shown = [json.loads(line) for line in CliRunner().invoke(app, [*call, "--json"]).output.splitlines()]

    assert [(row["name"], row["score"], row["rank"]) for row in shown] == [("甲", 78, 1), ("丙", 60, 2), ("乙", 44, 3)]
    for name in ("out.json", "out.csv", "out.xlsx"):
        assert CliRunner().invoke(app, [*call, "--out", str(tmp_path / name)]).exit_code == Exit.DONE
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))[0]["name"] == "甲"
    assert pd.read_excel(tmp_path / "out.xlsx", engine="calamine")["rank"].tolist() == [1, 2, 3]
    assert CliRunner().invoke(app, [*call, "--out", str(tmp_path / "out.doc")]).exit_code == Exit.WRONG_USE
    assert CliRunner().invoke(app, ["appraise", "nothing.csv", "--scheme", str(said)]).exit_code == Exit.WRONG_USE


APART = pd.DataFrame({"街道": list("甲乙丙丁"), "办结率": [95.0, 85.0, 70.0, 55.0], "投诉": [1.0, 10.0, 20.0, 35.0]})
CROSSED = APART.assign(投诉=[30.0, 24.0, 9.0, 2.0])


def test_what_a_study_depends_on() -> None:
    """Where all criteria agree nothing matters; where they contradict each other their weights do, and the same dice fall twice."""
    varied = {"ways": ["minmax"], "means": ["topsis"]}
    settled, open_ = (study_sensitivity(study(varied=varied), table) for table in (APART, CROSSED))

    assert list(COLUMNS) == list(settled.columns)
    assert {"weight:办结率", "weight:投诉", "normalise", "mean"} == set(settled["factor"])
    assert (settled[["total", "shift"]] == 0).all().all()
    assert open_["total"].iloc[0] > 0.3
    assert open_["total"].is_monotonic_decreasing
    assert open_["runs"].iloc[0] == 512 * 6
    pd.testing.assert_frame_equal(open_, study_sensitivity(study(varied=varied), CROSSED))


@pytest.mark.parametrize(
    ("said", "table", "wanted"),
    [
        ({}, CROSSED, "what the study leaves open"),
        ({"varied": {"spread": 0}}, CROSSED, "a choice that varied leaves open"),
        ({"varied": {}}, CROSSED[:2], "3 ranked units"),
        ({"varied": {"means": ["topsis"]}}, CROSSED.assign(投诉=[np.nan, 24, 9, 2]), "no missing values"),
    ],
)
def test_a_study_that_leaves_nothing_open(said: dict[str, object], table: pd.DataFrame, wanted: str) -> None:
    """Said in one sentence, as anything else that a study lacks."""
    with pytest.raises(AppraisalError, match=wanted):
        study_sensitivity(study(**said), table)


def test_alternatives_need_what_their_methods_need() -> None:
    """A way among `ways` is held against the criteria like the way of the study."""
    with pytest.raises(ValidationError, match="target of every criterion for distance_to_target"):
        study(varied={"ways": ["distance_to_target"]})


def test_the_command_line_tells_what_ranks_depend_on(tmp_path: Path) -> None:
    """One object a choice; a study that varies nothing is wrong use."""
    source, said = tmp_path / "table.csv", tmp_path / "study.yaml"
    CROSSED.to_csv(source, index=False)
    call = ["appraise", str(source), "--scheme", str(said), "--sensitivity"]
    for varied, code in ((None, Exit.WRONG_USE), ({"means": ["copeland"]}, Exit.DONE)):
        made = study(varied=varied).model_dump(mode="json", exclude_defaults=True)
        said.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
        assert CliRunner().invoke(app, call).exit_code == code
    rows = [json.loads(line) for line in CliRunner().invoke(app, [*call, "--json"]).output.splitlines()]
    assert {row["factor"] for row in rows} == {"weight:办结率", "weight:投诉", "mean"}
    assert all(0 <= row["total_error"] for row in rows)
