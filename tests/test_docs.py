"""The documents say what is so: commands run, snippets are valid, twins agree, every key and verb is written down."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

import cli
from briefing.document.template import Template
from commands.terminal import Exit
from data import contract, expression
from data.annotations import Annotations
from data.blank import write_blank_city
from data.city import City
from data.contract import Contract
from data.desk.telling import Telling
from data.desk.terms import Terms
from data.settings import Settings
from data.themes import Themes
from data.works import Works
from indicators import formula
from indicators.definition import CatalogueFile
from indicators.directory import load
from indicators.evaluation.scheme import Scheme
from indicators.evaluation.study import Study
from indicators.examples import prove
from indicators.rule import RuleFile, load_rules

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(\S*)(?: (runs))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("README", "README.zh")
VERBS = list(typer.main.get_group(cli.app).commands)


def read(name: str) -> str:
    """Return a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[tuple[str, bool, str, str]]:
    """Return every block as (language, runs, the last path named before it, its text)."""
    found = []
    for match in FENCE.finditer(text):
        paths = re.findall(r"`([^`\s]+/[^`]*)`", text[: match.start()].rstrip().rsplit("\n\n", 1)[-1])
        found.append((match[1], bool(match[2]), paths[-1] if paths else "", match[3]))
    return found


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Yield every key that the YAML of a model may have, through the models inside it."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        yield from (key for inner in _models(field.annotation) if inner is not model for key in keys(inner))


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)


def test_the_twins_agree() -> None:
    """English and Chinese have the same headings, tables and blocks, in the same order."""
    english, chinese = map(read, ("README.md", "README.zh.md"))

    assert [len(line) for line in re.findall(r"^#+", FENCE.sub("", english), re.MULTILINE)] == [
        len(line) for line in re.findall(r"^#+", FENCE.sub("", chinese), re.MULTILINE)
    ]
    assert blocks(english) == blocks(chinese)
    assert english.count("\n| ") == chinese.count("\n| ")


@pytest.mark.parametrize("page", PAGES)
def test_every_verb_and_exit_code_is_written_down(page: str) -> None:
    """Whoever calls the command line finds all of it."""
    text = read(f"{page}.md")
    listed = {cell for row in re.findall(r"^\| ((?:`\w+` ?)+)\|", text, re.MULTILINE) for cell in re.findall(r"`(\w+)`", row)}

    assert set(VERBS) <= listed, "a verb stands in no table"
    assert {code.value for code in Exit} == {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES)
def test_what_the_text_points_at_is_there(page: str) -> None:
    """Links lead to files, make targets exist, the verbs of the blocks are verbs."""
    text, makefile = read(f"{page}.md"), read("Makefile")

    assert [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (ROOT / link).exists()] == []
    assert [target for target in re.findall(r"`?make ([a-z]+)", text) if f"\n{target}:" not in makefile] == []
    assert [verb for verb in re.findall(r"cli\.py ([a-z]+)", text) if verb not in VERBS] == []


@pytest.fixture(scope="module")
def var(demo_city: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run-time directory with a short demonstration, already taken in."""
    var = tmp_path_factory.mktemp("docs") / "var"
    shutil.copytree(demo_city.var_dir, var)
    return var


def _run(command: str, var: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the README as a reader would, with a run-time directory beside the new city."""
    command = command.replace("python ", f"'{sys.executable}' ", 1).replace("../mycity", str(var.parent / "mycity"))
    environment = os.environ | {"CITY_VAR": str(var), "COLUMNS": "200"}
    return subprocess.run(["bash", "-ec", command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=800, check=False)


def test_every_command_of_the_readme_runs(var: Path) -> None:
    """A reader who copies the README from top to bottom sees figures and no error."""
    said = {}
    for language, runs, path, text in blocks(read("README.md")):
        if language in {"yaml", "csv"}:
            target = Path(path.replace("../mycity", str(var.parent / "mycity")))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        for command in text.splitlines() if runs else []:
            done = _run(command, var)
            assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stderr}"
            assert done.stdout or done.stderr, f"{command} says nothing"
            said[command] = done.stdout
    sign, fault = (json.loads(text) for command, text in said.items() if "show" in command and "mycity" in command)
    assert (sign["value"], sign["text"], sign["n"], sign["level"]) == (50, "50.0%", 4, "red")
    assert (fault["line"], fault["found"]) == (6, "无名街道")


@pytest.mark.parametrize("page", ["docs/contract.md", "docs/formulas.md", "docs/schemes.md", "docs/rules.md"])
def test_every_snippet_is_valid(page: str, tmp_path: Path) -> None:
    """The YAML of the references passes the same check as a city's own."""
    write_blank_city(tmp_path)
    number = 0
    before = ["docs/contract.md", "docs/formulas.md"] if page in {"docs/schemes.md", "docs/rules.md"} else ["docs/contract.md"]
    for name in dict.fromkeys([*before, page]):
        for language, _, path, text in blocks(read(name)):
            if language == "yaml":
                assert path, f"{name}: a block of YAML follows the path that it would have"
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_text(text, encoding="utf-8")
                number += 1
    found = load(Settings(tmp_path, tmp_path / "var"))

    assert number
    assert found.contracts
    assert prove(Settings(tmp_path, tmp_path / "var"), found) == (0 if page == "docs/contract.md" else 4)
    assert page == "docs/contract.md" or found.catalogue.definitions
    assert page != "docs/schemes.md" or found.schemes
    rules = load_rules(Settings(tmp_path, tmp_path / "var"), found.reference, found.catalogue)
    assert page != "docs/rules.md" or rules


@pytest.mark.parametrize(
    ("page", "models"),
    [
        ("docs/contract.md", [Contract, City, Annotations, Works, Themes]),
        ("docs/telling.md", [Telling]),
        ("docs/briefing.md", [Template]),
        ("docs/formulas.md", [CatalogueFile]),
        ("docs/schemes.md", [Scheme, Study]),
        ("docs/rules.md", [RuleFile]),
        ("docs/desk.md", [Terms]),
    ],
)
def test_every_key_of_the_grammars_is_explained(page: str, models: list[type[BaseModel]]) -> None:
    """Each key stands at the head of a row of a table."""
    written = {
        key for row in re.findall(r"^\| ((?:`[\w.]+`(?:, )?)+) \|", read(page), re.MULTILINE) for key in re.findall(r"`([\w.]+)`", row)
    }
    wanted = {key for model in models for key in keys(model)} - set(contract.Label.model_fields)

    assert wanted - {key.rsplit(".", 1)[-1] for key in written} == set()


def test_every_function_of_the_language_is_explained() -> None:
    """Scalar functions and aggregates stand in the reference of formulas."""
    text = read("docs/formulas.md")

    assert [name for name in (*expression.FUNCTIONS, *formula._PLACES) if f"`{name}(" not in text] == []


def test_the_changelog_has_a_place_for_what_comes() -> None:
    """Keep a Changelog: newest on top, and the top is what is not released yet."""
    assert re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)[0] == "[Unreleased]"


def test_decisions_are_numbered_and_say_what_they_cost() -> None:
    """One page each: context, choice, price."""
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        assert re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) == ["Context", "Choice", "Price"], path.name
