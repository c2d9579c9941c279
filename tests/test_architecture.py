"""The house keeps its form: imports run one way, files are short, and no Python knows the demonstration city."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from data.yamlfile import read_yaml

ROOT = Path(__file__).parents[1]
PACKAGES = ("data", "indicators", "charts", "briefing", "pages")
LONGEST = 300
# Ids of the demonstration that are ordinary words of Python, of a library or of our own grammar as well.
ORDINARY = {
    "arrivals": "files that came, as the journal notes them",
    "channel": "a way by which people are told",
    "cases": "what a rule is tried on",
    "closed_at": "when the handling of an alert ended",
    "content": "what a YAML file holds",
    "deferred": "an alert that waits, with an approver",
    "description": "the keyword of a pydantic field",
    "detail": "one of pydantic's errors",
    "done_at": "when a step of the desk was done",
    "due_at": "when a drop is due: the freshness of any feed",
    "economy": "the address of a page, which a city may leave empty",
    "entities": "the register of a city",
    "environment": "the variables that a composition root reads",
    "grid": "the colour of grid lines",
    "growth": "a named form of formulas",
    "hotline": "the address of a page, which a city may leave empty",
    "hour": "a grain",
    "items": "what a mapping holds",
    "item": "an element of a list, and numpy's method",
    "limit": "the most of something",
    "opened_at": "when the handling of an alert began",
    "repeated": "rows whose key stands there twice",
    "resolved": "a state of an alert",
    "result": "what a function returns",
    "source": "where something is read",
    "subject": "what an action of the desk is about",
    "status": "the line that says what a refresh is doing",
    "systems": "the register of departmental systems, of any city",
    "theme": "light or dark",
}
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
# Written in pieces, since this file is looked at too.
MACHINES = ["/" + place for place in ("work/", "farm/", "home/", "root/", "opt/", "Users/")]
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("docker", "io"), ("ghcr", "io"))]
REGISTRIES += ["index" + "-url", "mirrors" + "."]


def files(pattern: str = "*") -> list[Path]:
    """Return the files of the repository, those not yet committed too; outside git, what is not made by running."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    paths = {ROOT / name for name in done.stdout.split("\0") if name}
    if done.returncode:
        made = {".git", ".venv", "var", "__pycache__", ".hypothesis"}
        paths = {
            path for path in ROOT.rglob("*") if not any(part in made or part.endswith("_cache") for part in path.relative_to(ROOT).parts)
        }
    return sorted(path for path in paths if path.is_file() and fnmatch(name_of(path), pattern))


def name_of(path: Path) -> str:
    """Return the name of a file below the root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def product() -> list[Path]:
    """Return every Python file that a city runs on: not its demonstration, not its tests and benchmarks."""
    return [path for path in files("*.py") if not name_of(path).startswith(("data/demo/", "tests/", "benchmarks/"))]


def test_facts_flow_one_way() -> None:
    """The import contracts of pyproject.toml hold."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_short() -> None:
    """No Python file is longer than 300 lines: split it by noun."""
    long = {name_of(path): count for path in files("*.py") if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST}

    assert long == {}


def test_there_are_no_junk_drawers() -> None:
    """A module is named for the one noun that it owns."""
    assert [name_of(path) for path in files("*.py") if path.stem in JUNK_DRAWERS or path.parent.name in JUNK_DRAWERS] == []


@cache
def city_ids() -> frozenset[str]:
    """Return every feed, table, column and indicator id of the demonstration city."""
    found: set[str] = set()
    for path in (ROOT / "data" / "feeds").glob("*.yaml"):
        contract = read_yaml(path, ROOT).content
        if contract.get("source") == "desk":  # the product writes it: its columns are the product's own words
            continue
        found.add(contract["feed"])
        for name, table in contract["tables"].items():
            found |= {name, *table["columns"]}
    for path in (ROOT / "indicators" / "catalogue").glob("*.yaml"):
        found |= {one["indicator"] for one in read_yaml(path, ROOT).content["indicators"]}
    return frozenset(found)


def words(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield each identifier, each whole string, and each compound word inside a string, with its line; no docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.keyword(arg=str() as name):
                yield node.lineno, name
            case ast.Constant(value=str() as text) if id(node) not in docstrings:
                yield node.lineno, text
                yield from ((node.lineno, word) for word in re.findall(r"\w+", text) if not word.isalpha())


def test_no_python_knows_the_demonstration() -> None:
    """No feed, table, column or indicator of the demonstration is named in code: another city needs none of it."""
    named = [
        f"{name_of(path)}:{line}: {word}"
        for path in product()
        for line, word in words(tree(path))
        if word in city_ids() and word not in ORDINARY
    ]

    assert named == []


def test_ordinary_words_are_still_ids() -> None:
    """The list of exceptions holds nothing that needs none."""
    assert set(ORDINARY) - city_ids() == set()


def test_a_named_id_would_be_seen() -> None:
    """The look-out finds an id as a name, a key, an attribute and inside SQL."""
    sources = ('frame["pm25"]', "frame.pm25", "show(pm25=1)", "hotline_ontime = 1", 'con.execute("SELECT max(pm25) FROM readings")')

    assert [source for source in sources if not city_ids() & {word for _, word in words(ast.parse(source))}] == []


@pytest.mark.parametrize("package", ["pages", "charts", "briefing"])
def test_no_query_above_data(package: str) -> None:
    """SQL lives with the storage."""
    texts = [
        f"{name_of(path)}:{node.lineno}"
        for path in files(f"{package}/*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\bSELECT\b", node.value, re.IGNORECASE)
    ]

    assert texts == []


def test_streamlit_stays_in_pages() -> None:
    """Only pages and app.py import it; the command line starts it as a child."""
    allowed = {"app.py"} | {name_of(path) for path in files("pages/*.py")}
    found = {name_of(path) for path in product() if "streamlit" in _imported(path)}

    assert found <= allowed


def _imported(path: Path) -> set[str]:
    nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what is read by attribute, as written."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)


def test_clock_and_environment_are_arguments() -> None:
    """Below app.py and commands/ nobody asks what time it is or where things lie."""
    banned = {
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "date.today",
        "time.time",
        "os.environ",
        "os.getenv",
        "Path.cwd",
        "Path.home",
    }
    asked = [
        f"{name_of(path)}:{line}: {text}"
        for path in product()
        if path.parent not in {ROOT, ROOT / "commands"}
        for line, text in calls(path)
        if text in banned
    ]

    assert asked == []


def test_only_data_opens_a_database() -> None:
    """Connections are opened in data and handed on."""
    opened = [name_of(path) for path in product() for _, text in calls(path) if text == "duckdb.connect"]

    assert [name for name in opened if not name.startswith("data/")] == []


def test_nothing_names_a_machine() -> None:
    """No registry host, no path of anyone's machine: a stranger's clone is as good as ours."""
    named = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a workbook
        named += [f"{name_of(path)}: {mark}" for mark in (*MACHINES, *REGISTRIES) if re.search(rf"(?<![\w.]){re.escape(mark)}", text)]

    assert named == []


def test_nothing_that_is_ignored_is_in_the_tree() -> None:
    """What .gitignore names belongs to one machine; Git overwrites it without asking where a commit carries it."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert listed.stdout.split() == []
