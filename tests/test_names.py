"""Names can be guessed: one English word for a Chinese term, one pattern for ids, and the glossary knows the codes."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from data.freshness import FeedState
from data.reasons import DropState
from data.yamlfile import read_yaml
from indicators.definition import LEVELS
from indicators.judgement import State

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "naming.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^\| ([^\x00-\x7f]+) \| ([a-z ]+) \|", GLOSSARY, re.MULTILINE)
FEEDS = [read_yaml(path, ROOT).content for path in sorted((ROOT / "data" / "feeds").glob("*.yaml"))]
INDICATORS = [
    one for path in sorted((ROOT / "indicators" / "catalogue").glob("*.yaml")) for one in read_yaml(path, ROOT).content["indicators"]
]
ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CODE = [path for folder in ("data", "indicators", "charts", "briefing", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]


def test_one_word_for_one_term() -> None:
    """No Chinese term has two English words, and no English word stands for two terms."""
    assert len(TERMS) > 25
    assert [term for side in zip(*TERMS, strict=True) for term, count in Counter(side).items() if count > 1] == []


@pytest.mark.parametrize("code", [*DropState, *FeedState, *State, *LEVELS, "normal", "provisional", "revised", "final"])
def test_the_glossary_knows_every_code(code: str) -> None:
    """Whoever reads a fact finds the meaning of its codes."""
    assert re.search(rf"\b{code}\b", GLOSSARY), f"docs/naming.md does not explain {code}"


def labels(node: Any) -> list[dict[str, str]]:
    """Return everything that people read in a definition."""
    if isinstance(node, dict):
        return [node] if "zh" in node else [label for value in node.values() for label in labels(value)]
    return [label for value in node for label in labels(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("definition", [*FEEDS, *INDICATORS], ids=lambda one: one.get("feed") or one["indicator"])
def test_definitions_are_named_in_both_languages(definition: dict[str, Any]) -> None:
    """The demonstration can be read in Chinese and in English, and each definition has an owner and a date."""
    assert [label for label in labels(definition) if not (label["zh"] and label.get("en"))] == []
    assert definition["owner"]
    assert definition["since"]


def test_ids_follow_one_pattern() -> None:
    """Ids are lower case words joined by underscores, and each is used for one thing."""
    feeds = [feed["feed"] for feed in FEEDS]
    columns = [column for feed in FEEDS for table in feed["tables"].values() for column in table["columns"]]
    indicators = [one["indicator"] for one in INDICATORS]

    assert [name for name in (*feeds, *columns, *indicators) if not ID.fullmatch(name)] == []
    assert [name for name, count in Counter([*feeds, *indicators]).items() if count > 1] == []


def test_moments_end_in_at() -> None:
    """A column of type timestamp ends in `_at`, but for the hour of readings, which is a period."""
    wrong = [
        f"{feed['feed']}.{name}"
        for feed in FEEDS
        for table in feed["tables"].values()
        for name, column in table["columns"].items()
        if column["type"] == "timestamp" and not name.endswith("_at") and not column.get("ending")
    ]

    assert wrong == []


def test_nothing_is_called_data() -> None:
    """`data` is a package; a variable says what it holds: readings, signs, frame."""
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and node.id == "data" and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.arg) and node.arg == "data")
    ]

    assert named == []


def test_errors_are_called_errors() -> None:
    """A class that is raised says so."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id.endswith(("Exception", "Error")) for base in node.bases)
        and not node.name.endswith("Error")
    ]

    assert wrong == []
